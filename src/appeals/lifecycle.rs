//! The life of an appeal: which moves are permitted from which state.

use crate::codes;

codes! {
    /// Where an appeal stands.
    pub enum AppealState {
        /// It came in.
        Received = "RECEIVED",
        /// Being looked at: in time, by a party, in the right form?
        Admissibility = "ADMISSIBILITY",
        /// The first instance looks at its decision again (forvaltningsloven § 33).
        FirstInstanceReview = "FIRST_INSTANCE_REVIEW",
        /// The first instance has replaced its decision.
        Reversed = "REVERSED",
        /// Handed over to the body of appeal.
        Forwarded = "FORWARDED",
        /// The body of appeal has taken it up.
        UnderAppealBody = "UNDER_APPEAL_BODY",
        /// The decision stands.
        Upheld = "UPHELD",
        /// The body of appeal has decided otherwise.
        Changed = "CHANGED",
        /// The first instance must decide anew.
        Returned = "RETURNED",
        /// Not taken up ("avvist").
        Dismissed = "DISMISSED",
        /// Withdrawn by the appellant.
        Withdrawn = "WITHDRAWN",
        /// Everything that follows from it is done.
        Closed = "CLOSED",
    }
}

impl AppealState {
    /// Whether nothing will follow from the appeal any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }
}

codes! {
    /// What can be done with an appeal.
    pub enum AppealMove {
        /// Look whether it is admissible.
        Check = "CHECK",
        /// Take it up.
        Admit = "ADMIT",
        /// Do not take it up.
        Dismiss = "DISMISS",
        /// The first instance has decided otherwise.
        Reverse = "REVERSE",
        /// The first instance stands by its decision: hand the appeal over.
        Forward = "FORWARD",
        /// The body of appeal takes it up.
        TakeUp = "TAKE_UP",
        /// The decision stands.
        Uphold = "UPHOLD",
        /// The body of appeal decides otherwise.
        Change = "CHANGE",
        /// The first instance must decide anew.
        Return = "RETURN",
        /// The appellant withdraws it.
        Withdraw = "WITHDRAW",
        /// Everything is done.
        Close = "CLOSE",
    }
}

/// Every permitted move. What is not here is refused.
pub const APPEAL_MOVES: &[(AppealState, AppealMove, AppealState)] = {
    use AppealMove::{
        Admit, Change, Check, Close, Dismiss, Forward, Return, Reverse, TakeUp, Uphold, Withdraw,
    };
    use AppealState::{
        Admissibility, Changed, Closed, Dismissed, FirstInstanceReview, Forwarded, Received,
        Returned, Reversed, UnderAppealBody, Upheld, Withdrawn,
    };
    &[
        (Received, Check, Admissibility),
        (Received, Withdraw, Withdrawn),
        (Admissibility, Admit, FirstInstanceReview),
        (Admissibility, Dismiss, Dismissed),
        (Admissibility, Withdraw, Withdrawn),
        (FirstInstanceReview, Reverse, Reversed),
        (FirstInstanceReview, Forward, Forwarded),
        (FirstInstanceReview, Withdraw, Withdrawn),
        (Forwarded, TakeUp, UnderAppealBody),
        (Forwarded, Withdraw, Withdrawn),
        (UnderAppealBody, Uphold, Upheld),
        (UnderAppealBody, Change, Changed),
        (UnderAppealBody, Return, Returned),
        (UnderAppealBody, Withdraw, Withdrawn),
        (Reversed, Close, Closed),
        (Upheld, Close, Closed),
        (Changed, Close, Closed),
        (Returned, Close, Closed),
        (Dismissed, Close, Closed),
    ]
};

impl AppealState {
    /// Where this move leads from here, if it is permitted.
    #[must_use]
    pub fn after(self, by: AppealMove) -> Option<Self> {
        let found = APPEAL_MOVES
            .iter()
            .find(|(from, it, _)| *from == self && *it == by);
        found.map(|(_, _, to)| *to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_but_the_last_two_has_a_way_on_and_is_reached() {
        for state in AppealState::ALL {
            let goes_on = APPEAL_MOVES.iter().any(|(from, ..)| from == state);
            assert_ne!(goes_on, state.is_over(), "{state}");
            let reached = APPEAL_MOVES.iter().any(|(.., to)| to == state);
            assert!(reached || *state == AppealState::Received, "{state}");
        }
    }
}
