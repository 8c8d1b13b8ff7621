//! Withdrawing an application: the party's act, or that of somebody who may do it for the party.

use serde::Deserialize;
use utoipa::ToSchema;

use super::acts;
use super::model::{PartyRole, RepresentationScope};
use crate::applications::{self, QueuedApplication, Step};
use crate::audit::Entry;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, Shown};
use crate::ids::PersonId;
use crate::problem::{FieldFault, Problem};
use crate::tasks::{self, NewTask, TaskKind};

codes! {
    /// Who said that the application is withdrawn.
    enum WithdrawnBy {
        /// The applicant.
        Applicant = "APPLICANT",
        /// Somebody with a power of attorney, or the guardian.
        Representative = "REPRESENTATIVE",
        /// Those who see to the estate of an applicant who has died ("dødsboet").
        Estate = "ESTATE",
    }
}

/// Who withdraws.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Withdraw {
    by: WithdrawnBy,
    /// Which representative, where it is one: somebody on record who may apply and withdraw for the party.
    #[serde(default)]
    representative_id: Option<PersonId>,
}

/// Lets a case end as was wished. What waits in it, a proposal or an offer, falls with it.
pub(super) fn withdraw(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Withdraw,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    call.has_seen(case.version)?;
    let speaks_as = match (asked.by, asked.representative_id) {
        (WithdrawnBy::Applicant, None) => Some(case.applicant_id),
        (WithdrawnBy::Estate, None) => None,
        (WithdrawnBy::Representative, Some(person)) if person != case.applicant_id => Some(person),
        _ => return Err(Problem::invalid(vec![unclear()])),
    };
    let entry = Entry::change("application.withdrawn").fact("by", asked.by.code());
    let entry = match speaks_as {
        Some(person) => {
            let role = acts::may_act(tx, &case, person, RepresentationScope::Apply)
                .map_err(|problem| problem.at("/representativeId"))?;
            match role {
                PartyRole::Party => entry,
                _ => entry.about(person),
            }
        }
        None => entry,
    };
    let moved = applications::step(tx, &case, Step::Withdraw, entry)?;
    let confirm = NewTask {
        kind: TaskKind::ConfirmWithdrawal,
        about: case.id.into(),
        case: Some(case.id),
        household: None,
        due_on: tasks::terms(tx)?.confirm_withdrawal.after(tx.today()),
        assigned_to: case.assigned_to,
    };
    tasks::open(tx, confirm)?;
    Ok(Shown::at_version(
        moved.version,
        applications::queued(&moved),
    ))
}

fn unclear() -> FieldFault {
    FieldFault::new(
        "/representativeId",
        "contradiction",
        "Navngi fullmektigen eller vergen, og bare når det er en slik som trekker søknaden.",
        "Name the representative or guardian, and only where it is one who withdraws.",
    )
}
