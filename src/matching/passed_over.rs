//! Who was passed over, how often and why: each decision on a home held against the snapshot in which it was made.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{HomeFacts, Snapshot};
use super::pool::Pool;
use super::priority::DecidedBy;
use crate::codes;
use crate::ids::{ApplicationId, HouseholdId};
use crate::rulesets::RuleSet;

codes! {
    /// Why a home that fitted a household went to another.
    pub enum Why {
        /// The other one was in an earlier priority group.
        PriorityGroup = "PRIORITY_GROUP",
        /// The other one's need was more urgent.
        Urgency = "URGENCY",
        /// The other one's situation was graver.
        Situation = "SITUATION",
        /// The other one has children.
        Children = "CHILDREN",
        /// The home suits the other one better.
        Suitability = "SUITABILITY",
        /// The other one applied earlier.
        ReceivedOn = "RECEIVED_ON",
        /// The lot.
        Lot = "LOT",
        /// The household ranked higher, and the decision gives reasons why it was passed over all the same.
        Deviation = "DEVIATION",
    }
}

impl From<DecidedBy> for Why {
    fn from(decided_by: DecidedBy) -> Self {
        match decided_by {
            DecidedBy::PriorityGroup => Self::PriorityGroup,
            DecidedBy::Urgency => Self::Urgency,
            DecidedBy::Situation => Self::Situation,
            DecidedBy::Children => Self::Children,
            DecidedBy::Suitability => Self::Suitability,
            DecidedBy::ReceivedOn => Self::ReceivedOn,
            DecidedBy::Lot => Self::Lot,
        }
    }
}

/// A household that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PassedOver {
    pub(super) application_id: ApplicationId,
    pub(super) household_id: HouseholdId,
    /// How many homes that it might have had went to others.
    pub(super) times: usize,
    /// Why, the most frequent first.
    pub(super) because: Vec<Because>,
}

/// How often for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PassedOverBecause)]
pub(super) struct Because {
    why: Why,
    times: usize,
}

/// The count over many decisions.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<(ApplicationId, HouseholdId), BTreeMap<Why, usize>>);

impl Tally {
    /// Adds a decision that gave `home` to `chosen`, as the snapshot shows it.
    pub(super) fn add(
        &mut self,
        snapshot: &Snapshot,
        rules: &RuleSet,
        home: &HomeFacts,
        chosen: ApplicationId,
    ) {
        let pool = Pool::of(snapshot, rules);
        for (ids, why) in pool.passed_over(home, chosen) {
            *self.0.entry(ids).or_default().entry(why).or_default() += 1;
        }
    }

    /// Those who were passed over so often or more, the most often first.
    pub(super) fn at_least(self, least: usize) -> Vec<PassedOver> {
        let mut all: Vec<PassedOver> = self
            .0
            .into_iter()
            .map(|((application_id, household_id), reasons)| {
                let times = reasons.values().sum();
                let mut because: Vec<Because> = reasons
                    .into_iter()
                    .map(|(why, times)| Because { why, times })
                    .collect();
                because.sort_by_key(|it| std::cmp::Reverse(it.times));
                PassedOver {
                    application_id,
                    household_id,
                    times,
                    because,
                }
            })
            .filter(|it| it.times >= least)
            .collect();
        all.sort_by_key(|it| std::cmp::Reverse(it.times));
        all
    }
}

impl Pool {
    /// Everybody but the one chosen who might have had the home, with what decided against each.
    fn passed_over(
        &self,
        home: &HomeFacts,
        chosen: ApplicationId,
    ) -> Vec<((ApplicationId, HouseholdId), Why)> {
        let mut eligible = self.eligible(home, &self.failures(home));
        eligible.sort_unstable();
        let is_chosen = |household: usize| {
            let ids = self.ids.get(household);
            ids.is_some_and(|(id, _)| *id == chosen)
        };
        let own = eligible.iter().position(|it| is_chosen(it.household));
        let others = eligible.iter().enumerate();
        others
            .filter(|(at, _)| Some(*at) != own)
            .filter_map(|(at, place)| {
                let ids = *self.ids.get(place.household)?;
                let behind = own
                    .filter(|own| *own < at)
                    .and_then(|own| eligible.get(own));
                let why = behind
                    .and_then(|chosen| self.distance(chosen, place))
                    .map_or(Why::Deviation, |distance| distance.decided_by.into());
                Some((ids, why))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::applications::Urgency;
    use crate::matching::town::{home, household, rules, today};

    #[test]
    fn everybody_passed_over_is_counted_with_the_reason() {
        let mut snapshot = Snapshot {
            as_of: today(),
            households: (1..4).map(household).collect(),
            homes: vec![home(1)],
        };
        snapshot.households[0].needs.urgency = Urgency::Acute;
        snapshot.households[1].needs.urgency = Urgency::High;
        let cases: Vec<ApplicationId> = snapshot
            .households
            .iter()
            .map(|it| it.application_id)
            .collect();
        let mut tally = Tally::default();
        // Twice to the second: the first is passed over against the ranking, the third for urgency.
        tally.add(&snapshot, &rules(), &home(1), cases[1]);
        tally.add(&snapshot, &rules(), &home(1), cases[1]);
        tally.add(&snapshot, &rules(), &home(1), cases[0]);
        let told = tally.at_least(2);
        let counted: Vec<_> = told
            .iter()
            .map(|it| (it.application_id, it.times))
            .collect();
        assert_eq!(counted, [(cases[2], 3), (cases[0], 2)]);
        assert_eq!(told[1].because[0].why, Why::Deviation);
        assert_eq!(told[0].because[0].why, Why::Urgency);
    }
}
