//! Who offers places for temporary accommodation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::ProviderKind;
use super::offering::{self, Offer};
use super::store::{self, Provider};
use crate::auth::Action::{FollowShelter, ManageShelterProviders};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::ShelterProviderId;
use crate::organisation_number::OrganisationNumber;
use crate::problem::{FieldFault, Problem};

/// The operations on providers.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/shelters/providers",
            ManageShelterProviders,
            "Add a place that is offered for temporary accommodation",
            add_provider,
        ),
        Endpoint::get(
            "/shelters/providers",
            FollowShelter,
            "The places that are offered",
            list_providers,
        ),
        Endpoint::get(
            "/shelters/providers/{id}",
            FollowShelter,
            "A place that is offered",
            show_provider,
        ),
        Endpoint::replace(
            "/shelters/providers/{id}",
            ManageShelterProviders,
            "Change what is known of a place, also that it was checked",
            change_provider,
        ),
    ]
}

/// A place that is offered.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfferShelter {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    kind: ProviderKind,
    /// Nine digits.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{9}$")]
    organisation_number: Option<String>,
    /// What a night costs, in øre.
    #[schema(minimum = 0, maximum = 100_000_000)]
    nightly_ore: i64,
    /// Whether it suits children. They come only if it was checked within a year as well.
    suits_children: bool,
    /// When the municipality last checked it.
    #[serde(default)]
    checked_on: Option<Day>,
    /// Whether it is in use.
    is_open: bool,
}

/// A place that is offered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShelterProvider {
    id: ShelterProviderId,
    version: i32,
    name: String,
    kind: ProviderKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation_number: Option<String>,
    nightly_ore: i64,
    suits_children: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_on: Option<Day>,
    is_open: bool,
}

fn offer(asked: &OfferShelter) -> Result<Offer, Problem> {
    if let Some(number) = &asked.organisation_number {
        number.parse::<OrganisationNumber>().map_err(|_| {
            let (nb, en) = (
                "Er ikke et organisasjonsnummer.",
                "Is no organisation number.",
            );
            Problem::invalid(vec![FieldFault::new(
                "/organisationNumber",
                "organisation_number",
                nb,
                en,
            )])
        })?;
    }
    Ok(Offer {
        name: asked.name.clone(),
        kind: asked.kind,
        organisation_number: asked.organisation_number.clone(),
        nightly_ore: asked.nightly_ore,
        suits_children: asked.suits_children,
        checked_on: asked.checked_on,
        is_open: asked.is_open,
    })
}

fn add_provider(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &OfferShelter,
) -> Result<Created<ShelterProvider>, Problem> {
    let row = offering::add_provider(tx, offer(asked)?)?;
    Ok(Created {
        location: format!("/shelters/providers/{}", row.id),
        version: Some(row.version),
        body: provider(row),
    })
}

fn list_providers(
    tx: &mut Tx<'_>,
    _: &Call,
    paging: &Paging,
) -> Result<Page<ShelterProvider>, Problem> {
    let limit = paging.limit()?;
    let rows = store::providers(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(provider))
}

fn show_provider(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<ShelterProvider>, Problem> {
    let row = offering::load_provider(tx, call.id()?)?;
    Ok(Shown::at_version(row.version, provider(row)))
}

fn change_provider(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &OfferShelter,
) -> Result<Shown<ShelterProvider>, Problem> {
    let row = offering::load_provider(tx, call.id()?)?;
    call.has_seen(row.version)?;
    let row = offering::change_provider(tx, &row, offer(asked)?)?;
    Ok(Shown::at_version(row.version, provider(row)))
}

fn provider(row: Provider) -> ShelterProvider {
    ShelterProvider {
        id: row.id,
        version: row.version,
        name: row.name,
        kind: row.kind,
        organisation_number: row.organisation_number,
        nightly_ore: row.nightly_ore,
        suits_children: row.suits_children,
        checked_on: row.checked_on,
        is_open: row.is_open,
    }
}
