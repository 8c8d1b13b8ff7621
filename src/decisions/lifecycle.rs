//! The life of a decision: which moves are permitted from which state.

use crate::codes;

codes! {
    /// Where a decision stands.
    pub enum DecisionState {
        /// Proposed, waiting for somebody else to decide ("innstilling").
        Proposed = "PROPOSED",
        /// Decided ("vedtak").
        Approved = "APPROVED",
        /// Sent back to whoever proposed.
        Returned = "RETURNED",
        /// Another decision has taken its place ("omgjort").
        Replaced = "REPLACED",
    }
}

codes! {
    /// What can be done with a decision. Its words never change: what was decided is only replaced.
    pub enum DecisionMove {
        /// Make it.
        Approve = "APPROVE",
        /// Send the proposal back.
        Return = "RETURN",
        /// Tell the party.
        Notify = "NOTIFY",
        /// Let a new decision take its place.
        Replace = "REPLACE",
    }
}

/// Every permitted move. What is not here is refused.
pub const DECISION_MOVES: &[(DecisionState, DecisionMove, DecisionState)] = {
    use DecisionMove::{Approve, Notify, Replace, Return};
    use DecisionState::{Approved, Proposed, Replaced, Returned};
    &[
        (Proposed, Approve, Approved),
        (Proposed, Return, Returned),
        (Approved, Notify, Approved),
        (Approved, Replace, Replaced),
    ]
};

impl DecisionState {
    /// Where this move leads from here, if it is permitted.
    #[must_use]
    pub fn after(self, by: DecisionMove) -> Option<Self> {
        let found = DECISION_MOVES
            .iter()
            .find(|(from, it, _)| *from == self && *it == by);
        found.map(|(_, _, to)| *to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_back_to_a_proposal() {
        assert!(
            DECISION_MOVES
                .iter()
                .all(|(_, _, to)| *to != DecisionState::Proposed)
        );
    }

    #[test]
    fn no_move_leads_to_two_states() {
        for (index, (from, by, _)) in DECISION_MOVES.iter().enumerate() {
            let mut rest = DECISION_MOVES.iter().skip(index + 1);
            assert!(rest.all(|(f, b, _)| (f, b) != (from, by)), "{from} {by}");
        }
    }
}
