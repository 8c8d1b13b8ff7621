//! What is due: duties that are done once however many instances run, and the lists of people's tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use jiff::SignedDuration;
use rettbolig::audit::Entry;
use rettbolig::auth::{Caller, Role};
use rettbolig::db::schema::duty;
use rettbolig::ids::{ApplicationId, InstanceId};
use rettbolig::tasks::{self, Duty, NewTask, Progress, Scheduler, TaskKind, When};
use serde_json::{Value, json};

use crate::support::given::{SINGLE, decide, reasons};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// Does nothing but leave its trace.
const HOURLY: Duty = Duty {
    name: "test.hourly",
    when: When::EveryMinutes(60),
    run: |tx| {
        tx.record(Entry::change("test.hourly"));
        Ok(Progress::Done)
    },
};

async fn a_duty_is_done_once_for_each_time_however_many_instances_run(bench: Bench) {
    let town = Town::open(bench).await;
    let done = Arc::new(AtomicUsize::new(0));
    for round in 1..=3 {
        let instances: Vec<_> = (0..6)
            .map(|_| {
                let (instance, done) = (
                    Scheduler::new(town.db.clone(), vec![HOURLY]),
                    Arc::clone(&done),
                );
                actix_web::rt::spawn(async move {
                    let mine = instance.run_due().await.unwrap();
                    done.fetch_add(mine, Ordering::AcqRel);
                })
            })
            .collect();
        for instance in instances {
            instance.await.unwrap();
        }
        // Two municipalities, once each.
        assert_eq!(done.load(Ordering::Acquire), 2 * round);
        town.clock.advance(SignedDuration::from_mins(61));
    }
    let auditor = town.actor(Role::Auditor).await;
    let log = auditor.get("/audit/entries?action=test.hourly").await.ok();
    assert_eq!(log.items().len(), 3);
}

async fn a_time_that_passed_while_nothing_ran_is_made_up_for_once(bench: Bench) {
    let town = Town::open(bench).await;
    assert_eq!(run(&town, HOURLY).await, 2);
    assert_eq!(run(&town, HOURLY).await, 0);
    // A new instance, after days in which none ran: it knows from the database what was done.
    town.wait_days(9);
    assert_eq!(run(&town, HOURLY).await, 2);
    assert_eq!(run(&town, HOURLY).await, 0);
}

/// Tries to do one more part of a duty each time.
const IN_PARTS: Duty = Duty {
    name: "test.in_parts",
    when: When::DailyAt { hour: 5, minute: 0 },
    run: |tx| {
        tx.record(Entry::change("test.part"));
        // Somebody else takes the lease while this instance rests between two parts.
        let municipality = tx.municipality();
        diesel::update(duty::table)
            .filter(duty::municipality_id.eq(municipality))
            .filter(duty::name.eq("test.in_parts"))
            .set((duty::fence.eq(99), duty::holder.eq(InstanceId::new())))
            .execute(tx.conn())?;
        Ok(Progress::More)
    },
};

async fn who_lost_the_lease_does_no_further_part(bench: Bench) {
    let town = Town::open(bench).await;
    assert_eq!(run(&town, IN_PARTS).await, 0);
    let auditor = town.actor(Role::Auditor).await;
    let parts = auditor.get("/audit/entries?action=test.part").await.ok();
    assert_eq!(
        parts.items().len(),
        1,
        "the other instance goes on from here"
    );
    // The other instance is gone: after its lease, whoever comes next takes the duty over.
    assert_eq!(run(&town, IN_PARTS).await, 0);
    town.clock.advance(SignedDuration::from_mins(3));
    run(&town, IN_PARTS).await;
    let parts = auditor.get("/audit/entries?action=test.part").await.ok();
    assert_eq!(parts.items().len(), 2);
}

/// Fails after it has written something.
const FAILING: Duty = Duty {
    name: "test.failing",
    when: When::EveryMinutes(1),
    run: |tx| {
        tx.record(Entry::change("test.half"));
        Err(rettbolig::problem::Problem::internal("on purpose"))
    },
};

