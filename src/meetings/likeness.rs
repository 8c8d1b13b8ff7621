//! The question that a likeness asks: an employee who has the name or the address of somebody in a case says how they are related
//! before deciding anything in it (forvaltningsloven §§ 6 and 8). A likeness is no bar: names are shared by thousands.
//!
//! Nothing is collected for it. The name is that of the account; the address is known only of an employee who is registered here as a
//! person, as by an own application. A protected address, whoever's it is, is compared with none.

use std::collections::BTreeSet;

use super::acts::conflicted;
use super::model::{ImpartialityGround, Likeness};
use super::rules::{self, Refusal};
use super::store::{self, ImpartialityAnswer};
use crate::access;
use crate::applications::Application;
use crate::audit::Entry;
use crate::auth;
use crate::db::Tx;
use crate::ids::{PersonId, UserId};
use crate::people;
use crate::problem::Problem;

/// Refuses until an employee who is like somebody in a case has said how they are related.
pub fn must_have_answered(
    tx: &mut Tx<'_>,
    case: &Application,
    user: UserId,
) -> Result<(), Problem> {
    let likeness = likeness(tx, case, user)?;
    if likeness.is_empty() || store::has_answered(tx, case.id, user)? {
        return Ok(());
    }
    let codes: Vec<&str> = likeness.iter().map(|it| it.code()).collect();
    Err(Problem::from(Refusal::MustAnswer).fact("likeness", codes))
}

/// In what an employee is like somebody in a case, and never like whom.
fn likeness(
    tx: &mut Tx<'_>,
    case: &Application,
    user: UserId,
) -> Result<BTreeSet<Likeness>, Problem> {
    let members = people::members_of(tx, &[case.household_id])?;
    let members: Vec<PersonId> = members
        .into_values()
        .flatten()
        .map(|member| member.person_id)
        .collect();
    let mut found = BTreeSet::new();
    let own_name = auth::display_name(tx, user)?.unwrap_or_default();
    let names = people::names(tx, &members)?;
    if names
        .values()
        .any(|name| rules::share_surname(&own_name, &name.family_name))
    {
        found.insert(Likeness::Surname);
    }
    let Some(own) = access::own_person(tx, user)? else {
        return Ok(found);
    };
    let own = people::open_addresses(tx, &[own])?;
    let theirs = people::open_addresses(tx, &members)?;
    if own
        .iter()
        .any(|own| theirs.iter().any(|it| rules::share_address(own, it)))
    {
        found.insert(Likeness::Address);
    }
    Ok(found)
}

/// An employee answers to be impartial in a case, and why. Whoever has said otherwise does not take that back so.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    case: &Application,
    ground: ImpartialityGround,
    user: UserId,
) -> Result<ImpartialityAnswer, Problem> {
    if conflicted(tx, case.id)?.contains(&user) {
        return Err(Refusal::AlreadyDeclared.into());
    }
    let row = ImpartialityAnswer {
        municipality_id: tx.municipality(),
        application_id: case.id,
        user_id: user,
        ground,
        answered_at: tx.now(),
    };
    store::insert_answer(tx, &row)?;
    tx.record(
        Entry::change("impartiality.answered")
            .of_case(case.id)
            .about(user)
            .fact("ground", ground.code()),
    );
    Ok(row)
}
