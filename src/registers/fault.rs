//! Why a register gave no answer.

use crate::problem::Problem;
use crate::refusals;

refusals! {
    /// What whoever asked is told: to go on by hand.
    pub enum Refusal {
        NotConnected = 503 "register_not_connected", "Registeret er ikke koblet til. Innhent opplysningene manuelt.", "The register is not connected; obtain the information by hand.";
        Unavailable = 503 "register_unavailable", "Registeret svarer ikke nå. Innhent opplysningene manuelt, eller prøv igjen senere.", "The register does not answer now; obtain the information by hand, or try again later.";
        Unknown = 404 "not_in_register", "Registeret kjenner ikke nummeret.", "The register does not know the number.";
    }
}

/// Why a register gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegisterFault {
    /// The settings name no address of it.
    #[error("the register is not connected")]
    NotConnected,
    /// It is known to be down: it was not asked.
    #[error("the register is down and was not asked")]
    Down,
    /// There was no way to it: nothing that was to be sent arrived.
    #[error("the register could not be reached")]
    Unreached,
    /// It did not answer in time, or the connection broke: what was sent may have arrived.
    #[error("the register did not answer")]
    NoAnswer,
    /// It answered with this status.
    #[error("the register answered with status {0}")]
    Status(u16),
    /// What it answered is not its contract: another type, another form.
    #[error("the register's answer is not what its contract says")]
    Nonsense,
    /// What it answered is longer than any answer it may give.
    #[error("the register's answer is too long")]
    TooLong,
    /// It does not know who or what was asked about.
    #[error("the register does not know what was asked about")]
    Unknown,
}

impl RegisterFault {
    /// Whether the register, and not the question, is at fault.
    #[must_use]
    pub const fn is_of_register(&self) -> bool {
        match self {
            Self::NotConnected | Self::Unknown => false,
            Self::Status(status) => *status >= 500 || *status == 429,
            Self::Down | Self::Unreached | Self::NoAnswer | Self::Nonsense | Self::TooLong => true,
        }
    }
}

impl From<RegisterFault> for Problem {
    fn from(fault: RegisterFault) -> Self {
        let refusal = match fault {
            RegisterFault::NotConnected => Refusal::NotConnected,
            RegisterFault::Unknown => Refusal::Unknown,
            _ => Refusal::Unavailable,
        };
        Self {
            cause: Some(fault.to_string()),
            ..Self::from(refusal)
        }
    }
}
