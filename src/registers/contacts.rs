//! The contact register ("Kontakt- og reservasjonsregisteret", KRR): whether and how somebody can be reached digitally, and in which language.
//!
//! Written to Digdir's `POST /rest/v2/personer`.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::fault::RegisterFault;
use super::line::Line;
use crate::codes;
use crate::correlation::Correlation;
use crate::national_id::NationalId;

codes! {
    /// The language in which somebody wants letters.
    pub enum PreferredLanguage {
        /// Bokmål.
        Bokmaal = "NB",
        /// Nynorsk.
        Nynorsk = "NN",
        /// English.
        English = "EN",
        /// Northern Sámi.
        Sami = "SE",
    }
}

/// The port to the contact register.
#[derive(Debug, Clone)]
pub struct Contacts(Line);

/// How somebody can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactInfo {
    /// Whether the person has said no to digital letters from the public sector.
    pub is_reserved: bool,
    /// Whether the person is registered with contact data that are fresh enough to notify by (eForvaltningsforskriften § 32).
    pub can_be_notified: bool,
    /// The language wished for, where one is.
    pub language: Option<PreferredLanguage>,
}

#[derive(Deserialize)]
struct Found {
    personer: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    reservasjon: Option<String>,
    status: String,
    varslingsstatus: Option<String>,
    spraak: Option<String>,
}

impl Contacts {
    /// Over this line.
    #[must_use]
    pub const fn new(line: Line) -> Self {
        Self(line)
    }

    /// How the person with this number can be reached. Who is not registered can be reached by post.
    pub async fn of(
        &self,
        id: &NationalId,
        correlation: &Correlation,
    ) -> Result<ContactInfo, RegisterFault> {
        let body = json!({"personidentifikatorer": [id.expose_digits()]});
        let found: Found = self
            .0
            .ask(Method::POST, "/rest/v2/personer", correlation, |it| {
                it.json(&body)
            })
            .await?;
        let entry = found
            .personer
            .into_iter()
            .next()
            .ok_or(RegisterFault::Unknown)?;
        let language = match entry.spraak.as_deref() {
            Some("nb") => Some(PreferredLanguage::Bokmaal),
            Some("nn") => Some(PreferredLanguage::Nynorsk),
            Some("en") => Some(PreferredLanguage::English),
            Some("se") => Some(PreferredLanguage::Sami),
            _ => None,
        };
        Ok(ContactInfo {
            is_reserved: entry.reservasjon.as_deref() == Some("JA"),
            can_be_notified: entry.status == "AKTIV"
                && entry.varslingsstatus.as_deref() == Some("KAN_VARSLES"),
            language,
        })
    }
}
