//! Meetings of the allocation team.

use serde::Deserialize;
use utoipa::ToSchema;

use super::acts::{self, Matter};
use super::advice::{self, NewMotion};
use super::likeness;
use super::model::{Advice, ConflictGround, Discipline, Dissent, ImpartialityGround, Vote};
use super::rules::Seat;
use super::store;
use super::views::{
    self, ConflictShown, ImpartialityAnswerShown, ItemShown, MeetingInShort, MeetingShown, Minutes,
};
use crate::access::Rooms;
use crate::applications;
use crate::auth::Action::{HoldMeetings, ReadMeetings, TakePartInMeetings};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{ApplicationId, DwellingId, UserId};
use crate::problem::{FieldFault, Problem};

/// The operations on meetings.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    [of_meetings(), of_impartiality()].concat()
}

fn of_meetings() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/meetings",
            HoldMeetings,
            "Call a meeting of the allocation team",
            call,
        ),
        Endpoint::get(
            "/meetings",
            ReadMeetings,
            "The meetings, in the order in which they were called",
            list,
        ),
        Endpoint::get(
            "/meetings/{id}",
            ReadMeetings,
            "A meeting with members and agenda",
            show,
        ),
        Endpoint::create(
            "/meetings/{id}/items",
            HoldMeetings,
            "Put a case or a vacant home on the agenda",
            add,
        ),
        Endpoint::act(
            "/meetings/{id}/absences",
            HoldMeetings,
            "Say who of the members is not there",
            absent,
        ),
        Endpoint::act(
            "/meetings/{id}/close",
            HoldMeetings,
            "Close a meeting; its minutes stand from then on",
            close,
        ),
        Endpoint::act(
            "/meetings/{id}/cancel",
            HoldMeetings,
            "Call a meeting off",
            cancel,
        ),
        Endpoint::get(
            "/meetings/{id}/minutes",
            ReadMeetings,
            "The minutes: recommendations, votes, dissent, conflicts of interest",
            minutes,
        ),
        Endpoint::get(
            "/agenda-items/{id}",
            ReadMeetings,
            "A case or a vacant home on an agenda",
            show_item,
        ),
        Endpoint::act(
            "/agenda-items/{id}/recommend",
            HoldMeetings,
            "Record what the team recommends, with votes and dissent",
            recommend,
        ),
    ]
}

fn of_impartiality() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/applications/{id}/conflicts",
            TakePartInMeetings,
            "Say that one is not impartial in a case",
            declare,
        ),
        Endpoint::create(
            "/applications/{id}/impartiality-answers",
            TakePartInMeetings,
            "Answer why one is impartial in a case, although the family name or the address is that of somebody in it",
            answer,
        ),
    ]
}

/// Somebody who shall take part.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewMeetingMember {
    user_id: UserId,
    discipline: Discipline,
    #[serde(default)]
    is_chair: bool,
}

/// A meeting to be called.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewMeeting {
    meets_on: Day,
    /// Who takes part: one chair, at least two disciplines.
    #[schema(min_items = 2, max_items = 20)]
    members: Vec<NewMeetingMember>,
}

fn call(tx: &mut Tx<'_>, _: &Call, asked: &NewMeeting) -> Result<Created<MeetingShown>, Problem> {
    let seats: Vec<Seat> = asked
        .members
        .iter()
        .map(|member| Seat {
            user: member.user_id,
            discipline: member.discipline,
            is_chair: member.is_chair,
        })
        .collect();
    let by = tx.user()?;
    let meeting = acts::call(tx, asked.meets_on, &seats, by)?;
    Ok(Created {
        location: format!("/meetings/{}", meeting.id),
        version: Some(meeting.version),
        body: views::meeting(tx, &meeting)?,
    })
}

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Paging) -> Result<Page<MeetingInShort>, Problem> {
    let limit = asked.limit()?;
    let rows = store::page(tx, asked.after()?, limit + 1)?;
    let shown = rows.iter().map(views::in_short).collect();
    Ok(Page::of(shown, limit, |it: &MeetingInShort| it.id))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<MeetingShown>, Problem> {
    let meeting = acts::load(tx, call.id()?)?;
    let shown = views::meeting(tx, &meeting)?;
    Ok(Shown::at_version(meeting.version, shown))
}

/// A case or a vacant home, one of them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewItem {
    #[serde(default)]
    application_id: Option<ApplicationId>,
    #[serde(default)]
    dwelling_id: Option<DwellingId>,
}

