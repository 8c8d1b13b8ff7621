//! The table of offers.

use diesel::prelude::*;

use super::lifecycle::OfferState;
use super::model::WithdrawnReason;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::offer;
use crate::ids::{
    AllocationId, ApplicationId, DecisionId, DwellingId, HouseholdId, MunicipalityId, OfferId,
};
use crate::problem::Problem;
use crate::rulesets::DeclineReason;

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
    /// The last day on which it can be accepted; none until it is proved that it arrived.
    pub answer_by: Option<Day>,
    /// How long the lease will run.
    pub lease_months: i16,
    /// When it was answered.
    pub answered_at: Option<Instant>,
    /// Why it was declined.
    pub decline_reason: Option<DeclineReason>,
    /// How many days there are for an answer.
    pub answer_days: i16,
    /// When it arrived, as is proved.
    pub notified_at: Option<Instant>,
    /// When the home can be looked at.
    pub viewing_at: Option<Instant>,
    /// Whether its end is one of those after which a grant may lapse; not known before it ends.
    pub counts: Option<bool>,
    /// Why the municipality took it back.
    pub withdrawn_reason: Option<WithdrawnReason>,
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

/// The open offers whose last day lies before a day, up to a number of them.
pub(super) fn over_by(tx: &mut Tx<'_>, today: Day, limit: i64) -> Result<Vec<Offer>, Problem> {
    let municipality = tx.municipality();
    Ok(offer::table
        .filter(offer::municipality_id.eq(municipality))
        .filter(offer::state.eq(OfferState::Open))
        .filter(offer::answer_by.lt(today))
        .order(offer::id)
        .limit(limit)
        .select(offer::all_columns)
        .load(tx.conn())?)
}

/// To which cases a home was ever offered.
pub(super) fn cases_offered(
    tx: &mut Tx<'_>,
    dwelling: DwellingId,
) -> Result<Vec<ApplicationId>, Problem> {
    let municipality = tx.municipality();
    Ok(offer::table
        .filter(offer::municipality_id.eq(municipality))
        .filter(offer::dwelling_id.eq(dwelling))
        .select(offer::application_id)
        .load(tx.conn())?)
}

/// How an offer ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending {
    pub(super) state: OfferState,
    pub(super) reason: Option<DeclineReason>,
    pub(super) withdrawn: Option<WithdrawnReason>,
    pub(super) counts: bool,
}

/// Records how an offer ended, if it is still at the version that was read.
pub(super) fn end(tx: &mut Tx<'_>, of: &Offer, ending: Ending) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(offer::table.find(key))
        .filter(offer::version.eq(of.version))
        .filter(offer::state.eq(of.state))
        .set((
            offer::state.eq(ending.state),
            offer::answered_at.eq(of.answered_at.unwrap_or(now)),
            offer::decline_reason.eq(ending.reason),
            offer::withdrawn_reason.eq(ending.withdrawn),
            offer::counts.eq(ending.counts),
            offer::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Writes down that an offer arrived, and until when it can be answered.
pub(super) fn notify(
    tx: &mut Tx<'_>,
    of: &Offer,
    at: Instant,
    answer_by: Day,
) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(offer::table.find(key))
        .filter(offer::version.eq(of.version))
        .filter(offer::notified_at.is_null())
        .set((
            offer::notified_at.eq(at),
            offer::answer_by.eq(answer_by),
            offer::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Writes down when the home can be looked at.
pub(super) fn set_viewing(tx: &mut Tx<'_>, of: &Offer, at: Instant) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(offer::table.find(key))
        .filter(offer::version.eq(of.version))
        .set((offer::viewing_at.eq(at), offer::version.eq(of.version + 1)))
        .execute(tx.conn())?)
}
