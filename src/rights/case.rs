//! What is kept of a case, for one of those whom it is about.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Open, Openings};
use crate::appeals::{self, AppealForm, AppealOutcome, AppealState};
use crate::applications::{
    self, Application, ApplicationState, ApplicationType, KeptOfDocument, KeptOfReceipt, OpenNeeds,
};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::decisions::{self, Content, DecisionState, LegalBasis, Outcome};
use crate::eligibility::{self, OpenCircumstances};
use crate::ids::{AppealId, ApplicationId, DecisionId, DwellingId, LetterId, OfferId, PersonId};
use crate::letters::{self, LetterKind, LetterState};
use crate::meetings::{self, Advice};
use crate::offers::{self, OfferState};
use crate::parties::{self, Spokesman};
use crate::problem::Problem;
use crate::rulesets::DeclineReason;

/// A case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeptOfCase {
    id: ApplicationId,
    #[serde(rename = "type")]
    kind: ApplicationType,
    state: ApplicationState,
    received_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<OpenNeeds>,
    /// What was known when it was received, whatever became known later.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_receipt: Option<KeptOfReceipt>,
    /// The documents that the applicant was asked for.
    documents: Vec<KeptOfDocument>,
    /// Economy, residence and stay; of the applicant alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    circumstances: Option<OpenCircumstances>,
    /// Who speaks or spoke for the applicant.
    spokesmen: Vec<Spokesman>,
    decisions: Vec<KeptOfDecision>,
    offers: Vec<KeptOfOffer>,
    appeals: Vec<KeptOfAppeal>,
    /// The letters to the person.
    letters: Vec<KeptOfLetter>,
}

/// A decision, with its reasons.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfDecision {
    id: DecisionId,
    outcome: Outcome,
    legal_basis: LegalBasis,
    state: DecisionState,
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_id: Option<DwellingId>,
    proposed_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
    /// Reasons, conditions and what else it says in words.
    content: Content,
    /// What the allocation team recommended.
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<KeptOfRecommendation>,
}

/// A recommendation; how each member voted is kept of the members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfRecommendation {
    met_on: Day,
    advice: Advice,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<String>,
}

/// An offer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfOffer {
    id: OfferId,
    dwelling_id: DwellingId,
    state: OfferState,
    made_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_by: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decline_reason: Option<DeclineReason>,
}

/// An appeal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfAppeal {
    id: AppealId,
    decision_id: DecisionId,
    state: AppealState,
    form: AppealForm,
    received_on: Day,
    /// What the appellant wanted, and why.
    grounds: String,
    /// Why it was taken up late, or not taken up.
    #[serde(skip_serializing_if = "Option::is_none")]
    admissibility: Option<String>,
    /// What the first instance said to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<AppealOutcome>,
    /// Why the body of appeal decided so.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome_reasons: Option<String>,
}

/// A letter.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfLetter {
    id: LetterId,
    kind: LetterKind,
    state: LetterState,
    written_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<Instant>,
    /// The letter as it was set, in HTML.
    html: String,
}

/// What is kept of a case, as far as it is about this person.
pub(super) fn of_case(
    tx: &mut Tx<'_>,
    case: Application,
    person: PersonId,
) -> Result<KeptOfCase, Problem> {
    let circumstances = if person == case.applicant_id {
        eligibility::known_of(tx, &case)?
    } else {
        None
    };
    Ok(KeptOfCase {
        at_receipt: applications::receipt_of(tx, &case, person)?,
        documents: applications::documents_of(tx, case.id)?,
        circumstances: circumstances.map(|it| Open::to(Openings::all(), it)),
        spokesmen: parties::spokesmen(tx, case.id)?,
        decisions: decisions_of(tx, case.id)?,
        offers: offers_of(tx, case.id)?,
        appeals: appeals_of(tx, case.id)?,
        letters: letters_to(tx, case.id, person)?,
        id: case.id,
        kind: case.kind,
        state: case.state,
        received_on: case.received_on,
        needs: case.needs().map(|it| Open::to(Openings::all(), it.clone())),
    })
}

fn decisions_of(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<KeptOfDecision>, Problem> {
    let mut kept = Vec::new();
    for it in decisions::of_case(tx, case)? {
        let recommendation = meetings::recommendation_of(tx, it.id, &Openings::all())?;
        kept.push(KeptOfDecision {
            content: decisions::content_of(tx, &it)?,
            recommendation: recommendation.map(|it| KeptOfRecommendation {
                met_on: it.met_on,
                advice: it.advice,
                reasons: it.reasons,
            }),
            id: it.id,
            outcome: it.outcome,
            legal_basis: it.legal_basis,
            state: it.state,
            dwelling_id: it.dwelling_id,
            proposed_at: it.proposed_at,
            decided_at: it.decided_at,
        });
    }
    Ok(kept)
}

fn offers_of(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<KeptOfOffer>, Problem> {
    let offers = offers::of_case(tx, case)?;
    let kept = offers.into_iter().map(|it| KeptOfOffer {
        id: it.id,
        dwelling_id: it.dwelling_id,
        state: it.state,
        made_at: it.made_at,
        answer_by: it.answer_by,
        answered_at: it.answered_at,
        decline_reason: it.decline_reason,
    });
    Ok(kept.collect())
}

fn appeals_of(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<KeptOfAppeal>, Problem> {
    let mut kept = Vec::new();
    for it in appeals::of_case(tx, case)? {
        let words = appeals::words_of(tx, &it)?;
        kept.push(KeptOfAppeal {
            id: it.id,
            decision_id: it.decision_id,
            state: it.state,
            form: it.form,
            received_on: it.received_on,
            grounds: words.grounds.text,
            admissibility: words.admissibility.map(|it| it.text),
            assessment: words.assessment.map(|it| it.text),
            outcome: it.outcome,
            outcome_reasons: words.outcome.map(|it| it.text),
        });
    }
    Ok(kept)
}

/// Letters to others about the same case are theirs.
fn letters_to(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    person: PersonId,
) -> Result<Vec<KeptOfLetter>, Problem> {
    let mut letters = letters::of_case(tx, case)?;
    letters.retain(|it| it.recipient_id == person && it.state != LetterState::Discarded);
    let mut kept = Vec::with_capacity(letters.len());
    for it in letters {
        kept.push(KeptOfLetter {
            html: letters::html_of(tx, &it)?,
            id: it.id,
            kind: it.kind,
            state: it.state,
            written_at: it.written_at,
            sent_at: it.sent_at,
            received_at: it.received_at,
        });
    }
    Ok(kept)
}
