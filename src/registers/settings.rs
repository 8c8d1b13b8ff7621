//! Which registers are connected, and where.

use std::str::FromStr;

use jiff::SignedDuration;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::archive::Archive;
use super::cadastre::Cadastre;
use super::contacts::Contacts;
use super::dispatch::{self, Dispatch};
use super::fault::RegisterFault;
use super::income::Income;
use super::line::Line;
use super::population::Population;
use super::token::TokenSource;

/// The address of a register: https, or http where it is on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAddress(Url);

/// Why a text is no address of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the address of a register begins with https://, or with http:// where it is on this machine"
)]
pub struct BadRegister;

impl FromStr for RegisterAddress {
    type Err = BadRegister;

    fn from_str(text: &str) -> Result<Self, BadRegister> {
        let url: Url = text.parse().map_err(|_| BadRegister)?;
        let host = url.host_str().ok_or(BadRegister)?;
        let is_here = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_here => Ok(Self(url)),
            _ => Err(BadRegister),
        }
    }
}

impl RegisterAddress {
    pub(super) const fn url(&self) -> &Url {
        &self.0
    }
}

/// The registers that are connected. Whoever asks another is told to go on by hand.
#[derive(Debug, Clone, Default)]
pub struct Registers {
    population: Option<Population>,
    contacts: Option<Contacts>,
    cadastre: Option<Cadastre>,
    income: Option<Income>,
    dispatch: Option<Dispatch>,
    archive: Option<Archive>,
    lines: Vec<Line>,
    protection_lasts: Option<SignedDuration>,
}

macro_rules! ports {
    ($($(#[$meta:meta])* $name:ident: $port:ty;)+) => {
        $($(#[$meta])*
        pub fn $name(&self) -> Result<&$port, RegisterFault> {
            self.$name.as_ref().ok_or(RegisterFault::NotConnected)
        })+
    };
}

impl Registers {
    ports! {
        /// The population register.
        population: Population;
        /// The contact register.
        contacts: Contacts;
        /// The cadastre.
        cadastre: Cadastre;
        /// Income.
        income: Income;
        /// Letters.
        dispatch: Dispatch;
        /// The archive.
        archive: Archive;
    }

    /// Each register that is connected, and whether it counts as down.
    pub fn health(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.lines.iter().map(|line| (line.name(), line.is_down()))
    }

    /// For how long what the population register told of somebody's protection is good enough to show the person by; none where nobody
    /// is asked on the way.
    #[must_use]
    pub fn protection_lasts(&self) -> Option<SignedDuration> {
        self.protection_lasts.filter(|_| self.population.is_some())
    }

    /// Where nobody is shown or written to by an older word of the population register than this.
    #[must_use]
    pub const fn with_protection_lasting(mut self, lasts: SignedDuration) -> Self {
        self.protection_lasts = Some(lasts);
        self
    }

    fn line(
        &mut self,
        name: &'static str,
        address: &RegisterAddress,
        headers: HeaderMap,
        token: Option<TokenSource>,
        patience: Option<std::time::Duration>,
    ) -> reqwest::Result<Line> {
        let line = Line::new(name, address.0.clone(), headers, token, patience)?;
        self.lines.push(line.clone());
        Ok(line)
    }

    /// With the population register at this address.
    pub fn with_population(
        mut self,
        at: &RegisterAddress,
        token: Option<TokenSource>,
    ) -> reqwest::Result<Self> {
        let line = self.line("folkeregisteret", at, HeaderMap::new(), token, None)?;
        self.population = Some(Population::new(line));
        Ok(self)
    }

    /// With the contact register at this address.
    pub fn with_contacts(
        mut self,
        at: &RegisterAddress,
        token: Option<TokenSource>,
    ) -> reqwest::Result<Self> {
        let line = self.line("krr", at, HeaderMap::new(), token, None)?;
        self.contacts = Some(Contacts::new(line));
        Ok(self)
    }

    /// With what KS Fiks offers at this address: cadastre, income, letters in the name of an account, and archive.
    pub fn with_fiks(
        mut self,
        at: &RegisterAddress,
        integration: &Integration,
        token: Option<&TokenSource>,
    ) -> reqwest::Result<Self> {
        let headers = integration.headers();
        let line = self.line("matrikkelen", at, headers.clone(), token.cloned(), None)?;
        self.cadastre = Some(Cadastre::new(line));
        let line = self.line("skatteetaten", at, headers.clone(), token.cloned(), None)?;
        self.income = Some(Income::new(line));
        // Without an account nobody can send, and letters go by the folder.
        if !integration.account.is_empty() {
            let line = self.line(
                "svarut",
                at,
                headers.clone(),
                token.cloned(),
                Some(dispatch::PATIENCE),
            )?;
            self.dispatch = Some(Dispatch::new(line, integration.account.clone()));
        }
        let line = self.line("fiks-arkiv", at, headers, token.cloned(), None)?;
        self.archive = Some(Archive::new(line));
        Ok(self)
    }
}

/// As whom KS Fiks knows this installation.
#[derive(Clone, Default)]
pub struct Integration {
    /// `IntegrasjonId`.
    pub id: String,
    /// `IntegrasjonPassord`.
    pub password: String,
    /// The account by which letters are sent.
    pub account: String,
}

impl std::fmt::Debug for Integration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Integration({})", self.id)
    }
}

impl Integration {
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let texts = [
            ("integrasjonid", &self.id),
            ("integrasjonpassord", &self.password),
        ];
        for (name, text) in texts {
            if let Ok(mut value) = HeaderValue::from_str(text) {
                value.set_sensitive(true);
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers
    }
}
