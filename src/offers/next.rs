//! Who is next for a home whose offer came to nothing.

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Offer};
use crate::db::Tx;
use crate::housing::{self, DwellingState};
use crate::ids::{ApplicationId, DwellingId};
use crate::matching::{self, Candidate};
use crate::problem::Problem;
use crate::rulesets;

/// Who is next for a home.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Next {
    dwelling_id: DwellingId,
    /// Whether the home is free to be offered.
    is_vacant: bool,
    /// Those to whom it was offered already; they are passed over here.
    offered_to: Vec<ApplicationId>,
    /// The first of the others who may have it; absent when there is none, or when the home is not free.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidate: Option<Candidate>,
}

/// The next candidate for the home of an offer: the first by today's rules and facts to whom it was not offered yet.
pub(super) fn next(tx: &mut Tx<'_>, offer: &Offer) -> Result<Next, Problem> {
    let home = housing::find_dwelling(tx, offer.dwelling_id)?;
    let home = home.ok_or_else(|| Problem::internal("an offered home is gone"))?;
    let mut offered_to = store::cases_offered(tx, home.id)?;
    offered_to.sort_unstable();
    offered_to.dedup();
    let is_vacant = home.state == DwellingState::Available;
    let mut candidate = None;
    if is_vacant {
        let today = tx.today();
        let adopted = rulesets::in_force(tx, today)?;
        candidate = matching::first_for(tx, &home, &adopted, &offered_to)?;
    }
    Ok(Next {
        dwelling_id: home.id,
        is_vacant,
        offered_to,
        candidate,
    })
}
