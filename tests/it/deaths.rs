//! A death that the population register tells of: who is asked to settle what, what does not go out, and what is not done for the dead.

use jiff::SignedDuration;
use rettbolig::auth::Role;
use rettbolig::server;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{Family, granted, ordinary_needs, person, reasons};
use crate::support::post::deliver;
use crate::support::residents::member;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A couple with a case before the team.
pub(crate) struct Couple {
    pub(crate) applicant: String,
    /// National ids: the applicant's, and the other's.
    pub(crate) numbers: [String; 2],
    pub(crate) household: String,
    pub(crate) case: String,
}

pub(crate) async fn couple(town: &Town, kari: &Actor) -> Couple {
    let (first, second) = (person("1955-11-10", 1), person("1956-03-04", 2));
    let number = |body: &Value| body["nationalId"].as_str().unwrap().to_owned();
    let numbers = [number(&first), number(&second)];
    let applicant = kari.post("/people", &first).await.ok().id();
    let other = kari.post("/people", &second).await.ok().id();
    let members =
        json!({"members": [member(&applicant, "APPLICANT"), member(&other, "CO_APPLICANT")]});
    let household = kari.post("/households", &members).await.ok().id();
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{household}/situations");
    kari.post(&path, &situation).await.ok();
    let case = town.case_before_team(kari, &household).await;
    Couple {
        applicant,
        numbers,
        household,
        case,
    }
}

/// The register tells of a death, or takes it back, and the service takes that up by itself.
pub(crate) async fn told(town: &Town, number: &str, has_died: bool) {
    town.registers.tell_death(number, has_died);
    told_what_it_knows(town).await;
}

/// The service takes up by itself what the register knows.
pub(crate) async fn told_what_it_knows(town: &Town) {
    town.follow_registers().await;
    town.clock.advance(SignedDuration::from_mins(6));
    let scheduler = Scheduler::new(town.db.clone(), server::duties());
    scheduler.run_due().await.unwrap();
}

/// What is open of these kinds for caseworkers: the kind, the case or the household, and for whom.
pub(crate) async fn open(town: &Town) -> Vec<(String, Value)> {
    let kari = town.actor(Role::Caseworker).await;
    let work = kari.get("/my-work?limit=200").await.ok();
    let died = |it: &&Value| it["kind"].as_str().unwrap().ends_with("_DIED");
    let told = |it: &Value| (it["kind"].as_str().unwrap().to_owned(), it.clone());
    work.items().iter().filter(died).map(told).collect()
}

async fn a_death_opens_a_task_in_the_case_and_closes_nothing(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let it = couple(&town, &kari).await;
    told(&town, &it.numbers[0], true).await;
    let tasks = open(&town).await;
    assert_eq!(tasks.len(), 1);
    let (kind, task) = &tasks[0];
    assert_eq!(kind, "APPLICANT_DIED");
    assert_eq!(task["applicationId"], json!(it.case));
    // Two weeks from Monday 2 March.
    assert_eq!(task["dueOn"], "2026-03-16");
    let kari = town.actor(Role::Caseworker).await;
    let shown = kari.get(&format!("/people/{}", it.applicant)).await.ok();
    assert_eq!(shown.body["deathKnownAt"], "2026-03-02T11:00:00Z");
    let household = kari.get(&format!("/households/{}", it.household)).await;
    let members = household.ok().body["members"].clone();
    let dead = |it: &&Value| it.get("deathKnownAt").is_some();
    assert_eq!(members.as_array().unwrap().iter().filter(dead).count(), 1);
    let case = kari.get(&format!("/applications/{}", it.case)).await.ok();
    assert_eq!(case.body["state"], "TEAM_REVIEW");
    // What is told twice is one task, and what somebody did is not asked for again.
    told(&town, &it.numbers[0], true).await;
    assert_eq!(open(&town).await.len(), 1);
    let kari = town.actor(Role::Caseworker).await;
    let id = task["id"].as_str().unwrap();
    let version = kari.get(&format!("/tasks/{id}")).await.ok().version();
    kari.act(&format!("/tasks/{id}/done"), version, &json!({}))
        .await
        .ok();
    told(&town, &it.numbers[0], true).await;
    assert!(open(&town).await.is_empty());
    // The other of the two asks for another thing, until the estate withdraws the case.
    told(&town, &it.numbers[1], true).await;
    let kinds: Vec<String> = open(&town)
        .await
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, ["MEMBER_DIED"]);
    let kari = town.actor(Role::Caseworker).await;
    let case = kari.get(&format!("/applications/{}", it.case)).await.ok();
    let withdraw = format!("/applications/{}/withdraw", it.case);
    kari.act(&withdraw, case.version(), &json!({"by": "APPLICANT"}))
        .await
        .refused(409, "party_died");
    kari.act(&withdraw, case.version(), &json!({"by": "ESTATE"}))
        .await
        .ok();
    told(&town, &it.numbers[1], true).await;
    assert!(open(&town).await.is_empty());
    let auditor = town.actor(Role::Auditor).await;
    let path = "/audit/entries?action=person.death_learnt";
    assert_eq!(auditor.get(path).await.ok().items().len(), 2);
}

