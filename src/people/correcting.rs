//! Correction of what is kept of a person (personvernforordningen art. 16): what was written before stays provable.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::acts::{index_key, load_person};
use super::correcting_store;
use super::disclosure::segment_under;
use super::model::PostalAddress;
use super::routes::RegisteredPerson;
use super::seal::{self, Particulars};
use crate::access;
use crate::audit::Entry;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, Shown, must_be_current};
use crate::ids::PersonId;
use crate::problem::{FieldFault, Problem};
use crate::tasks::{self, NewTask, TaskKind};

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
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Correct {
    /// Given and middle names.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    given_name: Option<String>,
    /// Family name.
    #[schema(max_length = 100, pattern = r"^['’]?\p{L}([^\p{C}]*[^\p{C}\s])?$")]
    family_name: Option<String>,
    /// Telephone number.
    #[schema(pattern = r"^\+?[0-9 ]{5,20}$")]
    phone: Option<String>,
    /// E-mail address.
    #[schema(max_length = 254, pattern = r"^[^\s@]+@[^\s@]+$")]
    email: Option<String>,
    /// Where letters go.
    address: Option<PostalAddress>,
    reason: CorrectionReason,
    /// What shows that it is so, in words; sealed with what it was before.
    #[schema(min_length = 5, max_length = 2000)]
    why: String,
}

impl Correct {
    /// The members that are given, by their names.
    fn fields(&self) -> Vec<&'static str> {
        let given = [
            ("givenName", self.given_name.is_some()),
            ("familyName", self.family_name.is_some()),
            ("phone", self.phone.is_some()),
            ("email", self.email.is_some()),
            ("address", self.address.is_some()),
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

/// Corrects, seals into the log what stood there and what stands there now, and has the person told.
pub(super) fn correct(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Correct,
) -> Result<Shown<RegisteredPerson>, Problem> {
    let id: PersonId = call.id()?;
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
    tell(tx, id, &particulars)?;
    tx.record(
        Entry::change("person.corrected")
            .saying(segment)
            .fact("fields", fields)
            .fact("reason", asked.reason.code()),
    );
    let version = row.version + 1;
    Ok(Shown::at_version(version, RegisteredPerson { id, version }))
}

/// Whoever handles the newest case tells the person.
fn tell(tx: &mut Tx<'_>, id: PersonId, particulars: &Particulars) -> Result<(), Problem> {
    let index = index_key(tx).national_id(&particulars.national_id);
    let case = access::newest_case_of(tx, &index)?;
    let due_on = tasks::terms(tx)?.tell_of_correction.after(tx.today());
    let task = NewTask {
        kind: TaskKind::TellOfCorrection,
        about: id.into(),
        case,
        household: None,
        due_on,
        assigned_to: None,
    };
    tasks::open(tx, task)
}
