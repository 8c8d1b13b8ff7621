//! The settings by which registers are connected.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;
use jsonwebtoken::EncodingKey;
use reqwest::Url;

use super::fake::{Fake, MadeUp};
use super::settings::{Integration, RegisterAddress, Registers};
use super::token::{Grantee, TokenSource};
use crate::clock::Clock;

/// Where registers are, and as whom they know us.
#[derive(Debug, Clone, Default, Args)]
pub struct RegisterOptions {
    /// The population register: its address with the rights package
    #[arg(long, env = "RETTBOLIG_POPULATION_REGISTER", value_name = "URL")]
    pub population_register: Option<RegisterAddress>,
    /// The contact and reservation register (KRR)
    #[arg(long, env = "RETTBOLIG_CONTACT_REGISTER", value_name = "URL")]
    pub contact_register: Option<RegisterAddress>,
    /// KS Fiks: cadastre, income, letters by `SvarUt`, archive
    #[arg(long, env = "RETTBOLIG_FIKS", value_name = "URL")]
    pub fiks: Option<RegisterAddress>,
    /// As which integration KS Fiks knows this installation
    #[arg(
        long,
        env = "RETTBOLIG_FIKS_INTEGRATION",
        value_name = "ID",
        default_value = ""
    )]
    pub fiks_integration: String,
    /// A file with the integration's password
    #[arg(long, env = "RETTBOLIG_FIKS_PASSWORD_FILE", value_name = "FILE")]
    pub fiks_password_file: Option<PathBuf>,
    /// The account by which letters are sent
    #[arg(
        long,
        env = "RETTBOLIG_FIKS_ACCOUNT",
        value_name = "ACCOUNT",
        default_value = ""
    )]
    pub fiks_account: String,
    /// Maskinporten, which gives the tokens by which registers know this installation
    #[arg(long, env = "RETTBOLIG_TOKEN_ISSUER", value_name = "URL")]
    pub token_issuer: Option<RegisterAddress>,
    /// The client's id in Maskinporten
    #[arg(
        long,
        env = "RETTBOLIG_TOKEN_CLIENT",
        value_name = "ID",
        default_value = ""
    )]
    pub token_client: String,
    /// The id of the client's key
    #[arg(
        long,
        env = "RETTBOLIG_TOKEN_KEY_ID",
        value_name = "ID",
        default_value = ""
    )]
    pub token_key_id: String,
    /// A file with the client's RSA key, in PEM
    #[arg(long, env = "RETTBOLIG_TOKEN_KEY_FILE", value_name = "FILE")]
    pub token_key_file: Option<PathBuf>,
    /// Minutes for which the population register's word on how well an address is protected is good enough to show a person by
    #[arg(long, env = "RETTBOLIG_PROTECTION_MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=1440))]
    pub protection_minutes: u16,
    /// What registers that are made up know, for a demonstration; none where they are real.
    #[arg(skip)]
    pub made_up: Option<MadeUp>,
}

/// The scopes that the registers ask for.
const POPULATION_SCOPE: &str = "folkeregister:deling/offentligmedhjemmel";
const CONTACT_SCOPE: &str = "krr:global/kontaktinformasjon.read";
const FIKS_SCOPE: &str = "ks:fiks";

/// How often it is asked how far letters have come.
const ASKS_EVERY: Duration = Duration::from_mins(5);
/// The same in a demonstration, where nobody wants to wait.
const ASKS_MADE_UP_EVERY: Duration = Duration::from_secs(5);

impl RegisterOptions {
    /// How often it is asked what registers tell later: how far a letter has come, what became of a record.
    #[must_use]
    pub const fn asks_every(&self) -> Duration {
        if self.made_up.is_some() {
            ASKS_MADE_UP_EVERY
        } else {
            ASKS_EVERY
        }
    }

    /// Connects what the settings name. Needs the runtime where the registers are made up.
    pub fn connect(&self) -> Result<Registers, String> {
        let lasts = SignedDuration::from_mins(self.protection_minutes.into());
        Ok(self.ports()?.with_protection_lasting(lasts))
    }

    fn ports(&self) -> Result<Registers, String> {
        let told = |error: reqwest::Error| error.to_string();
        if let Some(known) = &self.made_up {
            let fake = Fake::start().map_err(|error| error.to_string())?;
            return fake.knowing(known).registers().map_err(told);
        }
        let grantee = self.grantee()?;
        let token = |scope: &str| match &grantee {
            Some(grantee) => TokenSource::new(grantee, scope, Clock::System).map(Some),
            None => Ok(None),
        };
        let mut registers = Registers::default();
        if let Some(at) = &self.population_register {
            let token = token(POPULATION_SCOPE).map_err(told)?;
            registers = registers.with_population(at, token).map_err(told)?;
        }
        if let Some(at) = &self.contact_register {
            let token = token(CONTACT_SCOPE).map_err(told)?;
            registers = registers.with_contacts(at, token).map_err(told)?;
        }
        if let Some(at) = &self.fiks {
            let password = match &self.fiks_password_file {
                Some(file) => read(file, "RETTBOLIG_FIKS_PASSWORD_FILE")?
                    .trim_end()
                    .to_owned(),
                None => String::new(),
            };
            let integration = Integration {
                id: self.fiks_integration.clone(),
                password,
                account: self.fiks_account.clone(),
            };
            let token = token(FIKS_SCOPE).map_err(told)?;
            registers = registers
                .with_fiks(at, &integration, token.as_ref())
                .map_err(told)?;
        }
        Ok(registers)
    }

    fn grantee(&self) -> Result<Option<Grantee>, String> {
        let (Some(issuer), Some(file)) = (&self.token_issuer, &self.token_key_file) else {
            return Ok(None);
        };
        let pem = read(file, "RETTBOLIG_TOKEN_KEY_FILE")?;
        let key = EncodingKey::from_rsa_pem(pem.as_bytes())
            .map_err(|_| "RETTBOLIG_TOKEN_KEY_FILE holds no RSA key in PEM".to_owned())?;
        let issuer: Url = issuer.url().clone();
        Ok(Some(Grantee {
            client_id: self.token_client.clone(),
            key_id: self.token_key_id.clone(),
            key,
            issuer,
        }))
    }
}

fn read(file: &std::path::Path, setting: &str) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{setting} cannot be read: {error}"))
}
