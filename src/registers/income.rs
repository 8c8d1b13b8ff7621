//! Income from the tax administration ("Skatteetaten"), rights package `kommuneBoligsosialeFormaal`, asked through KS Fiks.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::fault::RegisterFault;
use super::line::Line;
use crate::correlation::Correlation;
use crate::national_id::NationalId;

/// The port to income.
#[derive(Debug, Clone)]
pub struct Income(Line);

/// What somebody earned in a year.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomeYear {
    /// The year.
    pub year: i16,
    /// Whether the tax was assessed finally; otherwise it is the tax return's figure.
    pub is_final: bool,
    /// Personal income before tax, in øre.
    pub income_ore: i64,
    /// Net wealth, in øre.
    pub wealth_ore: i64,
}

impl std::fmt::Debug for IncomeYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IncomeYear(redacted)")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summarised {
    stadie: String,
    #[serde(default)]
    grunnlag: Vec<Ground>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ground {
    teknisk_navn: String,
    beloep: i64,
}

impl Income {
    /// Over this line.
    #[must_use]
    pub const fn new(line: Line) -> Self {
        Self(line)
    }

    /// What the person with this number earned in a year.
    pub async fn of(
        &self,
        id: &NationalId,
        year: i16,
        correlation: &Correlation,
    ) -> Result<IncomeYear, RegisterFault> {
        let body = json!({
            "personidentifikator": id.expose_digits(),
            "inntektsaar": year.to_string(),
            "rettighetspakke": "kommuneBoligsosialeFormaal",
        });
        let path = "/register/api/v1/summertskattegrunnlag/sok";
        let found: Summarised = self
            .0
            .ask(Method::POST, path, correlation, |it| it.json(&body))
            .await?;
        // Whole kroner in the register, øre here.
        let sum = |name: &str| {
            let amounts = found.grunnlag.iter().filter(|it| it.teknisk_navn == name);
            amounts
                .map(|it| it.beloep.saturating_mul(100))
                .fold(0, i64::saturating_add)
        };
        Ok(IncomeYear {
            year,
            is_final: found.stadie == "oppgjoer",
            income_ore: sum("samletPersoninntekt"),
            wealth_ore: sum("nettoformue"),
        })
    }
}
