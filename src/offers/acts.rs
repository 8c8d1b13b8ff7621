//! Making an offer, and recording the answer.

use super::model::{DeclineReason, OfferState};
use super::rules;
use super::store::{self, Offer};
use crate::access;
use crate::applications::{self, Step};
use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{AllocationId, ApplicationId, DecisionId, DwellingId, HouseholdId, OfferId};
use crate::problem::{NOT_FOUND, Problem};
use crate::tenancies::{self, Lease, Tenancy};

/// An offer to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewOffer {
    /// The allocation that holds the home meanwhile.
    pub allocation: AllocationId,
    /// The decision that it carries out.
    pub decision: DecisionId,
    /// The case.
    pub application: ApplicationId,
    /// To whom.
    pub household: HouseholdId,
    /// Which home.
    pub dwelling: DwellingId,
    /// The last day on which it can be accepted.
    pub answer_by: Day,
    /// How long the lease will run.
    pub lease_months: i16,
}

/// Makes an offer of a home that is held.
pub fn make(tx: &mut Tx<'_>, new: NewOffer) -> Result<OfferId, Problem> {
    let offer = Offer {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        allocation_id: new.allocation,
        decision_id: new.decision,
        application_id: new.application,
        household_id: new.household,
        dwelling_id: new.dwelling,
        state: OfferState::Open,
        made_at: tx.now(),
        answer_by: new.answer_by,
        lease_months: new.lease_months,
        answered_at: None,
        decline_reason: None,
    };
    store::insert(tx, &offer)?;
    let entry = entry_of("offer.made", &offer);
    tx.record(entry.fact("answerBy", offer.answer_by.0.to_string()));
    Ok(offer.id)
}

/// The offers of a case, oldest first.
pub(super) fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Offer>, Problem> {
    store::of_case(tx, case)
}

/// An offer that must exist, in a case that the caller may see. The same look-ups are made where there is none.
pub(super) fn load(tx: &mut Tx<'_>, id: OfferId) -> Result<Offer, Problem> {
    let found = store::find(tx, id)?;
    let case = found.as_ref().map(|offer| offer.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The household takes the home: the tenancy begins, the home is lived in, the case is housed.
pub(super) fn accept(
    tx: &mut Tx<'_>,
    offer: &Offer,
    starts_on: Day,
) -> Result<(Offer, Tenancy), Problem> {
    rules::may_accept(offer.state, offer.answer_by, starts_on, tx.today())?;
    must_be_current(store::answer(tx, offer, OfferState::Accepted, None)?)?;
    let case = applications::load(tx, offer.application_id)?;
    applications::advance(tx, &case, Step::Accept)?;
    let lease = Lease {
        allocation: offer.allocation_id,
        dwelling: offer.dwelling_id,
        household: offer.household_id,
        starts_on,
        months: offer.lease_months,
    };
    let tenancy = tenancies::start(tx, lease)?;
    let entry = entry_of("offer.accepted", offer).about(tenancy.id);
    tx.record(
        entry
            .fact("startsOn", starts_on.0.to_string())
            .fact("leaseMonths", offer.lease_months),
    );
    Ok((load(tx, offer.id)?, tenancy))
}

/// The household does not take the home: it is free again, and the household waits on.
pub(super) fn decline(
    tx: &mut Tx<'_>,
    offer: &Offer,
    reason: DeclineReason,
) -> Result<Offer, Problem> {
    rules::may_decline(offer.state)?;
    must_be_current(store::answer(
        tx,
        offer,
        OfferState::Declined,
        Some(reason),
    )?)?;
    let case = applications::load(tx, offer.application_id)?;
    applications::advance(tx, &case, Step::Decline)?;
    tenancies::release(tx, offer.allocation_id, offer.dwelling_id)?;
    tx.record(entry_of("offer.declined", offer).fact("reason", reason.code()));
    load(tx, offer.id)
}

fn entry_of(action: &'static str, offer: &Offer) -> Entry {
    Entry::change(action)
        .of_case(offer.application_id)
        .about(offer.id)
        .about(offer.decision_id)
        .about(offer.dwelling_id)
        .about(offer.household_id)
}
