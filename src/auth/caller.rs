//! Who is acting: known once per request, written into every entry of the audit log.

use super::policy::{Role, Scope};
use crate::correlation::Correlation;
use crate::ids::{ActorId, MachineId, MunicipalityId, SessionId, UserId};
use crate::organisation_number::OrganisationNumber;

/// Whoever acts: an employee, an organisation's program, or the service itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in employee.
    User(UserId),
    /// A program of an organisation that has an agreement with the municipality.
    Machine(Machine),
    /// The service: migration, loader, scheduler.
    System,
}

impl Actor {
    /// The employee's id, if it is one.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::Machine(_) | Self::System => None,
        }
    }

    /// The id by which the log can be asked for what somebody did; none for the service itself.
    #[must_use]
    pub const fn id(self) -> Option<ActorId> {
        match self {
            Self::User(id) => Some(ActorId::from_uuid(id.uuid())),
            Self::Machine(machine) => Some(ActorId::from_uuid(machine.id.uuid())),
            Self::System => None,
        }
    }
}

/// A program that calls, as Maskinporten vouches for it. Which program it is counts for nothing; whose it is does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// The organisation's id in this municipality; it stays when agreements are renewed.
    pub id: MachineId,
    /// The organisation in whose name it calls ("konsument").
    pub consumer: OrganisationNumber,
    /// The organisation that runs it on the consumer's behalf, if another ("leverandør").
    pub supplier: Option<OrganisationNumber>,
    /// The scope by which the action is permitted; none where none permits it.
    pub scope: Option<Scope>,
}

/// The one who calls, in which role, for which municipality, within which request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The only municipality whose data this caller can reach.
    pub municipality: MunicipalityId,
    /// Who.
    pub actor: Actor,
    /// The role by which the action is permitted; none for a program and for the service itself.
    pub role: Option<Role>,
    /// The roles that count now, read from the database for this request: without a second factor not all that are held.
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
