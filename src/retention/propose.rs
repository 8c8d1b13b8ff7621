//! Finds the people whose every period of retention is over, and asks in the service's own name that they be erased: two approve.

use std::sync::Arc;
use std::time::Duration;

use super::acts;
use super::model::Ground;
use super::rules;
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::{MunicipalityId, PersonId};
use crate::municipality;
use crate::people;
use crate::problem::Problem;

/// A start has more urgent things to do.
const PAUSE_FIRST: Duration = Duration::from_mins(5);
/// How often what is due is looked for.
const PAUSE: Duration = Duration::from_hours(24);
/// People that are looked at in one transaction.
const STEP: i64 = 200;

/// Proposes what is due in every municipality, soon after the start and then every day for as long as the service runs.
pub(crate) async fn keep_proposing(db: Db) {
    loop {
        tokio::time::sleep(PAUSE_FIRST).await;
        if let Err(problem) = propose_everywhere(&db).await {
            let code = problem.kind.code;
            tracing::error!(
                code,
                cause = problem.cause,
                "not all erasures that are due were proposed"
            );
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn propose_everywhere(db: &Db) -> Result<(), Problem> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    for (id, number) in db.read(&nobody, municipality::all).await? {
        let proposed = propose_all(db, id).await?;
        if proposed > 0 {
            tracing::info!(
                number,
                proposed,
                "erasures were proposed: two employees must approve each"
            );
        }
    }
    Ok(())
}

/// Proposes all erasures that are due in a municipality, and tells how many it proposed anew.
pub async fn propose_all(db: &Db, municipality: MunicipalityId) -> Result<usize, Problem> {
    let caller = Arc::new(Caller::system(municipality));
    let (mut after, mut proposed) = (PersonId::NIL, 0);
    loop {
        let step = move |tx: &mut Tx<'_>| propose_some(tx, after);
        let Some((last, count)) = db.write(&caller, step).await? else {
            return Ok(proposed);
        };
        (after, proposed) = (last, proposed + count);
    }
}

/// Proposes what is due among the next people; none when there are no more.
fn propose_some(tx: &mut Tx<'_>, after: PersonId) -> Result<Option<(PersonId, usize)>, Problem> {
    let people = people::not_erased_after(tx, after, STEP)?;
    let Some(last) = people.last().copied() else {
        tx.change_nothing();
        return Ok(None);
    };
    let today = tx.today();
    let mut count = 0;
    for person in people {
        let (facts, periods) = acts::situation(tx, person)?;
        let is_due = rules::may_erase(Ground::NoLongerNecessary, &facts, &periods, today).is_ok();
        if is_due && !acts::is_pending(tx, person)? {
            acts::request(tx, person, Ground::NoLongerNecessary, None)?;
            count += 1;
        }
    }
    if count == 0 {
        tx.change_nothing();
    }
    Ok(Some((last, count)))
}
