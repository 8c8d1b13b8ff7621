//! The life of an offer: which moves are permitted from which state.

use crate::codes;

codes! {
    /// Where an offer stands.
    pub enum OfferState {
        /// Not answered yet.
        Open = "OPEN",
        /// Taken.
        Accepted = "ACCEPTED",
        /// Not wanted.
        Declined = "DECLINED",
        /// Not answered in time.
        Expired = "EXPIRED",
        /// Taken back by the municipality before it was answered.
        Withdrawn = "WITHDRAWN",
        /// Taken, and the home could not be handed over.
        Annulled = "ANNULLED",
    }
}

codes! {
    /// What can become of an offer.
    pub enum OfferMove {
        /// The household takes the home.
        Accept = "ACCEPT",
        /// The household does not.
        Decline = "DECLINE",
        /// Nobody answered in time.
        Expire = "EXPIRE",
        /// The municipality takes it back.
        Withdraw = "WITHDRAW",
        /// The home cannot be handed over after all.
        Annul = "ANNUL",
    }
}

/// Every permitted move. What is not here is refused.
pub const OFFER_MOVES: &[(OfferState, OfferMove, OfferState)] = {
    use OfferMove::{Accept, Annul, Decline, Expire, Withdraw};
    use OfferState::{Accepted, Annulled, Declined, Expired, Open, Withdrawn};
    &[
        (Open, Accept, Accepted),
        (Open, Decline, Declined),
        (Open, Expire, Expired),
        (Open, Withdraw, Withdrawn),
        (Accepted, Annul, Annulled),
    ]
};

impl OfferState {
    /// Where this move leads from here, if it is permitted.
    #[must_use]
    pub fn after(self, by: OfferMove) -> Option<Self> {
        let found = OFFER_MOVES
            .iter()
            .find(|(from, it, _)| *from == self && *it == by);
        found.map(|(_, _, to)| *to)
    }
}
