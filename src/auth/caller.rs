//! Who is acting: known once per request, written into every entry of the audit log.

use super::policy::Role;
use crate::correlation::Correlation;
use crate::ids::{MunicipalityId, SessionId, UserId};

/// Whoever acts: an employee, or the service itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in employee.
    User(UserId),
    /// The service: migration, loader, scheduler.
    System,
}

impl Actor {
    /// The employee's id, if it is one.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::System => None,
        }
    }
}

/// The one who calls, in which role, for which municipality, within which request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The only municipality whose data this caller can reach.
    pub municipality: MunicipalityId,
    /// Who.
    pub actor: Actor,
    /// The role by which the action is permitted; none for the service itself.
    pub role: Option<Role>,
    /// All roles held now, read from the database for this request.
    pub roles: Vec<Role>,
    /// The sign-in session, if any.
    pub session: Option<SessionId>,
    /// The request, across services.
    pub correlation: Correlation,
}

impl Caller {
    /// The service itself, acting for a municipality.
    #[must_use]
    pub fn system(municipality: MunicipalityId) -> Self {
        Self {
            municipality,
            actor: Actor::System,
            role: None,
            roles: Vec::new(),
            session: None,
            correlation: Correlation::new(),
        }
    }
}
