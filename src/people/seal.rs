//! What is known of a person besides the birth date, sealed under the person's own key, and other texts under the same key.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::disclosure::segment_under;
use super::model::{Contact, Name, NewPerson};
use super::store;
use crate::audit::Segment;
use crate::clock::Day;
use crate::crypto::{self, Context, CryptoFault, SubjectKey};
use crate::db::Tx;
use crate::ids::PersonId;
use crate::problem::{ERASED, NOT_FOUND, Problem};

/// What stands sealed in a person's row.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Particulars {
    /// The full number; shown only as [`masked`](Self::national_id_masked).
    pub(super) national_id: String,
    pub(super) name: Name,
    pub(super) contact: Contact,
    /// As the population register told; absent of the living, and where it has no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) died_on: Option<Day>,
}

impl Particulars {
    /// The whole number: for the person alone, and for the registers that know the person by it.
    pub(super) fn national_id(&self) -> &str {
        &self.national_id
    }

    /// The six digits of the birth date, and nothing of the five that make the number secret.
    pub(super) fn national_id_masked(&self) -> String {
        self.national_id
            .chars()
            .take(6)
            .chain("*****".chars())
            .collect()
    }
}

/// A person's key, wrapped, and what was sealed with it.
pub(super) struct Sealed {
    pub(super) key: String,
    pub(super) particulars: String,
}

/// Seals what is known of a new person under a key of the person's own, and says in the log what was registered.
pub(super) fn seal_person(
    tx: &Tx<'_>,
    id: PersonId,
    person: &NewPerson,
) -> Result<(Sealed, Segment), Problem> {
    let particulars = Particulars {
        national_id: person.national_id.expose_digits().to_owned(),
        name: person.name.clone(),
        contact: person.contact.clone(),
        died_on: None,
    };
    let key = SubjectKey::generate().map_err(fault)?;
    let sealed = Sealed {
        key: crypto::wrap_key(&tx.kit().keys, in_person(tx, id, KEY), &key).map_err(fault)?,
        particulars: seal_particulars(tx, id, &key, &particulars)?,
    };
    let registered = json!({
        "nationalIdMasked": particulars.national_id_masked(),
        "name": particulars.name,
        "bornOn": person.born_on,
        "contact": particulars.contact,
    });
    let segment = segment_under(tx, &key, id, &registered)?;
    Ok((sealed, segment))
}

/// Seals what is known of a person anew, under the key that the person has.
pub(super) fn seal_particulars(
    tx: &Tx<'_>,
    id: PersonId,
    key: &SubjectKey,
    particulars: &Particulars,
) -> Result<String, Problem> {
    let text = serde_json::to_string(particulars).map(SecretString::from);
    let text = text.map_err(|_| Problem::internal("a person cannot be written as JSON"))?;
    crypto::seal(key, in_person(tx, id, PARTICULARS), text.expose_secret()).map_err(fault)
}

/// Opens what stands sealed in a person's row.
pub(super) fn open_person(
    tx: &Tx<'_>,
    id: PersonId,
    sealed: &Sealed,
) -> Result<Particulars, Problem> {
    let key = open_key(tx, id, &sealed.key)?;
    let text = crypto::open(&key, in_person(tx, id, PARTICULARS), &sealed.particulars);
    let text = text.map_err(fault)?;
    // What was read is a person's data, so the reader's own message is dropped.
    serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("a person's sealed particulars have an unknown form"))
}

/// Seals a text about a person, such as the reasons of a decision, so that erasing the person's key erases it too.
///
/// `place` is the very row and column where the text will stand: it opens nowhere else.
pub fn seal_text(
    tx: &mut Tx<'_>,
    person: PersonId,
    place: Context,
    text: &str,
) -> Result<String, Problem> {
    let key = load_key(tx, person)?;
    crypto::seal(&key, place, text).map_err(fault)
}

/// Opens what [`seal_text`] has sealed for the same person and place.
pub fn open_text(
    tx: &mut Tx<'_>,
    person: PersonId,
    place: Context,
    sealed: &str,
) -> Result<SecretString, Problem> {
    let key = load_key(tx, person)?;
    crypto::open(&key, place, sealed).map_err(fault)
}

pub(super) const KEY: &str = "sealed_key";
const PARTICULARS: &str = "sealed";

pub(super) fn in_person(tx: &Tx<'_>, id: PersonId, column: &'static str) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "person",
        column,
        row: id.uuid(),
    }
}

pub(super) fn load_key(tx: &mut Tx<'_>, person: PersonId) -> Result<SubjectKey, Problem> {
    let wrapped = store::find_key(tx, person)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    open_key(tx, person, &wrapped)
}

pub(super) fn open_key(
    tx: &Tx<'_>,
    person: PersonId,
    wrapped: &str,
) -> Result<SubjectKey, Problem> {
    if wrapped.is_empty() {
        return Err(Problem::new(&ERASED));
    }
    crypto::unwrap_key(&tx.kit().keys, in_person(tx, person, KEY), wrapped).map_err(fault)
}

pub(super) fn fault(fault: CryptoFault) -> Problem {
    Problem::internal(fault.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_digits_of_a_national_id_stay_hidden() {
        let particulars = Particulars {
            national_id: "10915596784".into(),
            name: Name {
                given_name: "Kari".into(),
                family_name: "Prøve".into(),
            },
            contact: Contact::default(),
            died_on: None,
        };
        assert_eq!(particulars.national_id_masked(), "109155*****");
    }
}
