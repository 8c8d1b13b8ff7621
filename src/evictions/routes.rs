//! Notices, as those see them who let homes, and as NAV sees them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::lifecycle::{NoticeState, NoticeStep};
use super::store::{self, Notice};
use crate::access;
use crate::audit::{Entry, Subject};
use crate::auth::Action::{AnswerEvictions, ManageEvictions};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{HouseholdId, NoticeId, TenancyId};
use crate::people;
use crate::problem::Problem;

/// The operations on notices.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/eviction-notices",
            ManageEvictions,
            "Give notice of arrears before a petition for eviction; NAV is told",
            notify,
        ),
        Endpoint::get(
            "/eviction-notices",
            ManageEvictions,
            "Notices, without names",
            list,
        ),
        Endpoint::get("/eviction-notices/{id}", ManageEvictions, "A notice", show),
        Endpoint::act(
            "/eviction-notices/{id}/settle",
            ManageEvictions,
            "Paid or agreed upon: no petition follows",
            settle,
        ),
        Endpoint::act(
            "/eviction-notices/{id}/petition",
            ManageEvictions,
            "The petition is sent; not before two weeks after NAV was told",
            petition,
        ),
        Endpoint::get(
            "/nav/eviction-notices",
            AnswerEvictions,
            "Notices that NAV is told of, without names",
            list_for_nav,
        ),
        Endpoint::get(
            "/nav/eviction-notices/{id}",
            AnswerEvictions,
            "A notice with whom it is about",
            show_for_nav,
        ),
        Endpoint::act(
            "/nav/eviction-notices/{id}/pay-directly",
            AnswerEvictions,
            "NAV pays the rent directly",
            pay_directly,
        ),
    ]
}

/// A tenancy in arrears.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NotifyArrears {
    tenancy_id: TenancyId,
    /// What is owed, in øre.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    arrears_ore: i64,
    /// When the tenant said no in writing to NAV's being told; NAV is told when not given.
    #[serde(default)]
    opted_out_on: Option<Day>,
}

/// A notice, without names.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EvictionNotice {
    id: NoticeId,
    version: i32,
    tenancy_id: TenancyId,
    household_id: HouseholdId,
    state: NoticeState,
    arrears_ore: i64,
    notified_on: Day,
    /// The first day on which a petition may be sent.
    petition_from: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    opted_out_on: Option<Day>,
    /// From when NAV pays the rent.
    #[serde(skip_serializing_if = "Option::is_none")]
    direct_payment_from: Option<Day>,
    /// How much a month, in øre.
    #[serde(skip_serializing_if = "Option::is_none")]
    direct_payment_ore: Option<i64>,
}

fn notify(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &NotifyArrears,
) -> Result<Created<EvictionNotice>, Problem> {
    let row = acts::notify(tx, asked.tenancy_id, asked.arrears_ore, asked.opted_out_on)?;
    Ok(Created {
        location: format!("/eviction-notices/{}", row.id),
        version: Some(row.version),
        body: told(row),
    })
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<EvictionNotice>, Problem> {
    page(tx, false, paging)
}

fn list_for_nav(
    tx: &mut Tx<'_>,
    _: &Call,
    paging: &Paging,
) -> Result<Page<EvictionNotice>, Problem> {
    page(tx, true, paging)
}

fn page(tx: &mut Tx<'_>, for_nav: bool, paging: &Paging) -> Result<Page<EvictionNotice>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, for_nav, paging.after()?, limit + 1)?;
    let page = Page::of(rows, limit, |row| row.id);
    // NAV is told whom it is about and never where; whoever manages homes is told where by the tenancy.
    let hidden = if for_nav {
        BTreeSet::new()
    } else {
        let households: Vec<HouseholdId> =
            page.items().iter().map(|row| row.household_id).collect();
        access::unlocatable(tx, &households)?
    };
    let page = page.without(|row| hidden.contains(&row.household_id));
    Ok(page.map(told))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<EvictionNotice>, Problem> {
    Ok(shown(acts::load(tx, call.id()?, false)?))
}

/// A notice with whom it is about, so that NAV can offer help. Never where.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EvictionNoticeForNav {
    #[serde(flatten)]
    notice: EvictionNotice,
    /// Who has the tenancy.
    tenant_name: String,
    /// How many people live there.
    household_size: usize,
}

fn show_for_nav(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<EvictionNoticeForNav>, Problem> {
    let row = acts::load(tx, call.id()?, true)?;
    let tenant = people::applicant_of(tx, row.household_id)?;
    let mut entry = Entry::access("eviction.read").about(row.household_id);
    let mut tenant_name = String::new();
    if let Some(tenant) = tenant {
        entry = entry.about(tenant);
        if let Some(name) = people::name_of(tx, tenant)? {
            tenant_name = format!("{} {}", name.given_name, name.family_name);
        }
    }
    tx.record(
        entry
            .about(Subject::policy(row.id))
            .fact("legalBasis", "husleieloven § 9-11"),
    );
    let household_size = people::living_in(tx, row.household_id)?;
    let version = row.version;
    let whole = EvictionNoticeForNav {
        notice: told(row),
        tenant_name,
        household_size,
    };
    Ok(Shown::at_version(version, whole))
}

fn settle(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<EvictionNotice>, Problem> {
    let row = seen(tx, call, false)?;
    Ok(shown(acts::step(tx, &row, NoticeStep::Settle)?))
}

fn petition(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<EvictionNotice>, Problem> {
    let row = seen(tx, call, false)?;
    Ok(shown(acts::step(tx, &row, NoticeStep::Petition)?))
}

/// What NAV pays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PayDirectly {
    /// From when.
    from: Day,
    /// How much a month, in øre.
    #[schema(minimum = 1, maximum = 100_000_000)]
    monthly_ore: i64,
}

fn pay_directly(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &PayDirectly,
) -> Result<Shown<EvictionNotice>, Problem> {
    let row = seen(tx, call, true)?;
    Ok(shown(acts::pay_directly(
        tx,
        &row,
        asked.from,
        asked.monthly_ore,
    )?))
}

fn seen(tx: &mut Tx<'_>, call: &Call, for_nav: bool) -> Result<Notice, Problem> {
    let row = acts::load(tx, call.id()?, for_nav)?;
    call.has_seen(row.version)?;
    Ok(row)
}

fn shown(row: Notice) -> Shown<EvictionNotice> {
    Shown::at_version(row.version, told(row))
}

fn told(row: Notice) -> EvictionNotice {
    EvictionNotice {
        id: row.id,
        version: row.version,
        tenancy_id: row.tenancy_id,
        household_id: row.household_id,
        state: row.state,
        arrears_ore: row.arrears_ore,
        notified_on: row.notified_on,
        petition_from: row.petition_from,
        opted_out_on: row.opted_out_on,
        direct_payment_from: row.direct_payment_from,
        direct_payment_ore: row.direct_payment_ore,
    }
}
