//! Correction of what is kept of a person, on request or because the municipality has found a fault; the person is told by letter what
//! was corrected, or why not (personvernforordningen art. 16, 12 and 19).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::{due_of, must_be_lately};
use crate::applications::{self, Application};
use crate::auth::Action::CorrectPerson;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Shown};
use crate::ids::{LetterId, PersonId};
use crate::letters::{
    self, Field, Language, Letter, LetterKind, NewLetter, Values, values_of_case,
};
use crate::people::{
    self, CorrectableField, Correction, CorrectionReason, OF_AGE_YEARS, PostalAddress,
};
use crate::problem::Problem;
use crate::tasks::{self, NewTask, TaskKind};

/// The operations on corrections.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::act(
            "/people/{id}/correct",
            CorrectPerson,
            "Correct what is kept of a person, who is told by letter; what was written before stays provable (personvernforordningen art. 16)",
            correct,
        ),
        Endpoint::act(
            "/people/{id}/refuse-correction",
            CorrectPerson,
            "Let what a person has asked to have corrected stand, and tell the person why by letter",
            refuse,
        ),
    ]
}

/// What is corrected, and why. What is not given stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Correct {
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
    #[schema(min_length = 5, max_length = 2000, pattern = r"(\S\s*){5,}")]
    why: String,
    /// When the person asked for it: the term for an answer runs from then. Absent where the municipality found it itself.
    asked_on: Option<Day>,
    /// In which form of Norwegian the letter is written.
    language: Option<Language>,
}

/// What is not corrected, and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RefuseCorrection {
    /// What the person has asked to have corrected.
    #[schema(min_items = 1, max_items = 8)]
    fields: BTreeSet<CorrectableField>,
    /// Why it stands, as the person is told.
    #[schema(min_length = 20, max_length = 2000, pattern = r"\S{2,}(\s+\S+){2,}")]
    why: String,
    /// When the person asked for it: the term for an answer runs from then.
    asked_on: Day,
    /// In which form of Norwegian the letter is written.
    language: Option<Language>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CorrectionTold {
    /// Who is told.
    id: PersonId,
    /// The version that `ETag` tells.
    version: i32,
    /// By when the person is to be told.
    due_on: Day,
    /// The letters that tell of it, to be sent; none where the person has no case, and is told otherwise.
    letter_ids: Vec<LetterId>,
}

fn correct(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Correct,
) -> Result<Shown<CorrectionTold>, Problem> {
    let id: PersonId = call.id()?;
    must_be_lately(asked.asked_on, tx.today())?;
    let correction = Correction {
        given_name: asked.given_name.clone(),
        family_name: asked.family_name.clone(),
        phone: asked.phone.clone(),
        email: asked.email.clone(),
        address: asked.address.clone(),
        reason: asked.reason,
        why: asked.why.clone(),
    };
    let version = people::correct(tx, call, id, &correction)?;
    let how = (asked.reason, asked.asked_on, asked.language);
    tell_corrected(tx, (id, version), &correction.fields(), how)
}

/// Tells a person, at the person's or the thing's version since, what was corrected, why, and in time after it was asked for.
pub(super) fn tell_corrected(
    tx: &mut Tx<'_>,
    whom: (PersonId, i32),
    fields: &[CorrectableField],
    (why, asked_on, language): (CorrectionReason, Option<Day>, Option<Language>),
) -> Result<Shown<CorrectionTold>, Problem> {
    let language = language.unwrap_or(Language::Bokmal);
    let due_on = due_of(asked_on, tx.today());
    let add = |values: Values| values.with(Field::Reason, reason(why, language));
    let told = (
        LetterKind::CorrectionMade,
        language,
        words(fields, language),
    );
    tell(tx, whom, due_on, told, add)
}

fn refuse(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &RefuseCorrection,
) -> Result<Shown<CorrectionTold>, Problem> {
    let id: PersonId = call.id()?;
    must_be_lately(Some(asked.asked_on), tx.today())?;
    let fields: Vec<CorrectableField> = asked.fields.iter().copied().collect();
    let version = people::refuse_correction(tx, call, id, (&fields, &asked.why))?;
    let language = asked.language.unwrap_or(Language::Bokmal);
    let due_on = due_of(Some(asked.asked_on), tx.today());
    let add = |values: Values| values.with(Field::Considerations, asked.why.as_str());
    let told = (
        LetterKind::CorrectionRefused,
        language,
        words(&fields, language),
    );
    tell(tx, (id, version), due_on, told, add)
}

/// What of a person is told of, in words.
fn words(fields: &[CorrectableField], language: Language) -> Vec<String> {
    let words = fields.iter().map(|it| word(*it, language).to_owned());
    words.collect()
}

