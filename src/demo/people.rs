//! The people of the demo: invented, with synthetic national ids, in households with situations.

use std::collections::HashMap;

use serde::Serialize;

use super::names::{self, Origin};
use super::random::Random;
use crate::clock::Day;
use crate::national_id::NationalId;
use crate::people::{AddressProtection, MemberRole};
use crate::situations::{SituationKind, SituationReason, Source, Verification};

/// Somebody who does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Given name or names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The day of birth.
    pub born_on: Day,
    /// The synthetic national id (month + 80). None when the register has no number left for the day of birth,
    /// or none for its year (before 1900 or after 2039). Serialised nowhere, like every national id.
    #[serde(skip)]
    pub national_id: Option<NationalId>,
    /// How well the address is protected; the same for the whole household.
    pub address_protection: AddressProtection,
    /// A telephone number in a range that the numbering plan keeps unused (01).
    pub phone: Option<String>,
    /// An e-mail address under `example.no`, which is nobody's.
    pub email: Option<String>,
}

/// Somebody's place in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The position in [`super::Municipality::people`].
    pub person: usize,
    /// What the person is in the household.
    pub role: MemberRole,
    /// How many days of fourteen the person lives here: 14, or fewer for a child in shared custody ("delt bosted").
    pub days_of_fourteen: u8,
}

/// What is or was true of a household's housing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Situation {
    /// The reason, which also tells the situation.
    pub reason: SituationReason,
    /// The first day.
    pub from: Day,
    /// The first day on which it is no longer so; absent while it is.
    pub until: Option<Day>,
    /// Who says so.
    pub source: Source,
    /// Whether it was checked.
    pub verification: Verification,
}

impl Situation {
    /// Without home, at risk of losing it, or in an unsuitable one.
    #[must_use]
    pub const fn kind(&self) -> SituationKind {
        self.reason.kind()
    }
}

/// The people who will live together ("husstand").
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Household {
    /// The members, the applicant first.
    pub members: Vec<Member>,
    /// What is and was true of their housing.
    pub situations: Vec<Situation>,
}

/// Who belongs to a household that is yet to be made. Ages are whole years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Family {
    pub(super) origin: Origin,
    pub(super) applicant: i32,
    pub(super) partner: Option<i32>,
    pub(super) children: Vec<i32>,
    /// Somebody's mother or father, or a grown-up child.
    pub(super) other_adult: Option<i32>,
    /// Whether the children live every other week with the other parent.
    pub(super) shares_custody: bool,
    pub(super) protection: AddressProtection,
    /// A day in the past on which the adults were of age already, for a case that began then.
    pub(super) of_age_on: Option<Day>,
}

impl Family {
    /// Somebody who lives alone, with nothing to protect.
    pub(super) fn single(origin: Origin, age: i32) -> Self {
        Self {
            origin,
            applicant: age,
            partner: None,
            children: Vec::new(),
            other_adult: None,
            shares_custody: false,
            protection: AddressProtection::Ungraded,
            of_age_on: None,
        }
    }
}

/// Gives everybody a name and a number, and keeps the roll.
pub(super) struct Registry {
    pub(super) random: Random,
    today: Day,
    serials: HashMap<Day, u16>,
    pub(super) people: Vec<Person>,
    pub(super) households: Vec<Household>,
    /// Households of the other parents of children in shared custody, who have no case yet.
    pub(super) other_parents: Vec<usize>,
}

/// As many individual numbers as there are for every day of birth since 1900.
const SERIALS_OF_A_DAY: u16 = 500;

impl Registry {
    pub(super) fn new(seed: u64, today: Day) -> Self {
        Self {
            random: Random::new(seed, 2),
            today,
            serials: HashMap::new(),
            people: Vec::new(),
            households: Vec::new(),
            other_parents: Vec::new(),
        }
    }