async fn a_duty_that_fails_leaves_nothing_and_keeps_no_other_from_being_done(bench: Bench) {
    let town = Town::open(bench).await;
    let scheduler = Scheduler::new(town.db.clone(), vec![FAILING, HOURLY]);
    scheduler.run_due().await.unwrap_err();
    let auditor = town.actor(Role::Auditor).await;
    let half = auditor.get("/audit/entries?action=test.half").await.ok();
    assert!(half.items().is_empty());
    let other = auditor.get("/audit/entries?action=test.hourly").await.ok();
    assert_eq!(other.items().len(), 1);
}

/// Does what is due, as an instance that has just started.
async fn run(town: &Town, duty: Duty) -> usize {
    let scheduler = Scheduler::new(town.db.clone(), vec![duty]);
    scheduler.run_due().await.unwrap()
}

async fn my_work_is_mine_and_my_teams_with_the_first_due_first(bench: Bench) {
    let town = Town::open(bench).await;
    let case = case(&town).await;
    let kinds = [
        (TaskKind::NotifyDecision, "2026-03-20"),
        (TaskKind::AssignCase, "2026-03-09"),
        (TaskKind::DecideProposal, "2026-03-10"),
        (TaskKind::DocumentsDue, "2026-03-09"),
    ];
    for (kind, due_on) in kinds {
        open(&town, kind, case, due_on).await;
    }
    let kari = town.actor(Role::Caseworker).await;
    let work = kari.get("/my-work").await.ok();
    let expected = ["ASSIGN_CASE", "DOCUMENTS_DUE", "NOTIFY_DECISION"];
    assert_eq!(kinds_of(work.items()), expected);
    assert_eq!(work.items()[0]["title"]["nb"], "Fordel saken.");
    // Page by page it is the same.
    let first = kari.get("/my-work?limit=1").await.ok();
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let rest = kari
        .get(&format!("/my-work?limit=5&cursor={cursor}"))
        .await
        .ok();
    assert_eq!(kinds_of(rest.items()), expected[1..]);
    // What somebody has taken is off the others' lists.
    let task = &work.items()[1];
    let path = format!("/tasks/{}", task["id"].as_str().unwrap());
    kari.act(&format!("{path}/take"), 1, &json!({})).await.ok();
    let colleague = town.another(Role::Caseworker).await;
    let theirs = colleague.get("/my-work").await.ok();
    assert_eq!(kinds_of(theirs.items()), ["ASSIGN_CASE", "NOTIFY_DECISION"]);
    assert_eq!(kinds_of(kari.get("/my-work").await.ok().items()), expected);
    // Another team's task does not exist for them, and the decision makers have their own list.
    let ola = town.actor(Role::DecisionMaker).await;
    ola.get(&path).await.refused(404, "not_found");
    let his = ola.get("/my-work").await.ok();
    assert_eq!(kinds_of(his.items()), ["DECIDE_PROPOSAL"]);
    // Done is done.
    let finish = format!("{path}/done");
    kari.act(&finish, 1, &json!({})).await.refused(412, "stale");
    kari.act(&finish, 2, &json!({})).await.ok();
    kari.act(&finish, 3, &json!({}))
        .await
        .refused(409, "task_not_open");
    assert_eq!(kari.get("/my-work").await.ok().items().len(), 2);
    kari.get("/my-work?cursor=AZAAAAAAcACAAAAAAAAAAA")
        .await
        .refused(400, "bad_cursor");
}

