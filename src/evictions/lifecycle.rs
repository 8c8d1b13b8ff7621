//! The life of a notice.

use crate::codes;

codes! {
    /// Where a notice stands.
    pub enum NoticeState {
        /// NAV is told; a petition may follow from its day on.
        Notified = "NOTIFIED",
        /// The tenant has said no in writing to NAV's being told.
        OptedOut = "OPTED_OUT",
        /// Paid, or agreed upon: no petition follows.
        Settled = "SETTLED",
        /// The petition was sent.
        Petitioned = "PETITIONED",
    }
}

codes! {
    /// What can be done with a notice.
    pub enum NoticeStep {
        /// Settle it.
        Settle = "SETTLE",
        /// Send the petition.
        Petition = "PETITION",
    }
}

const MOVES: &[(NoticeState, NoticeStep, NoticeState)] = &[
    (
        NoticeState::Notified,
        NoticeStep::Settle,
        NoticeState::Settled,
    ),
    (
        NoticeState::Notified,
        NoticeStep::Petition,
        NoticeState::Petitioned,
    ),
    (
        NoticeState::OptedOut,
        NoticeStep::Settle,
        NoticeState::Settled,
    ),
    (
        NoticeState::OptedOut,
        NoticeStep::Petition,
        NoticeState::Petitioned,
    ),
];

impl NoticeState {
    /// What follows by a step, if it is permitted.
    #[must_use]
    pub fn after(self, step: NoticeStep) -> Option<Self> {
        let found = MOVES.iter().find(|it| (it.0, it.1) == (self, step));
        found.map(|it| it.2)
    }
}
