//! Looks up what NAV asks, and writes down that it was asked.

use super::model::{HousingCode, Question};
use super::rules;
use crate::applications;
use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::PersonId;
use crate::people;
use crate::problem::{FieldFault, Problem};
use crate::situations;
use crate::tenancies;

/// What is known, before it is cut down to what may be told.
pub(super) struct Known {
    pub(super) open_case: bool,
    pub(super) decision: bool,
    pub(super) home: bool,
}

/// Whom a question is about; none when nobody here is known by the number, which is answered like somebody of whom nothing is known.
pub(super) fn person(tx: &mut Tx<'_>, digits: &str) -> Result<Option<PersonId>, Problem> {
    let national_id = people::read_national_id(digits, tx.kit().national_ids)
        .map_err(|fault: FieldFault| Problem::invalid(vec![fault]))?;
    people::find_by_national_id(tx, &national_id)
}

/// What is known of a person's case, decision and home.
pub(super) fn known_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Known, Problem> {
    let cases = applications::of_applicant(tx, person)?;
    let decision = cases.iter().any(|case| {
        use crate::applications::ApplicationState::{Housed, Offered, Refused, Waiting};
        matches!(case.state, Waiting | Offered | Housed | Refused)
    });
    Ok(Known {
        open_case: cases.iter().any(|case| case.state.is_open()),
        decision,
        home: tenancies::lives_in_our_home(tx, person)?,
    })
}

/// How a person lived on a day, by what is known.
pub(super) fn housing_code(
    tx: &mut Tx<'_>,
    person: PersonId,
    on: Day,
) -> Result<Option<HousingCode>, Problem> {
    let households = people::households_of(tx, person)?;
    let in_our_home = tenancies::lived_in_our_home(tx, &households, on)?;
    let mut reasons = Vec::new();
    for household in households {
        let held = situations::current(tx, household, on)?;
        reasons.extend(held.iter().map(|situation| situation.reason));
    }
    Ok(rules::housing_code(in_our_home, &reasons))
}

/// Puts on record that a person was asked about, for what.
pub(super) fn note(
    tx: &mut Tx<'_>,
    person: Option<PersonId>,
    action: &'static str,
    question: Question,
) {
    let entry = Entry::access(action)
        .fact("question", question.code())
        .fact("legalBasis", question.basis());
    tx.record(match person {
        Some(person) => entry.about(person),
        None => entry,
    });
}
