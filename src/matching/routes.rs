//! Who fits a home, and why; why a household fits or not.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::constraints::Constraint;
use super::explanation::{Explanation, explain};
use super::gather::{self, snapshot};
use super::model::Snapshot;
use super::ranking::{Candidate, Ineligible, Obstacles, obstacles, rank};
use crate::access;
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action;
use crate::clock::Instant;
use crate::db::Tx;
use crate::housing::{self, Dwelling};
use crate::http::{Call, Endpoint, Nothing, Paging, Shown};
use crate::ids::{ApplicationId, DwellingId, HouseholdId, RuleSetId};
use crate::problem::{NOT_FOUND, Problem};
use crate::rulesets::{self, Adopted};

/// Candidates that are explained when nothing is said.
const LIMIT_DEFAULT: u16 = 20;

/// The operations of matching.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    use Action::Match;
    let mut endpoints = vec![
        Endpoint::get(
            "/dwellings/{id}/candidates",
            Match,
            "Who may have a home, ranked, with the reasons; and who may not, and why",
            candidates,
        ),
        Endpoint::get(
            "/matching/explain",
            Match,
            "Why a household may have a home or not",
            explain_one,
        ),
        Endpoint::get(
            "/applications/{id}/obstacles",
            Match,
            "What keeps a household from every vacant home, counted",
            obstacles_of,
        ),
    ];
    endpoints.extend(super::runs::endpoints());
    endpoints
}

/// By what an answer was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnswerBasis)]
struct Basis {
    /// The moment of the answer.
    as_of: Instant,
    /// The version of the rules.
    rule_set_id: RuleSetId,
    /// Its number within the municipality.
    rule_set_number: i32,
    /// The version of the engine.
    engine_version: &'static str,
    /// How many households were compared.
    pool_size: usize,
}

/// Who may have a home.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Suitors {
    dwelling_id: DwellingId,
    #[serde(flatten)]
    basis: Basis,
    /// How many may have it.
    eligible_count: usize,
    /// The first of them, in order.
    candidates: Vec<RankedCandidate>,
    /// How many may not.
    ineligible_count: usize,
    /// The first of them, with every constraint that fails.
    ineligible: Vec<IneligibleHousehold>,
}

/// Somebody who may have the home.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RankedCandidate {
    #[serde(flatten)]
    candidate: Candidate,
    /// Why: every constraint with the facts compared, the priority, and each part of the suitability.
    explanation: Explanation,
}

/// Somebody who may not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IneligibleHousehold {
    application_id: ApplicationId,
    household_id: HouseholdId,
    /// Why not, in codes; ask `/matching/explain` for the words.
    failed: Vec<Constraint>,
}

/// How many candidates are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HowMany {
    /// How many to explain; 20 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A household by its case, and a home.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Pair {
    /// The case.
    #[param(value_type = uuid::Uuid)]
    application_id: ApplicationId,
    /// The home.
    #[param(value_type = uuid::Uuid)]
    dwelling_id: DwellingId,
}

crate::query!(HowMany, Pair);

fn candidates(tx: &mut Tx<'_>, call: &Call, asked: &HowMany) -> Result<Shown<Suitors>, Problem> {
    let paging = Paging {
        limit: asked.limit.or(Some(LIMIT_DEFAULT)),
        cursor: None,
    };
    let limit = usize::try_from(paging.limit()?).unwrap_or(usize::MAX);
    let home = load(tx, call.id()?)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let pool = snapshot(tx, std::slice::from_ref(&home))?;
    let ranking = rank(&pool, &adopted.rules, home.id);
    let mut ranking =
        ranking.ok_or_else(|| Problem::internal("a home is not in its own snapshot"))?;
    let shown = shown(tx, &pool)?;
    ranking
        .candidates
        .retain(|it| shown.contains(&it.application_id));
    ranking
        .ineligible
        .retain(|it| shown.contains(&it.application_id));
    let explained = |candidate: Candidate| {
        explain(&pool, &adopted.rules, candidate.application_id, home.id).map(|explanation| {
            let explanation = explanation.without_protection();
            RankedCandidate {
                candidate,
                explanation,
            }
        })
    };
    let ineligible: Vec<_> = ranking.ineligible.into_iter().filter_map(told).collect();
    let eligible_count = ranking.candidates.len();
    tx.record(
        Entry::access("matching.candidates_read")
            .about(home.id)
            .about_all(
                ranking
                    .candidates
                    .iter()
                    .take(limit)
                    .map(|it| it.application_id),
            ),
    );
    Ok(Shown::plain(Suitors {
        dwelling_id: home.id,
        basis: basis(tx, &adopted, &pool),
        eligible_count,
        candidates: ranking
            .candidates
            .into_iter()
            .take(limit)
            .filter_map(explained)
            .collect(),
        ineligible_count: ineligible.len(),
        ineligible: ineligible.into_iter().take(limit).collect(),
    }))
}

