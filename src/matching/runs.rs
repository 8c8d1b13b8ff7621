//! The plan over all vacant homes, over HTTP: made, kept, and certified. It proposes; people decide.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::apart::{Exclusions, KeptApart};
use super::certificate::{Certificate, certify};
use super::comparison::Comparison;
use super::engines::engine;
use super::gather;
use super::hands::Hands;
use super::model::Snapshot;
use super::plan::{Assignment, Objective, Plan, Unhoused, assign};
use super::sight::{shown, veil};
use super::snapshots::{self, Drawn};
use super::store::{self, Run};
use super::veil::Hidden;
use super::waiting::waiting_at_this_moment;
use crate::access;
use crate::audit::{Entry, Hash, Subject};
use crate::auth::Action;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{ApplicationId, MatchingRunId, RuleSetId};
use crate::problem::{NOT_FOUND, Problem};
use crate::rulesets;

/// The operations on plans.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Action::{Match, PlanMatches};
    vec![
        Endpoint::create_of_a_look(
            "/matching/runs",
            PlanMatches,
            "Plan who should have which vacant home; proposes, never decides",
            draft,
            make,
        ),
        Endpoint::get(
            "/matching/runs",
            Match,
            "The plans that were made, oldest first, without their lines",
            list,
        ),
        Endpoint::get(
            "/matching/runs/{id}",
            Match,
            "A plan, with the price of priority",
            show,
        ),
        Endpoint::get(
            "/matching/runs/{id}/certificate",
            Match,
            "Why a household was not housed by a plan: checkable by anybody",
            certificate,
        ),
    ]
}

/// What the plan is to strive for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MakePlan {
    objective: Objective,
}

/// A plan as it was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PlanShown {
    id: MatchingRunId,
    created_at: Instant,
    rule_set_id: RuleSetId,
    engine_version: String,
    /// The version of the pool that it saw; it rises with every change of what a match depends on.
    pool_version: i64,
    /// SHA-256 of the list of parts of the snapshot that it was made from, in canonical JSON.
    snapshot_sha256: String,
    plan: PlanTold,
    /// What the team did with its lines.
    hands: Hands,
}

/// A plan as far as the caller may know of it.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Plan)]
struct PlanTold {
    /// The version of the engine that made it.
    engine_version: String,
    /// The day on which it was made.
    as_of: Day,
    /// What it strives for among those who are housed.
    objective: Objective,
    /// Who is housed where, in the order of priority.
    assignments: Vec<Assignment>,
    /// Who is not housed, in the order of priority. A certificate tells each of them why.
    unhoused: Vec<Unhoused>,
    /// What it meant that some who wait must not become neighbours; absent where it meant nothing, and in plans of engines before 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusions: Option<Exclusions>,
    /// What priority costs in suitability, and what planning gains over one home at a time; absent where its sums would tell of
    /// somebody whom the caller may not locate.
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
}

/// What the caller may see of a plan, and the cases of which that says nothing.
#[derive(Clone)]
struct Seen {
    plan: PlanTold,
    hidden: Vec<ApplicationId>,
}

/// A plan that was thought out, and not written down yet.
struct Draft {
    plan: Plan,
    /// As it is kept.
    written: Value,
    /// As the caller may see it.
    seen: Seen,
    rule_set: (RuleSetId, i32),
    pool_version: i64,
    snapshot: Drawn,
}

/// Thinks a plan out on what a reading transaction sees: nobody who writes waits for it.
fn draft(tx: &mut Tx<'_>, asked: &MakePlan) -> Result<Draft, Problem> {
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let waiting = waiting_at_this_moment(tx)?;
    let homes = gather::vacant_homes(tx, &waiting)?;
    if homes.is_empty() || waiting.len() == 0 {
        return Err(super::Refusal::NothingToPlan.into());
    }
    let snapshot = Drawn::of(&waiting, &homes)?.folded(tx)?;
    let plan = assign(&waiting.snapshot(homes), &adopted.rules, asked.objective);
    Ok(Draft {
        written: serde_json::to_value(&plan)
            .map_err(|error| Problem::internal(error.to_string()))?,
        seen: seen_of(tx, plan.clone())?,
        plan,
        rule_set: (adopted.id, adopted.number),
        pool_version: waiting.version(),
        snapshot,
    })
}

