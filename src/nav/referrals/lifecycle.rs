//! The life of a referral.

use crate::codes;

codes! {
    /// Where a referral stands.
    pub enum ReferralState {
        /// Waits for a caseworker.
        Received = "RECEIVED",
        /// Has become a case, or part of one.
        Accepted = "ACCEPTED",
        /// Sent back with a reason.
        Returned = "RETURNED",
        /// Taken back by NAV.
        Withdrawn = "WITHDRAWN",
    }
}

codes! {
    /// What can be done with a referral.
    pub enum ReferralStep {
        /// Make it a case.
        Accept = "ACCEPT",
        /// Send it back.
        Return = "RETURN",
        /// Take it back.
        Withdraw = "WITHDRAW",
    }
}

/// Every permitted step. What is not here is refused.
const MOVES: &[(ReferralState, ReferralStep, ReferralState)] = &[
    (
        ReferralState::Received,
        ReferralStep::Accept,
        ReferralState::Accepted,
    ),
    (
        ReferralState::Received,
        ReferralStep::Return,
        ReferralState::Returned,
    ),
    (
        ReferralState::Received,
        ReferralStep::Withdraw,
        ReferralState::Withdrawn,
    ),
];

impl ReferralState {
    /// What follows by a step, if it is permitted.
    #[must_use]
    pub fn after(self, step: ReferralStep) -> Option<Self> {
        let found = MOVES.iter().find(|it| (it.0, it.1) == (self, step));
        found.map(|it| it.2)
    }
}