async fn what_is_late_is_told_team_by_team(bench: Bench) {
    let town = Town::open(bench).await;
    let case = case(&town).await;
    open(&town, TaskKind::AssignCase, case, "2026-03-06").await;
    open(&town, TaskKind::DecideProposal, case, "2026-03-05").await;
    let kari = town.actor(Role::Caseworker).await;
    assert!(kari.get("/overdue").await.ok().items().is_empty());
    // The last day counts whole.
    town.wait_days(4);
    let kari = town.actor(Role::Caseworker).await;
    assert!(kari.get("/overdue").await.ok().items().is_empty());
    town.wait_days(1);
    let kari = town.actor(Role::Caseworker).await;
    let late = kari.get("/overdue").await.ok();
    assert_eq!(kinds_of(late.items()), ["ASSIGN_CASE"]);
    assert_eq!(late.items()[0]["daysOverdue"], 1);
    let of_others = kari.get("/overdue?team=DECISION_MAKER").await.ok();
    assert_eq!(kinds_of(of_others.items()), ["DECIDE_PROPOSAL"]);
    assert_eq!(of_others.items()[0]["daysOverdue"], 2);
    kari.get("/overdue?team=CASTLE")
        .await
        .faults(&[("/query/team", "wrong_format")]);
}

async fn what_follows_on_a_decision_waits_for_the_right_people(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    let proposed = kari.post(&path, &proposal).await.ok();
    let waits = ola.get("/my-work").await.ok();
    assert_eq!(kinds_of(waits.items()), ["DECIDE_PROPOSAL"]);
    assert_eq!(waits.items()[0]["dueOn"], "2026-03-09");
    let decision = format!("/decisions/{}", proposed.id());
    ola.act(&format!("{decision}/approve"), 1, &json!({}))
        .await
        .ok();
    assert!(ola.get("/my-work").await.ok().items().is_empty());
    // The caseworker of the case is to tell the party.
    let me = kari.get("/auth/me").await.ok().id();
    let waits = kari.get("/my-work").await.ok();
    assert_eq!(kinds_of(waits.items()), ["NOTIFY_DECISION"]);
    assert_eq!(waits.items()[0]["assignedTo"], json!(me));
    let told = json!({"receivedOn": "2026-03-02"});
    kari.act(&format!("{decision}/notify"), 2, &told).await.ok();
    assert!(kari.get("/my-work").await.ok().items().is_empty());
}

async fn what_waits_in_a_case_exists_only_for_those_who_may_see_the_case(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 2).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let hidden = kari.post("/applications", &body).await.ok().id();
    let hidden: ApplicationId = hidden.parse().unwrap();
    let seen = case(&town).await;
    for case in [hidden, seen] {
        open(&town, TaskKind::DecideProposal, case, "2026-02-27").await;
        open(&town, TaskKind::AssignCase, case, "2026-02-27").await;
    }
    let kari = town.actor(Role::Caseworker).await;
    let hers = kari.get("/overdue").await.ok();
    assert_eq!(hers.items().len(), 2);
    // The decision maker is told of the case before the team, and not of the one that nobody has looked at yet.
    let ola = town.actor(Role::DecisionMaker).await;
    for list in ["/my-work", "/overdue", "/overdue?team=CASEWORKER"] {
        let told = ola.get(list).await.ok();
        assert_eq!(told.items().len(), 1, "{list}");
        assert_eq!(told.items()[0]["applicationId"], json!(seen));
        assert!(!told.text.contains(&hidden.to_string()));
    }
    // Nor of its tasks one by one.
    let per = town.another(Role::Caseworker).await;
    let task = hers
        .items()
        .iter()
        .find(|it| it["applicationId"] == json!(hidden));
    let path = format!("/tasks/{}", task.unwrap()["id"].as_str().unwrap());
    per.get(&path).await.ok();
    let unit = town.unit("Velferd").await;
    let me = per.get("/auth/me").await.ok().id();
    town.place(&me, &json!({"unitIds": [unit]})).await;
    per.get(&path).await.refused(404, "not_found");
    per.act(&format!("{path}/take"), 1, &json!({}))
        .await
        .refused(404, "not_found");
    assert!(per.get("/my-work").await.ok().items().is_empty());
    // Once a decision waits to be made in it, whoever makes decisions needs to know.
    town.adopt_rules().await;
    let dismissal = json!({"outcome": "DISMISSED", "reasons": reasons()});
    let path = format!("/applications/{hidden}/decisions");
    kari.post(&path, &dismissal).await.ok();
    assert_eq!(ola.get("/my-work").await.ok().items().len(), 3);
    let queue = ola.get("/applications").await.ok();
    assert_eq!(queue.items().len(), 2);
}

