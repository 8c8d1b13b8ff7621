//! Writing a letter: filled in from its template, set, sealed and kept, once for each recipient.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::html::html;
use super::lifecycle::LetterState;
use super::model::{Document, Language, LetterKind, Part, Values};
use super::pdf::pdf;
use super::rules::{self, Refusal};
use super::store::{self, Content, Letter};
use super::template::{Filled, newest};
use crate::access::Rooms;
use crate::applications::{self, Application};
use crate::audit::{Entry, Hash, sha256};
use crate::crypto::Context;
use crate::db::Tx;
use crate::ids::{Id, LetterId, PersonId};
use crate::municipality;
use crate::parties::{self, Addressee, PartyRole};
use crate::people;
use crate::problem::Problem;

/// A letter to be written to all whom it concerns.
#[derive(Debug)]
pub struct NewLetter<'n> {
    /// What it is.
    pub kind: LetterKind,
    /// In which form of Norwegian.
    pub language: Language,
    /// The decision, offer, appeal or case that it is about.
    pub subject: Uuid,
    /// What it is filled with.
    pub values: &'n Values,
}

/// A letter as it was set. Personal data.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Set {
    pub(super) html: String,
    /// In base 64.
    pdf: String,
    /// Name and address of the recipient, as the letter has them.
    pub(super) recipient: Vec<String>,
    /// The heading.
    pub(super) title: String,
    /// The compartments in which lies what it says. Whoever receives it reads all of it.
    #[serde(default, skip_serializing_if = "Rooms::is_none")]
    pub(super) rooms: Rooms,
}

impl Set {
    pub(super) fn pdf(&self) -> Result<Vec<u8>, Problem> {
        STANDARD
            .decode(&self.pdf)
            .map_err(|_| Problem::internal("a kept letter is not base 64"))
    }
}

/// Writes a letter to everybody to whom it must go: those who receive letters for the party, and the party.
pub fn write(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &NewLetter<'_>,
) -> Result<Vec<Letter>, Problem> {
    let addressees = parties::addressees(tx, case)?;
    addressees
        .into_iter()
        .map(|addressee| write_to(tx, case, new, addressee))
        .collect()
}

/// Writes a letter to somebody who is no party to the case and appealed: nothing in it is of the party but the reference.
pub fn write_to_appellant(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &NewLetter<'_>,
    appellant: PersonId,
) -> Result<Letter, Problem> {
    let addressee = Addressee {
        person: appellant,
        role: PartyRole::Appellant,
        starts_clock: true,
    };
    write_to(tx, case, new, addressee)
}

/// Writes a letter to somebody of the household of a case, who is told of data of their own.
pub fn write_to_member(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &NewLetter<'_>,
    member: PersonId,
) -> Result<Letter, Problem> {
    let addressee = Addressee {
        person: member,
        role: PartyRole::Party,
        starts_clock: false,
    };
    write_to(tx, case, new, addressee)
}

fn write_to(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &NewLetter<'_>,
    to: Addressee,
) -> Result<Letter, Problem> {
    let template = newest(new.kind, new.language)
        .ok_or_else(|| Problem::internal("a kind of letter without a template"))?;
    let filled = template
        .fill(new.values)
        .map_err(|missing| rules::lacks(&missing))?;
    let has = filled.parts();
    must_have_all_parts(new.kind, &has)?;
    let parts: Vec<&str> = has.iter().map(|part| part.code()).collect();
    let id: LetterId = tx.new_id();
    let document = addressed(tx, case, new.language, filled, to, id)?;
    let words = document.words();
    if let Some(found) = words
        .iter()
        .find_map(|text| rules::forbidden_in(text, new.kind))
    {
        tracing::info!(fault = found, "a letter was not written");
        return Err(Refusal::WordsForbidden.into());
    }
    let (page, sheet) = (html(&document), pdf(&document)?);
    let row = Letter {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        application_id: case.id,
        subject_id: Id::from_uuid(new.subject),
        kind: new.kind,
        language: new.language,
        template_version: template.version,
        recipient_id: to.person,
        recipient_role: to.role,
        starts_clock: to.starts_clock,
        state: LetterState::Written,
        channel: None,
        written_by: tx.caller().actor.user(),
        written_at: tx.now(),
        dispatched_at: None,
        sent_at: None,
        received_at: None,
        proof: None,
    };
    let (html_sha256, pdf_sha256) = (sha256(page.as_bytes()), sha256(&sheet));
    let set = Set {
        html: page,
        pdf: STANDARD.encode(sheet),
        recipient: document.recipient,
        title: document.title,
        rooms: new.values.rooms().clone(),
    };
    let content = Content {
        municipality_id: row.municipality_id,
        letter_id: id,
        sealed: seal(tx, case, id, &set)?,
        html_sha256: html_sha256.0.to_vec(),
        pdf_sha256: pdf_sha256.0.to_vec(),
        written_at: row.written_at,
    };
    store::insert(tx, &row, &content)?;
    tx.record(
        entry_of("letter.written", &row)
            .fact("language", row.language.code())
            .fact("templateVersion", row.template_version)
            .fact("parts", parts)
            .fact("htmlSha256", html_sha256.to_hex())
            .fact("pdfSha256", pdf_sha256.to_hex()),
    );
    Ok(row)
}

