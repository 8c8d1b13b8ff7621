//! The cadastre ("Matrikkelen"): which units a property has, and where. Asked through KS Fiks matrikkel.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::fault::RegisterFault;
use super::line::Line;
use crate::cadastral::CadastralId;
use crate::correlation::Correlation;

/// The port to the cadastre.
#[derive(Debug, Clone)]
pub struct Cadastre(Line);

/// A unit ("bruksenhet") of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    /// "Bruksenhetsnummer", as H0101.
    #[serde(rename = "bruksenhetsnummer")]
    pub unit_number: String,
    /// Street and number.
    #[serde(rename = "adresse")]
    pub street_address: String,
    /// Four digits.
    #[serde(rename = "postnummer")]
    pub postal_code: String,
    /// "Poststed".
    #[serde(rename = "poststed")]
    pub postal_place: String,
    /// Usable area in square metres, where it is known.
    #[serde(rename = "bruksareal")]
    pub usable_area_m2: Option<i32>,
}

#[derive(Deserialize)]
struct Found {
    bruksenheter: Vec<Unit>,
}

impl Cadastre {
    /// Over this line.
    #[must_use]
    pub const fn new(line: Line) -> Self {
        Self(line)
    }

    /// The units of a property.
    pub async fn units(
        &self,
        of: &CadastralId,
        correlation: &Correlation,
    ) -> Result<Vec<Unit>, RegisterFault> {
        let body = json!({"matrikkelnummer": of.to_string()});
        let path = "/matrikkel/api/v1/bruksenheter/sok";
        let found: Found = self
            .0
            .ask(Method::POST, path, correlation, |it| it.json(&body))
            .await?;
        Ok(found.bruksenheter)
    }
}
