//! What is wrong with a rule set: all of it at once, each fault with the place where it stands.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::Serialize;
use utoipa::ToSchema;

use super::collector::Faults;
use super::model::{RuleSet, TieBreaker};
use crate::codes;

codes! {
    /// What is wrong at one place of a rule set.
    pub enum FaultCode {
        /// Something must stand here.
        Empty = "EMPTY",
        /// The same stands here twice.
        Duplicate = "DUPLICATE",
        /// The number is outside what makes sense.
        OutOfRange = "OUT_OF_RANGE",
        /// Not a code: capital letters, digits and underscores, a letter first, at most 32; nor one that is reserved.
        MalformedCode = "MALFORMED_CODE",
        /// Two rules cannot hold together.
        Contradiction = "CONTRADICTION",
        /// Nobody can ever come here, because an earlier rule takes them all.
        Unreachable = "UNREACHABLE",
        /// Conditions inside conditions, deeper than anybody can explain.
        TooDeep = "TOO_DEEP",
        /// A code or a name tells of something that must never count.
        ProhibitedAttribute = "PROHIBITED_ATTRIBUTE",
        /// Waiting time decides only when nothing else does.
        WaitingTimeNotLast = "WAITING_TIME_NOT_LAST",
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Where, as a JSON pointer (RFC 6901) into the rule set.
    pub pointer: String,
    /// What.
    pub code: FaultCode,
}

/// The code of those who belong to no group; no group may take it.
pub const RESERVED_CODE: &str = "REMAINING";

impl RuleSet {
    /// Everything that is wrong with these rules; empty when they may be used.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut found = Faults::default();
        found.text("/name", &self.name);
        found.check("/basis", !self.basis.trim().is_empty(), FaultCode::Empty);
        found.range("/childUntilAge", self.child_until_age, 1..=25);
        found.range(
            "/inspectionValidMonths",
            self.inspection_valid_months,
            1..=60,
        );
        found.range("/offerAnswerDays", self.offer_answer_days, 1..=60);
        found.range(
            "/referral/quotaPercent",
            self.referral.quota_percent,
            1..=100,
        );
        self.offer_faults(&mut found);
        self.norm_faults(&mut found);
        self.priority_faults(&mut found);
        self.scoring_faults(&mut found);
        self.lease_faults(&mut found);
        self.criteria_faults(&mut found);
        found.0
    }

    fn offer_faults(&self, found: &mut Faults) {
        found.range("/offers/lapseAfter", self.offers.lapse_after, 1..=20);
        let mut seen = BTreeSet::new();
        for (i, rule) in self.offers.declines.iter().enumerate() {
            found.check(
                &format!("/offers/declines/{i}/reason"),
                seen.insert(rule.reason.code()),
                FaultCode::Duplicate,
            );
        }
    }

    fn norm_faults(&self, found: &mut Faults) {
        let norm = &self.bedrooms;
        found.range(
            "/bedrooms/youngerChildrenPerRoom",
            norm.younger_children_per_room,
            1..=4,
        );
        found.range(
            "/bedrooms/sharedCustodyDays",
            norm.shared_custody_days,
            1..=14,
        );
        // A child who is no longer a child has a room as an adult already.
        found.check(
            "/bedrooms/ownRoomFromAge",
            norm.own_room_from_age <= self.child_until_age,
            FaultCode::Contradiction,
        );
        found.distinct("/bedrooms/noBedroomForOneIn", &norm.no_bedroom_for_one_in);
        found.distinct("/placement/noChildrenIn", &self.placement.no_children_in);
        found.distinct(
            "/placement/lowerStepsFirstFor",
            &self.placement.lower_steps_first_for,
        );
    }

    fn priority_faults(&self, found: &mut Faults) {
        let groups = &self.priority.groups;
        found.check("/priority/groups", !groups.is_empty(), FaultCode::Empty);
        found.check(
            "/priority/groups",
            groups.len() <= 50,
            FaultCode::OutOfRange,
        );
        let (mut codes, mut conditions) = (BTreeSet::new(), Vec::new());
        for (i, group) in groups.iter().enumerate() {
            let at = format!("/priority/groups/{i}");
            found.text(&format!("{at}/name"), &group.name);
            found.check(
                &format!("{at}/code"),
                is_code(&group.code),
                FaultCode::MalformedCode,
            );
            found.check(
                &format!("{at}/code"),
                codes.insert(&group.code),
                FaultCode::Duplicate,
            );
            let is_new = !conditions.contains(&&group.when);
            found.check(&format!("{at}/when"), is_new, FaultCode::Unreachable);
            conditions.push(&group.when);
            found.condition(&format!("{at}/when"), &group.when, 1);
        }
        let order = &self.priority.tie_breakers;
        found.distinct("/priority/tieBreakers", order);
        // Domain practice, for example in Harstad: by need and not by seniority; time at most as the last resort.
        if let Some(i) = order.iter().position(|key| *key == TieBreaker::ReceivedOn) {
            let at = format!("/priority/tieBreakers/{i}");
            found.check(&at, i + 1 == order.len(), FaultCode::WaitingTimeNotLast);
        }
    }

    fn scoring_faults(&self, found: &mut Faults) {
        let scoring = &self.scoring;
        found.check(
            "/scoring/weights",
            !scoring.weights.is_empty(),
            FaultCode::Empty,
        );
        let mut terms = BTreeSet::new();
        for (i, weight) in scoring.weights.iter().enumerate() {
            let at = format!("/scoring/weights/{i}");
            found.range(&format!("{at}/weight"), weight.weight, 1..=1000);
            found.check(
                &format!("{at}/term"),
                terms.insert(weight.term),
                FaultCode::Duplicate,
            );
        }
        let lost = &scoring.points_lost;
        for (name, points) in [
            ("perSurplusBedroom", lost.per_surplus_bedroom),
            ("perLaterAreaWish", lost.per_later_area_wish),
            ("perLaterCategory", lost.per_later_category),
            ("perUnneededScarceFeature", lost.per_unneeded_scarce_feature),
            (
                "perDemandingNeighbour",
                lost.per_demanding_neighbour.unwrap_or(0),
            ),
        ] {
            found.range(&format!("/scoring/pointsLost/{name}"), points, 0..=1000);
        }
        found.distinct("/scoring/scarceFeatures", &scoring.scarce_features);
        found.distinct("/scoring/path", &scoring.path);
        self.affordability_faults(found);
    }

    fn affordability_faults(&self, found: &mut Faults) {
        let at = "/scoring/affordability";
        let rules = &self.scoring.affordability;
        found.range(
            &format!("{at}/unaffordableAtPercent"),
            rules.unaffordable_at_percent,
            101..=1000,
        );
        found.range(
            &format!("{at}/coverPermille"),
            rules.cover_permille,
            0..=1000,
        );
        found.range(
            &format!("{at}/ownSharePermille"),
            rules.own_share_permille,
            0..=1000,
        );
        found.check(
            &format!("{at}/brackets"),
            !rules.brackets.is_empty(),
            FaultCode::Empty,
        );
        let mut persons_before = 0;
        for (i, bracket) in rules.brackets.iter().enumerate() {
            let at = format!("{at}/brackets/{i}");
            let ascends = bracket.persons > persons_before;
            found.check(&format!("{at}/persons"), ascends, FaultCode::Contradiction);
            persons_before = bracket.persons;
            found.range(
                &format!("{at}/costCeilingOre"),
                bracket.cost_ceiling_ore,
                AMOUNTS,
            );
            found.range(
                &format!("{at}/leastOwnShareOre"),
                bracket.least_own_share_ore,
                AMOUNTS,
            );
        }
    }

    fn lease_faults(&self, found: &mut Faults) {
        let lease = &self.lease;
        found.range("/lease/shortMonths", lease.short_months, 1..=240);
        found.range("/lease/standardMonths", lease.standard_months, 1..=240);
        found.range("/lease/extendedMonths", lease.extended_months, 1..=240);
        let (short, standard) = (lease.short_months, lease.standard_months);
        found.check(
            "/lease/shortMonths",
            short <= standard,
            FaultCode::Contradiction,
        );
        let extends = lease.extended_months >= standard;
        found.check("/lease/extendedMonths", extends, FaultCode::Contradiction);
        // A longer lease takes a reason; without any reason the longer length could never be given.
        let has_reason = lease.extended_months == standard || !lease.extended_for.is_empty();
        found.check("/lease/extendedFor", has_reason, FaultCode::Empty);
        found.distinct("/lease/extendedFor", &lease.extended_for);
        found.distinct("/lease/shortFor", &lease.short_for);
    }
}

