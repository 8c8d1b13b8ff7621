//! Finds the people whose every period of retention is over, and asks in the service's own name that they be erased: two approve.

use std::sync::Arc;

use super::acts;
use super::model::Ground;
use super::rules;
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::{MunicipalityId, PersonId};
use crate::people;
use crate::problem::Problem;

/// People that are looked at in one transaction.
const STEP: i64 = 200;

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
