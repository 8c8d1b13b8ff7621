//! The question that a likeness asks: an employee who has the name or the address of somebody in a case says how they are related
//! before voting on it or deciding anything in it (forvaltningsloven §§ 6 and 8). A likeness is no bar: names are shared by thousands.
//!
//! Nothing is collected for it. The name is that of the account; the address is known only of an employee who is registered here as a
//! person, as by an own application. A protected address, whoever's it is, is compared with none.
//!
//! Only who is asked answers. Each judges for themselves whether they are impartial (§ 8 first paragraph), and the law takes an employee to be
//! so until something speaks against it: whoever says unasked to be impartial says nothing, and would have answered beforehand for a likeness
//! that comes later, as when somebody moves. Not to be impartial can be said by anybody, at any time.

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
use crate::people::{self, Name, PostalAddress};
use crate::problem::Problem;

/// Refuses until an employee who is like somebody in a case has said how they are related.
pub fn must_have_answered(
    tx: &mut Tx<'_>,
    case: &Application,
    user: UserId,
) -> Result<(), Problem> {
    let likeness = Known::of(tx, case)?.likeness(tx, user)?;
    if likeness.is_empty() || store::has_answered(tx, case.id, user)? {
        return Ok(());
    }
    let codes: Vec<&str> = likeness.iter().map(|it| it.code()).collect();
    Err(Problem::from(Refusal::MustAnswer).fact("likeness", codes))
}

/// Refuses the votes of those who are like somebody in a case and have not said how they are related, and names them all. Who holds the
/// meeting is told who has to answer; in what they are like somebody, each is told alone.
pub(super) fn voters_must_have_answered(
    tx: &mut Tx<'_>,
    case: &Application,
    voters: impl Iterator<Item = UserId>,
) -> Result<(), Problem> {
    let known = Known::of(tx, case)?;
    let mut refused = Problem::from(Refusal::VoterMustAnswer);
    for (index, user) in voters.enumerate() {
        if !known.likeness(tx, user)?.is_empty() && !store::has_answered(tx, case.id, user)? {
            refused = refused.at(format!("/votes/{index}/userId"));
        }
    }
    if refused.errors.is_empty() {
        return Ok(());
    }
    Err(refused)
}

/// By what those in a case are known; shown to nobody.
struct Known {
    names: Vec<Name>,
    addresses: Vec<PostalAddress>,
}

impl Known {
    fn of(tx: &mut Tx<'_>, case: &Application) -> Result<Self, Problem> {
        let members = people::members_of(tx, &[case.household_id])?;
        let members = members.into_values().flatten();
        let members: Vec<PersonId> = members.map(|member| member.person_id).collect();
        Ok(Self {
            names: people::names(tx, &members)?.into_values().collect(),
            addresses: people::open_addresses(tx, &members)?,
        })
    }

    /// In what an employee is like somebody in the case, and never like whom.
    fn likeness(&self, tx: &mut Tx<'_>, user: UserId) -> Result<BTreeSet<Likeness>, Problem> {
        let mut found = BTreeSet::new();
        let own_name = auth::display_name(tx, user)?.unwrap_or_default();
        let is_theirs = |name: &Name| rules::share_surname(&own_name, &name.family_name);
        if self.names.iter().any(is_theirs) {
            found.insert(Likeness::Surname);
        }
        let Some(own) = access::own_person(tx, user)? else {
            return Ok(found);
        };
        let own = people::open_addresses(tx, &[own])?;
        let is_own = |it: &PostalAddress| own.iter().any(|own| rules::share_address(own, it));
        if self.addresses.iter().any(is_own) {
            found.insert(Likeness::Address);
        }
        Ok(found)
    }
}

/// An employee who is asked answers to be impartial in a case, and why. Whoever has said otherwise does not take that back so.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    case: &Application,
    ground: ImpartialityGround,
    user: UserId,
) -> Result<ImpartialityAnswer, Problem> {
    if conflicted(tx, case.id)?.contains(&user) {
        return Err(Refusal::AlreadyDeclared.into());
    }
    if Known::of(tx, case)?.likeness(tx, user)?.is_empty() {
        return Err(Refusal::NotAsked.into());
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
