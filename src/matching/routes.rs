//! Who fits a home, and why; why a household fits or not.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::constraints::Constraint;
use super::explanation::{Explanation, explain_pair};
use super::gather;
use super::model::{HomeFacts, HouseholdFacts, Snapshot};
use super::pool::Pool;
use super::ranking::{Candidate, Ineligible, Obstacles, obstacles};
use super::sight::veil_over;
use super::veil::Veil;
use super::waiting::{Waiting, waiting};
use crate::access::{self, Compartment, Seen};
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
    endpoints.extend(super::proposals::endpoints());
    endpoints.extend(super::asking::endpoints());
    endpoints.extend(super::reporting::endpoints());
    endpoints.extend(super::waiting_routes::endpoints());
    endpoints
}

/// By what an answer was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnswerBasis)]
pub(super) struct Basis {
    /// The moment of the answer.
    as_of: Instant,
    /// The version of the rules.
    rule_set_id: RuleSetId,
    /// Its number within the municipality.
    rule_set_number: i32,
    /// The version of the engine.
    engine_version: &'static str,
    /// The version of the pool: it rises with every change of what a match depends on.
    pool_version: i64,
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
    /// Whether it may not have the home for something of which the caller may not be told, and nothing else.
    is_withheld: bool,
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
    let dwelling = load(tx, call.id()?)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let waiting = waiting(tx)?;
    let ready = waiting.ready(&adopted);
    let home = one_home(tx, &dwelling, waiting.kept_from())?;
    let veil = veil_over(tx, &waiting, home.residents.iter().copied())?;
    let mut shortlist = ready.pool.shortlist_behind(&veil, &home, limit);
    let cases = shortlist.candidates.iter().map(|(_, it)| it.application_id);
    let others = shortlist.ineligible.iter().map(|it| it.application_id);
    // Whoever may not be located is behind the veil already.
    let seen = access::seen_among(tx, &cases.chain(others).collect::<Vec<_>>())?;
    let is_seen = |(_, it): &(usize, Candidate)| seen.sees(it.application_id);
    shortlist.candidates.retain(is_seen);
    shortlist
        .ineligible
        .retain(|it| seen.sees(it.application_id));
    let explained = |(place, candidate): (usize, Candidate)| {
        let household = ready.facts.get(place)?;
        let explanation = explain_pair(household, &home, &adopted.rules, waiting.as_of);
        let mut explanation = explanation.without_protection();
        if !seen.opens(candidate.application_id, Compartment::Crime) {
            explanation = explanation.without_exclusions();
        }
        Some(RankedCandidate {
            candidate,
            explanation,
        })
    };
    let cases = shortlist.candidates.iter().map(|(_, it)| it.application_id);
    tx.record(
        Entry::access("matching.candidates_read")
            .about(dwelling.id)
            .about_all(cases),
    );
    Ok(Shown::plain(Suitors {
        dwelling_id: dwelling.id,
        basis: basis(tx, &adopted, &waiting, &veil),
        eligible_count: shortlist.eligible_count,
        candidates: shortlist
            .candidates
            .into_iter()
            .filter_map(explained)
            .collect(),
        ineligible_count: shortlist.ineligible_count,
        ineligible: shortlist
            .ineligible
            .into_iter()
            .map(|it| told(it, &seen))
            .collect(),
    }))
}

/// Near whom a household must not live is told only where that compartment of its case is open.
fn told(household: Ineligible, seen: &Seen) -> IneligibleHousehold {
    let is_open = seen.opens(household.application_id, Compartment::Crime);
    let is_told = |it: &Constraint| is_open || *it != Constraint::ExcludedNeighbour;
    let failed: Vec<Constraint> = household.failed.iter().filter(is_told).collect();
    IneligibleHousehold {
        application_id: household.application_id,
        household_id: household.household_id,
        is_withheld: failed.is_empty(),
        failed,
    }
}

/// Why a household may have a home or not.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExplainedPair {
    #[serde(flatten)]
    basis: Basis,
    explanation: Explanation,
    /// Whether the household may not have the home for something of which the caller may not be told.
    is_withheld: bool,
    /// Where the household stands among all who may have the home; absent when it may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Candidate>,
}

