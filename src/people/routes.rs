//! Registering, reading and finding people, and registering households.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{
    AddressProtection, Contact, FORTNIGHT_DAYS, MemberRole, Name, NewMember, NewPerson,
    PostalAddress,
};
use super::rules;
use super::seal::Particulars;
use super::store::{self, PersonRow};
use super::{acts, asked, disclosure, extract, register_check};
use crate::access::{self, Located, Locating};
use crate::audit::{self, Entry, EntryKind, Filter, RecordedEntry};
use crate::auth::Action;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{HouseholdId, PersonId};
use crate::problem::{NOT_FOUND, Problem};

/// The operations on people, and the registering of households.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/people",
            Action::RegisterPeople,
            "Register a person by national id, once in a municipality",
            register_person,
        ),
        Endpoint::get("/people/{id}", Action::ReadPeople, "A person", show)
            .after(register_check::refresh_person),
        Endpoint::ask(
            "/people/search",
            Action::ReadPeople,
            "Find people by national id or by name",
            search,
        ),
        Endpoint::get(
            "/people/{id}/access-log",
            Action::ReadAccessLog,
            "Who has looked at a person's data, when and in which role",
            access_log,
        ),
        Endpoint::get(
            "/people/{id}/access-log/extract",
            Action::HandOutAccessLog,
            "Who has looked at a person's data and why, in plain Norwegian, to be handed out to that person",
            extract::extract,
        ),
        Endpoint::get(
            "/audit/export",
            Action::ExportAudit,
            "A case's or a period's entries with all it takes to check them offline, as JSON Lines",
            disclosure::export_log,
        ),
        Endpoint::reach(
            "/people/{id}/register-check",
            Action::AskRegisters,
            "Ask the population and contact registers about a person, and keep how well the address is protected",
            register_check::check,
        ),
        Endpoint::create(
            "/households",
            Action::RegisterPeople,
            "Register the people who will live together",
            register_household,
        ),
    ]
}

/// A person to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RegisterPerson {
    /// "Fødselsnummer" or "D-nummer", eleven digits.
    #[schema(max_length = 20)]
    national_id: String,
    /// Given and middle names.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    given_name: String,
    /// Family name.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    family_name: String,
    /// Birth date; it must agree with the national id.
    born_on: Day,
    /// The grade of the population register; `UNGRADED` when not given. It is never told again.
    address_protection: Option<AddressProtection>,
    /// Telephone number.
    #[schema(pattern = r"^\+?[0-9 ]{5,20}$")]
    phone: Option<String>,
    /// E-mail address.
    #[schema(max_length = 254, pattern = r"^[^\s@]+@[^\s@]+$")]
    email: Option<String>,
    /// Where letters go.
    address: Option<PostalAddress>,
}

/// A registered person. Nothing of what was sent is told back: who may register is not always one who may read, and answers are
/// kept for a while under their `Idempotency-Key`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegisteredPerson {
    /// The person.
    pub(super) id: PersonId,
    /// The version that `ETag` tells.
    pub(super) version: i32,
}

fn register_person(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &RegisterPerson,
) -> Result<Created<RegisteredPerson>, Problem> {
    let read = rules::read_national_id(&asked.national_id, tx.kit().national_ids);
    let national_id = read.map_err(|fault| {
        let mut faults = rules::faults_of_birth(asked.born_on, tx.today());
        faults.push(fault);
        Problem::invalid(faults)
    })?;
    let person = NewPerson {
        national_id,
        name: Name {
            given_name: asked.given_name.clone(),
            family_name: asked.family_name.clone(),
        },
        born_on: asked.born_on,
        protection: asked
            .address_protection
            .unwrap_or(AddressProtection::Ungraded),
        contact: Contact {
            phone: asked.phone.clone(),
            email: asked.email.clone(),
            address: asked.address.clone(),
        },
    };
    let id = acts::register_person(tx, &person)?;
    Ok(Created {
        location: format!("/people/{id}"),
        version: Some(1),
        body: RegisteredPerson { id, version: 1 },
    })
}

/// A person. Of somebody with a protected address, `phone`, `email` and `address` are absent for every caller without clearance, just
/// as if they had never been given; the grade is told of nobody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Person {
    /// The person.
    id: PersonId,
    /// The version that `ETag` tells.
    version: i32,
    /// The national id without its last five digits.
    #[schema(example = "301082*****")]
    national_id_masked: String,
    /// Given and middle names.
    given_name: String,
    /// Family name.
    family_name: String,
    /// Birth date.
    born_on: Day,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Where letters go.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<PostalAddress>,
    /// When the population register last told how well the address is protected, where it was ever asked. What it told then counts for as
    /// long as it does not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    protection_checked_at: Option<Instant>,
    /// Since when it is known that the person has died, as the population register told.
    #[serde(skip_serializing_if = "Option::is_none")]
    death_known_at: Option<Instant>,
    /// On which day, where the population register has told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    died_on: Option<Day>,
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Person>, Problem> {
    let (row, particulars) = acts::load_person(tx, call.id()?)?;
    let locating = access::locating(tx)?;
    tx.record(Entry::access("person.read").about(row.id));
    let checked_at = asked::answered_at(tx, row.id)?;
    let person = told(&row, particulars, locating, checked_at);
    Ok(Shown::at_version(row.version, person))
}

