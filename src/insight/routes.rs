//! `GET /applications/{id}/party-view`.

use serde::Deserialize;
use utoipa::IntoParams;

use super::view::{self, PartyView};
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::HandOutCase;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Shown};
use crate::ids::PersonId;
use crate::parties::{self, RepresentationScope};
use crate::problem::Problem;

/// The operations on what parties may read.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::get(
        "/applications/{id}/party-view",
        HandOutCase,
        "What the applicant may read of the case, to be handed out; what is internal or of others is left out, and that is said",
        show,
    )]
}

/// To whom it is handed out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Reader {
    /// The party, or somebody who may see the documents for the party; the applicant when not given.
    #[param(value_type = Option<PersonId>)]
    person_id: Option<PersonId>,
}

crate::query!(Reader);

fn show(tx: &mut Tx<'_>, call: &Call, asked: &Reader) -> Result<Shown<PartyView>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let reader = asked.person_id.unwrap_or(case.applicant_id);
    let role = parties::may_act(tx, &case, reader, RepresentationScope::SeeDocuments)?;
    tx.record(
        Entry::access("case.handed_out")
            .about(case.id)
            .about(case.applicant_id)
            .about(reader)
            .fact("as", role.code()),
    );
    Ok(Shown::plain(view::of_case(tx, &case, role)?))
}
