//! Leases that run on by a decision ("forlengelse"): from the day on which they would have ended, with no gap and no other home. A decision
//! that takes the place of one that renewed a lease gives other months, or none; both stay on record.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::acts::Ground;
use super::model::TenancyState;
use super::rules::{self, Refusal};
use super::store::{self, Tenancy};
use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::lease_renewal;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, DecisionId, MunicipalityId, PersonId, RenewalId, TenancyId};
use crate::people;
use crate::problem::Problem;
use crate::tasks::{self, TaskKind};

/// That a lease runs on.
#[derive(Debug, Clone, Copy, Queryable, Selectable, Insertable)]
#[diesel(table_name = lease_renewal)]
pub(super) struct Renewal {
    municipality_id: MunicipalityId,
    id: RenewalId,
    tenancy_id: TenancyId,
    application_id: ApplicationId,
    decision_id: DecisionId,
    runs_from: Day,
    runs_until: Day,
    renewed_at: Instant,
    replaced_by: Option<DecisionId>,
}

/// That a lease runs on, and by which decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RenewalShown {
    id: RenewalId,
    application_id: ApplicationId,
    decision_id: DecisionId,
    /// The day on which the lease would have ended.
    runs_from: Day,
    /// The day after the last one of the lease as it is now.
    runs_until: Day,
    renewed_at: Instant,
    /// The decision that took its place: by another renewal, or by none.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<DecisionId>,
}

impl From<Renewal> for RenewalShown {
    fn from(renewal: Renewal) -> Self {
        Self {
            id: renewal.id,
            application_id: renewal.application_id,
            decision_id: renewal.decision_id,
            runs_from: renewal.runs_from,
            runs_until: renewal.runs_until,
            renewed_at: renewal.renewed_at,
            replaced_by: renewal.replaced_by,
        }
    }
}

/// The tenancy by which somebody lives in a home of ours, in whatever household; refuses where there is none to be renewed.
pub fn must_be_tenant(tx: &mut Tx<'_>, person: PersonId) -> Result<Tenancy, Problem> {
    let households = people::households_of(tx, person)?;
    let mut theirs = store::of_households(tx, &households)?;
    theirs.retain(|tenancy| tenancy.state == TenancyState::Active);
    theirs.sort_by_key(|tenancy| tenancy.id);
    theirs.pop().ok_or_else(|| Refusal::NothingToRenew.into())
}

/// From when and until when a lease runs by a decision: for so many months more, or, where none are given, no longer than before the
/// decision that is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The first day that the decision gives.
    pub from: Day,
    /// The day after the last one of the lease.
    pub until: Day,
}

/// The day from which a lease that ran out runs on without an end, unless somebody acts before.
#[must_use]
pub fn open_ended_from(agreed_until: Day) -> Day {
    rules::open_ended_from(agreed_until)
}

/// How a lease would run by a decision that takes the place of another, or of none.
pub fn course(
    tx: &mut Tx<'_>,
    tenancy: &Tenancy,
    months: Option<i16>,
    replaces: Option<DecisionId>,
) -> Result<Course, Problem> {
    let today = tx.today();
    if let Some(before) = replaced(tx, tenancy, replaces)? {
        let from = before.runs_from;
        let until = rules::runs_instead(from, today, months)?;
        return Ok(Course { from, until });
    }
    let asked = tasks::was_done(tx, TaskKind::LeaseRanOut, tenancy.id)?;
    rules::may_run_on(tenancy.agreed_until, today, asked)?;
    let (from, until) = rules::runs_on(tenancy.agreed_until, today, months.unwrap_or_default());
    Ok(Course { from, until })
}

/// The renewal by the decision that is replaced, where it gave one; it must be the last of the lease.
fn replaced(
    tx: &mut Tx<'_>,
    tenancy: &Tenancy,
    replaces: Option<DecisionId>,
) -> Result<Option<Renewal>, Problem> {
    let Some(decision) = replaces else {
        return Ok(None);
    };
    let renewals = of_tenancy(tx, tenancy.id)?;
    let found = renewals
        .into_iter()
        .find(|it| it.decision_id == decision && it.replaced_by.is_none());
    match found {
        Some(it) if it.runs_until != tenancy.agreed_until => Err(Refusal::RenewedAgain.into()),
        found => Ok(found),
    }
}

/// Lets a lease run by a decision, as long as it says; where it takes the place of one that renewed the lease, instead of that.
pub fn renew(
    tx: &mut Tx<'_>,
    tenancy: &Tenancy,
    ground: Ground,
    months: Option<i16>,
    replaces: Option<DecisionId>,
) -> Result<(), Problem> {
    let Course { from, until } = course(tx, tenancy, months, replaces)?;
    if let Some(before) = replaced(tx, tenancy, replaces)? {
        must_be_current(mark_replaced(tx, &before, ground.decision)?)?;
    } else if months.is_none() {
        return Ok(());
    }
    if months.is_some() {
        let renewal = Renewal {
            municipality_id: tx.municipality(),
            id: tx.new_id(),
            tenancy_id: tenancy.id,
            application_id: ground.application,
            decision_id: ground.decision,
            runs_from: from,
            runs_until: until,
            renewed_at: tx.now(),
            replaced_by: None,
        };
        diesel::insert_into(lease_renewal::table)
            .values(&renewal)
            .execute(tx.conn())?;
    }
    must_be_current(store::run_until(tx, tenancy, until)?)?;
    let entry = if months.is_some() {
        Entry::change("tenancy.renewed")
    } else {
        Entry::change("tenancy.renewal_taken_away")
    };
    tx.record(
        entry
            .of_case(ground.application)
            .about(tenancy.id)
            .about(tenancy.dwelling_id)
            .about(tenancy.household_id)
            .about(ground.decision)
            .fact("runsFrom", from.0.to_string())
            .fact("runsUntil", until.0.to_string()),
    );
    Ok(())
}

fn mark_replaced(tx: &mut Tx<'_>, of: &Renewal, by: DecisionId) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(lease_renewal::table.find(key))
        .filter(lease_renewal::replaced_by.is_null())
        .set(lease_renewal::replaced_by.eq(by))
        .execute(tx.conn())?)
}

/// The renewals of a tenancy, oldest first.
pub(super) fn of_tenancy(tx: &mut Tx<'_>, tenancy: TenancyId) -> Result<Vec<Renewal>, Problem> {
    let municipality = tx.municipality();
    Ok(lease_renewal::table
        .filter(lease_renewal::municipality_id.eq(municipality))
        .filter(lease_renewal::tenancy_id.eq(tenancy))
        .order(lease_renewal::id)
        .select(lease_renewal::all_columns)
        .load(tx.conn())?)
}
