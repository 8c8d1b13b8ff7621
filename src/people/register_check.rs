//! Asks the population and contact registers about a person, and keeps how well the address is protected and whether the person lives.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{self, Answered};
use super::{acts, deaths, store};
use crate::access::{self, AddressProtection};
use crate::audit::Entry;
use crate::auth::Caller;
use crate::clock::Instant;
use crate::db::{Db, Tx};
use crate::http::{Before, Call, Kernel, Nothing, Shown};
use crate::ids::{HouseholdId, PersonId};
use crate::national_id::NationalId;
use crate::problem::{NOT_FOUND, Problem};
use crate::registers::{
    Death, Grade, PreferredLanguage, RegisterFault, RegisteredPerson, Registers,
};

/// How long somebody who wants to see a person waits for the register.
const PATIENCE: Duration = Duration::from_secs(2);

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
    keep(&kernel.db, &caller, person, &found).await?;
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

/// The number by which registers know a person whom the caller may see.
async fn number_of(db: &Db, caller: &Arc<Caller>, person: PersonId) -> Result<NationalId, Problem> {
    let find = move |tx: &mut Tx<'_>| {
        access::must_see_person(tx, person)?;
        number_at_registers(tx, person, "ADDRESS_PROTECTION")
    };
    db.read(caller, find).await
}

/// The number by which registers know a person, for those alone. That they are asked, and for what, is on record. Whoever asks has made sure
/// that the caller may see the person.
pub fn number_at_registers(
    tx: &mut Tx<'_>,
    person: PersonId,
    purpose: &'static str,
) -> Result<NationalId, Problem> {
    let found = acts::find_person(tx, person)?;
    let (_, particulars) = found.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let entry = Entry::access("person.registers_asked").about(person);
    tx.record(entry.fact("purpose", purpose));
    let read = NationalId::parse(particulars.national_id(), tx.kit().national_ids);
    read.map_err(|fault| Problem::internal(fault.code()))
}

/// Asks the population register anew about those whom it told of too long ago. A refresh makes protection stricter and never weaker: to lift it
/// is for the register's own feed, and for whoever checks. Where the register does not answer in time, the strictest that is known stands.
pub async fn refresh_protection(
    db: &Db,
    registers: &Registers,
    caller: &Arc<Caller>,
    people: Vec<PersonId>,
) -> Result<(), Problem> {
    let (Some(lasts), Ok(population)) = (registers.protection_lasts(), registers.population())
    else {
        return Ok(());
    };
    let find = move |tx: &mut Tx<'_>| numbers_of_stale(tx, &people, lasts);
    let stale = db.read(caller, find).await?;
    let asking = stale.iter().map(|(person, id)| async move {
        let asked = population.person(id, &caller.correlation);
        let told = tokio::time::timeout(PATIENCE, asked).await;
        (*person, told.unwrap_or(Err(RegisterFault::NoAnswer)))
    });
    for (person, told) in join_all(asking).await {
        if let Ok(found) = told {
            let (protection, death) = (protection_of(found.grade), found.death);
            let tighten = move |tx: &mut Tx<'_>| tighten(tx, person, protection, death);
            db.write(caller, tighten).await?;
            db.keep_books(caller.municipality, Answered(person)).await?;
        }
    }
    Ok(())
}

/// Those whom the caller may see, and of whom the register told too long ago.
fn numbers_of_stale(
    tx: &mut Tx<'_>,
    people: &[PersonId],
    lasts: SignedDuration,
) -> Result<Vec<(PersonId, NationalId)>, Problem> {
    let good_since = tx.now().plus(-lasts);
    let told = asked::all_answered_at(tx, people)?;
    let mut stale = people.to_vec();
    stale.retain(|person| told.get(person).is_none_or(|at| *at <= good_since));
    let visible = access::visible_people(tx, &stale)?;
    let erased: BTreeSet<PersonId> = store::people(tx, &stale)?
        .iter()
        .filter(|row| row.erased_at.is_some())
        .map(|row| row.id)
        .collect();
    stale.retain(|person| visible.contains(person) && !erased.contains(person));
    stale
        .into_iter()
        .map(|person| {
            Ok((
                person,
                number_at_registers(tx, person, "ADDRESS_PROTECTION")?,
            ))
        })
        .collect()
}

/// Takes up a stricter protection, and that the person has died; that either is lifted is for the feed, and for whoever checks.
fn tighten(
    tx: &mut Tx<'_>,
    person: PersonId,
    told: AddressProtection,
    death: Option<Death>,
) -> Result<(), Problem> {
    let Some(row) = store::find_person(tx, person)? else {
        tx.change_nothing();
        return Ok(());
    };
    let is_stricter = told > row.protection;
    let is_news = death.is_some() && deaths::learn(tx, person, death)?;
    if is_stricter {
        store::set_protection(tx, person, told)?;
        tx.record(Entry::change("person.protection_checked").about(person));
    }
    if !is_stricter && !is_news {
        tx.change_nothing();
    }
    Ok(())
}

/// Refreshes the person of a call before it is shown.
pub(super) fn refresh_person(kernel: Arc<Kernel>, caller: Arc<Caller>, call: Arc<Call>) -> Before {
    Box::pin(async move {
        let person: PersonId = call.id()?;
        refresh_protection(&kernel.db, &kernel.registers, &caller, vec![person]).await
    })
}

/// Refreshes the members of the household of a call before they are shown.
pub fn refresh_household(kernel: Arc<Kernel>, caller: Arc<Caller>, call: Arc<Call>) -> Before {
    Box::pin(async move {
        let household: HouseholdId = call.id()?;
        let find = move |tx: &mut Tx<'_>| acts::find_household(tx, household);
        let found = kernel.db.read(&caller, find).await?;
        let members = found.into_iter().flat_map(|it| it.members);
        let members = members.map(|member| member.person_id).collect();
        refresh_protection(&kernel.db, &kernel.registers, &caller, members).await
    })
}

const fn protection_of(grade: Grade) -> AddressProtection {
    match grade {
        Grade::Ungraded => AddressProtection::Ungraded,
        Grade::ClientAddress => AddressProtection::ClientAddress,
        Grade::Confidential => AddressProtection::Confidential,
        Grade::StrictlyConfidential => AddressProtection::StrictlyConfidential,
    }
}

/// Keeps what the register says; written down also where it is what was known.
async fn keep(
    db: &Db,
    caller: &Arc<Caller>,
    person: PersonId,
    found: &RegisteredPerson,
) -> Result<(), Problem> {
    let (protection, death) = (protection_of(found.grade), found.death);
    let write = move |tx: &mut Tx<'_>| {
        // First what holds the household and then the person, as everybody does.
        deaths::learn(tx, person, death)?;
        store::set_protection(tx, person, protection)?;
        // The entry does not say how it is protected: whoever reads the log would know.
        tx.record(Entry::change("person.protection_checked").about(person));
        Ok(())
    };
    db.write(caller, write).await?;
    db.keep_books(caller.municipality, Answered(person)).await
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
        Ok(found) => Ok(keep(db, caller, person, &found).await?),
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