/// Those of a pool whom the caller may be shown: cases within sight, of people who may be located. Ranks stay what they are.
pub(super) fn shown(tx: &mut Tx<'_>, pool: &Snapshot) -> Result<BTreeSet<ApplicationId>, Problem> {
    let cases: Vec<ApplicationId> = pool.households.iter().map(|it| it.application_id).collect();
    let mut shown = access::visible_cases(tx, &cases)?;
    let households: Vec<HouseholdId> = pool.households.iter().map(|it| it.household_id).collect();
    let unlocatable = access::unlocatable(tx, &households)?;
    for it in &pool.households {
        if unlocatable.contains(&it.household_id) {
            shown.remove(&it.application_id);
        }
    }
    Ok(shown)
}

/// A household that fails for its protection alone is left out: to say so would tell of the protection.
fn told(household: Ineligible) -> Option<IneligibleHousehold> {
    let mut failed: Vec<Constraint> = household.failed.iter().collect();
    failed.retain(|constraint| *constraint != Constraint::ProtectedAddress);
    (!failed.is_empty()).then_some(IneligibleHousehold {
        application_id: household.application_id,
        household_id: household.household_id,
        failed,
    })
}

/// Why a household may have a home or not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExplainedPair {
    #[serde(flatten)]
    basis: Basis,
    explanation: Explanation,
    /// Where the household stands among all who may have the home; absent when it may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Candidate>,
}

fn explain_one(tx: &mut Tx<'_>, _: &Call, pair: &Pair) -> Result<Shown<ExplainedPair>, Problem> {
    let case = applications::load(tx, pair.application_id)?;
    let home = load(tx, pair.dwelling_id)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let mut pool = snapshot(tx, std::slice::from_ref(&home))?;
    if pool.find_household(case.id).is_none() {
        // Not a candidate today, and yet it can be told how it would stand.
        pool.households
            .extend(gather::households(tx, std::slice::from_ref(&case))?);
    }
    let explanation = explain(&pool, &adopted.rules, case.id, home.id);
    let mut explanation = explanation
        .ok_or(super::Refusal::NotAssessed)?
        .without_protection();
    if access::unlocatable(tx, &[case.household_id])?.contains(&case.household_id) {
        explanation = explanation.without_places();
    }
    let standing = rank(&pool, &adopted.rules, home.id).and_then(|ranking| {
        ranking
            .candidates
            .into_iter()
            .find(|it| it.application_id == case.id)
    });
    tx.record(
        Entry::access("matching.explained")
            .about(case.id)
            .about(case.applicant_id)
            .about(home.id),
    );
    Ok(Shown::plain(ExplainedPair {
        basis: basis(tx, &adopted, &pool),
        explanation,
        standing,
    }))
}

/// What keeps a household from every vacant home.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CountedObstacles {
    #[serde(flatten)]
    basis: Basis,
    application_id: ApplicationId,
    #[serde(flatten)]
    obstacles: Obstacles,
}

fn obstacles_of(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<CountedObstacles>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let vacant = housing::vacant(tx)?;
    let pool = Snapshot {
        as_of: today,
        households: gather::households(tx, std::slice::from_ref(&case))?,
        homes: vacant.iter().map(gather::home_facts).collect(),
    };
    let obstacles = obstacles(&pool, &adopted.rules, case.id);
    let obstacles = obstacles
        .ok_or(super::Refusal::NotAssessed)?
        .without_protection();
    tx.record(
        Entry::access("matching.obstacles_read")
            .about(case.id)
            .about(case.applicant_id),
    );
    let basis = basis(tx, &adopted, &pool);
    Ok(Shown::plain(CountedObstacles {
        basis,
        application_id: case.id,
        obstacles,
    }))
}

fn basis(tx: &Tx<'_>, adopted: &Adopted, pool: &Snapshot) -> Basis {
    Basis {
        as_of: tx.now(),
        rule_set_id: adopted.id,
        rule_set_number: adopted.number,
        engine_version: super::ENGINE_VERSION,
        pool_size: pool.households.len(),
    }
}

fn load(tx: &mut Tx<'_>, id: DwellingId) -> Result<Dwelling, Problem> {
    let home = housing::find_dwelling(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    housing::veiled(tx, home)
}
