//! What the service does about drafts by itself: those that nobody has touched for long are thrown away.

use super::{drafts, store};
use crate::db::Tx;
use crate::problem::Problem;
use crate::tasks::{self, Duty, Progress, When};

/// Drafts that are thrown away in one transaction.
const AT_ONCE: usize = 100;

/// The duties of this slice.
#[must_use]
pub fn duties() -> Vec<Duty> {
    vec![Duty {
        name: "applications.drafts",
        when: When::DailyAt {
            hour: 1,
            minute: 15,
        },
        run: throw_away_old,
    }]
}

fn throw_away_old(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let since = tasks::terms(tx)?.draft_kept.before(tx.today()).start();
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let old = store::unchanged_since(tx, since, limit)?;
    for draft in &old {
        drafts::discard(tx, draft)?;
    }
    if old.len() < AT_ONCE {
        Ok(Progress::Done)
    } else {
        Ok(Progress::More)
    }
}
