//! The agreements of a municipality, for its administrators.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::agreement::{self, NewAgreement};
use super::store::{self, Agreement};
use crate::auth::policy::{Action, Scope};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{DataAgreementId, MachineId};
use crate::organisation_number::OrganisationNumberFault;
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// The operations on agreements.
pub(in crate::auth) fn endpoints() -> Vec<Endpoint> {
    use Action::{ManageAgreements, ReadAgreements};
    vec![
        Endpoint::get(
            "/data-agreements",
            ReadAgreements,
            "The agreements by which organisations' programs may call",
            list,
        ),
        Endpoint::get(
            "/data-agreements/{id}",
            ReadAgreements,
            "An agreement",
            show,
        ),
        Endpoint::create(
            "/data-agreements",
            ManageAgreements,
            "Make an agreement by which an organisation's programs may call with a Maskinporten token",
            make,
        ),
        Endpoint::act(
            "/data-agreements/{id}/end",
            ManageAgreements,
            "End an agreement from today; the next call under it is refused",
            end,
        ),
    ]
}

/// What is agreed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MakeAgreement {
    /// Whose programs: the nine digits of `consumer.ID` in Maskinporten's tokens.
    #[schema(pattern = "^[89][0-9]{8}$", example = "889640782")]
    organisation_number: String,
    /// What the agreement is called among people.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(min_items = 1, max_items = 20)]
    scopes: BTreeSet<Scope>,
    /// The first day.
    valid_from: Day,
    /// The day from which it is no longer in force.
    valid_until: Option<Day>,
}

/// An agreement with an organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DataAgreement {
    id: DataAgreementId,
    version: i32,
    /// By which the audit log is asked for what the organisation's programs did (`actorId`).
    actor_id: MachineId,
    organisation_number: String,
    name: String,
    scopes: BTreeSet<Scope>,
    valid_from: Day,
    /// The day from which it is no longer in force; absent while open.
    valid_until: Option<Day>,
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<DataAgreement>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(told))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<DataAgreement>, Problem> {
    shown(tx, call.id()?)
}

fn make(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &MakeAgreement,
) -> Result<Created<DataAgreement>, Problem> {
    let organisation = asked.organisation_number.parse();
    let new = NewAgreement {
        organisation: organisation.map_err(wrong_number)?,
        name: asked.name.clone(),
        scopes: asked.scopes.clone(),
        valid_from: asked.valid_from,
        valid_until: asked.valid_until,
    };
    let id = agreement::agree(tx, new)?;
    let made = must_exist(store::find(tx, id)?)?;
    Ok(Created {
        location: format!("/data-agreements/{id}"),
        version: Some(made.version),
        body: told(made),
    })
}

fn end(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<DataAgreement>, Problem> {
    let agreement = must_exist(store::find(tx, call.id()?)?)?;
    call.has_seen(agreement.version)?;
    agreement::end(tx, &agreement)?;
    shown(tx, agreement.id)
}

fn shown(tx: &mut Tx<'_>, id: DataAgreementId) -> Result<Shown<DataAgreement>, Problem> {
    let agreement = must_exist(store::find(tx, id)?)?;
    Ok(Shown::at_version(agreement.version, told(agreement)))
}

fn must_exist(agreement: Option<Agreement>) -> Result<Agreement, Problem> {
    agreement.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn told(agreement: Agreement) -> DataAgreement {
    DataAgreement {
        id: agreement.id,
        version: agreement.version,
        actor_id: agreement.client_id,
        organisation_number: agreement.organisation_number,
        name: agreement.name,
        scopes: agreement.scopes.0,
        valid_from: agreement.valid_from,
        valid_until: agreement.valid_until,
    }
}

fn wrong_number(fault: OrganisationNumberFault) -> Problem {
    Problem::invalid(vec![FieldFault::new(
        "/organisationNumber",
        fault.code(),
        "Dette er ikke et organisasjonsnummer.",
        "This is no organisation number.",
    )])
}
