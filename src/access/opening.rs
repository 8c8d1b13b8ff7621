//! Into which compartments the caller may look: of a case, of a household, of what the log says.

use std::collections::BTreeMap;

use super::ask::{caseless, client_households, facts, with_proposed};
use super::compartments::{Compartment, Openings};
use super::households::Households;
use super::reader::reader;
use super::{rules, store};
use crate::db::Tx;
use crate::ids::{ApplicationId, HouseholdId};
use crate::problem::Problem;

/// Into which compartments of a case the caller may look; into none of a case that is hidden.
pub fn openings(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Openings, Problem> {
    let reader = reader(tx)?;
    let clients = client_households(tx, &reader)?;
    let cases = store::cases(tx, &[case])?;
    let case = with_proposed(tx, &reader, cases)?.pop();
    Ok(case.map_or_else(Openings::default, |case| {
        rules::openings(&reader, &facts(&case, &clients))
    }))
}

/// Into which compartments of what is known of a household the caller may look: by any case of theirs, or because there is none yet.
pub fn openings_of(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Openings, Problem> {
    Ok(Households::of(tx, &[household])?.openings(household))
}

/// Into which compartments the caller may look of what is said of people who are not registered here yet.
pub fn openings_of_newcomers(tx: &mut Tx<'_>) -> Result<Openings, Problem> {
    let reader = reader(tx)?;
    Ok(rules::openings(&reader, &caseless(None, false)))
}

/// Into which compartments of a case the caller may look who reads the log. Whoever controls it reads all that it holds, for that is the
/// task; it holds codes and never words.
pub fn openings_in_log(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Openings, Problem> {
    let reader = reader(tx)?;
    if rules::reads_whole_log(&reader) {
        Ok(Openings::all())
    } else {
        openings(tx, case)
    }
}

/// What the caller may see of some cases: which, and into which of their compartments.
#[derive(Debug)]
pub struct Seen(BTreeMap<ApplicationId, Openings>);

impl Seen {
    /// Whether the case may be seen at all.
    #[must_use]
    pub fn sees(&self, case: ApplicationId) -> bool {
        self.0.contains_key(&case)
    }

    /// Whether this compartment of the case may be looked into.
    #[must_use]
    pub fn opens(&self, case: ApplicationId, compartment: Compartment) -> bool {
        let openings = self.0.get(&case);
        openings.is_some_and(|openings| openings.contains(Some(compartment)))
    }
}

/// What the caller may see of these cases.
pub fn seen_among(tx: &mut Tx<'_>, cases: &[ApplicationId]) -> Result<Seen, Problem> {
    let reader = reader(tx)?;
    let clients = client_households(tx, &reader)?;
    let cases = store::cases(tx, cases)?;
    let cases = with_proposed(tx, &reader, cases)?;
    let facts = cases.iter().map(|case| (case.id, facts(case, &clients)));
    let seen = facts.filter(|(_, facts)| rules::may_see(&reader, facts).is_visible());
    let seen = seen.map(|(id, facts)| (id, rules::openings(&reader, &facts)));
    Ok(Seen(seen.collect()))
}
