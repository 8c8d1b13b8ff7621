//! Asks the population and contact registers about a person, and keeps how well the address is protected.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::{acts, store};
use crate::access::AddressProtection;
use crate::audit::Entry;
use crate::auth::Caller;
use crate::clock::Instant;
use crate::db::{Db, Tx};
use crate::http::{Call, Kernel, Nothing, Shown};
use crate::ids::PersonId;
use crate::national_id::NationalId;
use crate::problem::Problem;
use crate::registers::{Grade, PreferredLanguage, RegisterFault, Registers};

/// What came of asking. How well the address is protected is told to nobody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegisterChecked {
    /// When the population register was asked.
    checked_at: Instant,
    /// Whether the person can be reached digitally; absent where the contact register is not connected or does not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    can_be_notified: Option<bool>,
    /// The language wished for, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<PreferredLanguage>,
}

/// Asks the registers about the person of the call. When the population register does not answer nothing is changed, and the answer says to go
/// on by hand.
pub(super) async fn check(
    kernel: Arc<Kernel>,
    caller: Arc<Caller>,
    call: Arc<Call>,
    _: Nothing,
) -> Result<Shown<RegisterChecked>, Problem> {
    let person: PersonId = call.id()?;
    let id = number_of(&kernel.db, &caller, person).await?;
    let population = kernel.registers.population()?;
    let found = population.person(&id, &caller.correlation).await?;
    keep(&kernel.db, &caller, person, found.grade).await?;
    let contact = match kernel.registers.contacts() {
        Ok(contacts) => contacts.of(&id, &caller.correlation).await,
        Err(fault) => Err(fault),
    };
    Ok(Shown::plain(RegisterChecked {
        checked_at: kernel.db.kit().clock.now(),
        can_be_notified: contact.as_ref().ok().map(|it| it.can_be_notified),
        language: contact.ok().and_then(|it| it.language),
    }))
}

/// The number by which registers know a person. That they are asked is on record.
async fn number_of(db: &Db, caller: &Arc<Caller>, person: PersonId) -> Result<NationalId, Problem> {
    let find = move |tx: &mut Tx<'_>| {
        let (_, particulars) = acts::load_person(tx, person)?;
        let entry = Entry::access("person.registers_asked").about(person);
        tx.record(entry.fact("purpose", "ADDRESS_PROTECTION"));
        let read = NationalId::parse(particulars.national_id(), tx.kit().national_ids);
        read.map_err(|fault| Problem::internal(fault.code()))
    };
    db.read(caller, find).await
}

/// Keeps what the register says; written down also where it is what was known.
async fn keep(
    db: &Db,
    caller: &Arc<Caller>,
    person: PersonId,
    grade: Grade,
) -> Result<(), Problem> {
    let protection = match grade {
        Grade::Ungraded => AddressProtection::Ungraded,
        Grade::ClientAddress => AddressProtection::ClientAddress,
        Grade::Confidential => AddressProtection::Confidential,
        Grade::StrictlyConfidential => AddressProtection::StrictlyConfidential,
    };
    let write = move |tx: &mut Tx<'_>| {
        store::set_protection(tx, person, protection)?;
        // The entry does not say how it is protected: whoever reads the log would know.
        tx.record(Entry::change("person.protection_checked").about(person));
        Ok(())
    };
    db.write(caller, write).await
}

/// Takes up a change that the register's feed tells of, if the person is known here.
pub(super) async fn follow(
    db: &Db,
    registers: &Registers,
    caller: &Arc<Caller>,
    national_id: &str,
) -> Result<(), FollowFault> {
    let Ok(id) = NationalId::parse(national_id, db.kit().national_ids) else {
        return Ok(());
    };
    let known = id.clone();
    let find = move |tx: &mut Tx<'_>| acts::find_by_national_id(tx, &known);
    let Some(person) = db.read(caller, find).await? else {
        return Ok(());
    };
    let population = registers.population()?;
    match population.person(&id, &caller.correlation).await {
        Ok(found) => Ok(keep(db, caller, person, found.grade).await?),
        Err(RegisterFault::Unknown) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}

/// Why a change was not taken up.
#[derive(Debug)]
pub enum FollowFault {
    /// The register does not answer.
    Register(RegisterFault),
    /// The database does not.
    Database(Problem),
}

impl From<RegisterFault> for FollowFault {
    fn from(fault: RegisterFault) -> Self {
        Self::Register(fault)
    }
}

impl From<Problem> for FollowFault {
    fn from(problem: Problem) -> Self {
        Self::Database(problem)
    }
}
