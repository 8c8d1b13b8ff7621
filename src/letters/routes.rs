//! Letters: written, sent on their way, shown, and proved to have arrived.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::lifecycle::LetterState;
use super::model::{Channel, Language, LetterKind, ProofOfReceipt};
use super::notices;
use super::store::{self, Letter};
use super::way_store;
use super::writing;
use crate::access::{self, Rooms, Statement, TextKind};
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::{ReadLetters, SendLetters, WriteLetters};
use crate::clock::{Day, Instant};
use crate::codes;
use crate::db::Tx;
use crate::decisions;
use crate::eligibility::rooms_of_text;
use crate::http::{Call, Created, Endpoint, Html, Nothing, Pdf, Shown};
use crate::ids::{ApplicationId, LetterId, PersonId, UserId};
use crate::offers;
use crate::parties::PartyRole;
use crate::problem::{NOT_FOUND, Problem};
use crate::registers::{ArchiveReceipt, DispatchState};

/// The operations on letters.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/decisions/{id}/letters",
            WriteLetters,
            "Write the notice of a decision to the party and whoever receives letters for it",
            of_decision,
        ),
        Endpoint::create(
            "/offers/{id}/letters",
            WriteLetters,
            "Write the letter with an offer, or about one that was taken back",
            of_offer,
        ),
        Endpoint::create(
            "/applications/{id}/letters",
            WriteLetters,
            "Write an interim reply, a notice of delay, of forwarding or of withdrawal",
            of_case,
        ),
        Endpoint::get(
            "/applications/{id}/letters",
            ReadLetters,
            "The letters of a case, oldest first",
            list,
        ),
        Endpoint::get(
            "/letters/{id}",
            ReadLetters,
            "Where a letter stands, and its checksums",
            show,
        ),
        Endpoint::get(
            "/letters/{id}/pdf",
            ReadLetters,
            "A letter as PDF/A-2a and PDF/UA-1",
            show_pdf,
        ),
        Endpoint::get(
            "/letters/{id}/html",
            ReadLetters,
            "A letter as a page",
            show_html,
        ),
        Endpoint::act(
            "/letters/{id}/dispatch",
            SendLetters,
            "Hand a letter to the outbox, by a channel; again by another when it came back or lies unread",
            dispatch,
        ),
        Endpoint::act(
            "/letters/{id}/receipt",
            SendLetters,
            "Record by what it is proved that a letter arrived; from then on time runs",
            receipt,
        ),
        Endpoint::act(
            "/letters/{id}/return",
            SendLetters,
            "A letter came back undelivered",
            send_back,
        ),
        Endpoint::act(
            "/letters/{id}/discard",
            SendLetters,
            "A letter is not sent after all",
            discard,
        ),
    ]
}

/// In which form of Norwegian.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LetterForm {
    #[serde(default)]
    language: Option<Language>,
}

impl LetterForm {
    fn language(&self) -> Language {
        self.language.unwrap_or(Language::Bokmal)
    }
}

codes! {
    /// A letter about a case that is not decided.
    enum CaseLetterKind {
        /// Why there is no decision yet, and when there will be.
        InterimReply = "INTERIM_REPLY",
        /// The promised day will not be kept.
        DelayNotice = "DELAY_NOTICE",
        /// Sent on to another body.
        ForwardingNotice = "FORWARDING_NOTICE",
        /// Which documents are lacking, as they were asked for.
        DocumentsRequested = "DOCUMENTS_REQUESTED",
        /// Withdrawn, as was wished.
        WithdrawalConfirmed = "WITHDRAWAL_CONFIRMED",
    }
}

/// A letter about a case. Which parts it needs follows from its kind; what is missing is named with the provision that asks for it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewCaseLetter {
    kind: CaseLetterKind,
    #[serde(default)]
    language: Option<Language>,
    /// Why it takes longer.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// The compartments in which that lies; none when not given.
    #[serde(default)]
    compartments: Option<Rooms>,
    /// The day by which an answer can be expected.
    #[serde(default)]
    expected_on: Option<Day>,
    /// The day that was promised before.
    #[serde(default)]
    promised_on: Option<Day>,
}

/// Letters that were written, one for each recipient.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Letters {
    items: Vec<LetterShown>,
}

/// A letter, without what it says.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LetterShown {
    id: LetterId,
    version: i32,
    application_id: ApplicationId,
    /// The decision, offer, appeal or case that it is about.
    subject_id: uuid::Uuid,
    kind: LetterKind,
    language: Language,
    template_version: i16,
    recipient_id: PersonId,
    recipient_role: PartyRole,
    /// Whether time runs from its receipt.
    starts_clock: bool,
    state: LetterState,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written_by: Option<UserId>,
    written_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    dispatched_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<ProofOfReceipt>,
    /// How far it had come when `SvarUt` was last asked, where it went by `SvarUt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    shipment: Option<DispatchState>,
    /// What the archive has told of it, where it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    filing: Option<ArchiveReceipt>,
    /// SHA-256 of the letter as HTML.
    html_sha256: String,
    /// SHA-256 of the letter as PDF.
    pdf_sha256: String,
}

fn of_decision(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &LetterForm,
) -> Result<Created<Letters>, Problem> {
    let decision = decisions::load(tx, call.id()?)?;
    let written = notices::of_decision(tx, &decision, asked.language())?;
    created(tx, decision.application_id, &written)
}

fn of_offer(tx: &mut Tx<'_>, call: &Call, asked: &LetterForm) -> Result<Created<Letters>, Problem> {
    let offer = offers::load(tx, call.id()?)?;
    let written = notices::of_offer(tx, &offer, asked.language())?;
    created(tx, offer.application_id, &written)
}

