//! What was found, and what is overridden, over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::model::{
    ClearedHow, InspectionFinding, LettingObstacle, Override, OverrideReason, Severity,
};
use super::store;
use crate::auth::Action::{ManageHousing, OverrideInspection, ReadHousing};
use crate::clock::Day;
use crate::db::Tx;
use crate::housing::routes::find;
use crate::housing::veil::Veil;
use crate::housing::{DwellingState, letting};
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::AgreementId;
use crate::problem::{NOT_FOUND, Problem};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/dwellings/{id}/letting",
            ReadHousing,
            "Whether a home may be let today, and what bars it",
            may_be_let,
        ),
        Endpoint::create(
            "/dwellings/{id}/overrides",
            OverrideInspection,
            "Let a home be let for a while although its inspection bars it",
            set_aside,
        ),
        Endpoint::get(
            "/inspection-findings",
            ReadHousing,
            "What was found and is not put right yet",
            list,
        ),
        Endpoint::get("/inspection-findings/{id}", ReadHousing, "A finding", show),
        Endpoint::act(
            "/inspection-findings/{id}/clear",
            ManageHousing,
            "Say that a finding was put right",
            clear,
        ),
    ]
}

/// Whether a home may be let today.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LettingShown {
    /// Whether it stands vacant and nothing bars it.
    may_be_let: bool,
    /// What bars it.
    barred_by: Vec<LettingObstacle>,
    /// What would bar it and is overridden for a while.
    overridden: Vec<LettingObstacle>,
    /// When the next yearly inspection is due at the latest; null where there never was one.
    next_inspection_due_on: Option<Day>,
    /// Findings that bar letting and are not put right.
    blocking_findings: i64,
    /// Until which day it can be let: it is demolished then, or handed back.
    until: Option<Day>,
    /// The agreement under which it is let.
    agreement_id: Option<AgreementId>,
    /// Whether that agreement's quota is used up.
    quota_full: bool,
}

fn may_be_let(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<LettingShown>, Problem> {
    let home = find(tx, call)?;
    let clearance = acts::clearances(tx, &[&home])?.remove(&home.id);
    let clearance = clearance.ok_or_else(|| Problem::internal("a home without its upkeep"))?;
    let facts = letting::facts(tx, &[&home])?.remove(&home.id);
    let facts = facts.ok_or_else(|| Problem::internal("a home without its letting"))?;
    let quota_full = facts.quota.is_some_and(|quota| quota.is_full());
    let is_vacant = Veil::of(tx)?.state(home.id, home.state) == DwellingState::Available;
    Ok(Shown::plain(LettingShown {
        may_be_let: is_vacant
            && clearance.barred_by.is_empty()
            && !quota_full
            && facts.until.is_none_or(|until| tx.today() < until),
        barred_by: clearance.barred_by,
        overridden: clearance.overridden,
        next_inspection_due_on: clearance.next_due_on,
        blocking_findings: clearance.blocking_findings,
        until: facts.until,
        agreement_id: facts.quota.map(|quota| quota.agreement),
        quota_full,
    }))
}

/// What is overridden, why and until when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetAside {
    obstacle: LettingObstacle,
    reason: OverrideReason,
    /// The first day on which it no longer holds; within so many days as the stock's rules say.
    valid_until: Day,
}

fn set_aside(tx: &mut Tx<'_>, call: &Call, asked: &SetAside) -> Result<Created<Override>, Problem> {
    let home = find(tx, call)?;
    let what = (asked.obstacle, asked.reason);
    let made = acts::set_aside(tx, &home, what, asked.valid_until)?;
    Ok(Created {
        location: format!("/dwellings/{}/letting", home.id),
        version: None,
        body: made,
    })
}

/// Which findings are asked for; all that are given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct FindingsAsked {
    /// As grave as this.
    severity: Option<Severity>,
    /// To be put right before this day.
    #[param(value_type = Option<Day>)]
    due_before: Option<Day>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(FindingsAsked);

fn list(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &FindingsAsked,
) -> Result<Page<InspectionFinding>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let after = paging.after()?;
    let rows = store::open_findings(tx, asked.severity, asked.due_before, after, limit + 1)?;
    Ok(Page::of(rows, limit, |it| it.id))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<InspectionFinding>, Problem> {
    let found = load(tx, call)?;
    Ok(Shown::at_version(found.version, found))
}

/// How a finding was put right.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClearFinding {
    how: ClearedHow,
    /// On which day; today when not given.
    on: Option<Day>,
}

fn clear(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ClearFinding,
) -> Result<Shown<InspectionFinding>, Problem> {
    let found = load(tx, call)?;
    call.has_seen(found.version)?;
    let found = acts::clear(tx, &found, asked.how, asked.on)?;
    Ok(Shown::at_version(found.version, found))
}

fn load(tx: &mut Tx<'_>, call: &Call) -> Result<InspectionFinding, Problem> {
    store::find_finding(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}
