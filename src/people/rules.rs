//! What must hold for a person and for a household before they are registered, and what may be asked about people.

use std::collections::BTreeSet;

use super::model::{FORTNIGHT_DAYS, MemberRole, NewMember, NewPerson};
use crate::clock::Day;
use crate::crypto::name_tokens;
use crate::ids::PersonId;
use crate::national_id::{Acceptance, NationalId, NationalIdFault};
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why a person or a household is not registered.
    pub enum Refusal {
        PersonExists = 409 "person_exists", "En person med dette nummeret er registrert fra før.", "A person with this national id is registered already.", at "/nationalId";
        CoApplicantUnderAge = 422 "co_applicant_under_age", "En medsøker må ha fylt 18 år.", "A co-applicant must be 18 years or more.", at "/members";
    }
}

/// A child comes of age at 18 (guardianship act, vergemålsloven § 8).
pub const OF_AGE_YEARS: i16 = 18;
/// Nobody is older: a birth date further back is a typing error.
const AGE_YEARS_MAX: i16 = 130;
/// Words of a name that say enough by themselves; with fewer, the birth date is needed too.
const NAME_WORDS_MIN: usize = 2;

/// The national id in a text, or what is wrong with it.
pub fn read_national_id(text: &str, acceptance: Acceptance) -> Result<NationalId, FieldFault> {
    NationalId::parse(text, acceptance).map_err(|fault| {
        let (nb, en) = explained(fault);
        FieldFault::new("/nationalId", fault.code(), nb, en)
    })
}

/// What is wrong with a person's data.
pub(super) fn faults_of_person(person: &NewPerson, today: Day) -> Vec<FieldFault> {
    let mut faults = faults_of_birth(person.born_on, today);
    if !person.national_id.is_of_birth(person.born_on.0) {
        faults.push(not_of_national_id());
    }
    faults
}

pub(super) fn not_of_national_id() -> FieldFault {
    FieldFault::new(
        "/bornOn",
        "born_on_not_of_national_id",
        "Stemmer ikke med fødselsnummeret.",
        "Does not agree with the national id.",
    )
}

/// What is wrong with a birth date by itself.
pub(super) fn faults_of_birth(born_on: Day, today: Day) -> Vec<FieldFault> {
    let fault = if born_on > today {
        FieldFault::new(
            "/bornOn",
            "born_in_future",
            "Ligger fram i tid.",
            "Lies in the future.",
        )
    } else if born_on.age_on(today) > AGE_YEARS_MAX {
        FieldFault::new(
            "/bornOn",
            "born_too_long_ago",
            "Ligger mer enn 130 år tilbake.",
            "Lies more than 130 years back.",
        )
    } else {
        return Vec::new();
    };
    vec![fault]
}

/// A member asked for, and when that person was born; nothing where there is no such person.
pub(super) type Proposed = (NewMember, Option<Day>);

/// What is wrong with the members of a household.
pub(super) fn faults_of_members(members: &[Proposed], today: Day) -> Vec<FieldFault> {
    let mut seen: BTreeSet<PersonId> = BTreeSet::new();
    let (mut applicants, mut co_applicants) = (0, 0);
    let mut faults = Vec::new();
    for (place, (member, born_on)) in members.iter().enumerate() {
        let mut fault = |field: &str, (code, nb, en): Told| {
            let pointer = format!("/members/{place}/{field}");
            faults.push(FieldFault::new(pointer, code, nb, en));
        };
        if !seen.insert(member.person_id) {
            fault("personId", MEMBER_TWICE);
        }
        match born_on.map(|day| is_of_age(day, today)) {
            None => fault("personId", NOT_FOUND),
            Some(true) if member.role == MemberRole::Child => fault("role", CHILD_OF_AGE),
            Some(false) if member.role == MemberRole::OtherAdult => fault("role", ADULT_UNDER_AGE),
            Some(_) => {}
        }
        match member.role {
            MemberRole::Applicant => applicants += 1,
            MemberRole::CoApplicant => co_applicants += 1,
            MemberRole::Child | MemberRole::OtherAdult => {}
        }
        if member.role == MemberRole::Applicant && applicants > 1 {
            fault("role", APPLICANT_TWICE);
        }
        if member.role == MemberRole::CoApplicant && co_applicants > 1 {
            fault("role", CO_APPLICANT_TWICE);
        }
        if member.role != MemberRole::Child && member.residence_days != FORTNIGHT_DAYS {
            fault("residenceDays", ADULT_LIVES_APART);
        }
    }
    if applicants == 0 {
        let (code, nb, en) = APPLICANT_MISSING;
        faults.push(FieldFault::new("/members", code, nb, en));
    }
    faults
}

