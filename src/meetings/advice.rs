//! What the team recommends in a case, with votes and dissent, and how that reaches whoever decides.

use std::fmt;

use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

use super::acts;
use super::likeness::{must_have_answered, voters_must_have_answered};
use super::model::{Advice, Dissent, Vote, Words};
use super::rules::{self, Bench, Motion, Refusal, Seat};
use super::store::{self, CastVote, Item, Meeting, NewAdvice};
use crate::access::{self, Openings, Rooms, TextKind};
use crate::applications::{self, Application};
use crate::clock::{Day, Instant};
use crate::crypto::Context;
use crate::db::Tx;
use crate::eligibility::rooms_of_text;
use crate::http::must_be_current;
use crate::ids::{AgendaItemId, ApplicationId, DecisionId, DwellingId, MeetingId, UserId};
use crate::people;
use crate::problem::{NOT_FOUND, Problem};

pub(super) fn load_item(tx: &mut Tx<'_>, id: AgendaItemId) -> Result<Item, Problem> {
    let found = store::find_item(tx, id)?;
    // A home on the agenda is no secret; a case is one's who may see it.
    if let Some(case) = found.as_ref().and_then(|it| it.application_id) {
        access::must_see_case(tx, case)?;
    }
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// A recommendation that is to be recorded.
#[derive(Debug)]
pub(super) struct NewMotion {
    pub(super) advice: Advice,
    pub(super) dwelling: Option<DwellingId>,
    pub(super) reasons: String,
    pub(super) votes: Vec<(UserId, Vote)>,
    pub(super) dissents: Vec<Dissent>,
    /// The compartments in which lies what is said, where the writer says so.
    pub(super) compartments: Option<Rooms>,
}

/// Records what the team recommends in a case on the agenda.
pub(super) fn recommend(
    tx: &mut Tx<'_>,
    item: &Item,
    new: &NewMotion,
    by: UserId,
) -> Result<Item, Problem> {
    let meeting = acts::load(tx, item.meeting_id)?;
    rules::may_change(meeting.state)?;
    let case = item.application_id.ok_or(Refusal::CaseNotForTeam)?;
    if item.advice.is_some() {
        return Err(Refusal::AlreadyAdvised.into());
    }
    let seats = present(tx, &meeting)?;
    if !seats.iter().any(|seat| seat.user == by) {
        return Err(Refusal::NotMember.into());
    }
    let conflicted = acts::conflicted(tx, case)?;
    let motion = Motion {
        advice: new.advice,
        names_home: new.dwelling.is_some(),
        votes: &new.votes,
        dissents: &new.dissents,
    };
    let bench = Bench {
        seats: &seats,
        conflicted: &conflicted,
    };
    rules::must_carry(&motion, &bench)?;
    let case = applications::load(tx, case)?;
    rules::may_list_case(case.state)?;
    must_be_impartial(tx, &case, new, by)?;
    let said = (new.compartments.as_ref(), "/compartments");
    let words = Words {
        reasons: new.reasons.clone(),
        dissents: new.dissents.clone(),
        rooms: rooms_of_text(tx, &case, TextKind::Recommendation, said)?,
    };
    let advice = NewAdvice {
        advice: new.advice,
        dwelling: new.dwelling,
        sealed: seal(tx, &case, item.id, &words)?,
        by,
    };
    must_be_current(store::advise(tx, item, &advice)?)?;
    let votes: Vec<CastVote> = new
        .votes
        .iter()
        .map(|(user, vote)| CastVote {
            municipality_id: item.municipality_id,
            item_id: item.id,
            user_id: *user,
            vote: *vote,
        })
        .collect();
    store::insert_votes(tx, &votes)?;
    let count = |vote| votes.iter().filter(|it| it.vote == vote).count();
    tx.record(
        acts::entry_of("meeting.recommended", &meeting)
            .of_case(case.id)
            .about_all(new.dwelling)
            .fact("item", item.id.to_string())
            .fact("advice", new.advice.code())
            .fact("for", count(Vote::For))
            .fact("against", count(Vote::Against))
            .fact("dissents", new.dissents.len()),
    );
    load_item(tx, item.id)
}

/// Whoever votes has answered for a likeness with somebody in the case, and so has whoever writes down what is recommended and why: that
/// prepares a decision, and is closed to whoever is not impartial, like the decision (forvaltningsloven § 6).
fn must_be_impartial(
    tx: &mut Tx<'_>,
    case: &Application,
    new: &NewMotion,
    by: UserId,
) -> Result<(), Problem> {
    if acts::is_conflicted(tx, case.id, by)? {
        return Err(Refusal::Conflicted.into());
    }
    must_have_answered(tx, case, by)?;
    let voters = new.votes.iter().map(|(user, _)| *user);
    voters_must_have_answered(tx, case, voters)
}

fn present(tx: &mut Tx<'_>, meeting: &Meeting) -> Result<Vec<Seat>, Problem> {
    let members = store::members(tx, meeting.id)?;
    Ok(members
        .into_iter()
        .filter(|member| member.is_present)
        .map(|member| Seat {
            user: member.user_id,
            discipline: member.discipline,
            is_chair: member.is_chair,
        })
        .collect())
}

/// What the team recommended, as whoever decides is shown it.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    /// Which one: the item on the agenda.
    pub id: AgendaItemId,
    /// In which meeting.
    pub meeting_id: MeetingId,
    /// When it met.
    pub met_on: Day,
    /// What it recommended.
    pub advice: Advice,
    /// The home, when one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dwelling_id: Option<DwellingId>,
    /// Why; absent where it lies in a compartment that is closed to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<String>,
    /// How each member voted.
    pub votes: Vec<VoteShown>,
    /// What those who voted against say; absent like the reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dissents: Option<Vec<Dissent>>,
    /// Who was not impartial and took no part.
    pub conflicted: Vec<UserId>,
    /// When it was recorded.
    pub recorded_at: Instant,
}

