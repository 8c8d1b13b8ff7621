//! What is handed over to the body of appeal: how the household stood beside the others on the day of the decision, without a name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::applications::Urgency;
use crate::clock::{Day, Instant};
use crate::decisions::{LegalBasis, Outcome};
use crate::housing::{Category, Feature};
use crate::ids::{AppealId, ApplicationId, DwellingId};
use crate::matching::{self, DecidedBy, Snapshot};
use crate::rulesets::RuleSet;
use crate::situations::SituationKind;

/// How many of those who may have a home are compared.
const COMPARED: usize = 20;

/// What is handed over with an appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AppealPackage)]
pub struct Package {
    /// The appeal.
    pub appeal_id: AppealId,
    /// When it was put together.
    pub made_at: Instant,
    /// What was decided.
    pub decision: DecisionInPackage,
    /// The rules by which it was decided, whole.
    pub rules: RuleSet,
    /// How the household stood beside the others; absent where the decision was taken over from before, or compared nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<SideBySide>,
}

/// The decision that was appealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionInPackage {
    /// By which law.
    pub legal_basis: LegalBasis,
    /// What.
    pub outcome: Outcome,
    /// When it was proposed, and the facts compared.
    pub proposed_at: Instant,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Instant>,
    /// When the party was notified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified_at: Option<Instant>,
    /// The last day for an appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_until: Option<Day>,
    /// The number of the rules.
    pub rule_set_number: i32,
    /// SHA-256 of the rules.
    pub rule_set_sha256: String,
    /// The version of the engine.
    pub engine_version: String,
    /// SHA-256 of the snapshot from which the comparison was made: by it anybody with access can make it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot_sha256: Option<String>,
}

/// The candidates and the vacant homes of the day, by letters and numbers that say nothing of who or where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SideBySide {
    /// The day.
    pub as_of: Day,
    /// How many waited.
    pub pool_size: usize,
    /// Which of them appeals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appellant: Option<String>,
    /// Those who waited, in the order of priority.
    pub households: Vec<Anonymous>,
    /// The homes that were vacant.
    pub homes: Vec<VacantHome>,
}

/// A household without a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Anonymous {
    /// `H1` for the first in the order of priority.
    pub label: String,
    /// Its priority group.
    pub priority_group: String,
    /// What sets it apart from the one above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecidedBy>,
    /// How soon it needs a home.
    pub urgency: Urgency,
    /// In which situations it is.
    pub situations: Vec<SituationKind>,
    /// How many people.
    pub members: usize,
    /// How many of them are children.
    pub children: usize,
}

/// A vacant home without an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VacantHome {
    /// `B1`, `B2` …
    pub label: String,
    /// What it is for.
    pub category: Category,
    /// Bedrooms.
    pub bedrooms: u8,
    /// How many persons it holds.
    pub capacity: u8,
    /// The floor of the entrance.
    pub floor: i16,
    /// What it has.
    pub features: Vec<Feature>,
    /// Those who may have had it, the first first, with their scores.
    pub candidates: Vec<Score>,
    /// Why the appellant may not have had it; empty where it may.
    pub appellant_failed: Vec<String>,
}

/// How a household scored for a home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Score {
    /// Which household.
    pub label: String,
    /// Its place for this home.
    pub rank: usize,
    /// How well the home suits it, of 1000.
    pub points: u16,
}

/// Sets the household beside the others, by the rules and facts of the day.
pub(super) fn side_by_side(pool: &Snapshot, rules: &RuleSet, of: ApplicationId) -> SideBySide {
    let listed = matching::waiting_list(pool, rules);
    let labels: BTreeMap<ApplicationId, String> = listed
        .iter()
        .map(|it| (it.application_id, format!("H{}", it.place)))
        .collect();
    let child_until = i16::from(rules.child_until_age);
    let households = listed
        .iter()
        .filter_map(|it| {
            let facts = pool.find_household(it.application_id)?;
            let mut situations: Vec<SituationKind> =
                facts.situations.iter().map(|it| it.kind()).collect();
            situations.sort_unstable();
            situations.dedup();
            let is_child = |born: &Day| born.age_on(pool.as_of) < child_until;
            Some(Anonymous {
                label: format!("H{}", it.place),
                priority_group: it.priority_group.to_string(),
                decided_by: it.decided_by,
                urgency: facts.needs.urgency,
                situations,
                members: facts.members.len(),
                children: facts
                    .members
                    .iter()
                    .filter(|it| is_child(&it.born_on))
                    .count(),
            })
        })
        .collect();
    let homes = pool
        .homes
        .iter()
        .enumerate()
        .map(|(index, home)| VacantHome {
            label: format!("B{}", index + 1),
            category: home.category,
            bedrooms: home.bedrooms,
            capacity: home.capacity,
            floor: home.floor,
            features: home.features.clone(),
            candidates: scores(pool, rules, home.dwelling_id, &labels),
            appellant_failed: matching::explain(pool, rules, of, home.dwelling_id)
                .map(|it| {
                    it.without_protection()
                        .failed()
                        .into_iter()
                        .map(str::to_owned)
                        .collect()
                })
                .unwrap_or_default(),
        })
        .collect();
    SideBySide {
        as_of: pool.as_of,
        pool_size: pool.households.len(),
        appellant: labels.get(&of).cloned(),
        households,
        homes,
    }
}

fn scores(
    pool: &Snapshot,
    rules: &RuleSet,
    home: DwellingId,
    labels: &BTreeMap<ApplicationId, String>,
) -> Vec<Score> {
    let ranking = matching::rank(pool, rules, home);
    ranking
        .map(|ranking| ranking.candidates)
        .unwrap_or_default()
        .into_iter()
        .take(COMPARED)
        .filter_map(|it| {
            Some(Score {
                label: labels.get(&it.application_id)?.clone(),
                rank: it.rank,
                points: it.points,
            })
        })
        .collect()
}
