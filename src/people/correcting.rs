//! Correction of what is kept of a person (personvernforordningen art. 16): what was written before stays provable.

use serde::Serialize;
use serde_json::json;

use super::acts::{index_key, load_person};
use super::correcting_store;
use super::disclosure::segment_under;
use super::model::PostalAddress;
use super::seal::{self, Particulars};
use crate::audit::Entry;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, must_be_current};
use crate::ids::PersonId;
use crate::problem::{FieldFault, Problem};

codes! {
    /// Why something is corrected ("grunn for retting").
    pub enum CorrectionReason {
        /// It was wrong from the beginning.
        Wrong = "WRONG",
        /// Something was missing.
        Incomplete = "INCOMPLETE",
        /// It was right, and is so no longer.
        OutOfDate = "OUT_OF_DATE",
    }
}

/// What is corrected, and why. What is not given stays.
#[derive(Clone)]
pub struct Correction {
    /// Given and middle names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where letters go.
    pub address: Option<PostalAddress>,
    /// Why.
    pub reason: CorrectionReason,
    /// What shows that it is so, in words; sealed with what it was before.
    pub why: String,
}

impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Correction({})", self.reason)
    }
}

codes! {
    /// What is kept of a person and can be corrected, or asked to be. The day of birth follows from the national id, which the population register keeps.
    pub enum CorrectableField {
        /// Given and middle names.
        GivenName = "GIVEN_NAME",
        /// Family name.
        FamilyName = "FAMILY_NAME",
        /// Telephone number.
        Phone = "PHONE",
        /// E-mail address.
        Email = "EMAIL",
        /// Where letters go.
        Address = "ADDRESS",
        /// In which housing situation the household is or was. Corrected where it is recorded.
        Situation = "SITUATION",
        /// What the person is in the household, or how often there. Corrected in the household.
        Membership = "MEMBERSHIP",
        /// What the household needs of a home. Corrected in the case.
        Needs = "NEEDS",
    }
}

impl Correction {
    /// What is given.
    #[must_use]
    pub fn fields(&self) -> Vec<CorrectableField> {
        let given = [
            (CorrectableField::GivenName, self.given_name.is_some()),
            (CorrectableField::FamilyName, self.family_name.is_some()),
            (CorrectableField::Phone, self.phone.is_some()),
            (CorrectableField::Email, self.email.is_some()),
            (CorrectableField::Address, self.address.is_some()),
        ];
        let given = given.into_iter().filter(|(_, is_given)| *is_given);
        given.map(|(field, _)| field).collect()
    }

    fn apply_to(&self, kept: &mut Particulars) {
        let (name, contact) = (&mut kept.name, &mut kept.contact);
        if let Some(given) = &self.given_name {
            name.given_name.clone_from(given);
        }
        if let Some(family) = &self.family_name {
            name.family_name.clone_from(family);
        }
        contact.phone = self.phone.clone().or_else(|| contact.phone.take());
        contact.email = self.email.clone().or_else(|| contact.email.take());
        contact.address = self.address.clone().or_else(|| contact.address.take());
    }
}

/// What of a person can be corrected, as the log keeps it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Correctable {
    name: super::model::Name,
    contact: super::model::Contact,
}

impl Correctable {
    fn of(particulars: &Particulars) -> Self {
        Self {
            name: particulars.name.clone(),
            contact: particulars.contact.clone(),
        }
    }
}

/// Corrects a person at the version that the caller has seen, and seals into the log what stood there and what stands there now. Tells the
/// new version; that the person is told is the caller's part.
pub fn correct(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PersonId,
    asked: &Correction,
) -> Result<i32, Problem> {
    let (row, mut particulars) = load_person(tx, id)?;
    call.has_seen(row.version)?;
    let fields = asked.fields();
    if fields.is_empty() {
        let (nb, en) = ("Ingenting er rettet.", "Nothing is corrected.");
        return Err(Problem::invalid(vec![FieldFault::new("", "empty", nb, en)]));
    }
    let before = Correctable::of(&particulars);
    asked.apply_to(&mut particulars);
    let said = json!({
        "before": before,
        "after": Correctable::of(&particulars),
        "why": asked.why,
    });
    let key = seal::load_key(tx, id)?;
    let segment = segment_under(tx, &key, id, &said)?;
    let sealed = seal::seal_particulars(tx, id, &key, &particulars)?;
    let words = index_key(tx).kept(&particulars.national_id, &particulars.name.whole());
    must_be_current(correcting_store::replace(tx, &row, &sealed, &words)?)?;
    let fields: Vec<&str> = fields.iter().map(|field| field.code()).collect();
    tx.record(
        Entry::change("person.corrected")
            .saying(segment)
            .fact("fields", fields)
            .fact("reason", asked.reason.code()),
    );
    Ok(row.version + 1)
}

/// Does not correct a person at the version that the caller has seen, and seals into the log what was asked for and why not.
pub fn refuse_correction(
    tx: &mut Tx<'_>,
    call: &Call,
    id: PersonId,
    (fields, why): (&[CorrectableField], &str),
) -> Result<i32, Problem> {
    let (row, _) = load_person(tx, id)?;
    call.has_seen(row.version)?;
    let key = seal::load_key(tx, id)?;
    let segment = segment_under(tx, &key, id, &json!({ "why": why }))?;
    let fields: Vec<&str> = fields.iter().map(|field| field.code()).collect();
    tx.record(
        Entry::change("person.correction_refused")
            .saying(segment)
            .fact("fields", fields),
    );
    Ok(row.version)
}