fn of_case(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &NewCaseLetter,
) -> Result<Created<Letters>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let kind = match asked.kind {
        CaseLetterKind::InterimReply => LetterKind::InterimReply,
        CaseLetterKind::DelayNotice => LetterKind::DelayNotice,
        CaseLetterKind::ForwardingNotice => LetterKind::ForwardingNotice,
        CaseLetterKind::DocumentsRequested => LetterKind::DocumentsRequested,
        CaseLetterKind::WithdrawalConfirmed => LetterKind::WithdrawalConfirmed,
    };
    let said = (asked.compartments.as_ref(), "/compartments");
    let rooms = rooms_of_text(tx, &case, TextKind::DelayReason, said)?;
    let told = notices::CaseNotice {
        kind,
        language: asked.language.unwrap_or(Language::Bokmal),
        reason: asked.reason.as_deref().map(|it| Statement::new(it, rooms)),
        expected_on: asked.expected_on,
        promised_on: asked.promised_on,
    };
    let written = notices::of_case(tx, &case, told)?;
    created(tx, case.id, &written)
}

fn created(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    written: &[Letter],
) -> Result<Created<Letters>, Problem> {
    Ok(Created {
        location: format!("/applications/{case}/letters"),
        version: None,
        body: listed(tx, written)?,
    })
}

fn listed(tx: &mut Tx<'_>, letters: &[Letter]) -> Result<Letters, Problem> {
    let items = letters.iter().map(|letter| told(tx, letter));
    Ok(Letters {
        items: items.collect::<Result<_, _>>()?,
    })
}

fn list(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Letters>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let letters = store::of_case(tx, case.id)?;
    Ok(Shown::plain(listed(tx, &letters)?))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<LetterShown>, Problem> {
    let letter = acts::load(tx, call.id()?)?;
    shown(tx, &letter)
}

fn show_pdf(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Pdf, Problem> {
    Ok(Pdf(read(tx, call)?.pdf()?))
}

fn show_html(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Html, Problem> {
    Ok(Html(read(tx, call)?.html))
}

/// What a letter says; that it was looked at is put on the record.
fn read(tx: &mut Tx<'_>, call: &Call) -> Result<writing::Set, Problem> {
    let letter = acts::load(tx, call.id()?)?;
    let case = applications::load(tx, letter.application_id)?;
    // An offer tells where the household will live: whoever may not locate it is not told that.
    let hidden = access::unlocatable(tx, &[case.household_id])?;
    if letter.kind == LetterKind::Offer && hidden.contains(&case.household_id) {
        return Err(Problem::new(&NOT_FOUND));
    }
    tx.record(
        Entry::access("letter.read")
            .about(case.id)
            .about(case.applicant_id)
            .about(letter.recipient_id)
            .fact("letter", letter.id.to_string()),
    );
    let set = writing::open(tx, &letter)?;
    // A letter is of use only whole.
    access::openings(tx, case.id)?.must_reach(&set.rooms)?;
    Ok(set)
}

/// By which way.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DispatchLetter {
    channel: Channel,
}

fn dispatch(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &DispatchLetter,
) -> Result<Shown<LetterShown>, Problem> {
    let letter = seen(tx, call)?;
    let letter = acts::dispatch(tx, &letter, asked.channel)?;
    shown(tx, &letter)
}

/// By what it is proved that a letter arrived.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LetterReceipt {
    proof: ProofOfReceipt,
    /// When it arrived; now when not given.
    #[serde(default)]
    received_at: Option<Instant>,
}

fn receipt(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &LetterReceipt,
) -> Result<Shown<LetterShown>, Problem> {
    let letter = seen(tx, call)?;
    let received_at = asked.received_at.unwrap_or(tx.now());
    let letter = notices::prove(tx, &letter, received_at, asked.proof)?;
    shown(tx, &letter)
}

fn send_back(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<LetterShown>, Problem> {
    let letter = seen(tx, call)?;
    let letter = acts::send_back(tx, &letter)?;
    shown(tx, &letter)
}

fn discard(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<LetterShown>, Problem> {
    let letter = seen(tx, call)?;
    let letter = acts::discard(tx, &letter)?;
    shown(tx, &letter)
}

/// The letter in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Letter, Problem> {
    let letter = acts::load(tx, call.id()?)?;
    call.has_seen(letter.version)?;
    Ok(letter)
}

fn shown(tx: &mut Tx<'_>, letter: &Letter) -> Result<Shown<LetterShown>, Problem> {
    Ok(Shown::at_version(letter.version, told(tx, letter)?))
}

fn told(tx: &mut Tx<'_>, letter: &Letter) -> Result<LetterShown, Problem> {
    let (html_sha256, pdf_sha256) = writing::checksums(tx, letter.id)?;
    Ok(LetterShown {
        id: letter.id,
        version: letter.version,
        application_id: letter.application_id,
        subject_id: letter.subject_id.uuid(),
        kind: letter.kind,
        language: letter.language,
        template_version: letter.template_version,
        recipient_id: letter.recipient_id,
        recipient_role: letter.recipient_role,
        starts_clock: letter.starts_clock,
        state: letter.state,
        channel: letter.channel,
        written_by: letter.written_by,
        written_at: letter.written_at,
        dispatched_at: letter.dispatched_at,
        sent_at: letter.sent_at,
        received_at: letter.received_at,
        proof: letter.proof,
        shipment: way_store::shipment_of(tx, letter.id)?,
        filing: way_store::filing_of(tx, letter.id)?,
        html_sha256,
        pdf_sha256,
    })
}
