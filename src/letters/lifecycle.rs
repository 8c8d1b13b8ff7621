//! The life of a letter: which moves are permitted from which state.

use crate::codes;

codes! {
    /// Where a letter stands.
    pub enum LetterState {
        /// Written; what it says never changes.
        Written = "WRITTEN",
        /// Handed to the outbox.
        Dispatched = "DISPATCHED",
        /// Taken by the channel.
        Sent = "SENT",
        /// Came back undelivered.
        Returned = "RETURNED",
        /// It is proved that it arrived.
        Received = "RECEIVED",
        /// Not sent after all.
        Discarded = "DISCARDED",
    }
}

codes! {
    /// What can be done with a letter.
    pub enum LetterMove {
        /// Hand it to the outbox, by a channel; again by another one when it came back or lies unread.
        Dispatch = "DISPATCH",
        /// The channel has taken it.
        Send = "SEND",
        /// It came back, or the channel will not take it.
        Return = "RETURN",
        /// Prove that it arrived.
        Prove = "PROVE",
        /// Do not send it.
        Discard = "DISCARD",
    }
}

/// Every permitted move. What is not here is refused.
pub const LETTER_MOVES: &[(LetterState, LetterMove, LetterState)] = {
    use LetterMove::{Discard, Dispatch, Prove, Return, Send};
    use LetterState::{Discarded, Dispatched, Received, Returned, Sent, Written};
    &[
        (Written, Dispatch, Dispatched),
        (Written, Discard, Discarded),
        // As long as the channel has not taken it, another one can.
        (Dispatched, Dispatch, Dispatched),
        (Dispatched, Return, Returned),
        (Dispatched, Send, Sent),
        (Dispatched, Discard, Discarded),
        // Digital mail that lies unread goes by post as well.
        (Sent, Dispatch, Dispatched),
        (Sent, Return, Returned),
        (Sent, Prove, Received),
        (Returned, Dispatch, Dispatched),
        (Returned, Discard, Discarded),
    ]
};

impl LetterState {
    /// Where this move leads from here, if it is permitted.
    #[must_use]
    pub fn after(self, by: LetterMove) -> Option<Self> {
        let found = LETTER_MOVES
            .iter()
            .find(|(from, it, _)| *from == self && *it == by);
        found.map(|(_, _, to)| *to)
    }
}
