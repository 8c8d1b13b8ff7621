//! Offers, and the applicant's answer as a caseworker records it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::endings;
use super::lifecycle::OfferState;
use super::model::WithdrawnReason;
use super::next::{Next, next};
use super::store::Offer;
use crate::access;
use crate::applications;
use crate::auth::Action::{AnswerOffer, ReadDecisions};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::ids::{
    ApplicationId, DecisionId, DwellingId, HouseholdId, OfferId, PersonId, TenancyId,
};
use crate::parties::{self, PartyRole, RepresentationScope};
use crate::problem::{NOT_FOUND, Problem};
use crate::rulesets::DeclineReason;

/// The operations on offers.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/offers/{id}", ReadDecisions, "An offer", show),
        Endpoint::get(
            "/applications/{id}/offers",
            ReadDecisions,
            "The offers of a case, oldest first",
            of_case,
        ),
        Endpoint::get(
            "/offers/{id}/next",
            ReadDecisions,
            "Who is next for the home of an offer that came to nothing",
            who_is_next,
        ),
        Endpoint::act(
            "/offers/{id}/viewing",
            AnswerOffer,
            "Say when the home can be looked at",
            set_viewing,
        ),
        Endpoint::decide(
            "/offers/{id}/accept",
            AnswerOffer,
            "The household takes the home: the tenancy begins",
            accept,
        ),
        Endpoint::decide(
            "/offers/{id}/decline",
            AnswerOffer,
            "The household does not take the home",
            decline,
        ),
        Endpoint::decide(
            "/offers/{id}/withdraw",
            AnswerOffer,
            "The municipality takes the offer back; it does not count against the household",
            withdraw,
        ),
        Endpoint::decide(
            "/offers/{id}/annul",
            AnswerOffer,
            "The home that was taken cannot be handed over: the household waits on",
            annul,
        ),
    ]
}

/// An offer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfferShown {
    id: OfferId,
    version: i32,
    application_id: ApplicationId,
    decision_id: DecisionId,
    household_id: HouseholdId,
    /// Absent where the household has a protected address and the caller is not cleared for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_id: Option<DwellingId>,
    state: OfferState,
    made_at: Instant,
    /// How many days there are for an answer, from the proof that it arrived.
    answer_days: i16,
    /// When it arrived, as is proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    notified_at: Option<Instant>,
    /// The last day on which it can be accepted; absent until it is proved that it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_by: Option<Day>,
    /// When the home can be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    viewing_at: Option<Instant>,
    /// How long the lease will run.
    lease_months: i16,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<Instant>,
    /// Absent where it lies in a compartment that is closed to the caller, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    decline_reason: Option<DeclineReason>,
    /// Why the municipality took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_reason: Option<WithdrawnReason>,
    /// Whether its end is one of those after which a grant may lapse.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<bool>,
    /// The tenancy that began, in the answer to accepting.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenancy_id: Option<TenancyId>,
    /// As what whoever answered did so, in the answer to accepting and declining.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_as: Option<PartyRole>,
}

/// The offers of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OffersShown {
    items: Vec<OfferShown>,
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<OfferShown>, Problem> {
    let offer = acts::load(tx, call.id()?)?;
    told(tx, &offer)
}

fn of_case(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<OffersShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let offers = acts::of_case(tx, case.id)?;
    let mut items = Vec::new();
    for offer in &offers {
        items.push(shown(tx, offer)?);
    }
    Ok(Shown::plain(OffersShown { items }))
}

fn who_is_next(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Next>, Problem> {
    let offer = acts::load(tx, call.id()?)?;
    // Which home was offered tells where people may live who must not be found.
    if !access::unlocatable(tx, &[offer.household_id])?.is_empty() {
        return Err(Problem::new(&NOT_FOUND));
    }
    Ok(Shown::plain(next(tx, &offer)?))
}

/// When the home can be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Viewing {
    viewing_at: Instant,
}

fn set_viewing(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Viewing,
) -> Result<Shown<OfferShown>, Problem> {
    let offer = seen(tx, call)?;
    let offer = acts::set_viewing(tx, &offer, asked.viewing_at)?;
    told(tx, &offer)
}

