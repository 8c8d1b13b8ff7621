//! Agreements over HTTP.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Agreement, AgreementKind, SayAgreement};
use super::{acts, rules, store};
use crate::auth::Action::{ManageHousing, ReadHousing};
use crate::clock::Day;
use crate::db::Tx;
use crate::housing::DwellingState;
use crate::housing::veil::Veil;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{AgreementId, DwellingId};
use crate::problem::{NOT_FOUND, Problem};

pub(in crate::housing) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/agreements",
            ManageHousing,
            "Register an agreement under which homes are let",
            make,
        ),
        Endpoint::get(
            "/agreements",
            ReadHousing,
            "The agreements, how many of their units are in use, and which are about to end",
            list,
        ),
        Endpoint::get(
            "/agreements/{id}",
            ReadHousing,
            "An agreement and its homes",
            show,
        ),
        Endpoint::replace(
            "/agreements/{id}",
            ManageHousing,
            "Say an agreement anew, as it is prolonged or revised",
            replace,
        ),
        Endpoint::act(
            "/agreements/{id}/add-homes",
            ManageHousing,
            "Put homes under an agreement",
            add,
        ),
        Endpoint::act(
            "/agreements/{id}/remove-homes",
            ManageHousing,
            "Take homes from under an agreement",
            remove,
        ),
    ]
}

/// An agreement.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AgreementShown {
    #[serde(flatten)]
    agreement: Agreement,
    /// How many of its homes stand blocked, as far as the reader may know. Each keeps its place under the quota.
    blocked: i32,
    /// Whether its end is near: warned of as many days ahead as it says.
    warns: bool,
    /// Its homes; not told in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_ids: Option<Vec<DwellingId>>,
}

/// How the homes stand under each agreement: how many are blocked, and of how many the reader is told so though they are in use.
#[derive(Default)]
struct Standing {
    blocked: BTreeMap<AgreementId, i32>,
    in_use: BTreeMap<AgreementId, i32>,
}

fn standing(tx: &mut Tx<'_>, agreements: &[AgreementId]) -> Result<Standing, Problem> {
    let veiled = Veil::of(tx)?.homes();
    let mut told = Standing {
        blocked: store::blocked_under(tx, agreements)?,
        ..Standing::default()
    };
    for (agreement, state) in store::states_under(tx, &veiled)? {
        if state != DwellingState::Blocked {
            *told.blocked.entry(agreement).or_default() += 1;
        }
        *told.in_use.entry(agreement).or_default() += i32::from(state.is_in_use());
    }
    Ok(told)
}

fn listed(agreement: Agreement, today: Day, standing: &Standing) -> AgreementShown {
    let of = |counted: &BTreeMap<_, _>| counted.get(&agreement.id).copied().unwrap_or_default();
    let unseen = of(&standing.in_use);
    AgreementShown {
        blocked: of(&standing.blocked),
        warns: rules::warns(agreement.ends_on, agreement.warn_days, today),
        agreement: Agreement {
            in_use: agreement.in_use - unseen,
            ..agreement
        },
        dwelling_ids: None,
    }
}

fn told(tx: &mut Tx<'_>, agreement: Agreement) -> Result<AgreementShown, Problem> {
    let standing = standing(tx, &[agreement.id])?;
    Ok(AgreementShown {
        dwelling_ids: Some(store::homes_of(tx, agreement.id)?),
        ..listed(agreement, tx.today(), &standing)
    })
}

fn shown(tx: &mut Tx<'_>, agreement: Agreement) -> Result<Shown<AgreementShown>, Problem> {
    Ok(Shown::at_version(agreement.version, told(tx, agreement)?))
}

fn make(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &SayAgreement,
) -> Result<Created<AgreementShown>, Problem> {
    let made = acts::make(tx, asked)?;
    Ok(Created {
        location: format!("/agreements/{}", made.id),
        version: Some(made.version),
        body: told(tx, made)?,
    })
}

/// Which agreements are asked for; all that are given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// Of this kind.
    kind: Option<AgreementKind>,
    /// Ends before this day.
    #[param(value_type = Option<Day>)]
    ends_before: Option<Day>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<AgreementShown>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let after = paging.after()?;
    let rows = store::page(tx, asked.kind, asked.ends_before, after, limit + 1)?;
    let ids: Vec<AgreementId> = rows.iter().map(|it| it.id).collect();
    let (today, standing) = (tx.today(), standing(tx, &ids)?);
    Ok(Page::of(rows, limit, |it| it.id).map(|it| listed(it, today, &standing)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<AgreementShown>, Problem> {
    let agreement = load(tx, call)?;
    shown(tx, agreement)
}

fn replace(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &SayAgreement,
) -> Result<Shown<AgreementShown>, Problem> {
    let before = seen(tx, call)?;
    let agreement = acts::replace(tx, &before, asked)?;
    shown(tx, agreement)
}

/// Homes of an agreement.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Homes {
    #[schema(min_items = 1, max_items = 500, value_type = Vec<uuid::Uuid>)]
    dwelling_ids: Vec<DwellingId>,
}

fn add(tx: &mut Tx<'_>, call: &Call, asked: &Homes) -> Result<Shown<AgreementShown>, Problem> {
    let before = seen(tx, call)?;
    let agreement = acts::add(tx, &before, &asked.dwelling_ids)?;
    shown(tx, agreement)
}

fn remove(tx: &mut Tx<'_>, call: &Call, asked: &Homes) -> Result<Shown<AgreementShown>, Problem> {
    let before = seen(tx, call)?;
    let agreement = acts::remove(tx, &before, &asked.dwelling_ids)?;
    shown(tx, agreement)
}

fn load(tx: &mut Tx<'_>, call: &Call) -> Result<Agreement, Problem> {
    store::find(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Agreement, Problem> {
    let agreement = load(tx, call)?;
    call.has_seen(agreement.version)?;
    Ok(agreement)
}
