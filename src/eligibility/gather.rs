//! Puts together what the criteria may ask about a case.

use super::model::{Applicant, Circumstances};
use super::store;
use crate::applications::{Application, ApplicationType};
use crate::clock::Day;
use crate::db::Tx;
use crate::people::{self, MemberRole};
use crate::problem::Problem;
use crate::situations;

/// The applicant of a case as of today.
pub(super) fn applicant(tx: &mut Tx<'_>, case: &Application) -> Result<Applicant, Problem> {
    let circumstances = match store::find(tx, case.id)? {
        Some(row) => super::acts::open_circumstances(tx, case, &row)?,
        None => Circumstances::default(),
    };
    let today = tx.today();
    let members = people::members_of(tx, &[case.household_id])?;
    let members = members.get(&case.household_id).cloned().unwrap_or_default();
    let born_on = members
        .iter()
        .find(|member| member.role == MemberRole::Applicant)
        .map(|member| member.born_on);
    let living = members.iter().filter(|it| it.death_known_at.is_none());
    let living = living.count();
    let situations = situations::current(tx, case.household_id, today)?;
    Ok(Applicant {
        born_on: born_on.ok_or_else(|| Problem::internal("a household without an applicant"))?,
        has_children: members
            .iter()
            .filter(|member| member.death_known_at.is_none())
            .any(|member| member.role == MemberRole::Child && is_child(member.born_on, today)),
        // Whoever has died lives nowhere, and no income is asked for.
        persons: living,
        kind: case.kind,
        is_municipal_tenant: case.lives_in_municipal_dwelling
            && matches!(
                case.kind,
                ApplicationType::Transfer | ApplicationType::Renewal | ApplicationType::Replacement
            ),
        reasons: situations
            .iter()
            .map(|situation| situation.reason)
            .collect(),
        circumstances,
    })
}

/// Who came of age since the household was registered is a child no longer.
fn is_child(born_on: Day, today: Day) -> bool {
    born_on.age_on(today) < 18
}
