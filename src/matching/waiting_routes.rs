//! The waiting list, as it is or was, and why a household stands where it stands.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::clock;
use super::gather::{list_as_of, list_now, must_be_matchable};
use super::model::Snapshot;
use super::waiting_list::{WaitingPlace, WaitingReasons, waiting_list, waiting_reasons};
use super::{ENGINE_VERSION, Refusal};
use crate::access;
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::Match;
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{AsOf, Call, Endpoint, Page, Paging, Shown};
use crate::ids::{ApplicationId, RuleSetId};
use crate::problem::{BAD_CURSOR, Problem};
use crate::rulesets::{self, RuleSet};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/waiting-list",
            Match,
            "Those who wait in the order that the rules give, as it is or was; the order is derived and never stored",
            list,
        ),
        Endpoint::get(
            "/applications/{id}/standing",
            Match,
            "Why a household stands where it stands on the waiting list, or stood at a moment",
            standing,
        ),
    ]
}

/// Which page of the list, and as of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
    /// As it was at this moment, at least 30 seconds ago.
    #[param(value_type = Option<Instant>)]
    as_of: Option<Instant>,
}

crate::query!(Asked);

/// By what the order was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingListBasis)]
struct Basis {
    /// The moment of the answer, or the one that was asked for.
    as_of: Instant,
    /// The version of the rules that were in force then.
    rule_set_id: RuleSetId,
    /// Its number within the municipality.
    rule_set_number: i32,
    /// The version of the engine.
    engine_version: &'static str,
    /// The version of the pool: it rises with every change of what a match depends on. Absent of the past, of which it was not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pool_version: Option<i64>,
}

/// A page of the waiting list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WaitingListPage {
    #[serde(flatten)]
    basis: Basis,
    /// Those on the page whose cases the caller may see. Places stay what they are.
    items: Vec<WaitingPlace>,
    /// Ask for the next page with this; null on the last page.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Shown<WaitingListPage>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let (limit, after) = (paging.limit()?, paging.after()?);
    let known = known(tx, AsOf::at(asked.as_of))?;
    let mut places = waiting_list(&known.pool, &known.rules);
    if let Some(after) = after {
        let last = places.iter().position(|it| it.application_id == after);
        let last = last.ok_or_else(|| Problem::new(&BAD_CURSOR).at("/query/cursor"))?;
        places.drain(..=last);
    }
    places.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    let page = Page::of(places, limit, |it| it.application_id);
    let cases: Vec<_> = page.items().iter().map(|it| it.application_id).collect();
    let seen = access::visible_cases(tx, &cases)?;
    let page = page.without(|it| !seen.contains(&it.application_id));
    let (items, next_cursor) = page.into_parts();
    Ok(Shown::plain(WaitingListPage {
        basis: known.basis,
        items,
        next_cursor,
    }))
}

/// Why a household stands where it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Standing {
    #[serde(flatten)]
    reasons: WaitingReasons,
    #[serde(flatten)]
    basis: Basis,
}

fn standing(tx: &mut Tx<'_>, call: &Call, asked: &AsOf) -> Result<Shown<Standing>, Problem> {
    let id: ApplicationId = call.id()?;
    let case = applications::load(tx, id)?;
    tx.record(
        Entry::access("waiting.standing_read")
            .about(case.id)
            .about(case.household_id)
            .about(case.applicant_id),
    );
    let known = known(tx, *asked)?;
    let reasons = waiting_reasons(&known.pool, &known.rules, id);
    if reasons.is_none() && asked.moment(tx.now())?.is_none() {
        must_be_matchable(tx, &case)?;
    }
    let reasons = reasons.ok_or(Refusal::NotOnList)?;
    Ok(Shown::plain(Standing {
        reasons,
        basis: known.basis,
    }))
}

/// Who waits or waited, and the rules in force then.
struct Known {
    pool: Snapshot,
    rules: RuleSet,
    basis: Basis,
}

fn known(tx: &mut Tx<'_>, asked: AsOf) -> Result<Known, Problem> {
    let (pool, as_of, pool_version) = if let Some(at) = asked.moment(tx.now())? {
        (list_as_of(tx, at)?, at, None)
    } else {
        let version = clock::version(tx)?;
        (list_now(tx)?, tx.now(), Some(version.number()))
    };
    let adopted = rulesets::in_force(tx, as_of.day())?;
    let basis = Basis {
        as_of,
        rule_set_id: adopted.id,
        rule_set_number: adopted.number,
        engine_version: ENGINE_VERSION,
        pool_version,
    };
    Ok(Known {
        pool,
        rules: adopted.rules,
        basis,
    })
}
