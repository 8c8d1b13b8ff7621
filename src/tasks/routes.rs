//! What waits for whoever asks, and what waits for too long.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::model::{TaskKind, TaskState};
use super::store::{self, Task, Whose};
use crate::audit::SubjectKind;
use crate::auth::Action::WorkOnTasks;
use crate::auth::Role;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{ApplicationId, TaskId, TopicId, UserId};
use crate::problem::{BAD_CURSOR, Problem, UNAUTHENTICATED};
use crate::text::Text;

/// The operations on tasks.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = super::terms::endpoints();
    endpoints.extend([
        Endpoint::get(
            "/my-work",
            WorkOnTasks,
            "What waits for you: your tasks and those that nobody of your teams has taken, the first due first",
            my_work,
        ),
        Endpoint::get(
            "/overdue",
            WorkOnTasks,
            "What should have been done before today, for a team or for all of yours",
            overdue,
        ),
        Endpoint::get("/tasks/{id}", WorkOnTasks, "A task", show),
        Endpoint::act("/tasks/{id}/take", WorkOnTasks, "Take a task", take),
        Endpoint::act(
            "/tasks/{id}/done",
            WorkOnTasks,
            "Say that a task is done",
            finish,
        ),
    ]);
    endpoints
}

/// A task, in codes: no names.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TaskShown {
    id: TaskId,
    version: i32,
    kind: TaskKind,
    /// What is to be done.
    title: Text,
    /// About which kind of thing.
    subject_kind: SubjectKind,
    /// About which one.
    subject_id: TopicId,
    /// In which case, if in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
    /// The last day on which it is in time, a working day.
    due_on: Day,
    /// How many days it is late; 0 while it is in time.
    days_overdue: i32,
    /// The team to which it falls: everybody with this role.
    team: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<UserId>,
    state: TaskState,
    opened_at: Instant,
}

fn my_work(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<TaskShown>, Problem> {
    let (_, roles) = acts::whoever_asks(tx.caller());
    let whose = Whose::Mine(person(tx)?, roles);
    page(tx, &whose, paging)
}

/// Which team's tasks, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// The team by its role; all teams of yours when not given.
    team: Option<Role>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

fn overdue(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<TaskShown>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let (_, roles) = acts::whoever_asks(tx.caller());
    let teams = asked.team.map_or(roles, |team| vec![team]);
    let whose = Whose::Overdue(teams, tx.today());
    page(tx, &whose, &paging)
}

fn page(tx: &mut Tx<'_>, whose: &Whose, paging: &Paging) -> Result<Page<TaskShown>, Problem> {
    let limit = paging.limit()?;
    // The list goes by day and then by id: the cursor names the last task, and the task knows its day.
    let after = match paging.after()? {
        None => None,
        Some(id) => {
            let bad_cursor = || Problem::new(&BAD_CURSOR).at("/query/cursor");
            Some(store::find(tx, id)?.ok_or_else(bad_cursor)?)
        }
    };
    let at_most = usize::try_from(limit).unwrap_or(usize::MAX);
    let rows = acts::page(tx, whose, after, at_most)?;
    let today = tx.today();
    Ok(Page::of(rows, limit, |task| task.id).map(|task| told(&task, today)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<TaskShown>, Problem> {
    let task = acts::load(tx, call.id()?)?;
    Ok(shown(tx, &task))
}

fn take(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<TaskShown>, Problem> {
    let task = seen(tx, call)?;
    let by = person(tx)?;
    let task = acts::take(tx, &task, by)?;
    Ok(shown(tx, &task))
}

fn finish(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<TaskShown>, Problem> {
    let task = seen(tx, call)?;
    let by = person(tx)?;
    let task = acts::finish(tx, &task, by)?;
    Ok(shown(tx, &task))
}

/// The task in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Task, Problem> {
    let task = acts::load(tx, call.id()?)?;
    call.has_seen(task.version)?;
    Ok(task)
}

fn person(tx: &Tx<'_>) -> Result<UserId, Problem> {
    let user = tx.caller().actor.user();
    user.ok_or_else(|| Problem::new(&UNAUTHENTICATED))
}

fn shown(tx: &Tx<'_>, task: &Task) -> Shown<TaskShown> {
    Shown::at_version(task.version, told(task, tx.today()))
}

fn told(task: &Task, today: Day) -> TaskShown {
    TaskShown {
        id: task.id,
        version: task.version,
        kind: task.kind,
        title: task.kind.title(),
        subject_kind: task.subject_kind,
        subject_id: task.subject_id,
        application_id: task.case_id,
        due_on: task.due_on,
        days_overdue: task.due_on.days_until(today).max(0),
        team: task.team,
        assigned_to: task.assigned_to,
        state: task.state,
        opened_at: task.opened_at,
    }
}
