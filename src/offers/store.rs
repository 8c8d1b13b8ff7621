//! The table of offers.

use diesel::prelude::*;

use super::model::{DeclineReason, OfferState};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::offer;
use crate::ids::{
    AllocationId, ApplicationId, DecisionId, DwellingId, HouseholdId, MunicipalityId, OfferId,
};
use crate::problem::Problem;

/// An offer of a home ("tilbud").
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = offer, treat_none_as_default_value = false)]
pub struct Offer {
    /// The municipality that offers.
    pub municipality_id: MunicipalityId,
    /// The offer.
    pub id: OfferId,
    /// Rises with every change.
    pub version: i32,
    /// The allocation that holds the home meanwhile.
    pub allocation_id: AllocationId,
    /// The decision that it carries out.
    pub decision_id: DecisionId,
    /// The case.
    pub application_id: ApplicationId,
    /// To whom.
    pub household_id: HouseholdId,
    /// Which home.
    pub dwelling_id: DwellingId,
    /// Where it stands.
    pub state: OfferState,
    /// When it was made.
    pub made_at: Instant,
    /// The last day on which it can be accepted.
    pub answer_by: Day,
    /// How long the lease will run.
    pub lease_months: i16,
    /// When it was answered.
    pub answered_at: Option<Instant>,
    /// Why it was declined.
    pub decline_reason: Option<DeclineReason>,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Offer) -> Result<(), Problem> {
    diesel::insert_into(offer::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: OfferId) -> Result<Option<Offer>, Problem> {
    let key = (tx.municipality(), id);
    let found = offer::table
        .find(key)
        .select(offer::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

pub(super) fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Offer>, Problem> {
    let municipality = tx.municipality();
    Ok(offer::table
        .filter(offer::municipality_id.eq(municipality))
        .filter(offer::application_id.eq(case))
        .order(offer::id)
        .select(offer::all_columns)
        .load(tx.conn())?)
}

/// Records the answer, if the offer is still at the version that was read.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    of: &Offer,
    state: OfferState,
    reason: Option<DeclineReason>,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(offer::table.find(key))
        .filter(offer::version.eq(of.version))
        .filter(offer::state.eq(OfferState::Open))
        .set((
            offer::state.eq(state),
            offer::answered_at.eq(now),
            offer::decline_reason.eq(reason),
            offer::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}