async fn a_death_that_the_register_takes_back_is_forgotten(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let it = couple(&town, &kari).await;
    told(&town, &it.numbers[0], true).await;
    assert_eq!(open(&town).await.len(), 1);
    told(&town, &it.numbers[0], false).await;
    assert!(open(&town).await.is_empty());
    let kari = town.actor(Role::Caseworker).await;
    let shown = kari.get(&format!("/people/{}", it.applicant)).await.ok();
    assert!(shown.body.get("deathKnownAt").is_none());
}

async fn nobody_answers_for_the_dead_and_nothing_is_granted_to_them(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let it = couple(&town, &kari).await;
    town.adopt_rules().await;
    let home = town.home(1, 1).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let offer = granted(&kari, &ola, &it.case, &home).await;
    let sister = kari.post("/people", &person("1970-02-03", 3)).await.ok();
    let representation = json!({
        "representativeId": sister.id(), "kind": "REPRESENTATIVE", "proof": "WRITTEN_AUTHORITY",
        "scope": ["ANSWER_OFFERS", "RECEIVE_LETTERS"], "validFrom": "2026-03-01",
    });
    let path = format!("/applications/{}/representations", it.case);
    kari.post(&path, &representation).await.ok();
    told(&town, &it.numbers[0], true).await;
    let kari = town.actor(Role::Caseworker).await;
    let path = format!("/offers/{offer}");
    let accept = json!({"startsOn": "2026-04-01"});
    let by_sister = json!({"startsOn": "2026-04-01", "answeredBy": sister.id()});
    for yes in [&accept, &by_sister] {
        kari.act(&format!("{path}/accept"), 1, yes)
            .await
            .refused(409, "party_died");
    }
    let no = json!({"reason": "LOCATION", "answeredBy": sister.id()});
    kari.act(&format!("{path}/decline"), 1, &no)
        .await
        .refused(409, "party_died");
    let shown = kari.get(&path).await.ok();
    assert_eq!(shown.body["state"], "OPEN", "nothing is closed by itself");
    // The municipality takes it back, and grants no other.
    let back = json!({"reason": "NO_LONGER_SUITABLE"});
    kari.act(&format!("{path}/withdraw"), 1, &back).await.ok();
    let home = town.home(1, 2).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    kari.post(&format!("/applications/{}/decisions", it.case), &proposal)
        .await
        .refused(409, "party_died");
    // Only whoever receives letters for the estate is written to.
    let written = kari.post(&format!("{path}/letters"), &json!({})).await.ok();
    assert_eq!(written.items().len(), 1);
    assert_eq!(written.items()[0]["recipientRole"], "REPRESENTATIVE");
}

async fn letters_to_the_dead_are_held(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let it = couple(&town, &kari).await;
    let reply = json!({
        "kind": "INTERIM_REPLY", "expectedOn": "2026-04-10", "reason": "Vi venter på opplysninger.",
    });
    let path = format!("/applications/{}/letters", it.case);
    let mut letters = Vec::new();
    for _ in 0..2 {
        let written = kari.post(&path, &reply).await.ok();
        letters.push(written.items()[0]["id"].as_str().unwrap().to_owned());
    }
    // One is on its way when the death becomes known, the other is not.
    let digital = json!({"channel": "DIGITAL"});
    let dispatch = |letter: &String| format!("/letters/{letter}/dispatch");
    kari.act(&dispatch(&letters[0]), 1, &digital).await.ok();
    told(&town, &it.numbers[0], true).await;
    assert_eq!(deliver(&town).await, 0);
    let kari = town.actor(Role::Caseworker).await;
    let held = kari.get(&format!("/letters/{}", letters[0])).await.ok();
    assert_eq!(held.body["state"], "RETURNED");
    for channel in ["DIGITAL", "POST", "IN_PERSON"] {
        kari.act(&dispatch(&letters[1]), 1, &json!({"channel": channel}))
            .await
            .refused(409, "recipient_died");
    }
    let work = kari.get("/my-work?limit=200").await.ok();
    let resend = |it: &&Value| it["kind"] == "RESEND_LETTER";
    assert_eq!(work.items().iter().filter(resend).count(), 1);
}

