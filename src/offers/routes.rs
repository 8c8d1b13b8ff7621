//! Offers, and the applicant's answer as a caseworker records it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::{DeclineReason, OfferState};
use super::store::Offer;
use crate::access;
use crate::auth::Action::{AnswerOffer, ReadDecisions};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::ids::{ApplicationId, DecisionId, DwellingId, HouseholdId, OfferId, TenancyId};
use crate::problem::Problem;

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
    /// The last day on which it can be accepted.
    answer_by: Day,
    /// How long the lease will run.
    lease_months: i16,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decline_reason: Option<DeclineReason>,
    /// The tenancy that began, in the answer to accepting.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenancy_id: Option<TenancyId>,
}

/// The offers of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OffersShown {
    items: Vec<OfferShown>,
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<OfferShown>, Problem> {
    let offer = acts::load(tx, call.id()?)?;
    Ok(Shown::at_version(offer.version, told(tx, &offer, None)?))
}

fn of_case(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<OffersShown>, Problem> {
    let case = crate::applications::load(tx, call.id()?)?;
    let offers = acts::of_case(tx, case.id)?;
    let mut items = Vec::new();
    for offer in &offers {
        items.push(told(tx, offer, None)?);
    }
    Ok(Shown::plain(OffersShown { items }))
}

/// When the tenancy begins.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Accept {
    /// The first day of the tenancy, not before today.
    starts_on: Day,
}

fn accept(tx: &mut Tx<'_>, call: &Call, asked: &Accept) -> Result<Shown<OfferShown>, Problem> {
    let offer = acts::load(tx, call.id()?)?;
    call.has_seen(offer.version)?;
    let (offer, tenancy) = acts::accept(tx, &offer, asked.starts_on)?;
    Ok(Shown::at_version(
        offer.version,
        told(tx, &offer, Some(tenancy.id))?,
    ))
}

/// Why the household declines.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Decline {
    reason: DeclineReason,
}

fn decline(tx: &mut Tx<'_>, call: &Call, asked: &Decline) -> Result<Shown<OfferShown>, Problem> {
    let offer = acts::load(tx, call.id()?)?;
    call.has_seen(offer.version)?;
    let offer = acts::decline(tx, &offer, asked.reason)?;
    Ok(Shown::at_version(offer.version, told(tx, &offer, None)?))
}

fn told(
    tx: &mut Tx<'_>,
    offer: &Offer,
    tenancy_id: Option<TenancyId>,
) -> Result<OfferShown, Problem> {
    let home = access::located(tx, offer.household_id, offer.dwelling_id)?;
    let dwelling_id = home.shown_to(access::locating(tx)?);
    Ok(OfferShown {
        id: offer.id,
        version: offer.version,
        application_id: offer.application_id,
        decision_id: offer.decision_id,
        household_id: offer.household_id,
        dwelling_id,
        state: offer.state,
        made_at: offer.made_at,
        answer_by: offer.answer_by,
        lease_months: offer.lease_months,
        answered_at: offer.answered_at,
        decline_reason: offer.decline_reason,
        tenancy_id,
    })
}
