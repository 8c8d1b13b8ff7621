//! Whether homes fall to all alike, over HTTP: of a plan and of a period, in numbers that tell of nobody; and who waits longest.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Refusal;
use super::engines::engine;
use super::fairness::Fairness;
use super::gather;
use super::hands::Hands;
use super::passed_over::{PassedOver, Tally};
use super::runs::{self, address_of};
use super::sight::{shown, veil};
use super::snapshots;
use super::store;
use super::traits::{Counted, Fate};
use super::waiting::waiting;
use crate::applications::{self, ApplicationState, ApplicationType};
use crate::audit::{Entry, Hash};
use crate::auth::Action;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::ids::{ApplicationId, HouseholdId, MatchingRunId};
use crate::problem::{FieldFault, Problem};
use crate::rulesets;

/// Decisions that one report holds against their snapshots.
const CHOICES_MAX: i64 = 2000;
/// Households that are named at most.
const NAMED_MAX: usize = 200;
/// How often somebody must have been passed over to be named when nothing is said.
const PASSED_OVER_LEAST: u16 = 3;
/// The longest period of a report.
const PERIOD_DAYS_MAX: i32 = 3660;

/// The reports on fairness.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Action::{Match, ReadFairness};
    vec![
        Endpoint::get(
            "/matching/runs/{id}/fairness",
            ReadFairness,
            "How a plan's homes fall to groups of households; small groups are not shown",
            of_run,
        ),
        Endpoint::get(
            "/reports/fairness",
            ReadFairness,
            "How homes fell to groups of households that applied in a period; small groups are not shown",
            of_period,
        ),
        Endpoint::get(
            "/matching/longest-waits",
            Match,
            "Those who wait longest, and those who were passed over again and again, with the reasons",
            longest_waits,
        ),
    ]
}

/// How a plan's homes fall to groups.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FairnessOfRun {
    run_id: MatchingRunId,
    #[serde(flatten)]
    fairness: Fairness,
}

fn of_run(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<FairnessOfRun>, Problem> {
    let run = runs::load(tx, call)?;
    let rules = rulesets::load(tx, run.rule_set_id)?.rules;
    let snapshot = snapshots::load_snapshot(tx, address_of(&run)?)?;
    let plan = runs::plan_of(&run)?;
    let housed = plan.homes();
    // Beside the lines of the plan, a sum over all would tell what became of those who are not among them.
    let veil = veil(tx)?;
    let told = snapshot.households.iter();
    let told = told.filter(|household| !veil.hides(household.household_id));
    let cases = told.map(|household| {
        let fate = if housed.contains_key(&household.application_id) {
            Fate::Housed
        } else {
            Fate::Other
        };
        let as_of = snapshot.as_of;
        Counted::of(household, rules.child_until_age, as_of, fate, as_of)
    });
    let fairness = Fairness::of(&cases.collect::<Vec<_>>());
    Ok(Shown::plain(FairnessOfRun {
        run_id: run.id,
        fairness,
    }))
}

/// A period; the last day is not in it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Period {
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Day,
    /// The day after the last; today, and today included, when not given.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Day>,
}

/// A period, and how often somebody must have been passed over to be named.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct PassedOverIn {
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Day,
    /// The day after the last; today, and today included, when not given.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Day>,
    /// How often; 3 when not given.
    #[param(minimum = 1, maximum = 1000)]
    at_least: Option<u16>,
}

crate::query!(Period, PassedOverIn);

/// The last day of a period, after it was found to be one.
fn ended(from: Day, until: Option<Day>, today: Day) -> Result<Day, Problem> {
    let until = until.unwrap_or(today.plus_days(1));
    let days = from.days_until(until);
    if (1..=PERIOD_DAYS_MAX).contains(&days) {
        return Ok(until);
    }
    let (nb, en) = (
        "Må ligge etter første dag, og høyst ti år.",
        "Must lie after the first day, by ten years at most.",
    );
    Err(Problem::invalid(vec![FieldFault::new(
        "/query/until",
        "out_of_range",
        nb,
        en,
    )]))
}

/// How homes fell to groups of those who applied in a period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FairnessOfPeriod {
    from: Day,
    until: Day,
    #[serde(flatten)]
    fairness: Fairness,
    /// What the team did in the period with lines of plans.
    hands: Hands,
}

