//! Notices in the database.

use diesel::prelude::*;

use super::lifecycle::NoticeState;
use super::rules::Refusal;
use crate::clock::Day;
use crate::db::schema::eviction_notice;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{HouseholdId, MunicipalityId, NoticeId, TenancyId};
use crate::problem::Problem;

const ONE_OPEN: Unique = Unique {
    name: "eviction_notice_one_open",
    columns: "eviction_notice.municipality_id, eviction_notice.tenancy_id",
};

/// A notice.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = eviction_notice, treat_none_as_default_value = false)]
pub(super) struct Notice {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: NoticeId,
    pub(super) version: i32,
    pub(super) tenancy_id: TenancyId,
    pub(super) household_id: HouseholdId,
    pub(super) state: NoticeState,
    pub(super) arrears_ore: i64,
    pub(super) notified_on: Day,
    pub(super) petition_from: Day,
    pub(super) opted_out_on: Option<Day>,
    pub(super) direct_payment_from: Option<Day>,
    pub(super) direct_payment_ore: Option<i64>,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Notice) -> Result<(), Problem> {
    diesel::insert_into(eviction_notice::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_OPEN, Refusal::NoticeOpen)?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: NoticeId) -> Result<Option<Notice>, Problem> {
    let key = (tx.municipality(), id);
    let found = eviction_notice::table
        .find(key)
        .select(Notice::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Notices after this one, without those of which NAV may not know where it is NAV that asks.
pub(super) fn page(
    tx: &mut Tx<'_>,
    for_nav: bool,
    after: Option<NoticeId>,
    limit: i64,
) -> Result<Vec<Notice>, Problem> {
    let municipality = tx.municipality();
    let mut query = eviction_notice::table
        .filter(eviction_notice::municipality_id.eq(municipality))
        .filter(eviction_notice::id.gt(after.unwrap_or(NoticeId::NIL)))
        .order(eviction_notice::id)
        .limit(limit)
        .select(Notice::as_select())
        .into_boxed();
    if for_nav {
        query = query.filter(eviction_notice::opted_out_on.is_null());
    }
    Ok(query.load(tx.conn())?)
}

/// Writes a changed notice, if it is still at the version before.
pub(super) fn update(tx: &mut Tx<'_>, row: &Notice) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(eviction_notice::table.find(key))
        .filter(eviction_notice::version.eq(row.version - 1))
        .set((
            eviction_notice::version.eq(row.version),
            eviction_notice::state.eq(row.state),
            eviction_notice::direct_payment_from.eq(row.direct_payment_from),
            eviction_notice::direct_payment_ore.eq(row.direct_payment_ore),
        ))
        .execute(tx.conn())?)
}
