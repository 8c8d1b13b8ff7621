//! Who offers places for temporary accommodation, and on what terms.

use super::acts::ahead;
use super::model::ProviderKind;
use super::store::{self, Provider};
use crate::audit::{Entry, Subject};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{MunicipalityId, ShelterProviderId};
use crate::problem::{NOT_FOUND, Problem};

/// What is known of a provider.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) name: String,
    pub(super) kind: ProviderKind,
    pub(super) organisation_number: Option<String>,
    pub(super) nightly_ore: i64,
    pub(super) suits_children: bool,
    pub(super) checked_on: Option<Day>,
    pub(super) is_open: bool,
}

pub(super) fn add_provider(tx: &mut Tx<'_>, offer: Offer) -> Result<Provider, Problem> {
    let row = provider(
        tx.municipality(),
        tx.new_id(),
        1,
        tx.now(),
        offer,
        tx.today(),
    )?;
    store::insert_provider(tx, &row)?;
    tx.record(Entry::change("shelter.provider_added").about(Subject::policy(row.id)));
    Ok(row)
}

pub(super) fn change_provider(
    tx: &mut Tx<'_>,
    row: &Provider,
    offer: Offer,
) -> Result<Provider, Problem> {
    let (today, version) = (tx.today(), row.version + 1);
    let changed = provider(
        row.municipality_id,
        row.id,
        version,
        row.created_at,
        offer,
        today,
    )?;
    must_be_current(store::update_provider(tx, &changed)?)?;
    tx.record(Entry::change("shelter.provider_changed").about(Subject::policy(row.id)));
    Ok(changed)
}

fn provider(
    municipality_id: MunicipalityId,
    id: ShelterProviderId,
    version: i32,
    created_at: Instant,
    offer: Offer,
    today: Day,
) -> Result<Provider, Problem> {
    if offer.checked_on.is_some_and(|day| day > today) {
        return Err(ahead("/checkedOn"));
    }
    Ok(Provider {
        municipality_id,
        id,
        version,
        name: offer.name,
        kind: offer.kind,
        organisation_number: offer.organisation_number,
        nightly_ore: offer.nightly_ore,
        suits_children: offer.suits_children,
        checked_on: offer.checked_on,
        is_open: offer.is_open,
        created_at,
    })
}

pub(super) fn load_provider(tx: &mut Tx<'_>, id: ShelterProviderId) -> Result<Provider, Problem> {
    store::find_provider(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}
