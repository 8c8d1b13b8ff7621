//! A case as its party may read it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{self, Open, Openings};
use crate::appeals::{self, AppealOutcome, AppealState};
use crate::applications::{Application, ApplicationState, ApplicationType, Needs, OpenNeeds};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::decisions::{
    self, AppealBody, AppealRight, Condition, Decision, DecisionState, LegalBasis, Outcome,
};
use crate::ids::{AppealId, ApplicationId, DecisionId, DwellingId, LetterId, OfferId};
use crate::letters::{self, LetterKind, LetterState};
use crate::offers::{self, OfferState};
use crate::parties::PartyRole;
use crate::people;
use crate::problem::Problem;
use crate::situations::{self, OpenSituation};
use crate::text::Text;

/// What a party may read of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartyView {
    application_id: ApplicationId,
    /// As what the reader is told.
    role: PartyRole,
    /// What was applied for.
    #[serde(rename = "type")]
    kind: ApplicationType,
    received_on: Day,
    state: ApplicationState,
    state_since: Instant,
    /// What is recorded of the household's situation.
    situations: Vec<OpenSituation>,
    /// What the household was found to need; without areas where it has a protected address and whoever hands this out is not
    /// cleared for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<OpenNeeds>,
    decisions: Vec<DecisionForParty>,
    offers: Vec<OfferForParty>,
    /// The letters that were sent; each can be had whole.
    letters: Vec<LetterForParty>,
    appeals: Vec<AppealForParty>,
    /// What is left out, and why.
    left_out: Vec<LeftOut>,
}

/// A decision as it was told to the party.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DecisionForParty {
    id: DecisionId,
    legal_basis: LegalBasis,
    outcome: Outcome,
    /// Whether it holds; one that was replaced does not.
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
    rules: Vec<String>,
    facts: String,
    considerations: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    childs_best_interest: Option<String>,
    conditions: Vec<Condition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notified_at: Option<Instant>,
    /// Who decides on an appeal.
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal_body: Option<AppealBody>,
    /// The last day for an appeal.
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal_until: Option<Day>,
}

/// An offer as it was made to the party.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OfferForParty {
    id: OfferId,
    /// Absent where nobody must be able to tell where the household lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_id: Option<DwellingId>,
    state: OfferState,
    made_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_by: Option<Day>,
    /// Whether it is one of those after which the grant may lapse.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<bool>,
}

/// A letter that was sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LetterForParty {
    id: LetterId,
    kind: LetterKind,
    written_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<Instant>,
}

/// An appeal and what came of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AppealForParty {
    id: AppealId,
    decision_id: DecisionId,
    state: AppealState,
    received_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<AppealOutcome>,
}

/// What is left out, and by which provision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LeftOut {
    what: Text,
    statute: &'static str,
}

/// Puts together what a party may read.
pub(super) fn of_case(
    tx: &mut Tx<'_>,
    case: &Application,
    role: PartyRole,
) -> Result<PartyView, Problem> {
    let today = tx.today();
    let openings = access::openings(tx, case.id)?;
    let shown = |it| Open::to(openings.clone(), it);
    let situations = situations::current(tx, case.household_id, today)?;
    let situations: Vec<OpenSituation> = situations.into_iter().map(shown).collect();
    let needs = needs(tx, case)?.map(|it| Open::to(openings.clone(), it));
    // The party has a right to all of it, so it is handed out by somebody who may see all of it.
    let is_partial =
        situations.iter().any(Open::is_partial) || needs.as_ref().is_some_and(Open::is_partial);
    if is_partial {
        return Err(access::Refusal::CompartmentClosed.into());
    }
    let is_protected = people::has_protected(tx, case.household_id)?;
    let all = decisions::of_case(tx, case.id)?;
    let is_told =
        |it: &&Decision| matches!(it.state, DecisionState::Approved | DecisionState::Replaced);
    let told = all.iter().filter(is_told);
    let decisions = told
        .map(|it| decision(tx, it, &openings))
        .collect::<Result<Vec<_>, Problem>>()?;
    let offers = offers::of_case(tx, case.id)?;
    let letters = letters::of_case(tx, case.id)?;
    let appeals = appeals::of_case(tx, case.id)?;
    Ok(PartyView {
        situations,
        application_id: case.id,
        role,
        kind: case.kind,
        received_on: case.received_on,
        state: case.state,
        state_since: case.state_since,
        needs,
        decisions,
        offers: offers
            .into_iter()
            .map(|it| OfferForParty {
                id: it.id,
                dwelling_id: Some(it.dwelling_id).filter(|_| !is_protected),
                state: it.state,
                made_at: it.made_at,
                answer_by: it.answer_by,
                counts: it.counts,
            })
            .collect(),
        letters: letters
            .into_iter()
            .filter(|it| !matches!(it.state, LetterState::Written | LetterState::Discarded))
            .map(|it| LetterForParty {
                id: it.id,
                kind: it.kind,
                written_at: it.written_at,
                sent_at: it.sent_at,
                received_at: it.received_at,
            })
            .collect(),
        appeals: appeals
            .into_iter()
            .map(|it| AppealForParty {
                id: it.id,
                decision_id: it.decision_id,
                state: it.state,
                received_on: it.received_on,
                outcome: it.outcome,
            })
            .collect(),
        left_out: left_out(),
    })
}

/// What the household was found to need. Which others it must not live near is of others.
fn needs(tx: &mut Tx<'_>, case: &Application) -> Result<Option<Needs>, Problem> {
    let Some(mut needs) = case.needs().cloned() else {
        return Ok(None);
    };
    needs.excluded_households.clear();
    let is_locatable = access::unlocatable(tx, &[case.household_id])?.is_empty();
    Ok(Some(if is_locatable {
        needs
    } else {
        needs.without_places()
    }))
}

fn decision(
    tx: &mut Tx<'_>,
    of: &Decision,
    openings: &Openings,
) -> Result<DecisionForParty, Problem> {
    let content = decisions::content_of(tx, of)?;
    openings.must_reach(&content.compartments)?;
    let decided_on = of.decided_at.map(Instant::day);
    let right = decided_on.and_then(|day| AppealRight::of(of.legal_basis, day));
    Ok(DecisionForParty {
        id: of.id,
        legal_basis: of.legal_basis,
        outcome: of.outcome,
        holds: of.state == DecisionState::Approved,
        decided_at: of.decided_at,
        rules: content.reasons.rules,
        facts: content.reasons.facts,
        considerations: content.reasons.considerations,
        childs_best_interest: content.reasons.childs_best_interest,
        conditions: content.conditions,
        notified_at: of.notified_at,
        appeal_body: right.map(|right| right.body),
        appeal_until: of.appeal_until,
    })
}

fn left_out() -> Vec<LeftOut> {
    vec![
        LeftOut {
            what: Text::new(
                "Innstillinger og utkast til vedtak",
                "Proposals and drafts of decisions",
            ),
            statute: "forvaltningsloven § 18 a",
        },
        LeftOut {
            what: Text::new(
                "Tildelingsteamets innstilling, avstemning og referat",
                "The allocation team's recommendation, votes and minutes",
            ),
            statute: "forvaltningsloven § 18 b",
        },
        LeftOut {
            what: Text::new(
                "Opplysninger om andre søkere, deres plass og deres boliger",
                "What is known of other applicants, their place and their homes",
            ),
            statute: "forvaltningsloven § 19 andre ledd bokstav b",
        },
    ]
}
