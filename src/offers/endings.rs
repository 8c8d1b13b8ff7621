//! How an offer ends: taken, not wanted, not answered, taken back, or annulled after all.

use super::acts::{entry_of, load};
use super::lifecycle::{OfferMove, OfferState};
use super::model::WithdrawnReason;
use super::rules::{self, Refusal};
use super::store::{self, Ending, Offer};
use crate::applications::{self, Application, Step};
use crate::clock::Day;
use crate::db::Tx;
use crate::housing;
use crate::http::must_be_current;
use crate::ids::ApplicationId;
use crate::matching;
use crate::problem::Problem;
use crate::rulesets::{self, DeclineConsequence, DeclineReason};
use crate::tasks::{self, NewTask, TaskKind};
use crate::tenancies::{self, Lease, Tenancy};

/// The household takes the home: the tenancy begins, the home is lived in, the case is housed.
pub(super) fn accept(
    tx: &mut Tx<'_>,
    offer: &Offer,
    starts_on: Day,
) -> Result<(Offer, Tenancy), Problem> {
    let case = applications::hold(tx, offer.application_id)?;
    rules::may_accept(offer.state, offer.answer_by, starts_on, tx.today())?;
    must_still_fit(tx, offer, &case)?;
    let ending = Ending {
        state: rules::take(offer.state, OfferMove::Accept)?,
        reason: None,
        withdrawn: None,
        counts: false,
    };
    must_be_current(store::end(tx, offer, ending)?)?;
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

/// Protection may have come meanwhile, or the home been found wanting: then the household may no longer have it. That the home is held is
/// no obstacle, for it is held for this household.
fn must_still_fit(tx: &mut Tx<'_>, offer: &Offer, case: &Application) -> Result<(), Problem> {
    let home = housing::find_dwelling(tx, offer.dwelling_id)?;
    let home = home.ok_or_else(|| Problem::internal("an offered home is gone"))?;
    let adopted = rulesets::in_force(tx, tx.today())?;
    let explanation = matching::explain_held(tx, case, &home, &adopted.rules)?;
    if explanation.fits {
        return Ok(());
    }
    // Neither the refusal nor what failed tells that an address is protected.
    let explanation = explanation.without_protection();
    Err(Problem::from(Refusal::HomeNoLongerFits).fact("failed", explanation.failed()))
}

/// The household does not take the home: it is free again, and the household waits on.
pub(super) fn decline(
    tx: &mut Tx<'_>,
    offer: &Offer,
    reason: DeclineReason,
) -> Result<Offer, Problem> {
    let case = applications::hold(tx, offer.application_id)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let consequence = adopted.rules.offers.consequence_of(reason);
    let ending = Ending {
        state: rules::take(offer.state, OfferMove::Decline)?,
        reason: Some(reason),
        withdrawn: None,
        counts: consequence == DeclineConsequence::Counts,
    };
    must_be_current(store::end(tx, offer, ending)?)?;
    free(tx, offer, &case, Step::Decline)?;
    if consequence == DeclineConsequence::AssessAgain {
        ask_to_assess_again(tx, offer)?;
    }
    tx.record(
        entry_of("offer.declined", offer)
            .fact("reason", reason.code())
            .fact("then", consequence.code())
            .fact("counts", ending.counts),
    );
    load(tx, offer.id)
}

/// The home did not fit what the household needs: its needs are not known well enough.
fn ask_to_assess_again(tx: &mut Tx<'_>, offer: &Offer) -> Result<(), Problem> {
    let case = applications::load(tx, offer.application_id)?;
    let due_on = tasks::terms(tx)?.assess_again.after(tx.today());
    tasks::open(
        tx,
        NewTask {
            kind: TaskKind::AssessAgain,
            about: case.id.into(),
            case: Some(case.id),
            household: None,
            due_on,
            assigned_to: case.assigned_to,
        },
    )
}

/// Nobody answered in time, though it is proved that the offer arrived.
pub(super) fn expire(tx: &mut Tx<'_>, offer: &Offer) -> Result<(), Problem> {
    let case = applications::hold(tx, offer.application_id)?;
    let ending = Ending {
        state: rules::take(offer.state, OfferMove::Expire)?,
        reason: None,
        withdrawn: None,
        counts: true,
    };
    must_be_current(store::end(tx, offer, ending)?)?;
    free(tx, offer, &case, Step::EndOffer)?;
    tx.record(
        entry_of("offer.expired", offer)
            .fact("answerBy", offer.answer_by.map(|day| day.0.to_string()))
            .fact("counts", true),
    );
    Ok(())
}

/// The municipality takes the offer back. It never counts against the household.
pub(super) fn withdraw(
    tx: &mut Tx<'_>,
    offer: &Offer,
    reason: WithdrawnReason,
) -> Result<Offer, Problem> {
    rules::may_be_said_by_hand(reason)?;
    let case = applications::hold(tx, offer.application_id)?;
    take_back(tx, offer, reason)?;
    free(tx, offer, &case, Step::EndOffer)?;
    load(tx, offer.id)
}

fn take_back(tx: &mut Tx<'_>, offer: &Offer, reason: WithdrawnReason) -> Result<(), Problem> {
    let ending = Ending {
        state: rules::take(offer.state, OfferMove::Withdraw)?,
        reason: None,
        withdrawn: Some(reason),
        counts: false,
    };
    must_be_current(store::end(tx, offer, ending)?)?;
    tx.record(entry_of("offer.withdrawn", offer).fact("reason", reason.code()));
    Ok(())
}

fn free(tx: &mut Tx<'_>, offer: &Offer, case: &Application, step: Step) -> Result<(), Problem> {
    applications::advance(tx, case, step)?;
    tenancies::release(tx, offer.allocation_id, offer.dwelling_id)
}

/// Takes back what is still offered in a case that has ended: the home is free again.
pub fn follow_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<(), Problem> {
    if applications::look_up(tx, case)?.state.is_open() {
        return Ok(());
    }
    let mut offers = store::of_case(tx, case)?;
    offers.retain(|offer| offer.state == OfferState::Open);
    for offer in &offers {
        take_back(tx, offer, WithdrawnReason::CaseEnded)?;
        tenancies::release(tx, offer.allocation_id, offer.dwelling_id)?;
    }
    Ok(())
}

/// The home that was taken cannot be handed over: the tenancy is annulled before it begins, and the household waits on.
pub(super) fn annul(
    tx: &mut Tx<'_>,
    offer: &Offer,
    reason: WithdrawnReason,
) -> Result<Offer, Problem> {
    rules::may_be_said_by_hand(reason)?;
    let case = applications::hold(tx, offer.application_id)?;
    let ending = Ending {
        state: rules::take(offer.state, OfferMove::Annul)?,
        reason: None,
        withdrawn: Some(reason),
        counts: false,
    };
    let tenancy = tenancies::of_allocation(tx, offer.allocation_id)?;
    let tenancy = tenancy.ok_or_else(|| Problem::internal("an accepted offer has no tenancy"))?;
    if tenancy.starts_on <= tx.today() {
        return Err(Refusal::AlreadyMovedIn.into());
    }
    must_be_current(store::end(tx, offer, ending)?)?;
    tenancies::annul(tx, &tenancy)?;
    applications::advance(tx, &case, Step::Annul)?;
    tx.record(
        entry_of("offer.annulled", offer)
            .about(tenancy.id)
            .fact("reason", reason.code()),
    );
    load(tx, offer.id)
}

/// How many offers of a case count: those declined without a well-founded reason, and those not answered.
pub fn counted(tx: &mut Tx<'_>, case: ApplicationId) -> Result<usize, Problem> {
    let offers = store::of_case(tx, case)?;
    let ended = |state| matches!(state, OfferState::Declined | OfferState::Expired);
    Ok(offers
        .iter()
        .filter(|offer| ended(offer.state) && offer.counts == Some(true))
        .count())
}