fn add(tx: &mut Tx<'_>, call: &Call, asked: &NewItem) -> Result<Created<ItemShown>, Problem> {
    let meeting = acts::load(tx, call.id()?)?;
    let matter = match (asked.application_id, asked.dwelling_id) {
        (Some(case), None) => Matter::Case(case),
        (None, Some(home)) => Matter::Home(home),
        _ => {
            let (nb, en) = (
                "En sak eller en bolig, én av dem.",
                "A case or a home, one of them.",
            );
            let fault = FieldFault::new("/applicationId", "one_of", nb, en);
            return Err(Problem::invalid(vec![fault]));
        }
    };
    let item = acts::put_on_agenda(tx, &meeting, matter)?;
    let shown = views::item(&item);
    Ok(Created {
        location: format!("/agenda-items/{}", shown.id),
        version: Some(item.version),
        body: shown,
    })
}

/// Who is not there.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Absences {
    #[schema(min_items = 1, max_items = 20)]
    absent: Vec<UserId>,
}

fn absent(tx: &mut Tx<'_>, call: &Call, asked: &Absences) -> Result<Shown<MeetingShown>, Problem> {
    let meeting = acts::load(tx, call.id()?)?;
    call.has_seen(meeting.version)?;
    let meeting = acts::set_absent(tx, &meeting, &asked.absent)?;
    let shown = views::meeting(tx, &meeting)?;
    Ok(Shown::at_version(meeting.version, shown))
}

fn close(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<MeetingShown>, Problem> {
    let meeting = acts::load(tx, call.id()?)?;
    call.has_seen(meeting.version)?;
    let by = tx.user()?;
    let meeting = acts::close(tx, &meeting, by)?;
    let shown = views::meeting(tx, &meeting)?;
    Ok(Shown::at_version(meeting.version, shown))
}

fn cancel(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<MeetingShown>, Problem> {
    let meeting = acts::load(tx, call.id()?)?;
    call.has_seen(meeting.version)?;
    let meeting = acts::cancel(tx, &meeting)?;
    let shown = views::meeting(tx, &meeting)?;
    Ok(Shown::at_version(meeting.version, shown))
}

fn minutes(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Minutes>, Problem> {
    let meeting = acts::load(tx, call.id()?)?;
    Ok(Shown::plain(views::minutes(tx, &meeting)?))
}

fn show_item(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ItemShown>, Problem> {
    let item = advice::load_item(tx, call.id()?)?;
    Ok(Shown::at_version(item.version, views::item(&item)))
}

/// How a member votes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewVote {
    user_id: UserId,
    vote: Vote,
}

/// What the team recommends.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRecommendation {
    advice: Advice,
    /// Which home, when one is recommended.
    #[serde(default)]
    dwelling_id: Option<DwellingId>,
    #[schema(min_length = 1, max_length = 5000)]
    reasons: String,
    /// The vote of each impartial member present.
    #[schema(min_items = 1, max_items = 20)]
    votes: Vec<NewVote>,
    /// What those who vote against want to stand in the minutes.
    #[serde(default)]
    #[schema(max_items = 20)]
    dissents: Vec<Dissent>,
    /// The compartments in which lies what is said; none when not given.
    #[serde(default)]
    compartments: Option<Rooms>,
}

fn recommend(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &NewRecommendation,
) -> Result<Shown<ItemShown>, Problem> {
    let item = advice::load_item(tx, call.id()?)?;
    call.has_seen(item.version)?;
    let by = tx.user()?;
    let motion = NewMotion {
        advice: asked.advice,
        dwelling: asked.dwelling_id,
        reasons: asked.reasons.clone(),
        votes: asked.votes.iter().map(|it| (it.user_id, it.vote)).collect(),
        dissents: asked.dissents.clone(),
        compartments: asked.compartments.clone(),
    };
    let item = advice::recommend(tx, &item, &motion, by)?;
    Ok(Shown::at_version(item.version, views::item(&item)))
}

/// Why one is not impartial.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewConflict {
    ground: ConflictGround,
}

fn declare(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &NewConflict,
) -> Result<Created<ConflictShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let by = tx.user()?;
    let declared = acts::declare(tx, &case, asked.ground, by)?;
    Ok(Created {
        location: format!("/applications/{}/conflicts", case.id),
        version: None,
        body: views::conflict(&declared),
    })
}

/// Why one is impartial.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewImpartialityAnswer {
    ground: ImpartialityGround,
}

fn answer(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &NewImpartialityAnswer,
) -> Result<Created<ImpartialityAnswerShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let by = tx.user()?;
    let answered = likeness::answer(tx, &case, asked.ground, by)?;
    Ok(Created {
        location: format!("/applications/{}/impartiality-answers", case.id),
        version: None,
        body: views::impartiality_answer(&answered),
    })
}