/// A letter of this kind has every part that the law wants in it.
fn must_have_all_parts(kind: LetterKind, has: &[Part]) -> Result<(), Problem> {
    let required = rules::required(kind).iter().copied();
    let lacking: Vec<Part> = required.filter(|part| !has.contains(part)).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    Err(rules::lacks(&lacking))
}

fn addressed(
    tx: &mut Tx<'_>,
    case: &Application,
    language: Language,
    filled: Filled,
    to: Addressee,
    id: LetterId,
) -> Result<Document, Problem> {
    let (_, name) = municipality::load(tx)?;
    let recipient = people::addressed(tx, to.person)?;
    let particulars = vec![
        format!("Dato: {}", tx.today().in_norwegian()),
        format!("Saksreferanse: {}", case.id),
        format!("Brev: {id}"),
    ];
    let sender = format!("{name} kommune");
    Ok(filled.addressed(language, tx.now(), sender, recipient, particulars))
}

/// What a letter that was loaded before says, as HTML. Whoever shows it records that.
pub fn html_of(tx: &mut Tx<'_>, of: &Letter) -> Result<String, Problem> {
    Ok(open(tx, of)?.html)
}

/// What a letter says, opened.
pub(super) fn open(tx: &mut Tx<'_>, of: &Letter) -> Result<Set, Problem> {
    let applicant = applications::applicant_of(tx, of.application_id)?;
    let content = store::content(tx, of.id)?;
    let place = place(tx, of.id);
    let text = people::open_text(tx, applicant, place, &content.sealed)?;
    let set: Set = serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("a kept letter is not JSON"))?;
    let is_whole = sha256(set.html.as_bytes()).0[..] == content.html_sha256[..]
        && sha256(&set.pdf()?).0[..] == content.pdf_sha256[..];
    if is_whole {
        Ok(set)
    } else {
        Err(Problem::internal(
            "a kept letter does not match its checksum",
        ))
    }
}

/// The checksums of a letter: of its HTML and of its PDF.
pub(super) fn checksums(tx: &mut Tx<'_>, of: LetterId) -> Result<(String, String), Problem> {
    let content = store::content(tx, of)?;
    let hex = |bytes: Vec<u8>| {
        let bytes = bytes.try_into();
        let bytes = bytes.map_err(|_| Problem::internal("a checksum of a wrong size"))?;
        Ok::<_, Problem>(Hash(bytes).to_hex())
    };
    Ok((hex(content.html_sha256)?, hex(content.pdf_sha256)?))
}

/// Where a letter stands: it opens nowhere else.
fn place(tx: &Tx<'_>, letter: LetterId) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "letter_content",
        column: "sealed",
        row: letter.uuid(),
    }
}

/// Seals a letter under the applicant's key, whoever receives it: it is about the applicant.
fn seal(
    tx: &mut Tx<'_>,
    case: &Application,
    letter: LetterId,
    set: &Set,
) -> Result<String, Problem> {
    let text = serde_json::to_string(set);
    let text = text.map_err(|_| Problem::internal("a letter cannot be written as JSON"))?;
    let place = place(tx, letter);
    people::seal_text(tx, case.applicant_id, place, &text)
}

/// An entry about a letter and its case.
pub(super) fn entry_of(action: &'static str, letter: &Letter) -> Entry {
    Entry::change(action)
        .of_case(letter.application_id)
        .about(letter.recipient_id)
        .fact("letter", letter.id.to_string())
        .fact("kind", letter.kind.code())
        .fact("to", letter.recipient_role.code())
}