async fn a_tenancy_is_settled_when_its_tenant_dies_and_not_for_a_child(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let family = Family {
        adults: &["1985-01-02"],
        children: &["2015-06-07"],
    };
    let household = town.household(&kari, &family, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(2, 1).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    let accept = json!({"startsOn": "2026-03-02"});
    kari.act(&format!("/offers/{offer}/accept"), 1, &accept)
        .await
        .ok();
    let number = |born_on: &str, serial: u16| {
        let body = person(born_on, serial);
        body["nationalId"].as_str().unwrap().to_owned()
    };
    told(&town, &number("2015-06-07", 21), true).await;
    assert!(open(&town).await.is_empty(), "the case is housed");
    let manager = town.actor(Role::HousingManager).await;
    let running = manager.get("/tenancies").await.ok();
    let arrears = json!({"tenancyId": running.items()[0]["id"], "arrearsOre": 1_700_000});
    let notice = manager.post("/eviction-notices", &arrears).await.ok().id();
    let nav = town.actor(Role::NavAdvisor).await;
    let path = format!("/nav/eviction-notices/{notice}");
    let who = nav.get(&path).await.ok();
    assert_eq!(
        who.body["householdSize"], 1,
        "the child lives there no more"
    );
    told(&town, &number("1985-01-02", 20), true).await;
    let tasks = open(&town).await;
    assert_eq!(tasks.len(), 1);
    let (kind, task) = &tasks[0];
    assert_eq!(kind, "TENANT_DIED");
    assert!(task["title"]["nb"].as_str().unwrap().contains("§ 8-2"));
    let manager = town.actor(Role::HousingManager).await;
    let running = manager.get("/tenancies").await.ok();
    assert_eq!(running.items()[0]["state"], "ACTIVE");
}

/// The register is asked before somebody is shown: a death is learnt there too, and only the feed or a check takes it back.
async fn a_death_is_learnt_wherever_the_register_is_asked(bench: Bench) {
    let lasts = SignedDuration::from_mins(10);
    let town = Town::open_asking(bench, lasts).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = person("1955-11-10", 1);
    let number = body["nationalId"].as_str().unwrap();
    let id = kari.post("/people", &body).await.ok().id();
    let path = format!("/people/{id}");
    town.registers.tell_death(number, true);
    let shown = kari.get(&path).await.ok();
    assert!(shown.body.get("deathKnownAt").is_some());
    town.registers.tell_death(number, false);
    town.clock.advance(lasts);
    let kari = town.actor(Role::Caseworker).await;
    let shown = kari.get(&path).await.ok();
    assert!(shown.body.get("deathKnownAt").is_some());
    kari.post(&format!("{path}/register-check"), &json!({}))
        .await
        .ok();
    let shown = kari.get(&path).await.ok();
    assert!(shown.body.get("deathKnownAt").is_none());
    // Who has died before applying has no case, and nothing is asked.
    let household = json!({"members": [member(&id, "APPLICANT")]});
    let household = kari.post("/households", &household).await.ok().id();
    let application = json!({
        "householdId": household, "type": "NEW", "receivedOn": "2026-02-20",
        "needs": ordinary_needs(),
    });
    kari.post("/applications", &application).await.ok();
    assert!(open(&town).await.is_empty());
}

cases::cases![
    a_death_opens_a_task_in_the_case_and_closes_nothing,
    a_death_that_the_register_takes_back_is_forgotten,
    nobody_answers_for_the_dead_and_nothing_is_granted_to_them,
    letters_to_the_dead_are_held,
    a_tenancy_is_settled_when_its_tenant_dies_and_not_for_a_child,
    a_death_is_learnt_wherever_the_register_is_asked,
];
