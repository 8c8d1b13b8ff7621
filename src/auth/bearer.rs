//! Somebody with a token that holds: an employee or a program, who is let in for one action at a time.

use std::sync::Arc;

use super::caller::{Actor, Caller, Machine};
use super::issuer::{Issuer, issuer_of};
use super::machines::{self, MachineToken};
use super::policy::{Action, Scope};
use super::rules;
use super::sessions;
use super::sign_in::SignIn;
use super::token::Claims;
use crate::cadastral::MunicipalityNumber;
use crate::correlation::Correlation;
use crate::db::{Db, Tx};
use crate::ids::{ActorId, MachineId, MunicipalityId};
use crate::municipality;
use crate::problem::{
    INSUFFICIENT_SCOPE, Kind, MUNICIPALITY_NEEDED, NO_AGREEMENT, Problem, UNAUTHENTICATED,
};

/// By which header a program says for which municipality it calls, where its organisation has agreements with several.
pub const MUNICIPALITY_HEADER: &str = "Rettbolig-Municipality";

/// Somebody with a token that holds.
#[derive(Debug, Clone)]
pub enum Bearer {
    /// An employee with a token of ours.
    Employee(Employee),
    /// A program with a token of Maskinporten's.
    Program(Program),
}

/// An employee as a token of ours names them. Whether the sign-in still runs only the database knows.
#[derive(Debug, Clone)]
pub struct Employee(Arc<Claims>);

/// A program as a token of Maskinporten's names it, and the municipality for which it calls.
#[derive(Debug, Clone)]
pub struct Program {
    municipality: MunicipalityId,
    id: MachineId,
    token: MachineToken,
}

impl SignIn {
    /// Whom an access token names, if the token itself holds.
    pub async fn recognise(
        &self,
        db: &Db,
        token: &str,
        named: Option<MunicipalityNumber>,
    ) -> Result<Bearer, Problem> {
        let now = db.kit().clock.now();
        let machines = self.machines.as_ref();
        let issuer = machines.filter(|it| issuer_of(token).is_some_and(|iss| iss == it.name()));
        let Some(issuer) = issuer else {
            let claims = self.tokens.check(token, now)?;
            return Ok(Bearer::Employee(Employee(claims)));
        };
        recognise_program(issuer, db, token, named).await
    }
}

async fn recognise_program(
    issuer: &Issuer,
    db: &Db,
    token: &str,
    named: Option<MunicipalityNumber>,
) -> Result<Bearer, Problem> {
    let token = machines::check(issuer, token, db.kit().clock.now()).await?;
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let consumer = token.consumer;
    let find = move |tx: &mut Tx<'_>| {
        let wanted = match named {
            None => None,
            Some(number) => Some(municipality::find_by_number(tx, number)?),
        };
        let mut known = machines::clients_of(tx, consumer)?;
        if let Some(wanted) = wanted {
            known.retain(|(municipality, _)| Some(*municipality) == wanted);
        }
        Ok(known)
    };
    match db.read(&nobody, find).await?.as_slice() {
        [] => Err(Problem::new(&NO_AGREEMENT)),
        [(municipality, id)] => Ok(Bearer::Program(Program {
            municipality: *municipality,
            id: *id,
            token,
        })),
        _ => Err(Problem::new(&MUNICIPALITY_NEEDED).at(format!("/header/{MUNICIPALITY_HEADER}"))),
    }
}

impl Bearer {
    /// Who is named, as long as nobody is admitted: the service asks the database on behalf of their municipality.
    #[must_use]
    pub fn asking(&self) -> Arc<Caller> {
        Arc::new(Caller::system(match self {
            Self::Employee(employee) => employee.0.mun,
            Self::Program(program) => program.municipality,
        }))
    }

    /// Who is named.
    #[must_use]
    pub fn id(&self) -> ActorId {
        ActorId::from_uuid(match self {
            Self::Employee(employee) => employee.0.sub.uuid(),
            Self::Program(program) => program.id.uuid(),
        })
    }

    /// Lets the transaction act as the bearer, with what is held now, if that permits the action.
    pub fn admit(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        correlation: &Correlation,
    ) -> Result<Admission, Problem> {
        match self {
            Self::Employee(employee) => employee.admit(tx, action, correlation),
            Self::Program(program) => program.admit(tx, action, correlation),
        }
    }
}

impl Employee {
    fn admit(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        correlation: &Correlation,
    ) -> Result<Admission, Problem> {
        let claims = &self.0;
        let running = sessions::find_running(tx, claims.sid)?;
        let Some(standing) = running.filter(|standing| standing.user == claims.sub) else {
            return Err(Problem::new(&UNAUTHENTICATED));
        };
        let roles = rules::roles_that_count(&standing);
        let admission = rules::admit(action, &standing, &roles, tx.now());
        tx.act_as(Caller {
            municipality: claims.mun,
            actor: Actor::User(standing.user),
            role: action.role_among(&roles),
            roles,
            session: Some(claims.sid),
            correlation: correlation.clone(),
        })?;
        Ok(admission)
    }
}

impl Program {
    fn admit(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        correlation: &Correlation,
    ) -> Result<Admission, Problem> {
        let agreed = machines::scopes_in_force(tx, self.id)?;
        let both = |scope: &Scope| agreed.as_ref().is_some_and(|agreed| agreed.contains(scope));
        let held: Vec<Scope> = self.token.scopes.iter().copied().filter(both).collect();
        let scope = action.scope_among(&held);
        tx.act_as(Caller {
            actor: Actor::Machine(Machine {
                id: self.id,
                consumer: self.token.consumer,
                supplier: self.token.supplier,
                scope,
            }),
            correlation: correlation.clone(),
            ..Caller::system(self.municipality)
        })?;
        Ok(match (agreed, scope) {
            (None, _) => Admission::Refused(&NO_AGREEMENT),
            (Some(_), None) => Admission::Refused(&INSUFFICIENT_SCOPE),
            (Some(_), Some(_)) => Admission::Permitted,
        })
    }
}

/// Whether a caller may do what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// One of the roles, or a scope, permits it.
    Permitted,
    /// None does, or something else is missing.
    Refused(&'static Kind),
}

impl Admission {
    /// Refuses whom nothing permits it.
    pub fn must_permit(self) -> Result<(), Problem> {
        match self {
            Self::Permitted => Ok(()),
            Self::Refused(kind) => Err(Problem::new(kind)),
        }
    }
}