const AMOUNTS: RangeInclusive<i64> = 0..=100_000_000;

pub(super) fn is_code(text: &str) -> bool {
    text.len() <= 32
        && text != RESERVED_CODE
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_fault_of_priority_is_found_at_its_place() {
        let taken_already = json!("displacedByDemolition");
        all_are_found([
            ("/priority/groups", json!([]), FaultCode::Empty),
            (
                "/priority/groups/1/code",
                json!("DISPLACED"),
                FaultCode::Duplicate,
            ),
            (
                "/priority/groups/0/code",
                json!("remaining"),
                FaultCode::MalformedCode,
            ),
            (
                "/priority/groups/0/code",
                json!(RESERVED_CODE),
                FaultCode::MalformedCode,
            ),
            (
                "/priority/groups/2/when",
                taken_already,
                FaultCode::Unreachable,
            ),
            ("/priority/groups/1/when/anyOf", json!([]), FaultCode::Empty),
            (
                "/priority/tieBreakers/1",
                json!("URGENCY"),
                FaultCode::Duplicate,
            ),
            (
                "/priority/tieBreakers/1",
                json!("RECEIVED_ON"),
                FaultCode::WaitingTimeNotLast,
            ),
        ]);
    }

    #[test]
    fn every_fault_of_a_number_is_found_at_its_place() {
        let brackets = "/scoring/affordability/brackets/1/persons";
        all_are_found([
            ("/name/nb", json!(" "), FaultCode::Empty),
            ("/scoring/weights", json!([]), FaultCode::Empty),
            ("/scoring/weights/0/weight", json!(0), FaultCode::OutOfRange),
            (
                "/scoring/weights/0/weight",
                json!(1001),
                FaultCode::OutOfRange,
            ),
            (
                "/scoring/weights/1/term",
                json!("SIZE_FIT"),
                FaultCode::Duplicate,
            ),
            (
                "/scoring/pointsLost/perLaterCategory",
                json!(1001),
                FaultCode::OutOfRange,
            ),
            (brackets, json!(1), FaultCode::Contradiction),
            (
                "/bedrooms/ownRoomFromAge",
                json!(19),
                FaultCode::Contradiction,
            ),
            (
                "/bedrooms/sharedCustodyDays",
                json!(15),
                FaultCode::OutOfRange,
            ),
            ("/lease/extendedMonths", json!(35), FaultCode::Contradiction),
            ("/lease/extendedFor", json!([]), FaultCode::Empty),
            ("/referral/quotaPercent", json!(0), FaultCode::OutOfRange),
            ("/offers/lapseAfter", json!(0), FaultCode::OutOfRange),
            (
                "/offers/declines/1/reason",
                json!("NOT_ACCESSIBLE"),
                FaultCode::Duplicate,
            ),
        ]);
    }

    #[test]
    fn conditions_nest_no_deeper_than_can_be_explained() {
        let mut condition = json!("hasChildren");
        for _ in 0..6 {
            condition = json!({ "allOf": [condition] });
        }
        let found = faults_with("/priority/groups/0/when", condition);
        assert_eq!(
            found.iter().map(|fault| fault.code).collect::<Vec<_>>(),
            [FaultCode::TooDeep]
        );
    }

    fn all_are_found<const N: usize>(wrongs: [(&str, Value, FaultCode); N]) {
        for (pointer, value, code) in wrongs {
            let found = faults_with(pointer, value);
            let is_it = |fault: &Fault| fault.code == code && pointer.starts_with(&fault.pointer);
            assert!(found.iter().any(is_it), "{pointer}: {found:?}");
        }
    }

    fn faults_with(pointer: &str, value: Value) -> Vec<Fault> {
        let mut rules: Value = serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap();
        *rules.pointer_mut(pointer).unwrap() = value;
        serde_json::from_value::<RuleSet>(rules).unwrap().faults()
    }
}
