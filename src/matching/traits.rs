//! What a case is reduced to before it is asked whether homes go to all kinds of households alike.

use super::model::HouseholdFacts;
use super::priority::needs_accessibility;
use crate::clock::Day;
use crate::codes;
use crate::people::MemberRole;
use crate::situations::SituationKind;

codes! {
    /// By what households are told apart.
    pub enum Trait {
        /// The gravest situation that it is in.
        Situation = "SITUATION",
        /// Who lives in it.
        HouseholdType = "HOUSEHOLD_TYPE",
        /// The age of whoever applied.
        AgeBand = "AGE_BAND",
        /// Whether it needs an accessible home.
        Accessibility = "ACCESSIBILITY",
    }
}

codes! {
    /// Who lives in a household.
    pub enum HouseholdType {
        /// One adult.
        Single = "SINGLE",
        /// Two who apply together.
        Couple = "COUPLE",
        /// One adult with children.
        SingleWithChildren = "SINGLE_WITH_CHILDREN",
        /// Several adults with children.
        SeveralWithChildren = "SEVERAL_WITH_CHILDREN",
        /// Other adults who live together.
        SeveralAdults = "SEVERAL_ADULTS",
    }
}

codes! {
    /// The age of whoever applied.
    pub enum AgeBand {
        /// Younger than 25.
        Under25 = "UNDER_25",
        /// From 25 to 39.
        From25 = "FROM_25_TO_39",
        /// From 40 to 59.
        From40 = "FROM_40_TO_59",
        /// 60 and older.
        From60 = "FROM_60",
    }
}

/// What became of a case, as far as fairness asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Housed,
    Refused,
    Other,
}

/// A case, reduced to what fairness asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// The group by each trait, in the order of the traits.
    pub(super) groups: [&'static str; 4],
    pub(super) fate: Fate,
    /// Days from receipt until it was housed, or until today.
    pub(super) waited_days: i32,
}

impl Counted {
    /// What counts of a household on a day.
    pub(super) fn of(
        household: &HouseholdFacts,
        child_until: u8,
        as_of: Day,
        fate: Fate,
        until: Day,
    ) -> Self {
        let gravest = household
            .situations
            .iter()
            .map(|reason| reason.kind())
            .min();
        Self {
            groups: [
                gravest.map_or("NONE", SituationKind::code),
                household_type(household, child_until, as_of).code(),
                age_band(household, as_of).code(),
                if needs_accessibility(household) {
                    "NEEDED"
                } else {
                    "NOT_NEEDED"
                },
            ],
            fate,
            waited_days: household.received_on.days_until(until).max(0),
        }
    }
}

fn household_type(household: &HouseholdFacts, child_until: u8, as_of: Day) -> HouseholdType {
    let members = household.members.iter();
    let is_child = |role: MemberRole, born_on: Day| {
        role == MemberRole::Child && born_on.age_on(as_of) < i16::from(child_until)
    };
    let children = members
        .clone()
        .filter(|it| is_child(it.role, it.born_on) && it.residence_days > 0)
        .count();
    let adults: Vec<MemberRole> = members
        .filter(|it| !is_child(it.role, it.born_on))
        .map(|it| it.role)
        .collect();
    match (adults.as_slice(), children) {
        ([_] | [], 0) => HouseholdType::Single,
        ([_] | [], _) => HouseholdType::SingleWithChildren,
        ([a, b], 0) if [a, b].contains(&&MemberRole::CoApplicant) => HouseholdType::Couple,
        (_, 0) => HouseholdType::SeveralAdults,
        _ => HouseholdType::SeveralWithChildren,
    }
}

fn age_band(household: &HouseholdFacts, as_of: Day) -> AgeBand {
    let applicant = household
        .members
        .iter()
        .find(|it| it.role == MemberRole::Applicant);
    match applicant.map_or(0, |it| it.born_on.age_on(as_of)) {
        ..25 => AgeBand::Under25,
        25..40 => AgeBand::From25,
        40..60 => AgeBand::From40,
        60.. => AgeBand::From60,
    }
}
