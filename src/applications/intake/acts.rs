//! Freezing what is known when a case is received.

use super::model::{Frozen, FrozenMember};
use super::store;
use crate::access;
use crate::applications::Application;
use crate::db::Tx;
use crate::people::Member;
use crate::problem::Problem;
use crate::situations;

/// Writes down what is known of a case that is being received.
pub(in crate::applications) fn freeze(
    tx: &mut Tx<'_>,
    case: &Application,
    members: &[Member],
) -> Result<(), Problem> {
    let situations = situations::current(tx, case.household_id, case.received_on)?;
    let frozen = Frozen {
        kind: case.kind,
        received_on: case.received_on,
        lives_in_municipal_dwelling: case.lives_in_municipal_dwelling,
        members: members
            .iter()
            .map(|member| FrozenMember {
                person_id: member.person_id,
                role: member.role,
            })
            .collect(),
        situations: situations.iter().map(|it| it.reason).collect(),
        needs: case.needs().cloned(),
    };
    store::insert_receipt(tx, case.id, frozen)
}

/// What was known of a case at its receipt, as far as the caller may know it.
pub(super) fn frozen(tx: &mut Tx<'_>, case: &Application) -> Result<Option<Frozen>, Problem> {
    let Some(mut frozen) = store::find_receipt(tx, case.id)? else {
        return Ok(None);
    };
    if !access::unlocatable(tx, &[case.household_id])?.is_empty() {
        frozen.needs = frozen.needs.map(crate::applications::Needs::without_places);
    }
    Ok(Some(frozen))
}
