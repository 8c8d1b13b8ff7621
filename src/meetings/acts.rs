//! Calling a meeting, setting its agenda, declaring conflicts of interest, closing it.

use std::collections::BTreeSet;

use super::model::{ConflictGround, MeetingState};
use super::rules::{self, Refusal, Seat};
use super::store::{self, Conflict, Item, Meeting, Member};
use crate::applications::{self, Application};
use crate::audit::{Entry, Subject};
use crate::auth;
use crate::clock::Day;
use crate::db::Tx;
use crate::housing;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, DwellingId, MeetingId, UserId};
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// Calls a meeting.
pub(super) fn call(
    tx: &mut Tx<'_>,
    meets_on: Day,
    seats: &[Seat],
    by: UserId,
) -> Result<Meeting, Problem> {
    let mut faults = rules::faults_of_members(seats);
    if meets_on < tx.today() {
        let (nb, en) = ("Kan ikke ligge tilbake i tid.", "Cannot lie in the past.");
        faults.push(FieldFault::new("/meetsOn", "in_the_past", nb, en));
    }
    for (index, seat) in seats.iter().enumerate() {
        if !auth::is_active_user(tx, seat.user)? {
            let (nb, en) = ("Brukeren finnes ikke.", "The user does not exist.");
            let at = format!("/members/{index}/userId");
            faults.push(FieldFault::new(at, "not_found", nb, en));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let row = Meeting {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        meets_on,
        state: MeetingState::Planned,
        called_by: by,
        closed_by: None,
        closed_at: None,
        created_at: tx.now(),
    };
    let members: Vec<Member> = seats
        .iter()
        .map(|seat| Member {
            municipality_id: row.municipality_id,
            meeting_id: row.id,
            user_id: seat.user,
            discipline: seat.discipline,
            is_chair: seat.is_chair,
            is_present: true,
        })
        .collect();
    store::insert_meeting(tx, &row, &members)?;
    let people = seats.iter().map(|seat| seat.user);
    tx.record(
        entry_of("meeting.called", &row)
            .about_all(people)
            .fact("meetsOn", meets_on.0.to_string()),
    );
    Ok(row)
}

pub(super) fn load(tx: &mut Tx<'_>, id: MeetingId) -> Result<Meeting, Problem> {
    store::find_meeting(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// What goes on the agenda.
#[derive(Debug, Clone, Copy)]
pub(super) enum Matter {
    /// A case before the team, or one that waits.
    Case(ApplicationId),
    /// A vacant home.
    Home(DwellingId),
}

/// Puts a case or a vacant home on the agenda.
pub(super) fn put_on_agenda(
    tx: &mut Tx<'_>,
    meeting: &Meeting,
    matter: Matter,
) -> Result<Item, Problem> {
    rules::may_change(meeting.state)?;
    let entry = entry_of("meeting.item_added", meeting);
    let entry = match matter {
        Matter::Case(id) => {
            let case = applications::load(tx, id).map_err(|_| unknown("/applicationId"))?;
            rules::may_list_case(case.state)?;
            entry.of_case(case.id)
        }
        Matter::Home(id) => {
            let home = housing::find_dwelling(tx, id)?.ok_or_else(|| unknown("/dwellingId"))?;
            rules::may_list_home(home.state)?;
            entry.about(home.id)
        }
    };
    // First the hold on the meeting, then the look at its agenda.
    must_be_current(store::renew(tx, meeting)?)?;
    let last = store::items(tx, meeting.id)?.last().map(|item| item.place);
    let (application_id, dwelling_id) = match matter {
        Matter::Case(id) => (Some(id), None),
        Matter::Home(id) => (None, Some(id)),
    };
    let row = Item {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        meeting_id: meeting.id,
        place: last.unwrap_or_default().saturating_add(1),
        application_id,
        dwelling_id,
        advice: None,
        advised_dwelling_id: None,
        sealed_advice: None,
        advised_by: None,
        advised_at: None,
        decision_id: None,
    };
    store::insert_item(tx, &row)?;
    tx.record(entry.fact("item", row.id.to_string()));
    Ok(row)
}

fn unknown(at: &str) -> Problem {
    Problem::invalid(vec![FieldFault::new(
        at,
        "not_found",
        "Finnes ikke.",
        "Does not exist.",
    )])
}

/// Says that one is not impartial in a case.
pub(super) fn declare(
    tx: &mut Tx<'_>,
    case: &Application,
    ground: ConflictGround,
    user: UserId,
) -> Result<Conflict, Problem> {
    let row = Conflict {
        municipality_id: tx.municipality(),
        application_id: case.id,
        user_id: user,
        ground,
        declared_at: tx.now(),
    };
    store::insert_conflict(tx, &row)?;
    tx.record(
        Entry::change("conflict.declared")
            .of_case(case.id)
            .about(user)
            .fact("ground", ground.code()),
    );
    Ok(row)
}

/// Whether somebody has said not to be impartial in a case.
pub fn is_conflicted(tx: &mut Tx<'_>, case: ApplicationId, user: UserId) -> Result<bool, Problem> {
    Ok(conflicted(tx, case)?.contains(&user))
}

pub(super) fn conflicted(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<BTreeSet<UserId>, Problem> {
    let declared = store::conflicts(tx, case)?;
    Ok(declared.into_iter().map(|it| it.user_id).collect())
}

/// Closes a meeting: from now on its minutes stand.
pub(super) fn close(tx: &mut Tx<'_>, meeting: &Meeting, by: UserId) -> Result<Meeting, Problem> {
    rules::may_change(meeting.state)?;
    must_be_current(store::conclude(
        tx,
        meeting,
        MeetingState::Closed,
        Some(by),
    )?)?;
    let items = store::items(tx, meeting.id)?;
    let advised = items.iter().filter(|item| item.advice.is_some()).count();
    tx.record(
        entry_of("meeting.closed", meeting)
            .fact("items", items.len())
            .fact("recommendations", advised),
    );
    load(tx, meeting.id)
}

/// Calls a meeting off.
pub(super) fn cancel(tx: &mut Tx<'_>, meeting: &Meeting) -> Result<Meeting, Problem> {
    rules::may_change(meeting.state)?;
    must_be_current(store::conclude(tx, meeting, MeetingState::Cancelled, None)?)?;
    tx.record(entry_of("meeting.cancelled", meeting));
    load(tx, meeting.id)
}

/// Says who of the members is not there, before anything is voted on.
pub(super) fn set_absent(
    tx: &mut Tx<'_>,
    meeting: &Meeting,
    users: &[UserId],
) -> Result<Meeting, Problem> {
    rules::may_change(meeting.state)?;
    let items = store::items(tx, meeting.id)?;
    if items.iter().any(|item| item.advice.is_some()) {
        return Err(Refusal::AlreadyAdvised.into());
    }
    must_be_current(store::renew(tx, meeting)?)?;
    if store::set_absent(tx, meeting.id, users)? != users.len() {
        return Err(Problem::from(Refusal::NotMember).at("/absent"));
    }
    let people = users.iter().copied();
    tx.record(entry_of("meeting.absence_noted", meeting).about_all(people));
    load(tx, meeting.id)
}

pub(super) fn entry_of(action: &'static str, meeting: &Meeting) -> Entry {
    Entry::change(action).about(Subject::policy(meeting.id))
}
