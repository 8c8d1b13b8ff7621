//! Which letter a decision, an offer or a case calls for, and what follows when it arrives.

use super::acts;
use super::compose;
use super::model::{Field, Language, LetterKind, ProofOfReceipt};
use super::rules::Refusal;
use super::store::Letter;
use super::words;
use super::writing::{NewLetter, write};
use crate::access::Statement;
use crate::applications::{self, Application, ApplicationState};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::decisions::{self, Decision, DecisionState, Outcome};
use crate::forwarding;
use crate::ids::{DecisionId, Id, OfferId};
use crate::offers::{self, Offer, OfferState, WithdrawnReason};
use crate::problem::Problem;
use crate::tasks::{self, TaskKind};

/// Writes the notice of a decision.
pub(super) fn of_decision(
    tx: &mut Tx<'_>,
    decision: &Decision,
    language: Language,
) -> Result<Vec<Letter>, Problem> {
    if decision.state != DecisionState::Approved {
        return Err(Refusal::NothingToTell.into());
    }
    let case = applications::load(tx, decision.application_id)?;
    let kind = match decision.outcome {
        Outcome::Granted | Outcome::PartlyGranted => LetterKind::Decision,
        Outcome::Refused | Outcome::Dismissed => LetterKind::Refusal,
        Outcome::Lapsed => LetterKind::Lapse,
    };
    let values = compose::of_decision(tx, &case, decision, language)?;
    let new = NewLetter {
        kind,
        language,
        subject: decision.id.uuid(),
        values: &values,
    };
    write(tx, &case, &new)
}

/// Writes the letter with an offer, or about one that was taken back.
pub(super) fn of_offer(
    tx: &mut Tx<'_>,
    offer: &Offer,
    language: Language,
) -> Result<Vec<Letter>, Problem> {
    let case = applications::load(tx, offer.application_id)?;
    let (kind, values) = match offer.state {
        OfferState::Open => (
            LetterKind::Offer,
            compose::of_offer(tx, &case, offer, language)?,
        ),
        // What became of the case is told, and the offer with it.
        OfferState::Withdrawn if offer.withdrawn_reason == Some(WithdrawnReason::CaseEnded) => {
            return Err(Refusal::NothingToTell.into());
        }
        OfferState::Withdrawn | OfferState::Annulled => (
            LetterKind::OfferWithdrawn,
            compose::of_withdrawn(tx, &case, offer, language)?,
        ),
        OfferState::Accepted | OfferState::Declined | OfferState::Expired => {
            return Err(Refusal::NothingToTell.into());
        }
    };
    let new = NewLetter {
        kind,
        language,
        subject: offer.id.uuid(),
        values: &values,
    };
    write(tx, &case, &new)
}

/// What a letter about a case tells.
#[derive(Debug)]
pub(super) struct CaseNotice {
    pub(super) kind: LetterKind,
    pub(super) language: Language,
    pub(super) reason: Option<Statement>,
    pub(super) expected_on: Option<Day>,
    pub(super) promised_on: Option<Day>,
}

/// Writes a letter about a case that is not decided, was sent on or withdrawn.
pub(super) fn of_case(
    tx: &mut Tx<'_>,
    case: &Application,
    told: CaseNotice,
) -> Result<Vec<Letter>, Problem> {
    let is_true = match told.kind {
        LetterKind::ForwardingNotice => case.state == ApplicationState::Forwarded,
        LetterKind::WithdrawalConfirmed => case.state == ApplicationState::Withdrawn,
        _ => case.state.is_undecided(),
    };
    let lacking = match told.kind {
        LetterKind::DocumentsRequested => applications::lacking(tx, case.id)?,
        _ => Vec::new(),
    };
    if !is_true {
        return Err(Problem::from(Refusal::NothingToTell).fact("state", case.state.code()));
    }
    let forwarded_to = match told.kind {
        LetterKind::ForwardingNotice => forwarding::body_of(tx, case.id)?,
        _ => None,
    };
    let day = |day: Option<Day>| day.map(Day::in_norwegian).unwrap_or_default();
    let documents = lacking
        .iter()
        .map(|(document, _)| words::document(*document, told.language).to_owned());
    let values = compose::of_case(tx, case)?
        .with_all(Field::Documents, documents)
        .with(
            Field::DueOn,
            day(lacking.iter().map(|(_, due_on)| *due_on).min()),
        )
        .with(Field::ExpectedOn, day(told.expected_on))
        .with(Field::PromisedOn, day(told.promised_on))
        .with(Field::ForwardedTo, forwarded_to.unwrap_or_default());
    let values = match &told.reason {
        Some(why) => values.with_said(Field::DelayReason, why),
        None => values,
    };
    let new = NewLetter {
        kind: told.kind,
        language: told.language,
        subject: case.id.uuid(),
        values: &values,
    };
    let written = write(tx, case, &new)?;
    match told.kind {
        LetterKind::ForwardingNotice => tasks::close(tx, TaskKind::TellOfForwarding, case.id)?,
        LetterKind::WithdrawalConfirmed => tasks::close(tx, TaskKind::ConfirmWithdrawal, case.id)?,
        _ => {}
    }
    Ok(written)
}

/// A letter arrived: time runs from now on, for an appeal or for an answer.
pub(super) fn prove(
    tx: &mut Tx<'_>,
    letter: &Letter,
    received_at: Instant,
    proof: ProofOfReceipt,
) -> Result<Letter, Problem> {
    let moved = acts::prove(tx, letter, received_at, proof)?;
    if !letter.starts_clock {
        return Ok(moved);
    }
    match letter.kind {
        LetterKind::Decision | LetterKind::Refusal | LetterKind::Lapse => {
            let id: DecisionId = Id::from_uuid(letter.subject_id.uuid());
            let decision = decisions::load(tx, id)?;
            // Of several who receive letters for the party, the first counts.
            if decision.notified_at.is_none() {
                decisions::notify(tx, &decision, received_at.day())?;
            }
        }
        LetterKind::Offer => {
            let id: OfferId = Id::from_uuid(letter.subject_id.uuid());
            let offer = offers::load(tx, id)?;
            if offer.notified_at.is_none() && offer.state == OfferState::Open {
                offers::notify(tx, &offer, received_at)?;
            }
        }
        _ => {}
    }
    Ok(moved)
}
