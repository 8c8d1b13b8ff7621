//! Standing aside and coming back; being raised to a priority group.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{PauseReason, PrecedenceGround};
use super::rules::{self, Refusal};
use super::store::{self, Pause, Precedence};
use crate::access;
use crate::applications::{self, Application};
use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{AppealId, ApplicationId, PauseId, UserId};
use crate::problem::{NOT_FOUND, Problem};
use crate::restrictions;

/// Lets a household stand aside.
pub(super) fn pause(
    tx: &mut Tx<'_>,
    case: &Application,
    reason: PauseReason,
    review_on: Option<Day>,
    by: UserId,
) -> Result<Pause, Problem> {
    rules::may_pause(case.state, review_on, tx.today())?;
    let row = Pause {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        application_id: case.id,
        reason,
        paused_at: tx.now(),
        review_on,
        resumed_at: None,
        paused_by: by,
    };
    store::insert_pause(tx, &row)?;
    tx.record(
        Entry::change("waiting.paused")
            .of_case(case.id)
            .about(case.household_id)
            .fact("reason", reason.code()),
    );
    Ok(row)
}

pub(super) fn load(tx: &mut Tx<'_>, id: PauseId) -> Result<Pause, Problem> {
    let found = store::find_pause(tx, id)?;
    let case = found.as_ref().map(|it| it.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The household is back.
pub(super) fn resume(tx: &mut Tx<'_>, of: &Pause) -> Result<Pause, Problem> {
    if of.resumed_at.is_some() {
        return Err(Refusal::AlreadyBack.into());
    }
    must_be_current(store::resume(tx, of)?)?;
    tx.record(Entry::change("waiting.resumed").of_case(of.application_id));
    load(tx, of.id)
}

/// All pauses of a case, oldest first.
pub(super) fn pauses_of(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Pause>, Problem> {
    store::pauses_of_case(tx, case)
}

/// Refuses while the household stands aside.
pub fn must_not_stand_aside(tx: &mut Tx<'_>, case: ApplicationId) -> Result<(), Problem> {
    let pauses = store::pauses_of_case(tx, case)?;
    if pauses.iter().any(|pause| pause.resumed_at.is_none()) {
        return Err(Refusal::StandsAside.into());
    }
    Ok(())
}

/// Who stood aside at a moment, and who had been raised to which priority group by then.
#[derive(Debug, Default)]
pub struct Sides {
    /// Those who stood aside.
    pub aside: BTreeSet<ApplicationId>,
    /// The groups to which cases were raised; of several, the last.
    pub raised_to: BTreeMap<ApplicationId, String>,
}

/// Who stands aside at a moment, and who has been raised.
pub fn sides(tx: &mut Tx<'_>, at: Instant) -> Result<Sides, Problem> {
    let pauses = store::pauses_begun_by(tx, at)?;
    let given = store::precedence_given_by(tx, at)?;
    let mut aside: BTreeSet<ApplicationId> = pauses
        .into_iter()
        .filter(|pause| rules::was_so(pause.paused_at, pause.resumed_at, at))
        .map(|pause| pause.application_id)
        .collect();
    // Of whom data may not be processed, nobody is matched with a home.
    let restricted = restrictions::restricted_at(tx, at)?;
    let restricted = applications::of_households(tx, &restricted)?;
    aside.extend(restricted.into_iter().map(|case| case.id));
    Ok(Sides {
        aside,
        raised_to: given
            .into_iter()
            .map(|it| (it.application_id, it.group_code))
            .collect(),
    })
}

/// Raises a case to a priority group, as the outcome of an appeal says.
pub fn raise(
    tx: &mut Tx<'_>,
    case: &Application,
    group_code: &str,
    appeal: AppealId,
    by: UserId,
) -> Result<(), Problem> {
    let row = Precedence {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        application_id: case.id,
        group_code: group_code.to_owned(),
        ground: PrecedenceGround::Appeal,
        source_id: appeal,
        given_at: tx.now(),
        given_by: by,
    };
    store::insert_precedence(tx, &row)?;
    tx.record(
        Entry::change("waiting.raised")
            .of_case(case.id)
            .about(case.household_id)
            .fact("ground", row.ground.code())
            .fact("appeal", appeal.to_string())
            .fact("group", group_code),
    );
    Ok(())
}
