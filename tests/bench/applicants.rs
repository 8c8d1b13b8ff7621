//! People who live alone and have not applied yet, each in a household of their own.
//!
//! They come through the crate's own functions, past HTTP, a thousand at once: registering them is not what is measured.

use std::sync::Arc;

use jiff::civil::{Date, date};
use rettbolig::audit::Sealer;
use rettbolig::auth::Caller;
use rettbolig::clock::Day;
use rettbolig::db::Tx;
use rettbolig::ids::{HouseholdId, MunicipalityId, PersonId};
use rettbolig::national_id::NationalId;
use rettbolig::people::{
    AddressProtection, Contact, FORTNIGHT_DAYS, MemberRole, Name, NewMember, NewPerson,
    register_households, register_people,
};
use rettbolig::problem::Problem;

use crate::opened;
use crate::process::Environment;

/// Registered by one transaction.
const AT_ONCE: usize = 1_000;
/// Nobody of the demonstration was born so early: their national ids are free.
const FIRST_BIRTH: Date = date(1915, 1, 1);

/// Registers so many, and returns when the log is sealed: the service then has nothing to do but what it is asked.
pub(crate) async fn register(
    environment: &Environment,
    municipality: MunicipalityId,
    count: usize,
) -> Vec<HouseholdId> {
    let (db, secrets) = (opened::open(environment), opened::secrets(environment));
    let sealer = Sealer::new(db.clone(), secrets.log_key);
    let caller = Arc::new(Caller::system(municipality));
    let mut ids = national_ids().take(count).peekable();
    let mut households = Vec::with_capacity(count);
    while ids.peek().is_some() {
        let people: Arc<[NewPerson]> = ids.by_ref().take(AT_ONCE).map(person).collect();
        let register = move |tx: &mut Tx<'_>| register_alone(tx, &people);
        households.extend(db.write(&caller, register).await.unwrap());
    }
    sealer.seal_waiting().await.unwrap();
    db.close();
    households
}

fn register_alone(tx: &mut Tx<'_>, people: &[NewPerson]) -> Result<Vec<HouseholdId>, Problem> {
    let people = register_people(tx, people)?;
    let members: Vec<NewMember> = people.into_iter().map(applicant).collect();
    let households: Vec<&[NewMember]> = members.chunks(1).collect();
    register_households(tx, &households)
}

const fn applicant(person_id: PersonId) -> NewMember {
    NewMember {
        person_id,
        role: MemberRole::Applicant,
        residence_days: FORTNIGHT_DAYS,
    }
}

/// About four hundred people are born on a day in the test register.
fn national_ids() -> impl Iterator<Item = (Day, NationalId)> {
    let days = FIRST_BIRTH.series(jiff::Span::new().days(1));
    days.flat_map(|born_on| {
        let of_the_day = (0..500).filter_map(move |serial| NationalId::synthetic(born_on, serial));
        of_the_day.map(move |id| (Day(born_on), id))
    })
}

fn person((born_on, national_id): (Day, NationalId)) -> NewPerson {
    NewPerson {
        national_id,
        name: Name {
            given_name: "Prøve".to_owned(),
            family_name: "Testesen".to_owned(),
        },
        born_on,
        protection: AddressProtection::Ungraded,
        contact: Contact::default(),
    }
}
