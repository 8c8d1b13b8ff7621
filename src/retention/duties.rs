//! What the service forgets by itself: sign-ins that were over long ago.

use super::{acts, rules};
use crate::audit::Entry;
use crate::auth;
use crate::db::Tx;
use crate::problem::Problem;
use crate::tasks::{Duty, Progress, When};

/// Sign-ins that are forgotten in one transaction.
const AT_ONCE: u16 = 200;

/// The duties of this slice.
#[must_use]
pub fn duties() -> Vec<Duty> {
    vec![Duty {
        name: "retention.sign_ins",
        when: When::DailyAt {
            hour: 1,
            minute: 45,
        },
        run: forget_sign_ins,
    }]
}

fn forget_sign_ins(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let today = tx.today();
    let Some(before) = rules::sign_ins_forgotten_before(&acts::periods(tx, today)?, today) else {
        return Ok(Progress::Done);
    };
    let forgotten = auth::forget_ended(tx, before.start(), AT_ONCE.into())?;
    if forgotten > 0 {
        let entry = Entry::change("session.forgotten").fact("sessions", forgotten);
        tx.record(entry.fact("endedBefore", before.0.to_string()));
    }
    if forgotten < usize::from(AT_ONCE) {
        Ok(Progress::Done)
    } else {
        Ok(Progress::More)
    }
}