/// A case before the allocation team: theirs who work in the unit, and the decision makers'.
async fn case(town: &Town) -> ApplicationId {
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    case.parse().unwrap()
}

/// Opens a task as a duty of the service does.
async fn open(town: &Town, kind: TaskKind, case: ApplicationId, due_on: &str) {
    let due_on = rettbolig::clock::Day(due_on.parse().unwrap());
    let caller = Arc::new(Caller::system(STJORDAL));
    let new = NewTask {
        kind,
        about: case.into(),
        case: Some(case),
        household: None,
        due_on,
        assigned_to: None,
    };
    town.db
        .write(&caller, move |tx| tasks::open(tx, new))
        .await
        .unwrap();
}

fn kinds_of(tasks: &[Value]) -> Vec<&str> {
    tasks
        .iter()
        .map(|task| task["kind"].as_str().unwrap())
        .collect()
}

async fn whether_a_lease_is_renewed_concerns_whoever_may_see_its_household(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let per = town.another(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let grant =
        json!({"outcome": "GRANTED", "dwellingId": home, "leaseMonths": 6, "reasons": reasons()});
    let approved = decide(&kari, &ola, &case, &grant).await;
    let offer = approved.body["offerId"].as_str().unwrap();
    let accept = format!("/offers/{offer}/accept");
    kari.act(&accept, 1, &json!({"startsOn": "2026-03-02"}))
        .await
        .ok();
    let duties = rettbolig::server::duties();
    Scheduler::new(town.db.clone(), duties)
        .run_due()
        .await
        .unwrap();
    let reviews = async |by: &crate::support::actor::Actor, list: &str| -> Vec<Value> {
        let work = by.get(list).await.ok();
        let is_it = |it: &&Value| it["kind"] == "RENEWAL_REVIEW";
        work.items().iter().filter(is_it).cloned().collect()
    };
    // Per is of the unit that handles the case, and sees it; once he works elsewhere the lease concerns him no more.
    let found = reviews(&per, "/my-work?limit=200").await;
    assert_eq!(found.len(), 1);
    let task = format!("/tasks/{}", found[0]["id"].as_str().unwrap());
    per.get(&task).await.ok();
    let pers_id = per.get("/auth/me").await.ok().id();
    let elsewhere = town.unit("Velferd").await;
    let post = json!({"unitIds": [elsewhere]});
    town.place(&pers_id, &post).await;
    town.wait_days(1);
    let per = town.another(Role::Caseworker).await;
    let kari = town.actor(Role::Caseworker).await;
    for list in ["/my-work?limit=200", "/overdue?team=CASEWORKER&limit=200"] {
        assert!(reviews(&per, list).await.is_empty(), "{list}");
    }
    per.get(&task).await.refused(404, "not_found");
    per.act(&format!("{task}/take"), 1, &json!({}))
        .await
        .refused(404, "not_found");
    assert_eq!(reviews(&kari, "/my-work?limit=200").await.len(), 1);
}

cases::cases![
    a_duty_is_done_once_for_each_time_however_many_instances_run,
    a_time_that_passed_while_nothing_ran_is_made_up_for_once,
    who_lost_the_lease_does_no_further_part,
    a_duty_that_fails_leaves_nothing_and_keeps_no_other_from_being_done,
    my_work_is_mine_and_my_teams_with_the_first_due_first,
    what_is_late_is_told_team_by_team,
    what_waits_in_a_case_exists_only_for_those_who_may_see_the_case,
    what_follows_on_a_decision_waits_for_the_right_people,
    whether_a_lease_is_renewed_concerns_whoever_may_see_its_household,
];
