//! The table of tasks.

use diesel::prelude::*;

use super::model::{NewTask, TaskKind, TaskState};
use crate::audit::{Subject, SubjectKind};
use crate::auth::Role;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::task;
use crate::each;
use crate::ids::{ApplicationId, HouseholdId, MunicipalityId, TaskId, TopicId, UserId};
use crate::problem::Problem;

/// Rows of one insert, well below what either database binds at once.
const CHUNK: usize = 500;

/// Something that somebody has to do by a day ("oppgave").
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = task, treat_none_as_default_value = false)]
pub struct Task {
    /// The municipality whose task it is.
    pub municipality_id: MunicipalityId,
    /// The task.
    pub id: TaskId,
    /// Rises with every change.
    pub version: i32,
    /// What is to be done.
    pub kind: TaskKind,
    /// About which kind of thing.
    pub subject_kind: SubjectKind,
    /// About which one.
    pub subject_id: TopicId,
    /// In which case, if in one.
    pub case_id: Option<ApplicationId>,
    /// The last day on which it is in time.
    pub due_on: Day,
    /// Whose team's it is: everybody with this role.
    pub team: Role,
    /// Who has taken it, or was given it.
    pub assigned_to: Option<UserId>,
    /// Where it stands.
    pub state: TaskState,
    /// Since when it waits.
    pub opened_at: Instant,
    /// When it was done or dropped.
    pub ended_at: Option<Instant>,
    /// Who did it; nobody where it was dropped.
    pub ended_by: Option<UserId>,
    /// About which household, where it is in no case.
    pub household_id: Option<HouseholdId>,
}

impl Task {
    /// What it is about.
    #[must_use]
    pub fn about(&self) -> Subject {
        Subject {
            kind: self.subject_kind,
            id: self.subject_id.uuid(),
        }
    }
}

/// Opens tasks.
pub(super) fn insert(tx: &mut Tx<'_>, new: &[NewTask]) -> Result<(), Problem> {
    let rows: Vec<Task> = new.iter().map(|new| opened_now(tx, new)).collect();
    for chunk in rows.chunks(CHUNK) {
        each!(tx.conn(), c => diesel::insert_into(task::table).values(chunk).execute(c))?;
    }
    Ok(())
}

fn opened_now(tx: &Tx<'_>, new: &NewTask) -> Task {
    Task {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        kind: new.kind,
        subject_kind: new.about.kind,
        subject_id: TopicId::from_uuid(new.about.id),
        case_id: new.case,
        due_on: new.due_on,
        team: new.kind.team(),
        assigned_to: new.assigned_to,
        state: TaskState::Open,
        opened_at: tx.now(),
        ended_at: None,
        ended_by: None,
        household_id: new.household,
    }
}

pub(super) fn find(tx: &mut Tx<'_>, id: TaskId) -> Result<Option<Task>, Problem> {
    let key = (tx.municipality(), id);
    let found = task::table
        .find(key)
        .select(task::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The open task of a kind about a thing.
pub(super) fn find_open(
    tx: &mut Tx<'_>,
    kind: TaskKind,
    about: Subject,
) -> Result<Option<Task>, Problem> {
    let municipality = tx.municipality();
    let found = task::table
        .filter(task::municipality_id.eq(municipality))
        .filter(task::kind.eq(kind))
        .filter(task::subject_id.eq(TopicId::from_uuid(about.id)))
        .filter(task::state.eq(TaskState::Open.named()))
        .select(task::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// All open tasks of a kind.
pub(super) fn open_of_kind(tx: &mut Tx<'_>, kind: TaskKind) -> Result<Vec<Task>, Problem> {
    let municipality = tx.municipality();
    Ok(task::table
        .filter(task::municipality_id.eq(municipality))
        .filter(task::kind.eq(kind))
        .filter(task::state.eq(TaskState::Open.named()))
        .order(task::id)
        .select(task::all_columns)
        .load(tx.conn())?)
}

/// The tasks of a kind that were done and were due on this day or later.
pub(super) fn done_of_kind(
    tx: &mut Tx<'_>,
    kind: TaskKind,
    since: Day,
) -> Result<Vec<Task>, Problem> {
    let municipality = tx.municipality();
    Ok(task::table
        .filter(task::municipality_id.eq(municipality))
        .filter(task::kind.eq(kind))
        .filter(task::state.eq(TaskState::Done.named()))
        .filter(task::due_on.ge(since))
        .select(task::all_columns)
        .load(tx.conn())?)
}

/// Whether a task of a kind about a thing was done.
pub(super) fn is_done(tx: &mut Tx<'_>, kind: TaskKind, about: Subject) -> Result<bool, Problem> {
    let municipality = tx.municipality();
    let found: Option<TaskId> = task::table
        .filter(task::municipality_id.eq(municipality))
        .filter(task::kind.eq(kind))
        .filter(task::subject_id.eq(TopicId::from_uuid(about.id)))
        .filter(task::state.eq(TaskState::Done.named()))
        .select(task::id)
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// The open tasks in a case.
pub(super) fn open_in_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Task>, Problem> {
    let municipality = tx.municipality();
    Ok(task::table
        .filter(task::municipality_id.eq(municipality))
        .filter(task::case_id.eq(case))
        .filter(task::state.eq(TaskState::Open.named()))
        .select(task::all_columns)
        .load(tx.conn())?)
}

/// Whose tasks are asked for.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    /// This person's, and those that nobody of these teams has taken.
    Mine(UserId, Vec<Role>),
    /// Those of these teams that were due before this day, whoever has them.
    Overdue(Vec<Role>, Day),
}

/// Open tasks, the first due first.
pub(super) fn page(
    tx: &mut Tx<'_>,
    whose: &Whose,
    after: Option<&Task>,
    limit: i64,
) -> Result<Vec<Task>, Problem> {
    let municipality = tx.municipality();
    let mut query = task::table
        .filter(task::municipality_id.eq(municipality))
        .filter(task::state.eq(TaskState::Open.named()))
        .order((task::due_on, task::id))
        .limit(limit)
        .select(task::all_columns)
        .into_boxed();
    query = match whose {
        Whose::Mine(me, teams) => {
            let untaken = task::assigned_to
                .is_null()
                .and(task::team.eq_any(teams.clone()));
            query.filter(task::assigned_to.eq(*me).or(untaken))
        }
        Whose::Overdue(teams, today) => query
            .filter(task::team.eq_any(teams.clone()))
            .filter(task::due_on.lt(*today)),
    };
    if let Some(last) = after {
        let same_day = task::due_on.eq(last.due_on).and(task::id.gt(last.id));
        query = query.filter(task::due_on.gt(last.due_on).or(same_day));
    }
    Ok(query.load(tx.conn())?)
}

/// Changes when an open task is due and who has it, if it is still at the version that was read.
pub(super) fn change(
    tx: &mut Tx<'_>,
    of: &Task,
    due_on: Day,
    assigned_to: Option<UserId>,
) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(task::table.find(key))
        .filter(task::version.eq(of.version))
        .filter(task::state.eq(TaskState::Open.named()))
        .set((
            task::due_on.eq(due_on),
            task::assigned_to.eq(assigned_to),
            task::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Ends an open task, if it is still at the version that was read.
pub(super) fn end(
    tx: &mut Tx<'_>,
    of: &Task,
    state: TaskState,
    by: Option<UserId>,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(task::table.find(key))
        .filter(task::version.eq(of.version))
        .filter(task::state.eq(TaskState::Open.named()))
        .set((
            task::state.eq(state),
            task::ended_at.eq(now),
            task::ended_by.eq(by),
            task::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}