impl fmt::Debug for Recommendation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recommendation({})", self.advice)
    }
}

/// How a member voted.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VoteShown {
    /// Who.
    pub user_id: UserId,
    /// How.
    pub vote: Vote,
}

/// Links the recommendation that a proposal follows, or departs from, to it.
pub fn link(
    tx: &mut Tx<'_>,
    recommendation: AgendaItemId,
    case: ApplicationId,
    decision: DecisionId,
) -> Result<(), Problem> {
    let item = store::find_item(tx, recommendation)?;
    let item = item
        .filter(|item| item.application_id == Some(case) && item.advice.is_some())
        .ok_or(Refusal::NothingAdvised)?;
    if item.decision_id.is_some() {
        return Err(Refusal::AdviceUsed.into());
    }
    must_be_current(store::link(tx, &item, decision)?)
}

/// What the team recommended before a decision, if it did.
pub fn recommendation_of(
    tx: &mut Tx<'_>,
    decision: DecisionId,
    openings: &Openings,
) -> Result<Option<Recommendation>, Problem> {
    let Some(item) = store::item_of_decision(tx, decision)? else {
        return Ok(None);
    };
    told(tx, &item, openings)
}

/// A recommendation with its words opened to whoever may look into these compartments; nothing where the item has none.
pub(super) fn told(
    tx: &mut Tx<'_>,
    item: &Item,
    openings: &Openings,
) -> Result<Option<Recommendation>, Problem> {
    let (Some(case), Some(advice), Some(recorded_at), Some(sealed)) = (
        item.application_id,
        item.advice,
        item.advised_at,
        &item.sealed_advice,
    ) else {
        return Ok(None);
    };
    let case = applications::load(tx, case)?;
    let meeting = acts::load(tx, item.meeting_id)?;
    let words = open(tx, &case, item.id, sealed)?;
    let votes = store::votes(tx, item.id)?;
    let conflicted = acts::conflicted(tx, case.id)?;
    // Of a household that nobody must be able to locate no home is told.
    let is_protected = people::has_protected(tx, case.household_id)?;
    Ok(Some(Recommendation {
        id: item.id,
        meeting_id: meeting.id,
        met_on: meeting.meets_on,
        advice,
        dwelling_id: item.advised_dwelling_id.filter(|_| !is_protected),
        reasons: openings.told(&words.rooms, words.reasons),
        votes: votes
            .into_iter()
            .map(|it| VoteShown {
                user_id: it.user_id,
                vote: it.vote,
            })
            .collect(),
        dissents: openings.told(&words.rooms, words.dissents),
        conflicted: conflicted.into_iter().collect(),
        recorded_at,
    }))
}

/// Where the words stand: they open nowhere else.
fn place(tx: &Tx<'_>, item: AgendaItemId) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "agenda_item",
        column: "sealed_advice",
        row: item.uuid(),
    }
}

fn seal(
    tx: &mut Tx<'_>,
    case: &Application,
    item: AgendaItemId,
    words: &Words,
) -> Result<String, Problem> {
    let text = serde_json::to_string(words);
    let text = text.map_err(|_| Problem::internal("advice cannot be written as JSON"))?;
    let place = place(tx, item);
    people::seal_text(tx, case.applicant_id, place, &text)
}

fn open(
    tx: &mut Tx<'_>,
    case: &Application,
    item: AgendaItemId,
    sealed: &str,
) -> Result<Words, Problem> {
    let place = place(tx, item);
    let text = people::open_text(tx, case.applicant_id, place, sealed)?;
    serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("sealed advice is not JSON"))
}
