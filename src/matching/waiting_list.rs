//! The waiting list: the order of those who wait, apart from any home. Derived each time it is asked for, never stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Snapshot;
use super::norm::Measures;
use super::pool::Pool;
use super::priority::{DecidedBy, PriorityReasons, reasons};
use crate::ids::{ApplicationId, HouseholdId};
use crate::rulesets::RuleSet;

/// A household's place among those who wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingPlace {
    /// Its place, 1 first.
    pub place: usize,
    /// The case.
    pub application_id: ApplicationId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its priority group.
    #[schema(value_type = String)]
    pub priority_group: Arc<str>,
    /// What sets it apart from the one above; absent for the first.
    pub decided_by: Option<DecidedBy>,
}

/// Why a household stands where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingReasons {
    /// Where.
    #[serde(flatten)]
    pub place: WaitingPlace,
    /// How many wait.
    pub waiting: usize,
    /// What of the household decides, in order.
    pub reasons: PriorityReasons,
    /// How many stand before it, by what decides between them and it.
    pub before: Vec<Before>,
}

/// How many stand before a household for the same reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Before {
    /// What decides between them and it.
    pub decided_by: DecidedBy,
    /// How many.
    pub households: usize,
}

/// Those who wait, the first first.
#[must_use]
pub fn waiting_list(snapshot: &Snapshot, rules: &RuleSet) -> Vec<WaitingPlace> {
    let pool = Pool::of(snapshot, rules);
    (0..pool.len())
        .filter_map(|index| pool.waiting_place(index))
        .collect()
}

/// Why a household stands where it stands; `None` when it does not wait.
#[must_use]
pub fn waiting_reasons(
    snapshot: &Snapshot,
    rules: &RuleSet,
    of: ApplicationId,
) -> Option<WaitingReasons> {
    let household = snapshot.find_household(of)?;
    let pool = Pool::of(snapshot, rules);
    let index = pool.ids.iter().position(|(case, _)| *case == of)?;
    let has_children = Measures::of(household, rules, snapshot.as_of).has_children;
    let mut before: BTreeMap<DecidedBy, usize> = BTreeMap::new();
    for other in 0..index {
        if let Some(decided_by) = pool.decided_between(other, index) {
            *before.entry(decided_by).or_default() += 1;
        }
    }
    Some(WaitingReasons {
        place: pool.waiting_place(index)?,
        waiting: pool.len(),
        reasons: reasons(household, has_children, rules),
        before: before
            .into_iter()
            .map(|(decided_by, households)| Before {
                decided_by,
                households,
            })
            .collect(),
    })
}

impl Pool {
    fn waiting_place(&self, index: usize) -> Option<WaitingPlace> {
        let &(application_id, household_id) = self.ids.get(index)?;
        let group = self.standings.get(index)?.group();
        let above = index.checked_sub(1);
        Some(WaitingPlace {
            place: index + 1,
            application_id,
            household_id,
            priority_group: self.group_codes.get(group)?.clone(),
            decided_by: above.and_then(|above| self.decided_between(above, index)),
        })
    }

    /// What decides between two that wait, apart from any home.
    fn decided_between(&self, first: usize, second: usize) -> Option<DecidedBy> {
        let (first, second) = (self.standings.get(first)?, self.standings.get(second)?);
        let by_class = first.decided_by(second, &self.rules);
        Some(by_class.unwrap_or({
            if first.received_on == second.received_on {
                DecidedBy::Lot
            } else {
                DecidedBy::ReceivedOn
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{rules, town};

    #[test]
    fn the_list_is_the_same_in_whatever_order_the_snapshot_lists_and_everyone_is_told_why() {
        let town = town(7, 40, 3);
        let listed = waiting_list(&town, &rules());
        let mut turned = town.clone();
        turned.households.reverse();
        assert_eq!(listed, waiting_list(&turned, &rules()));
        assert_eq!(listed.len(), 40);
        for place in &listed {
            let told = waiting_reasons(&town, &rules(), place.application_id).unwrap();
            assert_eq!(&told.place, place);
            let before: usize = told.before.iter().map(|it| it.households).sum();
            assert_eq!(before + 1, place.place);
        }
    }

    #[test]
    fn whoever_was_raised_stands_with_the_group_and_never_lower_than_its_facts_say() {
        let mut town = town(7, 40, 3);
        let last = waiting_list(&town, &rules()).pop().unwrap();
        let first_group = rules().priority.groups[0].code.clone();
        let household = town
            .households
            .iter_mut()
            .find(|it| it.application_id == last.application_id)
            .unwrap();
        household.raised_to = Some(first_group.clone());
        let told = waiting_reasons(&town, &rules(), last.application_id).unwrap();
        assert_eq!(&*told.place.priority_group, first_group);
        assert_eq!(told.reasons.group_code, first_group);
        assert!(told.place.place < last.place);
        let unknown = town
            .households
            .iter_mut()
            .find(|it| it.application_id == last.application_id)
            .unwrap();
        unknown.raised_to = Some("NO_SUCH_GROUP".into());
        let again = waiting_list(&town, &rules()).pop().unwrap();
        assert_eq!(again.application_id, last.application_id);
    }
}
