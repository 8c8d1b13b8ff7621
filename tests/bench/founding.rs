//! The municipality of the benchmark: its residents, its auditor and a caseworker.

use base64::Engine as _;
use rettbolig::auth::{self, Cost, Passwords, Peppers, Role};
use rettbolig::clock::Day;
use rettbolig::db::{Db, Tx};
use rettbolig::ids::{HouseholdId, PersonId};
use rettbolig::municipality;
use rettbolig::national_id::NationalId;
use rettbolig::people::{
    AddressProtection, Contact, MemberRole, Name, NewMember, NewPerson, register_households,
    register_people,
};

use crate::process::{KEY, PASSWORD};
use crate::system;

/// What the auditor's second factor is made of.
pub(crate) const CODE_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
/// Who audits.
pub(crate) const AUDITOR: &str = "auditor@bench.example";

/// Founds it, and tells which households may apply.
pub(crate) async fn furnish(db: &Db) -> Vec<HouseholdId> {
    let peppers = Peppers::new(vec![(String::new(), pepper())]).unwrap();
    let passwords = Passwords::new(peppers, Cost::OWASP_FLOOR).unwrap();
    let hash = passwords.hash(&PASSWORD.to_owned().into()).unwrap();
    let make = move |tx: &mut Tx<'_>| {
        municipality::add(tx, "5035".parse().unwrap(), "Prøvestad")?;
        let auditor = auth::add_user(tx, AUDITOR, "Revisor", &hash, &[Role::Auditor])?;
        auth::give_second_factor(tx, auditor, &CODE_SECRET.to_owned().into())?;
        let people = register_people(tx, &people())?;
        let members: Vec<[NewMember; 1]> = people.into_iter().map(alone).collect();
        let members: Vec<&[NewMember]> = members.iter().map(<[_; 1]>::as_slice).collect();
        register_households(tx, &members)
    };
    db.write(&system(), make).await.unwrap()
}

fn alone(person_id: PersonId) -> [NewMember; 1] {
    [NewMember {
        person_id,
        role: MemberRole::Applicant,
        residence_days: 14,
    }]
}

fn people() -> Vec<NewPerson> {
    let birth = jiff::civil::date(1990, 5, 17);
    let ids = (0..200).filter_map(|serial| NationalId::synthetic(birth, serial));
    ids.map(|national_id| NewPerson {
        national_id,
        name: Name {
            given_name: "Prøve".to_owned(),
            family_name: "Testesen".to_owned(),
        },
        born_on: Day(birth),
        protection: AddressProtection::Ungraded,
        contact: Contact::default(),
    })
    .collect()
}

fn pepper() -> secrecy::SecretSlice<u8> {
    let pepper = base64::engine::general_purpose::STANDARD.decode(KEY);
    pepper.unwrap().into()
}
