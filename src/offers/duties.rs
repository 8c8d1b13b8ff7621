//! What the service does about offers by itself: those that nobody answered are over.

use super::{endings, rules, store};
use crate::db::Tx;
use crate::problem::Problem;
use crate::tasks::{Duty, Progress, When};

/// Offers that are ended in one transaction.
const AT_ONCE: usize = 50;

/// The duties of this slice.
#[must_use]
pub fn duties() -> Vec<Duty> {
    vec![Duty {
        name: "offers.expire",
        when: When::DailyAt { hour: 0, minute: 5 },
        run: expire_unanswered,
    }]
}

/// Ends offers whose time for an answer is over. Here the law lets a machine act: nothing is decided, the offer said so itself, and
/// what was granted stands.
fn expire_unanswered(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let today = tx.today();
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let over = store::over_by(tx, today, limit)?;
    for offer in &over {
        if rules::is_over(offer.state, offer.answer_by, today) {
            endings::expire(tx, offer)?;
        }
    }
    if over.len() < AT_ONCE {
        Ok(Progress::Done)
    } else {
        Ok(Progress::More)
    }
}
