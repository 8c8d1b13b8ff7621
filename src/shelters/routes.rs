//! Temporary accommodation, as those see it who decide on it, find places and follow up.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts::{self, Deciding};
use super::model::{CheckOutcome, ShelterOutcome};
use super::rules;
use super::store::{self, ShelterDecision, Stay};
use super::{confirming, providers, reports};
use crate::access::Rooms;
use crate::audit::{Entry, Subject};
use crate::auth::Action::{DecideShelter, FollowShelter};
use crate::calendar::Term;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::decisions::{AppealBody, LegalBasis};
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{
    ApplicationId, DecisionId, HouseholdId, ShelterDecisionId, ShelterProviderId, StayId, UserId,
};
use crate::problem::Problem;

/// The operations on temporary accommodation.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        Endpoint::create(
            "/shelters/decisions",
            DecideShelter,
            "Decide on temporary accommodation (sosialtjenesteloven § 27)",
            decide,
        ),
        Endpoint::get(
            "/shelters/decisions/{id}",
            FollowShelter,
            "A decision on temporary accommodation",
            show_decision,
        ),
        Endpoint::act(
            "/shelters/decisions/{id}/confirm",
            DecideShelter,
            "Name the decision of the housing case by which one made in an emergency is confirmed, with its letter and its appeal",
            confirm,
        ),
        Endpoint::act(
            "/shelters/decisions/{id}/plan-exit",
            FollowShelter,
            "Write down what comes after, and by when",
            plan_exit,
        ),
        Endpoint::create(
            "/shelters/decisions/{id}/stays",
            FollowShelter,
            "Begin a stay",
            begin_stay,
        ),
        Endpoint::get(
            "/shelters/stays",
            FollowShelter,
            "The ledger of stays, without names",
            list_stays,
        ),
        Endpoint::get("/shelters/stays/{id}", FollowShelter, "A stay", show_stay),
        Endpoint::act(
            "/shelters/stays/{id}/end",
            FollowShelter,
            "End a stay",
            end_stay,
        ),
        Endpoint::act(
            "/shelters/stays/{id}/check",
            FollowShelter,
            "Write down that somebody looked at how a household stays",
            check_stay,
        ),
    ];
    endpoints.extend(providers::endpoints());
    endpoints.extend(reports::endpoints());
    endpoints
}

/// What is decided for a household.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DecideOnShelter {
    household_id: HouseholdId,
    /// The housing case by which the household shall get a lasting home, where there is one.
    #[serde(default)]
    application_id: Option<ApplicationId>,
    /// The decision of that case by sosialtjenesteloven § 27, with its letter and its appeal, where it was made there and not in an emergency.
    #[serde(default)]
    decision_id: Option<DecisionId>,
    outcome: ShelterOutcome,
    /// The first day.
    valid_from: Day,
    /// The day after the last one; at most as many months later as the municipality's terms of work say (three, where it has said nothing).
    valid_until: Day,
    /// Rules, facts and considerations (forvaltningsloven § 25).
    #[schema(min_length = 10, max_length = 10_000)]
    reasons: String,
    /// The compartments in which they lie; those of what is known of the household when not given, none when empty.
    compartments: Option<Rooms>,
}

/// A decision, without its texts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShelterDecided {
    id: ShelterDecisionId,
    version: i32,
    household_id: HouseholdId,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_id: Option<DecisionId>,
    outcome: ShelterOutcome,
    /// By which law.
    legal_basis: LegalBasis,
    valid_from: Day,
    valid_until: Day,
    /// By when something else is to be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_by: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<UserId>,
    decided_at: Instant,
    /// The body that hears an appeal, as the law has it on the day of the decision.
    appeal_body: AppealBody,
    /// How long the party has from receiving the notice.
    appeal_term: Term,
    /// The last day for an appeal, once the party was notified of the decision in the housing case.
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal_until: Option<Day>,
}

fn decide(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &DecideOnShelter,
) -> Result<Created<ShelterDecided>, Problem> {
    let deciding = Deciding {
        household: asked.household_id,
        application: asked.application_id,
        decision: asked.decision_id,
        outcome: asked.outcome,
        valid_from: asked.valid_from,
        valid_until: asked.valid_until,
        reasons: asked.reasons.clone(),
        compartments: asked.compartments.clone(),
    };
    let row = acts::decide(tx, &deciding)?;
    Ok(Created {
        location: format!("/shelters/decisions/{}", row.id),
        version: Some(row.version),
        body: decided(tx, &row)?,
    })
}

/// A decision with its texts; those that lie in a compartment that is closed to the caller are absent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeShelterDecision {
    #[serde(flatten)]
    decided: ShelterDecided,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<String>,
    /// What comes after.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_plan: Option<String>,
}

