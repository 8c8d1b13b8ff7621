//! Who comes first: the priority group, then need, then waiting time if the rule set says so, and at last the lot.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::HouseholdFacts;
use super::words::{list, name};
use crate::applications::{ApplicationType, Urgency};
use crate::clock::Day;
use crate::codes;
use crate::housing::Feature;
use crate::ids::ApplicationId;
use crate::rulesets::{Condition, RESERVED_CODE, RuleSet, TieBreaker};
use crate::situations::{SituationKind, SituationReason};
use crate::text::Text;

codes! {
    /// What decided that one household stands above another.
    pub enum DecidedBy {
        /// An earlier priority group.
        PriorityGroup = "PRIORITY_GROUP",
        /// More urgent.
        Urgency = "URGENCY",
        /// A graver situation.
        Situation = "SITUATION",
        /// Children in the household.
        Children = "CHILDREN",
        /// The home suits it better.
        Suitability = "SUITABILITY",
        /// The earlier application, where the rule set lets time decide.
        ReceivedOn = "RECEIVED_ON",
        /// Nothing but the lot ("loddtrekning").
        Lot = "LOT",
    }
}

/// Why a household stands where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriorityReasons {
    /// The code of its priority group; `REMAINING` for those who fit none.
    pub group_code: String,
    /// The name of its priority group.
    pub group_name: Text,
    /// The place of the group, 1 first.
    pub group_place: usize,
    /// What decides inside the group, in order.
    pub tie_breakers: Vec<TieBreakerValue>,
}

/// A household's value for one tie-breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TieBreakerValue {
    /// The tie-breaker.
    pub tie_breaker: TieBreaker,
    /// The value, in words.
    pub value: Text,
}

/// A household's place in the order of priority; the smaller comes first, and no two are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    /// Group and need: what the law and the municipality's policy say of the household.
    pub(super) class: Class,
    /// The day of the application, when it may decide at all.
    pub(super) received_on: Option<Day>,
    /// A number that says nothing of the household.
    pub(super) lot: u128,
}

/// The place of the priority group, then the tie-breakers other than time, in the rule set's order.
pub(super) type Class = [u8; 4];

impl Standing {
    /// The place of a household.
    pub(super) fn of(household: &HouseholdFacts, has_children: bool, rules: &RuleSet) -> Self {
        let group = find_group(household, has_children, rules);
        let needs = need_keys(rules).map(|key| need_value(key, household, has_children));
        let mut class = [0; 4];
        for (slot, value) in class.iter_mut().zip(std::iter::once(group).chain(needs)) {
            *slot = value;
        }
        let decides = rules
            .priority
            .tie_breakers
            .contains(&TieBreaker::ReceivedOn);
        Self {
            class,
            received_on: decides.then_some(household.received_on),
            lot: lot(household.application_id),
        }
    }

    /// The index of the priority group.
    pub(super) fn group(&self) -> usize {
        let [group, ..] = self.class;
        usize::from(group)
    }

    /// What sets this household apart from another, apart from suitability.
    pub(super) fn decided_by(&self, other: &Self, rules: &RuleSet) -> Option<DecidedBy> {
        let names = std::iter::once(DecidedBy::PriorityGroup).chain(need_keys(rules).map(name_of));
        let values = self.class.iter().zip(&other.class);
        names
            .zip(values)
            .find(|(_, (a, b))| a != b)
            .map(|(name, _)| name)
    }
}

/// The codes of the groups by index, with the one for those who remain at the end.
pub(super) fn group_codes(rules: &RuleSet) -> Vec<Arc<str>> {
    let named = rules
        .priority
        .groups
        .iter()
        .map(|group| group.code.as_str());
    named.chain([RESERVED_CODE]).map(Arc::from).collect()
}

/// Why a household stands where it stands, in words.
pub(super) fn reasons(
    household: &HouseholdFacts,
    has_children: bool,
    rules: &RuleSet,
) -> PriorityReasons {
    let place = usize::from(find_group(household, has_children, rules));
    let (group_code, group_name) = rules.priority.groups.get(place).map_or_else(
        || {
            (
                RESERVED_CODE.to_owned(),
                Text::new("Øvrige", "Those who remain"),
            )
        },
        |group| (group.code.clone(), group.name.clone()),
    );
    let tie_breakers = rules.priority.tie_breakers.iter().map(|&tie_breaker| {
        let value = match tie_breaker {
            TieBreaker::Urgency => name(household.needs.urgency),
            TieBreaker::Situation => list(gravest_situation(household)),
            TieBreaker::Children if has_children => Text::new("har barn", "has children"),
            TieBreaker::Children => Text::new("har ikke barn", "has no children"),
            TieBreaker::ReceivedOn => Text::same(household.received_on.0.to_string()),
        };
        TieBreakerValue { tie_breaker, value }
    });
    PriorityReasons {
        group_code,
        group_name,
        group_place: place + 1,
        tie_breakers: tie_breakers.collect(),
    }
}

fn find_group(household: &HouseholdFacts, has_children: bool, rules: &RuleSet) -> u8 {
    let groups = &rules.priority.groups;
    // What an outcome gave it, it keeps; what its facts give it beyond that, it has as well.
    let is_raised = |code: &str| household.raised_to.as_deref() == Some(code);
    let place = groups
        .iter()
        .position(|group| is_raised(&group.code) || holds(&group.when, household, has_children));
    u8::try_from(place.unwrap_or(groups.len())).unwrap_or(u8::MAX)
}

