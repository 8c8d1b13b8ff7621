//! What is kept of a household's temporary accommodation, for those whom it is about.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::ShelterOutcome;
use super::{acts, store};
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::HouseholdId;
use crate::problem::Problem;

/// Temporary accommodation as it is kept of a household.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptShelter {
    /// What was decided.
    pub outcome: ShelterOutcome,
    /// The first day.
    pub valid_from: Day,
    /// The last day.
    pub valid_until: Day,
    /// Why.
    pub reasons: String,
    /// What was planned for afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_plan: Option<String>,
    /// The stays, in the order in which they began.
    pub stays: Vec<KeptStay>,
}

/// A stay.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptStay {
    /// The first night.
    pub began_on: Day,
    /// The day after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Day>,
    /// What a night cost, in øre.
    pub nightly_ore: i64,
}

/// All temporary accommodation of a household, whoever asks: the caller decides to whom it is told.
pub fn kept_of(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Vec<KeptShelter>, Problem> {
    let stays = store::stays_of(tx, household)?;
    let mut kept = Vec::new();
    for row in store::decisions_about(tx, household)? {
        let (reasons, exit_plan) = acts::texts(tx, &row)?;
        let own = stays.iter().filter(|stay| stay.decision_id == row.id);
        kept.push(KeptShelter {
            outcome: row.outcome,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            reasons: reasons.text,
            exit_plan: exit_plan.map(|it| it.text),
            stays: own
                .map(|stay| KeptStay {
                    began_on: stay.began_on,
                    ended_on: stay.ended_on,
                    nightly_ore: stay.nightly_ore,
                })
                .collect(),
        });
    }
    Ok(kept)
}
