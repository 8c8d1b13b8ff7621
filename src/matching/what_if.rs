//! What would be different: the plan as it is beside the plan under other rules, with other homes or other needs. Nothing is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::comparison::Outcome;
use super::model::{HomeFacts, Snapshot};
use super::plan::Plan;
use super::veil::Veil;
use crate::applications::{Needs, fault_of_own};
use crate::housing::DwellingState;
use crate::ids::{ApplicationId, DwellingId, HouseholdId};
use crate::problem::FieldFault;

/// The needs of one case as they might be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OtherNeeds {
    /// The case; it must be one to which a home can be given.
    pub(super) application_id: ApplicationId,
    /// What it might need.
    pub(super) needs: Needs,
}

/// What might be different of the facts.
#[derive(Debug, Clone, Default)]
pub(super) struct Otherwise<'a> {
    pub(super) homes_added: &'a [HomeFacts],
    pub(super) homes_withdrawn: &'a [DwellingId],
    pub(super) needs_changed: &'a [OtherNeeds],
    /// The cases that whoever asks may be shown: any other is as if it did not wait.
    pub(super) seen: BTreeSet<ApplicationId>,
}

impl Otherwise<'_> {
    /// The snapshot as it would be, or everything that cannot be.
    pub(super) fn applied_to(&self, snapshot: &Snapshot) -> Result<Snapshot, Vec<FieldFault>> {
        let mut faults = self.kept_from_themselves(snapshot);
        let mut fault = |pointer: String, code, nb: &str, en: &str| {
            faults.push(FieldFault::new(pointer, code, nb, en));
        };
        let mut then = snapshot.clone();
        for (i, withdrawn) in self.homes_withdrawn.iter().enumerate() {
            let before = then.homes.len();
            then.homes.retain(|home| home.dwelling_id != *withdrawn);
            if then.homes.len() == before {
                let (nb, en) = ("Boligen er ikke ledig.", "The home is not vacant.");
                fault(format!("/homesWithdrawn/{i}"), "not_vacant", nb, en);
            }
        }
        for (i, added) in self.homes_added.iter().enumerate() {
            if then.find_home(added.dwelling_id).is_some() {
                let (nb, en) = ("Boligen er med allerede.", "The home is there already.");
                fault(format!("/homesAdded/{i}/dwellingId"), "not_unique", nb, en);
            }
            if added.age_window.is_some_and(|it| it.youngest > it.oldest) {
                let (nb, en) = ("Ingen alder passer.", "No age fits.");
                fault(
                    format!("/homesAdded/{i}/ageWindow"),
                    "contradiction",
                    nb,
                    en,
                );
            }
            then.homes.push(HomeFacts {
                state: DwellingState::Available,
                ..added.clone()
            });
        }
        for (i, other) in self.needs_changed.iter().enumerate() {
            let case = other.application_id;
            let mut seen = then.households.iter_mut();
            match seen.find(|it| it.application_id == case && self.seen.contains(&case)) {
                Some(facts) => facts.needs = other.needs.clone(),
                None => fault(
                    format!("/needsChanged/{i}/applicationId"),
                    "not_waiting",
                    "Saken er ikke blant dem som kan få bolig.",
                    "The case is not among those to which a home can be given.",
                ),
            }
        }
        if faults.is_empty() {
            Ok(then)
        } else {
            Err(faults)
        }
    }
}

impl Otherwise<'_> {
    /// A fault for each case whose needs would keep its household away from itself.
    fn kept_from_themselves(&self, snapshot: &Snapshot) -> Vec<FieldFault> {
        let changed = self.needs_changed.iter().enumerate();
        let seen = changed.filter(|(_, other)| self.seen.contains(&other.application_id));
        let faults = seen.filter_map(|(i, other)| {
            let facts = snapshot.find_household(other.application_id)?;
            let at = format!("/needsChanged/{i}/needs");
            fault_of_own(&other.needs, facts.household_id, &at)
        });
        faults.collect()
    }
}

/// What two plans differ in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanDifferences)]
pub(super) struct Differences {
    /// Households whose home is another one, that gain a home, or lose it, in the order of their cases' ids.
    pub(super) households: Vec<Difference>,
    /// What the plan comes to as things are; absent where its sums would tell of somebody whom the caller may not locate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) now: Option<Outcome>,
    /// What it would come to; absent likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) then: Option<Outcome>,
}

