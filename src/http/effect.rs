//! How an operation is asked for, and what it does to the world.

use crate::codes;

/// The HTTP methods that the service knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, acts, or asks with a body.
    Post,
    /// Replaces.
    Put,
}

impl Method {
    /// The method's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

codes! {
    /// What an operation does to the world, and hence which headers it asks for.
    pub enum Effect {
        /// Reads.
        Reads = "READS",
        /// Asks with a body, because the question holds personal data; changes nothing.
        Asks = "ASKS",
        /// Makes something new: `Idempotency-Key`.
        Creates = "CREATES",
        /// Proposes a decision: `Idempotency-Key`; a refused attempt is recorded.
        Proposes = "PROPOSES",
        /// Changes something that was seen: `If-Match`.
        Changes = "CHANGES",
        /// Decides or allocates: `If-Match` and `Idempotency-Key`; a refused attempt is recorded.
        Decides = "DECIDES",
        /// Acts on the caller's own sign-in.
        Signs = "SIGNS",
        /// Asks a register outside, and keeps what it says.
        Reaches = "REACHES",
    }
}

impl Effect {
    /// Whether the operation asks for an `Idempotency-Key`.
    #[must_use]
    pub const fn needs_key(self) -> bool {
        matches!(self, Self::Creates | Self::Proposes | Self::Decides)
    }

    /// Whether the operation asks for `If-Match`.
    #[must_use]
    pub const fn needs_match(self) -> bool {
        matches!(self, Self::Changes | Self::Decides)
    }

    /// Whether a refused attempt is put on the record too.
    #[must_use]
    pub const fn records_refusals(self) -> bool {
        matches!(self, Self::Proposes | Self::Decides)
    }

    /// Whether the operation leaves a trace in the log.
    #[must_use]
    pub const fn is_mutating(self) -> bool {
        !matches!(self, Self::Reads | Self::Asks)
    }
}