/// Writes a plan down. Others may have changed the pool since it was thought out: it says which version it saw, and a line whose
/// facts have changed cannot be taken.
fn make(tx: &mut Tx<'_>, draft: &Draft) -> Result<Created<PlanShown>, Problem> {
    let plan = &draft.plan;
    draft.snapshot.keep(tx)?;
    let run = Run {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        objective: plan.objective,
        snapshot_sha256: draft.snapshot.address.0.to_vec(),
        rule_set_id: draft.rule_set.0,
        engine_version: plan.engine_version.clone(),
        plan: Json(draft.written.clone()),
        created_at: tx.now(),
        pool_version: draft.pool_version,
    };
    store::insert_run(tx, &run)?;
    store::insert_proposals(tx, run.id, plan)?;
    tx.record(
        Entry::change("matching.planned")
            .about(Subject::policy(run.id))
            .fact("objective", run.objective.code())
            .fact("snapshotSha256", draft.snapshot.address.to_hex())
            .fact("ruleSet", draft.rule_set.1)
            .fact("poolVersion", run.pool_version),
    );
    let location = format!("/matching/runs/{}", run.id);
    Ok(Created {
        location,
        version: None,
        body: told(tx, run, draft.seen.clone())?,
    })
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<PlanShown>, Problem> {
    let run = load(tx, call)?;
    let seen = seen_of(tx, plan_of(&run)?)?;
    Ok(Shown::plain(told(tx, run, seen)?))
}

/// The household by its case.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct OfCase {
    /// The case.
    #[param(value_type = uuid::Uuid)]
    application_id: ApplicationId,
}

crate::query!(OfCase);

/// A certificate, made anew from the snapshot and checked against it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CertificateShown {
    /// Every home it qualifies for, and every home reachable by swaps, is held by households ranked at or above it.
    certificate: Certificate,
    /// Whether all of it is shown. Only then others can check it: what the caller may not know of is left out, and was checked here.
    is_whole: bool,
    /// Whether the plan that is kept is, to the byte, what the snapshot and the rules give today.
    plan_reproduced: bool,
}

fn certificate(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &OfCase,
) -> Result<Shown<CertificateShown>, Problem> {
    access::must_see_case(tx, asked.application_id)?;
    let run = load(tx, call)?;
    let rules = rulesets::load(tx, run.rule_set_id)?.rules;
    let address = address_of(&run)?;
    let pool = snapshots::load_snapshot(tx, address)?;
    let engine = engine(&run.engine_version).ok_or(super::Refusal::EngineGone)?;
    let plan = (engine.assign)(&pool, &rules, run.objective);
    let certificate = certify(&pool, &rules, &plan, asked.application_id);
    let certificate = certificate.ok_or(super::Refusal::NotLeftOver)?;
    certificate
        .check(&pool, &rules, &plan)
        .map_err(|_| Problem::internal("a certificate does not hold"))?;
    let (certificate, is_whole) = seen_of_certificate(tx, &pool, &plan, certificate)?;
    let again =
        serde_json::to_value(&plan).map_err(|error| Problem::internal(error.to_string()))?;
    tx.record(Entry::access("matching.certificate_read").about(asked.application_id));
    Ok(Shown::plain(CertificateShown {
        certificate,
        is_whole,
        plan_reproduced: again == run.plan.0,
    }))
}

/// A certificate as the caller may see it, and whether that is all of it.
fn seen_of_certificate(
    tx: &mut Tx<'_>,
    pool: &Snapshot,
    plan: &Plan,
    mut certificate: Certificate,
) -> Result<(Certificate, bool), Problem> {
    let named = |case: &ApplicationId| {
        *case == certificate.application_id || certificate.holders.contains_key(case)
    };
    let households = pool.households.iter();
    let households = households.filter(|it| named(&it.application_id));
    let households: Vec<_> = households
        .map(|it| (it.application_id, it.household_id))
        .collect();
    let seen = shown(tx, &households)?;
    let whole = certificate.clone();
    veil(tx)?.hidden_in(plan).take_from(&mut certificate);
    certificate.holders.retain(|case, _| seen.contains(case));
    let barred = certificate.barred.iter();
    let barred: Vec<_> = barred.map(|it| it.application_id).collect();
    let open = access::seen_among(tx, &barred)?;
    let crime = access::Compartment::Crime;
    let is_told = |case: &ApplicationId| seen.contains(case) && open.opens(*case, crime);
    certificate.barred.retain(|it| is_told(&it.application_id));
    let is_whole = certificate == whole;
    Ok((certificate, is_whole))
}