fn explain_one(tx: &mut Tx<'_>, _: &Call, pair: &Pair) -> Result<Shown<ExplainedPair>, Problem> {
    let case = applications::load(tx, pair.application_id)?;
    let home = load(tx, pair.dwelling_id)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let waiting = waiting(tx)?;
    let ready = waiting.ready(&adopted);
    let own = gather::households(tx, std::slice::from_ref(&case))?;
    let own = own
        .iter()
        .flat_map(|it| it.needs.excluded_households.iter());
    let kept_from = waiting.kept_from().iter().chain(own).copied().collect();
    let facts = one_home(tx, &home, &kept_from)?;
    let others = facts.residents.iter().copied().chain([case.household_id]);
    let veil = veil_over(tx, &waiting, others)?;
    let openings = access::openings(tx, case.id)?;
    let explained = |household: &HouseholdFacts| {
        let explanation = explain_pair(household, &facts, &adopted.rules, waiting.as_of);
        let mut explanation = explanation.without_protection();
        if !veil.tells_neighbours(&facts) {
            explanation = explanation.without_neighbours();
        }
        if !openings.contains(Some(Compartment::Crime)) {
            explanation = explanation.without_exclusions();
        }
        if veil.hides(case.household_id) {
            explanation = explanation.without_places();
        }
        explanation
    };
    let (explanation, standing) = if let Some(place) = ready.place_of(case.id) {
        let household = ready.facts.get(place).ok_or(super::Refusal::NotAssessed)?;
        let standing = ready.pool.standing_behind(&veil, &facts, place);
        (explained(household), standing)
    } else {
        // Not a candidate today, and yet it can be told how it would stand.
        let household = &gather::household(tx, &case)?;
        let others = ready.facts.iter().map(Arc::as_ref);
        let all = others
            .filter(|other| other.household_id != case.household_id)
            .chain([household]);
        let pool = Pool::new(all, waiting.as_of, &adopted.rules);
        let place = pool.ids.iter().position(|(id, _)| *id == case.id);
        let standing = place.and_then(|place| pool.standing_behind(&veil, &facts, place));
        (explained(household), standing)
    };
    tx.record(
        Entry::access("matching.explained")
            .about(case.id)
            .about(case.applicant_id)
            .about(home.id),
    );
    Ok(Shown::plain(ExplainedPair {
        basis: basis(tx, &adopted, &waiting, &veil),
        is_withheld: explanation.is_silent(),
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
    let waiting = waiting(tx)?;
    let pool = Snapshot {
        as_of: today,
        households: vec![gather::household(tx, &case)?],
        homes: gather::vacant_homes(tx, &waiting)?,
    };
    let obstacles = obstacles(&pool, &adopted.rules, case.id);
    let mut obstacles = obstacles
        .ok_or(super::Refusal::NotAssessed)?
        .without_protection();
    let household = pool.find_household(case.id);
    let feared = household.into_iter();
    let feared = feared.flat_map(|it| it.needs.excluded_households.iter().copied());
    let veil = veil_over(tx, &waiting, feared)?;
    let is_open = access::openings(tx, case.id)?.contains(Some(Compartment::Crime));
    if !is_open || household.is_some_and(|household| !veil.tells_neighbours_of(household)) {
        obstacles = obstacles.without_neighbours();
    }
    tx.record(
        Entry::access("matching.obstacles_read")
            .about(case.id)
            .about(case.applicant_id),
    );
    let basis = basis(tx, &adopted, &waiting, &veil);
    Ok(Shown::plain(CountedObstacles {
        basis,
        application_id: case.id,
        obstacles,
    }))
}

/// By what an answer is found, told now.
pub(super) fn basis(tx: &Tx<'_>, adopted: &Adopted, waiting: &Waiting, veil: &Veil) -> Basis {
    Basis {
        as_of: tx.now(),
        rule_set_id: adopted.id,
        rule_set_number: adopted.number,
        engine_version: super::ENGINE_VERSION,
        pool_version: waiting.version(),
        pool_size: waiting.len_behind(veil),
    }
}

fn load(tx: &mut Tx<'_>, id: DwellingId) -> Result<Dwelling, Problem> {
    let home = housing::find_dwelling(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    housing::veiled(tx, home)
}

fn one_home(
    tx: &mut Tx<'_>,
    dwelling: &Dwelling,
    kept_from: &BTreeSet<HouseholdId>,
) -> Result<HomeFacts, Problem> {
    let homes = gather::homes(tx, std::slice::from_ref(dwelling), kept_from)?;
    let home = homes.into_iter().next();
    home.ok_or_else(|| Problem::internal("a home without facts"))
}