    /// Enters a family, and says where its household stands in the roll.
    pub(super) fn enter(&mut self, family: &Family, situations: Vec<Situation>) -> usize {
        let family_name = family.origin.family_name(&mut self.random);
        let child_days = if family.shares_custody { 7 } else { 14 };
        let roles = [(family.applicant, MemberRole::Applicant, 14)]
            .into_iter()
            .chain(family.partner.map(|age| (age, MemberRole::CoApplicant, 14)))
            .chain(
                family
                    .children
                    .iter()
                    .map(|age| (*age, MemberRole::Child, child_days)),
            )
            .chain(
                family
                    .other_adult
                    .map(|age| (age, MemberRole::OtherAdult, 14)),
            );
        let members: Vec<Member> = roles
            .map(|(age, role, days)| self.member(family, &family_name, age, (role, days)))
            .collect();
        if family.shares_custody && self.random.percent(60) {
            self.enter_other_parent(family, &members);
        }
        self.households.push(Household {
            members,
            situations,
        });
        self.households.len() - 1
    }

    fn enter_other_parent(&mut self, family: &Family, members: &[Member]) {
        let age = family.applicant + self.random.between(-3, 3);
        let origin = family.origin;
        let family_name = origin.family_name(&mut self.random);
        let role = MemberRole::Applicant;
        let mut theirs = vec![self.member(family, &family_name, age.max(18), (role, 14))];
        theirs.extend(
            members
                .iter()
                .filter(|member| member.role == MemberRole::Child),
        );
        self.other_parents.push(self.households.len());
        self.households.push(Household {
            members: theirs,
            situations: Vec::new(),
        });
    }

    fn member(
        &mut self,
        family: &Family,
        family_name: &str,
        age: i32,
        (role, days_of_fourteen): (MemberRole, u8),
    ) -> Member {
        let is_adult = age >= 18;
        let days = self.random.between(0, 364);
        let mut born_on = self.today.plus_months(-12 * age).plus_days(-days);
        if let Some(of_age_on) = family.of_age_on.filter(|_| is_adult) {
            born_on = born_on.min(of_age_on.plus_months(-12 * 18).plus_days(-days));
        }
        let given_name = family.origin.given_name(&mut self.random, age);
        let national_id = self.find_national_id(born_on);
        let has_email = is_adult && self.random.percent(if age < 75 { 92 } else { 45 });
        let number = self.random.below(1_000_000);
        self.people.push(Person {
            email: has_email.then(|| {
                let given = names::for_address(&given_name);
                let family = names::for_address(family_name);
                format!("{given}.{family}{}@example.no", number % 100)
            }),
            phone: (is_adult && self.random.percent(95)).then(|| format!("+4701{number:06}")),
            given_name,
            family_name: family_name.to_owned(),
            born_on,
            national_id,
            address_protection: family.protection,
        });
        Member {
            person: self.people.len() - 1,
            role,
            days_of_fourteen,
        }
    }

    fn find_national_id(&mut self, born_on: Day) -> Option<NationalId> {
        // Every day begins at a serial of its own, or all numbers of a day would look alike.
        let first = u16::try_from(born_on.0.day_of_year()).ok()?;
        let used = self.serials.entry(born_on).or_default();
        while *used < SERIALS_OF_A_DAY {
            let serial = (first * 7 + *used * 3) % SERIALS_OF_A_DAY;
            *used += 1;
            if let Some(id) = NationalId::synthetic(born_on.0, serial) {
                return Some(id);
            }
        }
        None
    }

    /// The age on the first day of the demo; None for nobody.
    pub(super) fn find_age(&self, member: &Member) -> Option<i16> {
        let person = self.people.get(member.person)?;
        Some(person.born_on.age_on(self.today))
    }
}

/// Who would know of a reason, and whether it has been checked by the time the case is assessed.
pub(super) fn situation(random: &mut Random, reason: SituationReason, from: Day) -> Situation {
    use SituationReason as R;
    let source = match reason {
        R::LeavingPrison => Source::CorrectionalService,
        R::LeavingInstitution | R::NeedsCloserServices | R::NotAccessible => Source::HealthService,
        R::TemporaryAccommodation | R::AcuteOvernight | R::RefugeeSettlement => Source::Nav,
        R::DisplacedByDemolition => Source::Caseworker,
        R::CrisisShelter | R::UnsafeFromViolence if random.percent(40) => Source::ChildWelfare,
        R::Overcrowded if random.percent(50) => Source::Register,
        _ => Source::Applicant,
    };
    let verification = match source {
        Source::Applicant if random.percent(50) => Verification::Unverified,
        Source::Applicant => Verification::Documented,
        _ => Verification::Confirmed,
    };
    Situation {
        reason,
        from,
        until: None,
        source,
        verification,
    }
}