fn show_decision(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<WholeShelterDecision>, Problem> {
    let row = acts::load_decision(tx, call.id()?)?;
    let (reasons, exit_plan) = acts::texts_told(tx, &row)?;
    let entry = Entry::access("shelter.read").about(row.household_id);
    tx.record(entry.about(Subject::policy(row.id)));
    let whole = WholeShelterDecision {
        decided: decided(tx, &row)?,
        reasons,
        exit_plan,
    };
    Ok(Shown::at_version(row.version, whole))
}

fn decided(tx: &mut Tx<'_>, row: &ShelterDecision) -> Result<ShelterDecided, Problem> {
    let (right, appeal_until) = confirming::appeal_of(tx, row)?;
    Ok(ShelterDecided {
        id: row.id,
        version: row.version,
        household_id: row.household_id,
        application_id: row.application_id,
        decision_id: row.decision_id,
        outcome: row.outcome,
        legal_basis: right.legal_basis,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        exit_by: row.exit_by,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
        appeal_body: right.body,
        appeal_term: right.term,
        appeal_until,
    })
}

/// By what an emergency's decision is confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConfirmShelter {
    /// The decision of the household's housing case by sosialtjenesteloven § 27, of the same outcome.
    decision_id: DecisionId,
}

fn confirm(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ConfirmShelter,
) -> Result<Shown<ShelterDecided>, Problem> {
    let row = acts::load_decision(tx, call.id()?)?;
    call.has_seen(row.version)?;
    let row = confirming::confirm(tx, row, asked.decision_id)?;
    let told = decided(tx, &row)?;
    Ok(Shown::at_version(row.version, told))
}

/// What comes after.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlanExit {
    /// What is done so that the household gets a lasting home.
    #[schema(min_length = 1, max_length = 5000)]
    plan: String,
    /// The compartments in which that lies; those of what is known of the household when not given, none when empty.
    compartments: Option<Rooms>,
    /// By when.
    by: Day,
}

fn plan_exit(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &PlanExit,
) -> Result<Shown<ShelterDecided>, Problem> {
    let row = acts::load_decision(tx, call.id()?)?;
    call.has_seen(row.version)?;
    let plan = (asked.plan.as_str(), asked.compartments.as_ref());
    let row = acts::plan_exit(tx, row, plan, asked.by)?;
    let told = decided(tx, &row)?;
    Ok(Shown::at_version(row.version, told))
}

/// Where a household stays, and since when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BeginStay {
    provider_id: ShelterProviderId,
    /// The first night; not ahead of today.
    began_on: Day,
}

/// A stay, without names.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShelterStay {
    id: StayId,
    version: i32,
    decision_id: ShelterDecisionId,
    household_id: HouseholdId,
    provider_id: ShelterProviderId,
    children: i32,
    is_night_shelter: bool,
    began_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_on: Option<Day>,
    /// Nights until it ended, or until today.
    nights: i32,
    /// What those nights cost, in øre.
    cost_ore: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check_outcome: Option<CheckOutcome>,
}

fn begin_stay(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &BeginStay,
) -> Result<Created<ShelterStay>, Problem> {
    let decision = acts::load_decision(tx, call.id()?)?;
    let row = acts::begin_stay(tx, &decision, asked.provider_id, asked.began_on)?;
    let today = tx.today();
    Ok(Created {
        location: format!("/shelters/stays/{}", row.id),
        version: Some(row.version),
        body: stay(&row, today),
    })
}

/// Which stays are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct AskedStays {
    /// Only those that go on.
    ongoing: Option<bool>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(AskedStays);

fn list_stays(tx: &mut Tx<'_>, _: &Call, asked: &AskedStays) -> Result<Page<ShelterStay>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let rows = store::stays(
        tx,
        asked.ongoing.unwrap_or(false),
        paging.after()?,
        limit + 1,
    )?;
    let today = tx.today();
    Ok(Page::of(rows, limit, |row| row.id).map(|row| stay(&row, today)))
}

fn show_stay(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ShelterStay>, Problem> {
    let row = acts::load_stay(tx, call.id()?)?;
    Ok(shown(tx, &row))
}

/// When a stay ended.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EndStay {
    /// The day after the last night; not ahead of today.
    ended_on: Day,
}

fn end_stay(tx: &mut Tx<'_>, call: &Call, asked: &EndStay) -> Result<Shown<ShelterStay>, Problem> {
    let row = acts::load_stay(tx, call.id()?)?;
    call.has_seen(row.version)?;
    let row = acts::end_stay(tx, &row, asked.ended_on)?;
    Ok(shown(tx, &row))
}

/// What was found.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CheckStay {
    /// When somebody was there; not ahead of today.
    checked_on: Day,
    outcome: CheckOutcome,
}

fn check_stay(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &CheckStay,
) -> Result<Shown<ShelterStay>, Problem> {
    let row = acts::load_stay(tx, call.id()?)?;
    call.has_seen(row.version)?;
    let row = acts::check_stay(tx, &row, asked.checked_on, asked.outcome)?;
    Ok(shown(tx, &row))
}

fn shown(tx: &Tx<'_>, row: &Stay) -> Shown<ShelterStay> {
    Shown::at_version(row.version, stay(row, tx.today()))
}

pub(super) fn stay(row: &Stay, today: Day) -> ShelterStay {
    let nights = rules::nights(row.began_on, row.ended_on, today);
    ShelterStay {
        id: row.id,
        version: row.version,
        decision_id: row.decision_id,
        household_id: row.household_id,
        provider_id: row.provider_id,
        children: row.children,
        is_night_shelter: row.is_night_shelter,
        began_on: row.began_on,
        ended_on: row.ended_on,
        nights,
        cost_ore: i64::from(nights) * row.nightly_ore,
        checked_on: row.checked_on,
        check_outcome: row.check_outcome,
    }
}