/// Refuses co-applicants under age: nobody under age answers for a lease beside another (vergemålsloven § 9). Who applies may be under
/// age, and does so through a guardian, whom the case must name.
pub(super) fn must_be_of_age(members: &[Proposed], today: Day) -> Result<(), Refusal> {
    let is_under_age = |born_on: &Option<Day>| born_on.is_some_and(|day| !is_of_age(day, today));
    let any = members
        .iter()
        .any(|(member, born_on)| member.role == MemberRole::CoApplicant && is_under_age(born_on));
    if any {
        Err(Refusal::CoApplicantUnderAge)
    } else {
        Ok(())
    }
}

fn is_of_age(born_on: Day, today: Day) -> bool {
    born_on.age_on(today) >= OF_AGE_YEARS
}

/// How somebody is looked for.
pub(super) enum Question {
    /// The one person with this number.
    NationalId(NationalId),
    /// All whose names have these words and who, where it is given, were born on this day.
    Name(String, Option<Day>),
}

/// The question in a search, which must be asked in exactly one way and narrowly enough.
pub(super) fn read_question(
    national_id: Option<&str>,
    name: Option<&str>,
    born_on: Option<Day>,
    acceptance: Acceptance,
) -> Result<Question, FieldFault> {
    match (national_id, name, born_on) {
        (Some(text), None, None) => read_national_id(text, acceptance).map(Question::NationalId),
        (None, Some(name), born_on) => {
            let words = name_tokens(name).len();
            let wanted = born_on.map_or(NAME_WORDS_MIN, |_| 1);
            if words < wanted {
                let (code, nb, en) = TOO_WIDE;
                return Err(FieldFault::new("/name", code, nb, en));
            }
            Ok(Question::Name(name.to_owned(), born_on))
        }
        _ => {
            let (code, nb, en) = ONE_WAY_ONLY;
            Err(FieldFault::new("", code, nb, en))
        }
    }
}

