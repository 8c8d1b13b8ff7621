//! An agreement by which an organisation's programs may see or do something, and how it is made and ended.

use std::collections::BTreeSet;

use super::store::{self, Agreement};
use crate::audit::{Entry, Subject};
use crate::auth::policy::Scope;
use crate::auth::rules::Refusal;
use crate::clock::Day;
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::must_be_current;
use crate::ids::DataAgreementId;
use crate::organisation_number::OrganisationNumber;
use crate::problem::Problem;

/// What is agreed with an organisation.
#[derive(Debug, Clone)]
pub struct NewAgreement {
    /// Whose programs.
    pub organisation: OrganisationNumber,
    /// What the agreement is called among people.
    pub name: String,
    /// What its programs may be let into.
    pub scopes: BTreeSet<Scope>,
    /// The first day.
    pub valid_from: Day,
    /// The day from which it is no longer in force; none while open.
    pub valid_until: Option<Day>,
}

/// Makes an agreement. The organisation keeps the id that it got with its first one.
pub fn agree(tx: &mut Tx<'_>, new: NewAgreement) -> Result<DataAgreementId, Problem> {
    if new.valid_until.is_some_and(|until| until <= new.valid_from) {
        return Err(Refusal::AgreementNeverInForce.into());
    }
    let client = store::client(tx, new.organisation)?;
    let agreement = Agreement {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        client_id: client,
        organisation_number: new.organisation.to_string(),
        name: new.name,
        scopes: Json(new.scopes),
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        created_at: tx.now(),
    };
    store::insert(tx, &agreement)?;
    tx.record(
        about("data_agreement.made", &agreement)
            .fact("validFrom", agreement.valid_from.0.to_string())
            .fact("scopes", codes(&agreement.scopes.0)),
    );
    Ok(agreement.id)
}

/// Ends an agreement from today: the next request under it is refused.
pub(super) fn end(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<(), Problem> {
    let today = tx.today();
    if agreement.valid_until.is_some_and(|until| until <= today) {
        return Err(Refusal::AgreementEnded.into());
    }
    // One that has not begun yet never comes into force.
    let until = today.max(agreement.valid_from);
    must_be_current(store::end(tx, agreement.id, agreement.version, until)?)?;
    tx.record(about("data_agreement.ended", agreement));
    Ok(())
}

fn about(action: &'static str, agreement: &Agreement) -> Entry {
    Entry::change(action)
        .about(Subject::policy(agreement.id))
        .about(Subject::policy(agreement.client_id))
        .fact("organisation", agreement.organisation_number.as_str())
}

fn codes(scopes: &BTreeSet<Scope>) -> Vec<&'static str> {
    scopes.iter().map(|scope| scope.code()).collect()
}