/// The plan in the path.
pub(super) fn load(tx: &mut Tx<'_>, call: &Call) -> Result<Run, Problem> {
    store::find_run(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Where a plan's snapshot is kept.
pub(super) fn address_of(run: &Run) -> Result<Hash, Problem> {
    let bytes = run.snapshot_sha256.clone().try_into();
    Ok(Hash(bytes.map_err(|_| {
        Problem::internal("an address of a wrong size")
    })?))
}

/// The plan as it was made.
pub(super) fn plan_of(run: &Run) -> Result<Plan, Problem> {
    serde_json::from_value(run.plan.0.clone())
        .map_err(|_| Problem::internal("a plan is of a form that this engine does not know"))
}

/// A plan as the caller may see it: without the cases out of sight, and without those whose home must not be known.
fn seen_of(tx: &mut Tx<'_>, mut plan: Plan) -> Result<Seen, Problem> {
    let housed = plan.assignments.iter();
    let housed = housed.map(|it| (it.application_id, it.household_id));
    let others = plan.unhoused.iter();
    let others = others.map(|it| (it.application_id, it.household_id));
    let shown = shown(tx, &housed.chain(others).collect::<Vec<_>>())?;
    let hidden = veil(tx)?.hidden_in(&plan);
    plan.assignments
        .retain(|line| shown.contains(&line.application_id));
    plan.unhoused
        .retain(|line| shown.contains(&line.application_id));
    for line in &mut plan.assignments {
        line.place = hidden.place(line.place);
    }
    for line in &mut plan.unhoused {
        line.place = hidden.place(line.place);
    }
    if let Some(exclusions) = &mut plan.exclusions {
        let mut told = Vec::new();
        for bar in exclusions.kept_apart.drain(..) {
            if may_be_told(tx, &bar, &shown)? {
                told.push(bar);
            }
        }
        exclusions.kept_apart = told;
    }
    // That some must be kept apart is told to nobody who may not know of whom.
    plan.exclusions = plan.exclusions.filter(|it| !it.kept_apart.is_empty());
    Ok(Seen {
        plan: PlanTold {
            engine_version: plan.engine_version,
            as_of: plan.as_of,
            objective: plan.objective,
            assignments: plan.assignments,
            unhoused: plan.unhoused,
            exclusions: plan.exclusions,
            comparison: hidden.is_nothing().then_some(plan.comparison),
        },
        hidden: hidden.cases(),
    })
}

/// Whether the caller may learn who is kept apart from whom: it lies in a compartment of either case.
fn may_be_told(
    tx: &mut Tx<'_>,
    bar: &KeptApart,
    shown: &BTreeSet<ApplicationId>,
) -> Result<bool, Problem> {
    for case in [bar.application_id, bar.from] {
        let is_open = shown.contains(&case)
            && access::openings(tx, case)?.contains(Some(access::Compartment::Crime));
        if !is_open {
            return Ok(false);
        }
    }
    Ok(true)
}

fn told(tx: &mut Tx<'_>, run: Run, seen: Seen) -> Result<PlanShown, Problem> {
    let hands = store::hands_on(tx, run.id, &seen.hidden)?;
    Ok(PlanShown {
        snapshot_sha256: address_of(&run)?.to_hex(),
        id: run.id,
        created_at: run.created_at,
        rule_set_id: run.rule_set_id,
        engine_version: run.engine_version,
        pool_version: run.pool_version,
        plan: seen.plan,
        hands,
    })
}

/// What of a plan the caller may not know.
pub(super) fn hidden_in(tx: &mut Tx<'_>, run: &Run) -> Result<Hidden, Problem> {
    let veil = veil(tx)?;
    if veil.is_nothing() {
        return Ok(Hidden::default());
    }
    Ok(veil.hidden_in(&plan_of(run)?))
}

/// A plan without its lines.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanInShort)]
struct InShort {
    id: MatchingRunId,
    objective: Objective,
    created_at: Instant,
    rule_set_id: RuleSetId,
    engine_version: String,
    pool_version: i64,
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<InShort>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page_of_runs(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(|row| InShort {
        id: row.id,
        objective: row.objective,
        created_at: row.created_at,
        rule_set_id: row.rule_set_id,
        engine_version: row.engine_version,
        pool_version: row.pool_version,
    }))
}