/// Code, Norwegian, English.
type Told = (&'static str, &'static str, &'static str);

const MEMBER_TWICE: Told = (
    "member_twice",
    "Står to ganger i husstanden.",
    "Is in the household twice.",
);
const NOT_FOUND: Told = ("not_found", "Finnes ikke.", "Does not exist.");
const CHILD_OF_AGE: Told = (
    "child_of_age",
    "Er fylt 18 år og dermed ikke barn.",
    "Is 18 years or more and so no child.",
);
const ADULT_UNDER_AGE: Told = (
    "adult_under_age",
    "Er under 18 år og dermed barn.",
    "Is under 18 and so a child.",
);
const APPLICANT_TWICE: Told = (
    "applicant_twice",
    "Bare én kan være søker.",
    "Only one can be the applicant.",
);
const CO_APPLICANT_TWICE: Told = (
    "co_applicant_twice",
    "Bare én kan være medsøker.",
    "Only one can be the co-applicant.",
);
const APPLICANT_MISSING: Told = (
    "applicant_missing",
    "Én må være søker.",
    "One must be the applicant.",
);
const ADULT_LIVES_APART: Told = (
    "adult_lives_apart",
    "Bare barn kan ha delt bosted.",
    "Only a child can share its residence.",
);
const TOO_WIDE: Told = (
    "too_wide",
    "Oppgi minst to navn, eller ett navn og fødselsdato.",
    "Give at least two names, or one name and the birth date.",
);
const ONE_WAY_ONLY: Told = (
    "one_way_only",
    "Søk enten med fødselsnummer eller med navn.",
    "Search either by national id or by name.",
);

/// What the client is told of a national id that is not taken.
const fn explained(fault: NationalIdFault) -> (&'static str, &'static str) {
    match fault {
        NationalIdFault::NotElevenDigits => (
            "Må ha nøyaktig elleve sifre.",
            "Must have exactly eleven digits.",
        ),
        NationalIdFault::NoSuchDate => (
            "De seks første sifrene er ingen dato.",
            "The first six digits are not a date.",
        ),
        NationalIdFault::CheckDigits => (
            "Kontrollsifrene stemmer ikke.",
            "The check digits do not fit.",
        ),
        NationalIdFault::Series2032Refused => (
            "Numre etter reglene fra 2032 tas ikke imot ennå.",
            "Numbers of the 2032 series are not accepted yet.",
        ),
        NationalIdFault::SyntheticRefused => (
            "Numre for syntetiske personer tas ikke imot her.",
            "Numbers of synthetic persons are not accepted here.",
        ),
        NationalIdFault::RealRefused => (
            "Numre for virkelige personer tas ikke imot her.",
            "Numbers of real persons are not accepted here.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{AddressProtection, Contact, Name};

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn today() -> Day {
        day("2026-06-01")
    }

    fn person(national_id: NationalId, born_on: &str) -> NewPerson {
        NewPerson {
            national_id,
            name: Name {
                given_name: "Kari".into(),
                family_name: "Prøve".into(),
            },
            born_on: day(born_on),
            protection: AddressProtection::Ungraded,
            contact: Contact::default(),
        }
    }

    fn codes(faults: &[FieldFault]) -> Vec<(&str, &str)> {
        faults
            .iter()
            .map(|fault| (fault.pointer.as_str(), fault.code))
            .collect()
    }

    #[test]
    fn a_birth_date_is_plausible_and_agrees_with_the_national_id() {
        let id = NationalId::parse("10915596784", Acceptance::SYNTHETIC_PERSONS).unwrap();
        let faults = |born_on| faults_of_person(&person(id.clone(), born_on), today());
        assert_eq!(faults("1955-11-10"), []);
        let expected = [("/bornOn", "born_on_not_of_national_id")];
        assert_eq!(codes(&faults("1955-11-11")), expected);
        let of_birth = |born_on| faults_of_birth(day(born_on), today());
        assert_eq!(of_birth("2026-06-01"), []);
        assert_eq!(
            codes(&of_birth("2026-06-02")),
            [("/bornOn", "born_in_future")]
        );
        assert_eq!(of_birth("1895-06-02"), []);
        assert_eq!(
            codes(&of_birth("1895-06-01")),
            [("/bornOn", "born_too_long_ago")]
        );
    }

    const ADULT: &str = "1990-01-01";
    const CHILD: &str = "2008-06-02";

    /// Members with the ids 0, 1, 2 …
    fn household(members: &[(MemberRole, &str, i16)]) -> Vec<Proposed> {
        let member =
            |(serial, (role, born_on, residence_days)): (u128, &(MemberRole, &str, i16))| {
                let person_id = PersonId::from_uuid(uuid::Uuid::from_u128(serial));
                let member = NewMember {
                    person_id,
                    role: *role,
                    residence_days: *residence_days,
                };
                (member, Some(day(born_on)))
            };
        (0..).zip(members).map(member).collect()
    }

    #[test]
    fn a_family_with_a_child_that_shares_its_residence_is_in_order() {
        use MemberRole::{Applicant, Child, CoApplicant};
        let family = household(&[
            (Applicant, ADULT, 14),
            (CoApplicant, ADULT, 14),
            (Child, CHILD, 7),
        ]);
        assert_eq!(faults_of_members(&family, today()), []);
        assert_eq!(must_be_of_age(&family, today()), Ok(()));
    }

    #[test]
    fn every_faulty_member_is_named_at_once() {
        use MemberRole::{Applicant, Child, CoApplicant, OtherAdult};
        let mut family = household(&[
            (Applicant, ADULT, 14),
            (Applicant, ADULT, 7),
            (CoApplicant, ADULT, 14),
            (CoApplicant, ADULT, 14),
            (Child, ADULT, 14),
            (OtherAdult, CHILD, 14),
        ]);
        family[2].0.person_id = family[0].0.person_id;
        family[3].1 = None;
        assert_eq!(
            codes(&faults_of_members(&family, today())),
            [
                ("/members/1/role", "applicant_twice"),
                ("/members/1/residenceDays", "adult_lives_apart"),
                ("/members/2/personId", "member_twice"),
                ("/members/3/personId", "not_found"),
                ("/members/3/role", "co_applicant_twice"),
                ("/members/4/role", "child_of_age"),
                ("/members/5/role", "adult_under_age"),
            ]
        );
        let nobody_applies = household(&[(OtherAdult, ADULT, 14)]);
        let faults = faults_of_members(&nobody_applies, today());
        assert_eq!(codes(&faults), [("/members", "applicant_missing")]);
    }

    #[test]
    fn a_co_applicant_is_of_age_and_an_applicant_may_be_young() {
        use MemberRole::{Applicant, CoApplicant};
        let two = |one, other| household(&[(Applicant, one, 14), (CoApplicant, other, 14)]);
        let refused = Err(Refusal::CoApplicantUnderAge);
        assert_eq!(must_be_of_age(&two(ADULT, "2008-06-02"), today()), refused);
        assert_eq!(must_be_of_age(&two(ADULT, "2008-06-01"), today()), Ok(()));
        assert_eq!(must_be_of_age(&two(CHILD, ADULT), today()), Ok(()));
    }

    #[test]
    fn a_search_is_asked_in_one_way_and_narrowly() {
        let ask = |national_id, name, born_on: Option<&str>| {
            let synthetic = Acceptance::SYNTHETIC_PERSONS;
            let question = read_question(national_id, name, born_on.map(day), synthetic);
            question.map(|_| ()).map_err(|fault| fault.code)
        };
        assert_eq!(ask(Some("10915596784"), None, None), Ok(()));
        assert_eq!(ask(None, Some("Kari Prøve"), None), Ok(()));
        assert_eq!(ask(None, Some("Kari"), Some("1955-11-10")), Ok(()));
        assert_eq!(ask(None, Some("Kari"), None), Err("too_wide"));
        assert_eq!(ask(None, Some(" - "), Some(ADULT)), Err("too_wide"));
        let both = ask(Some("10915596784"), Some("Kari Prøve"), None);
        assert_eq!(both, Err("one_way_only"));
        assert_eq!(ask(None, None, Some(ADULT)), Err("one_way_only"));
        let mistyped = ask(Some("10915596785"), None, None);
        assert_eq!(mistyped, Err("national_id_check_digits"));
    }
}