fn told(
    row: &PersonRow,
    particulars: Particulars,
    locating: Locating,
    protection_checked_at: Option<Instant>,
) -> Person {
    let national_id_masked = particulars.national_id_masked();
    let Particulars {
        name,
        contact,
        died_on,
        ..
    } = particulars;
    let contact = Located::new(row.protection, contact).shown_to(locating);
    let contact = contact.unwrap_or_default();
    Person {
        id: row.id,
        version: row.version,
        national_id_masked,
        given_name: name.given_name,
        family_name: name.family_name,
        born_on: row.born_on,
        phone: contact.phone,
        email: contact.email,
        address: contact.address,
        protection_checked_at,
        death_known_at: row.death_known_at,
        died_on,
    }
}

fn access_log(
    tx: &mut Tx<'_>,
    call: &Call,
    paging: &Paging,
) -> Result<Page<RecordedEntry>, Problem> {
    let person: PersonId = call.id()?;
    access::must_be_impartial_to(tx, person)?;
    if store::find_person(tx, person)?.is_none() {
        return Err(Problem::new(&NOT_FOUND));
    }
    let looks = Filter {
        subjects: vec![person.uuid()],
        kind: Some(EntryKind::Access),
        ..Filter::default()
    };
    // Whoever watches is watched.
    tx.record(Entry::access("access_log.read").about(person));
    audit::page_of(tx, &looks, paging)
}

/// Whom to look for: a national id alone; or two words of a name; or one word of a name and the birth date.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SearchPeople {
    /// "Fødselsnummer" or "D-nummer", eleven digits.
    #[schema(max_length = 20)]
    national_id: Option<String>,
    /// Whole words of the name, in any order.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Birth date.
    born_on: Option<Day>,
}

/// Who was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundPeople {
    /// At most 20.
    items: Vec<FoundPerson>,
    /// Whether there are more than these, so that a narrower question is needed.
    has_more: bool,
}

/// Enough of a person to tell namesakes apart.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundPerson {
    /// The person.
    id: PersonId,
    /// Given and middle names.
    given_name: String,
    /// Family name.
    family_name: String,
    /// Birth date.
    born_on: Day,
}

/// Found people on an answer: a search is to find somebody, not to list the municipality.
const FOUND_MAX: usize = 20;

fn search(tx: &mut Tx<'_>, _: &Call, asked: &SearchPeople) -> Result<Shown<FoundPeople>, Problem> {
    let question = rules::read_question(
        asked.national_id.as_deref(),
        asked.name.as_deref(),
        asked.born_on,
        tx.kit().national_ids,
    )
    .map_err(|fault| Problem::invalid(vec![fault]))?;
    let mut found = acts::search(tx, &question, FOUND_MAX + 1)?;
    let has_more = found.len() > FOUND_MAX;
    found.truncate(FOUND_MAX);
    // One entry a person: whoever may see who looked at them must not learn who else was found.
    for (row, _) in &found {
        tx.record(Entry::access("person.found").about(row.id));
    }
    let item = |(row, particulars): (PersonRow, Particulars)| FoundPerson {
        id: row.id,
        given_name: particulars.name.given_name,
        family_name: particulars.name.family_name,
        born_on: row.born_on,
    };
    let items = found.into_iter().map(item).collect();
    Ok(Shown::plain(FoundPeople { items, has_more }))
}

/// Who will live together: one applicant, at most one co-applicant, children and other adults.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RegisterHousehold {
    /// The members, each once.
    #[schema(min_items = 1, max_items = 20)]
    members: Vec<RegisterMember>,
}

/// A member of a household to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RegisterMember {
    /// A registered person.
    person_id: PersonId,
    /// As what. Everybody under 18 is a `CHILD`, and nobody else.
    role: MemberRole,
    /// Days in a fortnight that a child lives here; 14 when not given, fewer with shared residence.
    #[schema(minimum = 1, maximum = 14)]
    residence_days: Option<i16>,
}

/// A registered household.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RegisteredHousehold {
    /// The household.
    id: HouseholdId,
    /// The version that `ETag` tells.
    version: i32,
}

fn register_household(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &RegisterHousehold,
) -> Result<Created<RegisteredHousehold>, Problem> {
    let member = |member: &RegisterMember| NewMember {
        person_id: member.person_id,
        role: member.role,
        residence_days: member.residence_days.unwrap_or(FORTNIGHT_DAYS),
    };
    let members: Vec<NewMember> = asked.members.iter().map(member).collect();
    let id = acts::register_household(tx, &members)?;
    Ok(Created {
        location: format!("/households/{id}"),
        version: Some(1),
        body: RegisteredHousehold { id, version: 1 },
    })
}
