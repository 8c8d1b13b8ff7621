//! Handing out what is kept of a person.

use super::dossier::{self, Dossier};
use crate::audit::Entry;
use crate::auth::Action::ExportPerson;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::ids::PersonId;
use crate::problem::Problem;

/// The operations on a person's rights.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![Endpoint::get(
        "/people/{id}/dossier",
        ExportPerson,
        "Everything that is kept of a person, to be handed out to that person (personvernforordningen art. 15)",
        hand_out,
    )];
    endpoints.extend(super::correcting::endpoints());
    endpoints.extend(super::of_household::endpoints());
    endpoints
}

fn hand_out(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Dossier>, Problem> {
    let person: PersonId = call.id()?;
    let dossier = dossier::gather(tx, person)?;
    tx.record(Entry::access("rights.handed_out").about(person));
    Ok(Shown::plain(dossier))
}