/// When the tenancy begins.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Accept {
    /// The first day of the tenancy, not before today.
    starts_on: Day,
    /// Who answers, when it is not the applicant: somebody who may do so for the applicant.
    #[serde(default)]
    answered_by: Option<PersonId>,
}

fn accept(tx: &mut Tx<'_>, call: &Call, asked: &Accept) -> Result<Shown<OfferShown>, Problem> {
    let offer = seen(tx, call)?;
    let answered_as = answers(tx, &offer, asked.answered_by)?;
    let (offer, tenancy) = endings::accept(tx, &offer, asked.starts_on)?;
    let body = OfferShown {
        tenancy_id: Some(tenancy.id),
        answered_as: Some(answered_as),
        ..shown(tx, &offer)?
    };
    Ok(Shown::at_version(offer.version, body))
}

/// Why the household declines.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Decline {
    reason: DeclineReason,
    /// Who answers, when it is not the applicant: somebody who may do so for the applicant.
    #[serde(default)]
    answered_by: Option<PersonId>,
}

fn decline(tx: &mut Tx<'_>, call: &Call, asked: &Decline) -> Result<Shown<OfferShown>, Problem> {
    let offer = seen(tx, call)?;
    let answered_as = answers(tx, &offer, asked.answered_by)?;
    let offer = endings::decline(tx, &offer, asked.reason)?;
    let body = OfferShown {
        answered_as: Some(answered_as),
        ..shown(tx, &offer)?
    };
    Ok(Shown::at_version(offer.version, body))
}

/// As what somebody answers an offer; refuses who may not.
fn answers(tx: &mut Tx<'_>, offer: &Offer, by: Option<PersonId>) -> Result<PartyRole, Problem> {
    let case = applications::load(tx, offer.application_id)?;
    let by = by.unwrap_or(case.applicant_id);
    parties::may_act(tx, &case, by, RepresentationScope::AnswerOffers)
        .map_err(|problem| problem.at("/answeredBy"))
}

/// Why the municipality takes an offer back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TakeBack {
    reason: WithdrawnReason,
}

fn withdraw(tx: &mut Tx<'_>, call: &Call, asked: &TakeBack) -> Result<Shown<OfferShown>, Problem> {
    let offer = seen(tx, call)?;
    let offer = endings::withdraw(tx, &offer, asked.reason)?;
    told(tx, &offer)
}

fn annul(tx: &mut Tx<'_>, call: &Call, asked: &TakeBack) -> Result<Shown<OfferShown>, Problem> {
    let offer = seen(tx, call)?;
    let offer = endings::annul(tx, &offer, asked.reason)?;
    told(tx, &offer)
}

/// The offer in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Offer, Problem> {
    let offer = acts::load(tx, call.id()?)?;
    call.has_seen(offer.version)?;
    Ok(offer)
}

fn told(tx: &mut Tx<'_>, offer: &Offer) -> Result<Shown<OfferShown>, Problem> {
    Ok(Shown::at_version(offer.version, shown(tx, offer)?))
}

fn shown(tx: &mut Tx<'_>, offer: &Offer) -> Result<OfferShown, Problem> {
    let home = access::located(tx, offer.household_id, offer.dwelling_id)?;
    let dwelling_id = home.shown_to(access::locating(tx)?);
    let declined = offer.decline_reason;
    let openings = access::openings(tx, offer.application_id)?;
    Ok(OfferShown {
        id: offer.id,
        version: offer.version,
        application_id: offer.application_id,
        decision_id: offer.decision_id,
        household_id: offer.household_id,
        dwelling_id,
        state: offer.state,
        made_at: offer.made_at,
        answer_days: offer.answer_days,
        notified_at: offer.notified_at,
        answer_by: offer.answer_by,
        viewing_at: offer.viewing_at,
        lease_months: offer.lease_months,
        answered_at: offer.answered_at,
        decline_reason: declined.filter(|it| openings.contains(it.compartment())),
        withdrawn_reason: offer.withdrawn_reason,
        counts: offer.counts,
        tenancy_id: None,
        answered_as: None,
    })
}
