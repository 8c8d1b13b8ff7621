//! Where a text about a case lies whose writer does not say it: where the facts lie of which it may tell.

use std::collections::BTreeSet;

use super::acts::known_of;
use crate::access::{self, Compartment, Openings, Rooms, TextKind};
use crate::applications::{self, Application};
use crate::db::Tx;
use crate::ids::HouseholdId;
use crate::problem::Problem;
use crate::situations::{self, Source};

/// Where a new text about a case lies; `at` is the place of the body where the writer may have said so.
pub fn rooms_of_text(
    tx: &mut Tx<'_>,
    case: &Application,
    kind: TextKind,
    (said, at): (Option<&Rooms>, &'static str),
) -> Result<Rooms, Problem> {
    let openings = access::openings(tx, case.id)?;
    within(tx, case.household_id, kind, (said, at), &openings)
}

/// The same of a text about a household, which need not have a case.
pub fn rooms_of_household_text(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    kind: TextKind,
    (said, at): (Option<&Rooms>, &'static str),
) -> Result<Rooms, Problem> {
    let openings = access::openings_of(tx, household)?;
    within(tx, household, kind, (said, at), &openings)
}

fn within(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    kind: TextKind,
    (said, at): (Option<&Rooms>, &'static str),
    openings: &Openings,
) -> Result<Rooms, Problem> {
    let facts = if said.is_none() && kind.retells_case() {
        special_facts(tx, household)?
    } else {
        BTreeSet::new()
    };
    Rooms::of_new(kind, said, facts, (openings, at))
}

/// The compartments in which something lies that is known of a household, whoever asks: its situations, also those that are over, what
/// it needs of a home, and what is known of it besides.
fn special_facts(
    tx: &mut Tx<'_>,
    household: HouseholdId,
) -> Result<BTreeSet<Compartment>, Problem> {
    let mut found = BTreeSet::new();
    for situation in situations::of_household(tx, household)? {
        found.extend(situation.reason.compartment());
        found.extend(situation.source.compartment());
    }
    for case in applications::of_household(tx, household)? {
        if let Some(needs) = case.needs() {
            found.extend(needs.compartments());
        }
        if let Some(known) = known_of(tx, &case)? {
            found.extend(known.source.and_then(Source::compartment));
        }
    }
    Ok(found)
}
