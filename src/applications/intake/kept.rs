//! What is kept of how a case was received and of what was asked for, for somebody whom it is about.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Document;
use super::store;
use crate::access::{Open, Openings};
use crate::applications::{Application, ApplicationType, Needs, OpenNeeds};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::ids::{ApplicationId, PersonId};
use crate::people::MemberRole;
use crate::problem::Problem;
use crate::situations::SituationReason;

/// What was known of a case on the day of its receipt, as far as it is about one of the household. The others are not told of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptOfReceipt {
    #[serde(rename = "type")]
    kind: ApplicationType,
    received_on: Day,
    lives_in_municipal_dwelling: bool,
    /// What the person was in the household then; absent where the person did not belong to it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<MemberRole>,
    situations: Vec<SituationReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<OpenNeeds>,
}

/// A document that was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptOfDocument {
    document: Document,
    asked_at: Instant,
    due_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_on: Option<Day>,
}

/// What was known at receipt; nothing of a case that was taken over from before.
pub fn receipt_of(
    tx: &mut Tx<'_>,
    case: &Application,
    person: PersonId,
) -> Result<Option<KeptOfReceipt>, Problem> {
    let frozen = store::find_receipt(tx, case.id)?;
    Ok(frozen.map(|frozen| {
        let own = frozen.members.iter().find(|it| it.person_id == person);
        KeptOfReceipt {
            kind: frozen.kind,
            received_on: frozen.received_on,
            lives_in_municipal_dwelling: frozen.lives_in_municipal_dwelling,
            role: own.map(|it| it.role),
            situations: frozen.situations,
            needs: frozen.needs.map(|it| Open::to(Openings::all(), it)),
        }
    }))
}

/// The documents that were asked for, in the order of their codes.
pub fn documents_of(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<KeptOfDocument>, Problem> {
    let asked = store::requested(tx, case)?.into_iter();
    let kept = asked.map(|it| KeptOfDocument {
        document: it.document,
        asked_at: it.asked_at,
        due_on: it.due_on,
        received_on: it.received_on,
    });
    Ok(kept.collect())
}

/// An application as it was received, for the archive.
#[derive(Debug)]
pub struct ReceivedApplication {
    /// What was applied for.
    pub kind: ApplicationType,
    /// The day on which it reached the municipality.
    pub received_on: Day,
    /// Whether the household lived in a municipal home.
    pub lives_in_municipal_dwelling: bool,
    /// Who belonged to the household, as what.
    pub members: Vec<(PersonId, MemberRole)>,
    /// In which situations it was.
    pub situations: Vec<SituationReason>,
    /// What was said to be needed; without the households that were named in it, who are others.
    pub needs: Option<Needs>,
}

/// A case as it was received; nothing of one that was taken over from before.
pub fn as_received(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Option<ReceivedApplication>, Problem> {
    let frozen = store::find_receipt(tx, case)?;
    let alone = |needs: Needs| Needs {
        excluded_households: Vec::new(),
        ..needs
    };
    Ok(frozen.map(|frozen| ReceivedApplication {
        kind: frozen.kind,
        received_on: frozen.received_on,
        lives_in_municipal_dwelling: frozen.lives_in_municipal_dwelling,
        members: frozen
            .members
            .iter()
            .map(|it| (it.person_id, it.role))
            .collect(),
        situations: frozen.situations,
        needs: frozen.needs.map(alone),
    }))
}