fn holds(condition: &Condition, household: &HouseholdFacts, has_children: bool) -> bool {
    let needs = &household.needs;
    match condition {
        Condition::AllOf(parts) => parts
            .iter()
            .all(|part| holds(part, household, has_children)),
        Condition::AnyOf(parts) => parts
            .iter()
            .any(|part| holds(part, household, has_children)),
        Condition::Situation(kind) => household
            .situations
            .iter()
            .any(|reason| reason.kind() == *kind),
        Condition::Reason(reason) => household.situations.contains(reason),
        Condition::UrgencyAtLeast(urgency) => needs.urgency <= *urgency,
        Condition::ApplicationType(kind) => household.application_type == *kind,
        Condition::AsksFor(category) => needs.categories.contains(category),
        Condition::NeedsFeature(feature) => needs.features.contains(feature),
        Condition::HasChildren => has_children,
        Condition::DisplacedByDemolition => {
            household.application_type == ApplicationType::Replacement
                || household
                    .situations
                    .contains(&SituationReason::DisplacedByDemolition)
        }
        Condition::NeedsAccessibility => needs_accessibility(household),
        Condition::NeedsServices => !needs.services.is_empty(),
    }
}

/// Whether somebody in the household cannot use a home that is not accessible.
pub(super) fn needs_accessibility(household: &HouseholdFacts) -> bool {
    let needs = &household.needs;
    needs.highest_floor_without_lift.is_some()
        || household
            .situations
            .contains(&SituationReason::NotAccessible)
        || needs
            .features
            .iter()
            .any(|feature| ACCESSIBILITY.contains(feature))
}

const ACCESSIBILITY: [Feature; 4] = [
    Feature::StepFree,
    Feature::Wheelchair,
    Feature::Lift,
    Feature::AdaptedBath,
];

/// The tie-breakers other than time; a class has room for these three.
fn need_keys(rules: &RuleSet) -> impl Iterator<Item = TieBreaker> {
    let keys = rules.priority.tie_breakers.iter().copied();
    keys.filter(|key| *key != TieBreaker::ReceivedOn).take(3)
}

fn need_value(key: TieBreaker, household: &HouseholdFacts, has_children: bool) -> u8 {
    match key {
        TieBreaker::Urgency => match household.needs.urgency {
            Urgency::Acute => 0,
            Urgency::High => 1,
            Urgency::Normal => 2,
        },
        TieBreaker::Situation => match gravest_situation(household) {
            Some(SituationKind::Homeless) => 0,
            Some(SituationKind::AtRisk) => 1,
            Some(SituationKind::UnsuitableHousing) => 2,
            None => 3,
        },
        TieBreaker::Children => u8::from(!has_children),
        TieBreaker::ReceivedOn => 0,
    }
}

fn gravest_situation(household: &HouseholdFacts) -> Option<SituationKind> {
    household
        .situations
        .iter()
        .map(|reason| reason.kind())
        .min()
}

const fn name_of(key: TieBreaker) -> DecidedBy {
    match key {
        TieBreaker::Urgency => DecidedBy::Urgency,
        TieBreaker::Situation => DecidedBy::Situation,
        TieBreaker::Children => DecidedBy::Children,
        TieBreaker::ReceivedOn => DecidedBy::ReceivedOn,
    }
}

/// The application's id read backwards. An id of version 7 begins with the time at which it was made, and read forwards it would let
/// waiting time decide where the rule set forbids that; its end is random.
fn lot(application: ApplicationId) -> u128 {
    application.uuid().as_u128().reverse_bits()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{day, household, rules};

    fn standing(household: &HouseholdFacts) -> Standing {
        Standing::of(household, false, &rules())
    }

    #[test]
    fn the_first_fitting_group_counts_and_nobody_is_without_a_place() {
        let mut displaced = household(1);
        displaced.situations = vec![
            SituationReason::SleepingOut,
            SituationReason::DisplacedByDemolition,
        ];
        assert_eq!(reasons(&displaced, false, &rules()).group_code, "DISPLACED");
        let mut housed = household(2);
        housed.situations = vec![SituationReason::Overcrowded];
        assert_eq!(reasons(&housed, false, &rules()).group_code, RESERVED_CODE);
        assert!(standing(&displaced) < standing(&housed));
    }

    #[test]
    fn need_goes_before_time_and_time_before_the_lot() {
        let (mut early, mut late) = (household(1), household(2));
        (early.received_on, late.received_on) = (day(2026, 1, 1), day(2026, 2, 1));
        assert!(standing(&early) < standing(&late));
        late.needs.urgency = Urgency::High;
        assert!(standing(&late) < standing(&early));
        let decided_by = standing(&late).decided_by(&standing(&early), &rules());
        assert_eq!(decided_by, Some(DecidedBy::Urgency));
    }

    #[test]
    fn time_decides_nothing_where_the_rule_set_does_not_name_it() {
        let mut rules = rules();
        rules.priority.tie_breakers = vec![TieBreaker::Urgency];
        let (mut a, b) = (household(1), household(2));
        let before = Standing::of(&a, false, &rules) < Standing::of(&b, false, &rules);
        a.received_on = day(1990, 1, 1);
        assert_eq!(
            Standing::of(&a, false, &rules) < Standing::of(&b, false, &rules),
            before
        );
    }
}
