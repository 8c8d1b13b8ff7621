//! Leases that run on by a decision ("forlengelse"): from the day on which they would have ended, with no gap and no other home.

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

/// Lets a lease run on, by a decision.
pub fn renew(
    tx: &mut Tx<'_>,
    tenancy: &Tenancy,
    ground: Ground,
    months: i16,
) -> Result<(), Problem> {
    let (runs_from, runs_until) = rules::runs_on(tenancy.agreed_until, tx.today(), months);
    let renewal = Renewal {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        tenancy_id: tenancy.id,
        application_id: ground.application,
        decision_id: ground.decision,
        runs_from,
        runs_until,
        renewed_at: tx.now(),
    };
    diesel::insert_into(lease_renewal::table)
        .values(&renewal)
        .execute(tx.conn())?;
    must_be_current(store::run_on(tx, tenancy, runs_until)?)?;
    tx.record(
        Entry::change("tenancy.renewed")
            .of_case(ground.application)
            .about(tenancy.id)
            .about(tenancy.dwelling_id)
            .about(tenancy.household_id)
            .about(ground.decision)
            .fact("runsFrom", runs_from.0.to_string())
            .fact("runsUntil", runs_until.0.to_string()),
    );
    Ok(())
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