/// What is different for one household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanDifference)]
pub(super) struct Difference {
    pub(super) application_id: ApplicationId,
    pub(super) household_id: HouseholdId,
    /// The home that it would be given as things are; absent when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) now: Option<Given>,
    /// The home that it would be given then; absent when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) then: Option<Given>,
}

/// A home and how well it suits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GivenHome)]
pub(super) struct Given {
    pub(super) dwelling_id: DwellingId,
    /// Of 1000.
    pub(super) points: u16,
}

impl Differences {
    /// What two plans over the same households differ in, in sum where nobody of them is hidden.
    pub(super) fn between(now: Plan, then: Plan, veil: &Veil) -> Self {
        let tells_sums = !veil.hides_any_of(&now) && !veil.hides_any_of(&then);
        let given = |plan: &Plan| -> BTreeMap<ApplicationId, Given> {
            let lines = plan.assignments.iter().map(|line| {
                let (dwelling_id, points) = (line.dwelling_id, line.points);
                let given = Given {
                    dwelling_id,
                    points,
                };
                (line.application_id, given)
            });
            lines.collect()
        };
        let (given_now, given_then) = (given(&now), given(&then));
        let housed = now.assignments.iter().chain(&then.assignments);
        let mut cases: Vec<_> = housed
            .map(|line| (line.application_id, line.household_id))
            .collect();
        cases.sort_unstable();
        cases.dedup();
        let households = cases
            .into_iter()
            .filter_map(|(application_id, household_id)| {
                let now = given_now.get(&application_id).copied();
                let then = given_then.get(&application_id).copied();
                (now != then).then_some(Difference {
                    application_id,
                    household_id,
                    now,
                    then,
                })
            });
        Self {
            households: households.collect(),
            now: tells_sums.then_some(now.comparison.plan),
            then: tells_sums.then_some(then.comparison.plan),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{home, household, rules, today};
    use crate::matching::{Objective, assign};

    fn planned(snapshot: &Snapshot) -> Plan {
        assign(snapshot, &rules(), Objective::Suitability)
    }

    #[test]
    fn a_home_more_houses_one_more_and_nothing_else_differs() {
        let snapshot = Snapshot {
            as_of: today(),
            households: (1..4).map(household).collect(),
            homes: vec![home(1)],
        };
        let otherwise = Otherwise {
            homes_added: &[home(2)],
            ..Otherwise::default()
        };
        let then = otherwise.applied_to(&snapshot).unwrap();
        let open = Veil::default();
        let differences = Differences::between(planned(&snapshot), planned(&then), &open);
        let housed = [differences.now, differences.then].map(|it| it.map(|it| it.housed));
        assert_eq!(housed, [Some(1), Some(2)]);
        assert!(differences.households.iter().all(|it| it.then.is_some()));
        let same = Differences::between(planned(&snapshot), planned(&snapshot), &open);
        assert_eq!(same.households, []);
        // Whoever waits without a home counts in no sum, and would still show in how the sums change.
        let veil = Veil::over([household(3).household_id].into());
        let veiled = Differences::between(planned(&snapshot), planned(&then), &veil);
        assert_eq!((veiled.now, veiled.then), (None, None));
    }

    #[test]
    fn what_cannot_be_is_named_in_every_place() {
        let snapshot = Snapshot {
            as_of: today(),
            households: vec![household(1)],
            homes: vec![home(1)],
        };
        let unknown = OtherNeeds {
            application_id: household(9).application_id,
            needs: household(9).needs,
        };
        let hidden = OtherNeeds {
            application_id: household(1).application_id,
            needs: household(1).needs,
        };
        let otherwise = Otherwise {
            homes_added: &[home(1)],
            homes_withdrawn: &[home(7).dwelling_id],
            needs_changed: &[unknown, hidden],
            seen: BTreeSet::new(),
        };
        let faults = otherwise.applied_to(&snapshot).unwrap_err();
        let pointers: Vec<&str> = faults.iter().map(|it| it.pointer.as_str()).collect();
        let wanted = [
            "/homesWithdrawn/0",
            "/homesAdded/0/dwellingId",
            "/needsChanged/0/applicationId",
            "/needsChanged/1/applicationId",
        ];
        assert_eq!(pointers, wanted);
    }
}
