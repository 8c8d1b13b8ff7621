//! Opening, moving, taking and ending tasks.

use std::collections::BTreeSet;

use super::model::{NewTask, TaskKind, TaskState};
use super::rules;
use super::store::{self, Task, Whose};
use crate::access;
use crate::audit::{Entry, Subject};
use crate::auth::Caller;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, HouseholdId, TaskId, UserId};
use crate::problem::{NOT_FOUND, Problem};

/// How many tasks are looked at together.
const AT_ONCE: i64 = 200;

/// Opens a task, or moves the one of this kind that is open about the same thing.
pub fn open(tx: &mut Tx<'_>, new: NewTask) -> Result<(), Problem> {
    match store::find_open(tx, new.kind, new.about)? {
        Some(task) => {
            let assigned_to = new.assigned_to.or(task.assigned_to);
            must_be_current(store::change(tx, &task, new.due_on, assigned_to)?)?;
        }
        None => store::insert(tx, &[new])?,
    }
    tx.record(
        entry_of("task.opened", new.kind, [new.about]).fact("dueOn", new.due_on.0.to_string()),
    );
    Ok(())
}

/// Makes exactly these tasks of a kind be open in the municipality: missing ones are opened, others moved to their new day, and
/// those that are not wanted any more dropped. What somebody did for the same day is not asked for again. Tells how many changed.
pub fn settle(tx: &mut Tx<'_>, kind: TaskKind, wanted: &[NewTask]) -> Result<usize, Problem> {
    let open = store::open_of_kind(tx, kind)?;
    let since = wanted.iter().map(|new| new.due_on).min();
    let done: BTreeSet<(Subject, Day)> = match since {
        Some(since) => store::done_of_kind(tx, kind, since)?
            .iter()
            .map(|task| (task.about(), task.due_on))
            .collect(),
        None => BTreeSet::new(),
    };
    let changes = rules::compare(&open, &done, wanted);
    store::insert(tx, &changes.opening)?;
    let mut about: Vec<Subject> = changes.opening.iter().map(|new| new.about).collect();
    for (place, new) in &changes.moving {
        let Some(task) = open.get(*place) else {
            continue;
        };
        must_be_current(store::change(tx, task, new.due_on, new.assigned_to)?)?;
        about.push(new.about);
    }
    for task in changes.dropping.iter().filter_map(|place| open.get(*place)) {
        must_be_current(store::end(tx, task, TaskState::Dropped, None)?)?;
        about.push(task.about());
    }
    let count = about.len();
    if count > 0 {
        let entry = entry_of("tasks.settled", kind, about)
            .fact("opened", changes.opening.len())
            .fact("moved", changes.moving.len())
            .fact("dropped", changes.dropping.len());
        tx.record(entry);
    }
    Ok(count)
}

/// Ends what is open of this kind about this thing, because it was done by the act that calls this and is on the record as such.
pub fn close(tx: &mut Tx<'_>, kind: TaskKind, about: impl Into<Subject>) -> Result<(), Problem> {
    if let Some(task) = store::find_open(tx, kind, about.into())? {
        let by = tx.caller().actor.user();
        must_be_current(store::end(tx, &task, TaskState::Done, by)?)?;
    }
    Ok(())
}

/// Whether somebody did what was to be done of this kind about this thing.
pub fn was_done(
    tx: &mut Tx<'_>,
    kind: TaskKind,
    about: impl Into<Subject>,
) -> Result<bool, Problem> {
    store::is_done(tx, kind, about.into())
}

/// Gives the open tasks in a case to its caseworker, as far as they fall to caseworkers.
pub fn follow(tx: &mut Tx<'_>, case: ApplicationId, caseworker: UserId) -> Result<(), Problem> {
    for task in store::open_in_case(tx, case)? {
        if task.team == crate::auth::Role::Caseworker && task.assigned_to != Some(caseworker) {
            must_be_current(store::change(tx, &task, task.due_on, Some(caseworker))?)?;
        }
    }
    Ok(())
}

/// A task that concerns whoever asks.
pub(super) fn load(tx: &mut Tx<'_>, id: TaskId) -> Result<Task, Problem> {
    let (user, roles) = whoever_asks(tx.caller());
    let found = store::find(tx, id)?.filter(|task| {
        let user = user.unwrap_or(UserId::NIL);
        rules::is_for(task, user, &roles)
    });
    let task = seen(tx, found.into_iter().collect())?.pop();
    task.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Those of these tasks that the caller may see: each as the case that it is in, or the household that it is about.
fn seen(tx: &mut Tx<'_>, mut tasks: Vec<Task>) -> Result<Vec<Task>, Problem> {
    let cases: Vec<ApplicationId> = tasks.iter().filter_map(|task| task.case_id).collect();
    let households: Vec<HouseholdId> = tasks.iter().filter_map(|it| it.household_id).collect();
    let cases = access::visible_cases(tx, &cases)?;
    let households = access::visible_households(tx, &households)?;
    tasks.retain(|task| {
        task.case_id.is_none_or(|case| cases.contains(&case))
            && task.household_id.is_none_or(|it| households.contains(&it))
    });
    Ok(tasks)
}

/// A page of open tasks, the first due first: only what the caller may see. One more than the limit, if there is.
pub(super) fn page(
    tx: &mut Tx<'_>,
    whose: &Whose,
    after: Option<Task>,
    limit: usize,
) -> Result<Vec<Task>, Problem> {
    let (mut found, mut last) = (Vec::new(), after);
    loop {
        let rows = store::page(tx, whose, last.as_ref(), AT_ONCE)?;
        let Some(newest) = rows.last().cloned() else {
            break;
        };
        found.extend(seen(tx, rows)?);
        if found.len() > limit {
            break;
        }
        last = Some(newest);
    }
    found.truncate(limit + 1);
    Ok(found)
}

/// Who asks, and for which teams.
pub(super) fn whoever_asks(caller: &Caller) -> (Option<UserId>, Vec<crate::auth::Role>) {
    (caller.actor.user(), caller.roles.clone())
}

/// Gives a task to whoever asks for it.
pub(super) fn take(tx: &mut Tx<'_>, task: &Task, by: UserId) -> Result<Task, Problem> {
    rules::must_be_open(task.state)?;
    must_be_current(store::change(tx, task, task.due_on, Some(by))?)?;
    tx.record(entry_of("task.taken", task.kind, [task.about()]).about(by));
    load(tx, task.id)
}

/// Says that a task is done.
pub(super) fn finish(tx: &mut Tx<'_>, task: &Task, by: UserId) -> Result<Task, Problem> {
    rules::must_be_open(task.state)?;
    must_be_current(store::end(tx, task, TaskState::Done, Some(by))?)?;
    let entry = entry_of("task.done", task.kind, [task.about()]);
    tx.record(entry.fact("dueOn", task.due_on.0.to_string()));
    load(tx, task.id)
}

fn entry_of(
    action: &'static str,
    kind: TaskKind,
    about: impl IntoIterator<Item = Subject>,
) -> Entry {
    Entry::change(action)
        .about_all(about)
        .fact("kind", kind.code())
}
