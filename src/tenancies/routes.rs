//! Tenancies, as those who manage homes see them: without names.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::model::TenancyState;
use super::renewals::{self, RenewalShown};
use super::sight;
use super::store::{self, Filter, Tenancy};
use crate::auth::Action::{ManageTenancies, ReadTenancies};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{DwellingId, HouseholdId, TenancyId};
use crate::problem::{NOT_FOUND, Problem};

/// The operations on tenancies.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/tenancies",
            ReadTenancies,
            "Tenancies, filtered; for example those that end soon",
            list,
        ),
        Endpoint::get("/tenancies/{id}", ReadTenancies, "A tenancy", show),
        Endpoint::get(
            "/tenancies/{id}/renewals",
            ReadTenancies,
            "How often a lease was renewed, until when, and by which decisions",
            list_renewals,
        ),
        Endpoint::act(
            "/tenancies/{id}/end",
            ManageTenancies,
            "Record that the home was handed back",
            end,
        ),
    ]
}

/// A tenancy, without names.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TenancyShown {
    id: TenancyId,
    version: i32,
    dwelling_id: DwellingId,
    household_id: HouseholdId,
    state: TenancyState,
    starts_on: Day,
    /// The day after the last one that the lease names.
    agreed_until: Day,
    /// The day on which the home was handed back.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_on: Option<Day>,
    /// Rent a month at the beginning, in øre.
    rent_ore: i64,
}

/// Which tenancies are asked for; all that are given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// In this state.
    state: Option<TenancyState>,
    /// Of this home.
    #[param(value_type = Option<uuid::Uuid>)]
    dwelling_id: Option<DwellingId>,
    /// Of this household.
    #[param(value_type = Option<uuid::Uuid>)]
    household_id: Option<HouseholdId>,
    /// Whose lease ends before this day.
    #[param(value_type = Option<Day>)]
    agreed_until_before: Option<Day>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<TenancyShown>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let filter = Filter {
        state: asked.state,
        dwelling: asked.dwelling_id,
        household: asked.household_id,
        agreed_until_before: asked.agreed_until_before,
    };
    let (limit, mut after) = (paging.limit()?, paging.after()?);
    let length = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    loop {
        let rows = store::page(tx, &filter, after, limit + 1)?;
        let is_last = rows.len() <= length;
        after = rows.last().map(|tenancy| tenancy.id);
        found.extend(sight::shown(tx, rows)?);
        if is_last || found.len() > length {
            break;
        }
    }
    Ok(Page::of(found, limit, |tenancy| tenancy.id).map(|tenancy| told(&tenancy)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<TenancyShown>, Problem> {
    let tenancy = load(tx, call)?;
    Ok(Shown::at_version(tenancy.version, told(&tenancy)))
}

/// The renewals of a lease, oldest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RenewalsShown {
    items: Vec<RenewalShown>,
}

fn list_renewals(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<RenewalsShown>, Problem> {
    let tenancy = load(tx, call)?;
    let renewals = renewals::of_tenancy(tx, tenancy.id)?;
    let items = renewals.into_iter().map(RenewalShown::from).collect();
    Ok(Shown::plain(RenewalsShown { items }))
}

/// When the home was handed back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct End {
    /// Not before the tenancy began, not ahead of today.
    ended_on: Day,
}

fn end(tx: &mut Tx<'_>, call: &Call, asked: &End) -> Result<Shown<TenancyShown>, Problem> {
    let tenancy = load(tx, call)?;
    call.has_seen(tenancy.version)?;
    let tenancy = acts::end(tx, &tenancy, asked.ended_on)?;
    Ok(Shown::at_version(tenancy.version, told(&tenancy)))
}

fn load(tx: &mut Tx<'_>, call: &Call) -> Result<Tenancy, Problem> {
    sight::find(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn told(tenancy: &Tenancy) -> TenancyShown {
    TenancyShown {
        id: tenancy.id,
        version: tenancy.version,
        dwelling_id: tenancy.dwelling_id,
        household_id: tenancy.household_id,
        state: tenancy.state,
        starts_on: tenancy.starts_on,
        agreed_until: tenancy.agreed_until,
        ended_on: tenancy.ended_on,
        rent_ore: tenancy.rent_ore,
    }
}
