//! The nouns of subscriptions.

use crate::codes;
use crate::events::{Audience, EventType};
use crate::ids::WebhookId;
use crate::refusals;

codes! {
    /// Whether a subscriber is told.
    pub enum WebhookState {
        /// Told of every event that it wants.
        Active = "ACTIVE",
        /// Not told for now, because somebody here said so.
        Paused = "PAUSED",
        /// Not told any more, because the receiver said so (410).
        Gone = "GONE",
        /// Taken away for good.
        Removed = "REMOVED",
    }
}

/// Somebody who is to be told.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// The subscription.
    pub id: WebhookId,
    /// As whom.
    pub audience: Audience,
    /// Of what; of everything when empty.
    pub event_types: Vec<EventType>,
}

impl Receiver {
    /// Whether it is told of this.
    #[must_use]
    pub fn wants(&self, kind: EventType) -> bool {
        kind.audience() == self.audience
            && (self.event_types.is_empty() || self.event_types.contains(&kind))
    }
}

/// Subscriptions that one municipality may have.
pub(super) const WEBHOOKS_MAX: i64 = 50;

refusals! {
    /// Why a subscription cannot be made or changed.
    pub enum Refusal {
        NoAddress = 400 "url_not_callable", "Adressen kan ikke kalles.", "The address cannot be called.", at "/url";
        NotEncrypted = 400 "url_not_encrypted", "Adressen må begynne med https://.", "The address must begin with https://.", at "/url";
        NotPublic = 400 "url_not_public", "Adressen er ikke på det åpne internettet.", "The address is not one of the public internet.", at "/url";
        OtherAudience = 400 "event_type_of_other_audience", "Minst én hendelsestype er for en annen målgruppe.", "At least one event type is for another audience.", at "/eventTypes";
        TooMany = 409 "too_many_webhooks", "Kommunen har så mange abonnementer som den kan ha.", "The municipality has as many subscriptions as it may have.";
    }
}
