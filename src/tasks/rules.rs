//! What may be done with a task, as pure rules, and how what is open becomes what is wanted.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{NewTask, TaskState};
use super::store::Task;
use crate::audit::Subject;
use crate::auth::Role;
use crate::clock::Day;
use crate::ids::UserId;
use crate::refusals;

refusals! {
    /// Why nothing can be done with a task.
    pub enum Refusal {
        NotOpen = 409 "task_not_open", "Oppgaven er allerede avsluttet.", "The task has ended already.";
    }
}

/// Whether a task concerns somebody with these roles: it is theirs, or their team's.
pub(super) fn is_for(task: &Task, user: UserId, roles: &[Role]) -> bool {
    task.assigned_to == Some(user) || roles.contains(&task.team)
}

/// Only an open task can be taken or done.
pub(super) const fn must_be_open(state: TaskState) -> Result<(), Refusal> {
    match state {
        TaskState::Open => Ok(()),
        TaskState::Done | TaskState::Dropped => Err(Refusal::NotOpen),
    }
}

/// What has to change so that exactly what is wanted is open.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) opening: Vec<NewTask>,
    /// By their position among the open ones, with the new day and, where one is named, the new person.
    pub(super) moving: Vec<(usize, NewTask)>,
    /// By their position among the open ones.
    pub(super) dropping: Vec<usize>,
}

/// Compares what is open with what is wanted. What somebody did for the same day is not asked for again; who took a task keeps it
/// unless somebody else is named.
pub(super) fn compare(
    open: &[Task],
    done: &BTreeSet<(Subject, Day)>,
    wanted: &[NewTask],
) -> Changes {
    let at: BTreeMap<Subject, usize> = open
        .iter()
        .enumerate()
        .map(|(place, task)| (task.about(), place))
        .collect();
    let mut changes = Changes::default();
    let mut kept = BTreeSet::new();
    for new in wanted {
        if !kept.insert(new.about) {
            continue;
        }
        match at
            .get(&new.about)
            .and_then(|place| Some((*place, open.get(*place)?)))
        {
            None if done.contains(&(new.about, new.due_on)) => {}
            None => changes.opening.push(*new),
            Some((place, task)) => {
                let other_person = new.assigned_to.is_some() && new.assigned_to != task.assigned_to;
                if task.due_on != new.due_on || other_person {
                    let assigned_to = new.assigned_to.or(task.assigned_to);
                    changes.moving.push((
                        place,
                        NewTask {
                            assigned_to,
                            ..*new
                        },
                    ));
                }
            }
        }
    }
    let is_unwanted =
        |(place, task): (usize, &Task)| (!kept.contains(&task.about())).then_some(place);
    changes.dropping = open.iter().enumerate().filter_map(is_unwanted).collect();
    changes
}

#[cfg(test)]
mod tests {
    use super::super::model::TaskKind;
    use super::*;
    use crate::ids::{ApplicationId, Id};

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn new(case: ApplicationId, due_on: &str, assigned_to: Option<UserId>) -> NewTask {
        NewTask {
            kind: TaskKind::InterimReply,
            about: case.into(),
            case: Some(case),
            household: None,
            due_on: day(due_on),
            assigned_to,
        }
    }

    fn task(of: NewTask) -> Task {
        Task {
            municipality_id: Id::NIL,
            id: Id::new(),
            version: 1,
            kind: of.kind,
            subject_kind: of.about.kind,
            subject_id: Id::from_uuid(of.about.id),
            case_id: of.case,
            due_on: of.due_on,
            team: of.kind.team(),
            assigned_to: of.assigned_to,
            state: TaskState::Open,
            opened_at: crate::clock::Instant::from_micros(0),
            ended_at: None,
            ended_by: None,
            household_id: of.household,
        }
    }

    #[test]
    fn exactly_what_is_wanted_is_open_afterwards() {
        let (kept, moved, gone, fresh) = (Id::new(), Id::new(), Id::new(), Id::new());
        let open = [
            task(new(kept, "2026-03-20", None)),
            task(new(moved, "2026-03-20", None)),
            task(new(gone, "2026-03-20", None)),
        ];
        let wanted = [
            new(kept, "2026-03-20", None),
            new(moved, "2026-03-23", None),
            new(fresh, "2026-03-24", None),
            new(fresh, "2026-03-24", None),
        ];
        let changes = compare(&open, &BTreeSet::new(), &wanted);
        assert_eq!(changes.opening, [wanted[2]]);
        assert_eq!(changes.moving, [(1, wanted[1])]);
        assert_eq!(changes.dropping, [2]);
    }

    #[test]
    fn what_was_done_for_a_day_is_asked_for_again_only_for_another() {
        let case = ApplicationId::new();
        let done = BTreeSet::from([(Subject::from(case), day("2026-03-20"))]);
        let same = compare(&[], &done, &[new(case, "2026-03-20", None)]);
        assert_eq!(same, Changes::default());
        let later = compare(&[], &done, &[new(case, "2026-06-20", None)]);
        assert_eq!(later.opening.len(), 1);
    }

    #[test]
    fn whoever_took_a_task_keeps_it_until_somebody_else_is_named() {
        let (case, kari, ola) = (ApplicationId::new(), UserId::new(), UserId::new());
        let taken = [task(new(case, "2026-03-20", Some(kari)))];
        let none = BTreeSet::new();
        let unnamed = compare(&taken, &none, &[new(case, "2026-03-20", None)]);
        assert_eq!(unnamed, Changes::default());
        let moved = compare(&taken, &none, &[new(case, "2026-03-27", None)]);
        assert_eq!(moved.moving[0].1.assigned_to, Some(kari));
        let named = compare(&taken, &none, &[new(case, "2026-03-20", Some(ola))]);
        assert_eq!(named.moving[0].1.assigned_to, Some(ola));
    }

    #[test]
    fn a_task_concerns_its_team_and_whoever_has_it() {
        let (kari, ola) = (UserId::new(), UserId::new());
        let task = task(new(Id::new(), "2026-03-20", Some(kari)));
        assert!(is_for(&task, kari, &[]));
        assert!(is_for(&task, ola, &[Role::Caseworker]));
        assert!(!is_for(&task, ola, &[Role::HousingManager]));
    }
}
