//! Making an offer, and what is learnt of it until it is answered.

use super::lifecycle::OfferState;
use super::rules::{self, Refusal};
use super::store::{self, Offer};
use crate::access;
use crate::audit::Entry;
use crate::calendar::Term;
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{AllocationId, ApplicationId, DecisionId, DwellingId, HouseholdId, OfferId};
use crate::problem::{NOT_FOUND, Problem};

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
    /// How many days there are for an answer, from the proof that it arrived.
    pub answer_days: u8,
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
        answer_by: None,
        lease_months: new.lease_months,
        answered_at: None,
        decline_reason: None,
        answer_days: new.answer_days.into(),
        notified_at: None,
        viewing_at: None,
        counts: None,
        withdrawn_reason: None,
    };
    store::insert(tx, &offer)?;
    let entry = entry_of("offer.made", &offer);
    tx.record(entry.fact("answerDays", offer.answer_days));
    Ok(offer.id)
}

/// The offers of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Offer>, Problem> {
    store::of_case(tx, case)
}

/// An offer that must exist, in a case that the caller may see. The same look-ups are made where there is none.
pub fn load(tx: &mut Tx<'_>, id: OfferId) -> Result<Offer, Problem> {
    let found = store::find(tx, id)?;
    let case = found.as_ref().map(|offer| offer.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Notes that an offer arrived at a moment: from that day on the time for an answer runs, in the Norwegian calendar.
pub fn notify(tx: &mut Tx<'_>, offer: &Offer, received_at: Instant) -> Result<Offer, Problem> {
    if offer.state != OfferState::Open {
        return Err(Refusal::AlreadyAnswered.into());
    }
    if offer.notified_at.is_some() {
        return Err(Refusal::AlreadyNotified.into());
    }
    let days = u16::try_from(offer.answer_days).unwrap_or_default();
    let answer_by = Term::Days(days).last_day(received_at.day());
    must_be_current(store::notify(tx, offer, received_at, answer_by)?)?;
    tx.record(
        entry_of("offer.notified", offer)
            .fact("receivedOn", received_at.day().0.to_string())
            .fact("answerBy", answer_by.0.to_string()),
    );
    load(tx, offer.id)
}

/// Says when the home can be looked at.
pub(super) fn set_viewing(tx: &mut Tx<'_>, offer: &Offer, at: Instant) -> Result<Offer, Problem> {
    rules::may_view(offer.state, at, offer.answer_by, tx.now())?;
    must_be_current(store::set_viewing(tx, offer, at)?)?;
    tx.record(entry_of("offer.viewing_set", offer).fact("viewingAt", at.timestamp().to_string()));
    load(tx, offer.id)
}

pub(super) fn entry_of(action: &'static str, offer: &Offer) -> Entry {
    Entry::change(action)
        .of_case(offer.application_id)
        .about(offer.id)
        .about(offer.decision_id)
        .about(offer.dwelling_id)
        .about(offer.household_id)
}
