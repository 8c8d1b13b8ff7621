//! NAV's questions. National ids are in bodies only.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::{HousingCode, Question};
use crate::auth::Action::AskForNav;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Shown};
use crate::problem::{FieldFault, Problem};

/// The questions.
#[must_use]
pub(in crate::nav) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::ask(
            "/nav/lookups/housing",
            AskForNav,
            "Whether a person has an open case, a decision, a municipal home; as far as the purpose needs",
            housing,
        ),
        Endpoint::ask(
            "/nav/lookups/housing-code",
            AskForNav,
            "How a person lived on a day, as KOSTRA form 11F counts it (BOSIT)",
            housing_code,
        ),
    ]
}

/// A question about a person's housing.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AskHousing {
    /// "Fødselsnummer" or "D-nummer", eleven digits.
    #[schema(max_length = 20)]
    national_id: String,
    /// For what; it is written down, and bounds the answer.
    purpose: Question,
}

/// What is known. A member is absent where the purpose does not need it; of somebody unknown here everything is false.
#[derive(Serialize, ToSchema)]
struct HousingAnswer {
    /// Whether a case is open.
    #[serde(rename = "hasOpenCase", skip_serializing_if = "Option::is_none")]
    open_case: Option<bool>,
    /// Whether something was decided, now or earlier.
    #[serde(rename = "hasDecision", skip_serializing_if = "Option::is_none")]
    decision: Option<bool>,
    /// Whether the person lives in a home that the municipality lets. Never where.
    #[serde(rename = "hasHome", skip_serializing_if = "Option::is_none")]
    home: Option<bool>,
}

fn housing(tx: &mut Tx<'_>, _: &Call, asked: &AskHousing) -> Result<Shown<HousingAnswer>, Problem> {
    let person = acts::person(tx, &asked.national_id)?;
    acts::note(tx, person, "nav.housing_asked", asked.purpose);
    let known = match person {
        Some(person) => acts::known_of(tx, person)?,
        None => acts::Known {
            open_case: false,
            decision: false,
            home: false,
        },
    };
    let may = asked.purpose.answers();
    Ok(Shown::plain(HousingAnswer {
        open_case: may.open_case.then_some(known.open_case),
        decision: may.decision.then_some(known.decision),
        home: may.home.then_some(known.home),
    }))
}

/// A question about how a person lives.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AskHousingCode {
    /// "Fødselsnummer" or "D-nummer", eleven digits.
    #[schema(max_length = 20)]
    national_id: String,
    /// On which day; not ahead of today.
    on: Day,
}

/// How a person lived.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HousingCodeAnswer {
    /// The code of `BOSIT`; absent where nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<HousingCode>,
}

fn housing_code(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &AskHousingCode,
) -> Result<Shown<HousingCodeAnswer>, Problem> {
    if asked.on > tx.today() {
        let (nb, en) = ("Ligger fram i tid.", "Lies in the future.");
        return Err(Problem::invalid(vec![FieldFault::new(
            "/on",
            "in_future",
            nb,
            en,
        )]));
    }
    let person = acts::person(tx, &asked.national_id)?;
    acts::note(
        tx,
        person,
        "nav.housing_code_asked",
        Question::FinancialAssistance,
    );
    let code = match person {
        Some(person) => acts::housing_code(tx, person, asked.on)?,
        None => None,
    };
    Ok(Shown::plain(HousingCodeAnswer { code }))
}