/// Writes the letter, where there is a case by whose letters the person is reached, and sees to it that somebody sends it, or tells the
/// person otherwise, in time.
fn tell(
    tx: &mut Tx<'_>,
    (id, version): (PersonId, i32),
    due_on: Day,
    (kind, language, what): (LetterKind, Language, Vec<String>),
    add: impl FnOnce(Values) -> Values,
) -> Result<Shown<CorrectionTold>, Problem> {
    let case = newest_case(tx, id)?;
    let written = match &case {
        Some(case) => {
            let values = add(values_of_case(tx, case)?)
                .with(Field::Person, name(tx, id)?)
                .with_all(Field::Corrected, what);
            let new = NewLetter {
                kind,
                language,
                subject: id.uuid(),
                values: &values,
            };
            write(tx, case, &new, id)?
        }
        None => Vec::new(),
    };
    let task = NewTask {
        kind: TaskKind::TellOfCorrection,
        about: id.into(),
        case: case.map(|case| case.id),
        household: None,
        due_on,
        assigned_to: None,
    };
    tasks::open(tx, task)?;
    let told = CorrectionTold {
        id,
        version,
        due_on,
        letter_ids: written.into_iter().map(|letter| letter.id).collect(),
    };
    Ok(Shown::at_version(version, told))
}

/// Whoever is of age is told of their own; of an applicant and of a child those are told who receive the letters of the case. Where it has
/// nobody who may, somebody has to find a way.
fn write(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &NewLetter<'_>,
    person: PersonId,
) -> Result<Vec<Letter>, Problem> {
    let members = people::members_of(tx, &[case.household_id])?;
    let member = members
        .into_values()
        .flatten()
        .find(|it| it.person_id == person);
    let today = tx.today();
    let is_of_age = |born_on: Day| born_on.age_on(today) >= OF_AGE_YEARS;
    let is_other_adult =
        person != case.applicant_id && member.is_some_and(|it| is_of_age(it.born_on));
    let written = if is_other_adult {
        letters::write_to_member(tx, case, new, person).map(|letter| vec![letter])
    } else {
        letters::write(tx, case, new)
    };
    match written {
        Err(problem) if problem.is_fault() => Err(problem),
        // Of what goes into the letter only this was written by whoever asks.
        Err(problem) if problem.kind == letters::Refusal::WordsForbidden.kind() => {
            Err(problem.at("/why"))
        }
        Err(_) => Ok(Vec::new()),
        written => written,
    }
}

/// The newest case of anybody who lives with the person.
fn newest_case(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Application>, Problem> {
    let households = people::households_of(tx, person)?;
    let mut cases = applications::of_households(tx, &households)?;
    cases.sort_unstable_by_key(|case| case.id);
    Ok(cases.pop())
}

fn name(tx: &mut Tx<'_>, person: PersonId) -> Result<String, Problem> {
    let name = people::name_of(tx, person)?;
    let name = name.ok_or_else(|| Problem::internal("who was corrected has no name"))?;
    Ok(name.whole())
}

const fn reason(reason: CorrectionReason, language: Language) -> &'static str {
    match (reason, language) {
        (CorrectionReason::Wrong, Language::Bokmal) => "De var feil.",
        (CorrectionReason::Wrong, Language::Nynorsk) => "Dei var feil.",
        (CorrectionReason::Incomplete, Language::Bokmal) => "Noe manglet.",
        (CorrectionReason::Incomplete, Language::Nynorsk) => "Noko mangla.",
        (CorrectionReason::OutOfDate, Language::Bokmal) => "De var utdaterte.",
        (CorrectionReason::OutOfDate, Language::Nynorsk) => "Dei var utdaterte.",
    }
}

const fn word(field: CorrectableField, language: Language) -> &'static str {
    match (field, language) {
        (CorrectableField::GivenName, Language::Bokmal) => "Fornavn og mellomnavn",
        (CorrectableField::GivenName, Language::Nynorsk) => "Førenamn og mellomnamn",
        (CorrectableField::FamilyName, Language::Bokmal) => "Etternavn",
        (CorrectableField::FamilyName, Language::Nynorsk) => "Etternamn",
        (CorrectableField::Phone, _) => "Telefonnummer",
        (CorrectableField::Email, _) => "E-postadresse",
        (CorrectableField::Address, _) => "Postadresse",
        (CorrectableField::Situation, Language::Bokmal) => "Boligsituasjonen",
        (CorrectableField::Situation, Language::Nynorsk) => "Busituasjonen",
        (CorrectableField::Membership, Language::Bokmal) => "Rollen i husstanden",
        (CorrectableField::Membership, Language::Nynorsk) => "Rolla i husstanden",
        (CorrectableField::Needs, Language::Bokmal) => "Boligbehovet",
        (CorrectableField::Needs, Language::Nynorsk) => "Bustadbehovet",
    }
}