fn of_period(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &Period,
) -> Result<Shown<FairnessOfPeriod>, Problem> {
    let today = tx.today();
    let until = ended(asked.from, asked.until, today)?;
    let child_until = rulesets::in_force(tx, today)?.rules.child_until_age;
    let mut cases = applications::received_between(tx, asked.from, until)?;
    let veil = veil(tx)?;
    cases.retain(|case| {
        case.kind != ApplicationType::AssistanceOnly && !veil.hides(case.household_id)
    });
    let facts = gather::households_on(tx, &cases, until.min(today))?;
    let fates: BTreeMap<ApplicationId, (Fate, Day)> = cases
        .iter()
        .map(|case| {
            let since = case.state_since.day();
            let fate = match case.state {
                ApplicationState::Housed => (Fate::Housed, since),
                ApplicationState::Refused => (Fate::Refused, since),
                state if state.is_open() => (Fate::Other, today),
                _ => (Fate::Other, since),
            };
            (case.id, fate)
        })
        .collect();
    let counted = facts.iter().filter_map(|household| {
        let (fate, ended) = *fates.get(&household.application_id)?;
        Some(Counted::of(
            household,
            child_until,
            household.received_on,
            fate,
            ended,
        ))
    });
    let fairness = Fairness::of(&counted.collect::<Vec<_>>());
    let hidden: Vec<HouseholdId> = veil.hidden().collect();
    let hidden = applications::of_households(tx, &hidden)?;
    let hidden: Vec<ApplicationId> = hidden.iter().map(|case| case.id).collect();
    let hands = store::hands_between(tx, asked.from.start(), until.start(), &hidden)?;
    Ok(Shown::plain(FairnessOfPeriod {
        from: asked.from,
        until,
        fairness,
        hands,
    }))
}

/// Who waits longest, and who was passed over again and again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LongestWaits {
    /// Those who wait now, the longest first.
    waiting: Vec<Wait>,
    /// Those who still wait and were passed over by decisions of the period, the most often first.
    passed_over: Vec<PassedOver>,
    /// Decisions of the period that were held against their snapshots, 2,000 at most.
    decisions: usize,
}

/// How long a household has waited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Wait {
    application_id: ApplicationId,
    household_id: HouseholdId,
    days: i32,
}

fn longest_waits(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &PassedOverIn,
) -> Result<Shown<LongestWaits>, Problem> {
    let today = tx.today();
    let until = ended(asked.from, asked.until, today)?;
    let waiting = waiting(tx)?;
    let mut waits: Vec<Wait> = waiting
        .households()
        .map(|facts| Wait {
            application_id: facts.application_id,
            household_id: facts.household_id,
            days: facts.received_on.days_until(today),
        })
        .collect();
    waits.sort_by_key(|wait| (Reverse(wait.days), wait.application_id));
    waits.truncate(NAMED_MAX);
    let named = waits.iter().map(|it| (it.application_id, it.household_id));
    let seen = shown(tx, &named.collect::<Vec<_>>())?;
    waits.retain(|wait| seen.contains(&wait.application_id));
    let (tally, decisions) = tallied(tx, asked.from, until)?;
    let least = usize::from(asked.at_least.unwrap_or(PASSED_OVER_LEAST));
    let mut passed_over = tally.at_least(least);
    passed_over.retain(|it| waiting.waits(it.household_id));
    passed_over.truncate(NAMED_MAX);
    let named = passed_over.iter();
    let named = named.map(|it| (it.application_id, it.household_id));
    let seen = shown(tx, &named.collect::<Vec<_>>())?;
    passed_over.retain(|it| seen.contains(&it.application_id));
    tx.record(
        Entry::access("matching.longest_waits_read")
            .about_all(waits.iter().map(|wait| wait.application_id))
            .about_all(passed_over.iter().map(|it| it.application_id)),
    );
    Ok(Shown::plain(LongestWaits {
        waiting: waits,
        passed_over,
        decisions,
    }))
}

/// Holds the decisions of a period against their snapshots, each with the rules by which it was made.
fn tallied(tx: &mut Tx<'_>, from: Day, until: Day) -> Result<(Tally, usize), Problem> {
    let choices = store::choices_between(tx, from.start(), until.start(), CHOICES_MAX)?;
    let (mut tally, decisions) = (Tally::default(), choices.len());
    let mut rules = BTreeMap::new();
    for choice in choices {
        engine(&choice.engine_version).ok_or(Refusal::EngineGone)?;
        let rules = match rules.entry(choice.rule_set_id) {
            Place::Occupied(known) => known.into_mut(),
            Place::Vacant(unknown) => unknown.insert(rulesets::load(tx, choice.rule_set_id)?.rules),
        };
        let address = choice.snapshot_sha256.try_into();
        let address = address.map_err(|_| Problem::internal("an address of a wrong size"))?;
        let snapshot = snapshots::load_snapshot(tx, Hash(address))?;
        if let Some(home) = snapshot.find_home(choice.dwelling_id) {
            tally.add(&snapshot, rules, home, choice.application_id);
        }
    }
    Ok((tally, decisions))
}
