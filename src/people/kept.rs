//! Everything that stands in a person's own row, in the clear: for that person alone.

use serde::Serialize;
use utoipa::ToSchema;

use super::acts;
use super::model::{AddressProtection, PostalAddress};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::ids::PersonId;
use crate::problem::{NOT_FOUND, Problem};

/// Everything that is kept of a person beside cases and households.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_debug_implementations,
    reason = "nobody prints what is kept of a person"
)]
pub struct KeptOfPerson {
    /// The person.
    pub id: PersonId,
    /// The whole national id.
    pub national_id: String,
    /// Given and middle names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Birth date.
    pub born_on: Day,
    /// The grade of the population register.
    pub address_protection: AddressProtection,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where letters go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
    /// Since when the person is registered.
    pub registered_at: Instant,
    /// Since when it is known that the person has died.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub death_known_at: Option<Instant>,
    /// On which day, where the population register has told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub died_on: Option<Day>,
}

/// What is kept of a person, whoever asks: the caller decides to whom it is handed out.
pub fn kept_of(tx: &mut Tx<'_>, id: PersonId) -> Result<KeptOfPerson, Problem> {
    let found = acts::find_person(tx, id)?;
    let (row, particulars) = found.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    Ok(KeptOfPerson {
        id,
        national_id: particulars.national_id().to_owned(),
        given_name: particulars.name.given_name,
        family_name: particulars.name.family_name,
        born_on: row.born_on,
        address_protection: row.protection,
        phone: particulars.contact.phone,
        email: particulars.contact.email,
        address: particulars.contact.address,
        registered_at: row.created_at,
        death_known_at: row.death_known_at,
        died_on: particulars.died_on,
    })
}
