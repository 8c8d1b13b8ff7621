//! What is written in words about health, crime and child welfare: read by whoever may look there, and by the person it is about.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::compartments::{Case, case_of};
use crate::referrals::{accept, referral, with};
use crate::shelters;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{decide, of_age, reasons, rules_with};
use crate::support::post::notified;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Those who see the case, of whom two see only a part of it.
struct People {
    kari: Actor,
    colleague: Actor,
    team: Actor,
    ola: Actor,
    adviser: Actor,
}

impl People {
    async fn of(town: &Town) -> Self {
        Self {
            kari: town.actor(Role::Caseworker).await,
            colleague: town.another(Role::Caseworker).await,
            team: town.actor(Role::TeamMember).await,
            ola: town.actor(Role::DecisionMaker).await,
            adviser: town.actor(Role::NavAdvisor).await,
        }
    }

    /// Those who may look into all compartments of the case.
    fn whole(&self) -> [&Actor; 2] {
        [&self.kari, &self.ola]
    }

    /// Those who may look into its economy and health only.
    fn partial(&self) -> [&Actor; 2] {
        [&self.colleague, &self.team]
    }
}

async fn proposed(by: &Actor, case: &Case, compartments: Option<Value>) -> Answer {
    let mut proposal = json!({
        "outcome": "GRANTED", "reasons": reasons(),
        "conditions": [{"kind": "HOUSE_RULES", "purpose": "SAFE_NEIGHBOURHOOD", "because": "Etter soningen."}],
        "alternatives": [{"kind": "LOW_THRESHOLD", "result": "NOT_SUITABLE", "why": "Rus på stedet."}],
    });
    if let Some(compartments) = compartments {
        proposal["compartments"] = compartments;
    }
    let path = format!("/applications/{}/decisions", case.id);
    by.post(&path, &proposal).await
}

async fn sent_back(by: &Actor, proposal: &Answer) {
    let path = format!("/decisions/{}/return", proposal.id());
    let why = json!({"reason": "REASONS_INSUFFICIENT"});
    by.act(&path, proposal.version(), &why).await.ok();
}

/// Whether a decision's texts are shown; its codes are in any case.
async fn is_told(to: &Actor, path: &str) -> bool {
    let shown = to.get(path).await.ok();
    assert!(shown.body["reasons"]["rules"].is_array());
    assert_eq!(shown.body["conditions"][0]["kind"], "HOUSE_RULES");
    assert_eq!(shown.body["alternatives"][0]["kind"], "LOW_THRESHOLD");
    let texts = [
        "/reasons/facts",
        "/reasons/considerations",
        "/reasons/childsBestInterest",
        "/conditions/0/because",
        "/alternatives/0/why",
        "/compartments",
    ];
    let told = texts.map(|it| shown.body.pointer(it).is_some());
    assert!(told.iter().all(|it| *it == told[0]), "all or none");
    assert_eq!(shown.text.contains("soningen"), told[0]);
    told[0]
}

async fn a_decisions_words_are_read_by_whoever_may_look_where_they_lie(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let people = People::of(&town).await;
    let case = case_of(&town, &people.adviser, &people.kari).await;
    // Nothing is said: they lie where the facts of the case do.
    let first = proposed(&people.kari, &case, None).await.ok();
    let path = format!("/decisions/{}", first.id());
    town.clock.advance(jiff::SignedDuration::from_mins(2));
    let before = format!("{path}?asOf=2026-03-02T11:01:00Z");
    for path in [&path, &before] {
        for reader in people.whole() {
            assert!(is_told(reader, path).await);
        }
        for reader in people.partial() {
            assert!(!is_told(reader, path).await);
        }
    }
    sent_back(&people.ola, &first).await;
    // Whoever writes says that they tell of nothing special.
    let open = proposed(&people.kari, &case, Some(json!([]))).await.ok();
    assert!(is_told(&people.team, &format!("/decisions/{}", open.id())).await);
    sent_back(&people.ola, &open).await;
    // Nobody writes where they could not read; what they may write lies where they may look.
    for compartments in [json!(["CRIME"]), json!(["HEALTH", "CHILD_WELFARE"])] {
        let refused = proposed(&people.colleague, &case, Some(compartments)).await;
        let refused = refused.refused(403, "compartment_closed");
        assert_eq!(refused.body["pointer"], "/compartments");
    }
    let theirs = proposed(&people.colleague, &case, None).await.ok();
    assert!(is_told(&people.team, &format!("/decisions/{}", theirs.id())).await);
}

async fn letters_stay_whole_and_are_opened_by_whoever_may_read_all_of_them(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let people = People::of(&town).await;
    let case = case_of(&town, &people.adviser, &people.kari).await;
    let refusal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let refusal = decide(&people.kari, &people.ola, &case.id, &refusal).await;
    let decision = format!("/decisions/{}", refusal.id());
    notified(&town, &people.kari, &format!("{decision}/letters"), "NB").await;
    let letters = format!("/applications/{}/letters", case.id);
    let letter = people.kari.get(&letters).await.ok().items()[0]["id"].clone();
    let letter = letter.as_str().unwrap().to_owned();
    for form in ["pdf", "html"] {
        let path = format!("/letters/{letter}/{form}");
        for reader in people.whole() {
            assert_eq!(reader.get(&path).await.status, 200);
        }
        for reader in people.partial() {
            reader.get(&path).await.refused(403, "compartment_closed");
        }
    }
    let html = format!("/letters/{letter}/html");
    let html = people.kari.get(&html).await.text;
    assert!(html.contains("Husstanden mister leieforholdet."));

    // An appeal: what each says lies where it says, or where the case does.
    let appeal = json!({
        "form": "LETTER", "sentOn": "2026-03-02", "receivedOn": "2026-03-02",
        "grounds": "Jeg er løslatt og har ingen steder å bo.",
    });
    let path = format!("{decision}/appeals");
    let appeal = people.kari.post(&path, &appeal).await.ok().id();
    let path = format!("/appeals/{appeal}");
    let version = people.kari.get(&path).await.ok().version();
    let checked = format!("{path}/check");
    let checked = people.kari.act(&checked, version, &json!({})).await.ok();
    let admitted = format!("{path}/admit");
    let version = checked.version();
    let admitted = people.kari.act(&admitted, version, &json!({})).await.ok();
    let officer = town.actor(Role::AppealsOfficer).await;
    let assessment = json!({"assessment": "Ledige boliger er gitt til andre.", "compartments": []});
    let forward = format!("{path}/forward");
    officer
        .act(&forward, admitted.version(), &assessment)
        .await
        .ok();
    for reader in people.whole() {
        let shown = reader.get(&path).await.ok().body;
        assert!(shown["grounds"].is_string() && shown["assessment"].is_string());
    }
    for reader in people.partial() {
        let shown = reader.get(&path).await.ok();
        assert!(shown.body.get("grounds").is_none() && !shown.text.contains("løslatt"));
        assert!(shown.body["assessment"].is_string());
    }
    // The person is handed out all of it, by somebody who may see all of it.
    let view = format!("/applications/{}/party-view", case.id);
    let handed_out = people.kari.get(&view).await.ok();
    assert!(handed_out.body["decisions"][0]["facts"].is_string());
    people
        .colleague
        .get(&view)
        .await
        .refused(403, "compartment_closed");
}

async fn what_the_team_says_is_the_teams_unless_somebody_says_otherwise(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let people = People::of(&town).await;
    let case = case_of(&town, &people.adviser, &people.kari).await;
    let mut users = Vec::new();
    for actor in [&people.team, &people.kari] {
        users.push(actor.get("/auth/me").await.ok().id());
    }
    let meeting = json!({"meetsOn": "2026-03-02", "members": [
        {"userId": users[0], "discipline": "NAV", "isChair": true},
        {"userId": users[1], "discipline": "HOUSING"},
    ]});
    let meeting = people.team.post("/meetings", &meeting).await.ok().id();
    let items = format!("/meetings/{meeting}/items");
    let minutes = format!("/meetings/{meeting}/minutes");
    let listed = json!({"applicationId": case.id});
    let item = people.team.post(&items, &listed).await.ok();
    let path = format!("/agenda-items/{}/recommend", item.id());
    let mut motion = json!({
        "advice": "GRANT", "reasons": "Løslates 1. mai.", "compartments": ["CRIME"],
        "votes": users.iter().map(|it| json!({"userId": it, "vote": "FOR"})).collect::<Vec<_>>(),
    });
    people
        .team
        .act(&path, item.version(), &motion)
        .await
        .refused(403, "compartment_closed");
    let by_kari = people.kari.act(&path, item.version(), &motion).await.ok();
    assert_eq!(by_kari.body["advice"], "GRANT");
    let told = |shown: Answer| shown.body["recommendations"][0].get("reasons").is_some();
    assert!(told(people.kari.get(&minutes).await.ok()));
    assert!(!told(people.team.get(&minutes).await.ok()));
    // In another meeting the team itself speaks, of what all of it has heard.
    let again = json!({"meetsOn": "2026-03-02", "members": [
        {"userId": users[0], "discipline": "NAV", "isChair": true},
        {"userId": users[1], "discipline": "HOUSING"},
    ]});
    let again = people.team.post("/meetings", &again).await.ok().id();
    let items = format!("/meetings/{again}/items");
    let item = people.team.post(&items, &listed).await.ok();
    let path = format!("/agenda-items/{}/recommend", item.id());
    motion.as_object_mut().unwrap().remove("compartments");
    people.kari.act(&path, item.version(), &motion).await.ok();
    let minutes = format!("/meetings/{again}/minutes");
    assert!(told(people.team.get(&minutes).await.ok()));
}

async fn an_exception_a_shelter_and_a_referral_tell_no_more_than_is_needed(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt(&rules_with(json!([of_age("NORMALLY")]))).await;
    let people = People::of(&town).await;
    let case = case_of(&town, &people.adviser, &people.kari).await;
    let path = format!("/applications/{}/exceptions", case.id);
    let assessed = json!({"criterion": "AGE", "conclusion": "STANDS", "why": "Soner til våren."});
    people.kari.post(&path, &assessed).await.ok();
    let path = format!("/applications/{}/eligibility", case.id);
    let why = |shown: Answer| shown.body["exceptions"][0].get("why").is_some();
    assert!(why(people.kari.get(&path).await.ok()));
    for reader in people.partial() {
        assert!(!why(reader.get(&path).await.ok()));
    }

    // Of health and crime NAV is told only what it says itself.
    let decided = shelters::decision(&case.household);
    for (by, is_told) in [(&people.ola, false), (&people.adviser, true)] {
        let decided = by.post("/shelters/decisions", &decided).await.ok();
        let path = format!("/shelters/decisions/{}", decided.id());
        let plan = json!({"plan": "Egen bolig med oppfølging.", "by": "2026-05-01"});
        let exit = format!("{path}/plan-exit");
        people.kari.act(&exit, decided.version(), &plan).await.ok();
        let shown = people.adviser.get(&path).await.ok().body;
        assert_eq!(shown.get("reasons").is_some(), is_told);
        assert!(shown.get("exitPlan").is_none());
        let shown = people.kari.get(&path).await.ok().body;
        assert!(shown["reasons"].is_string() && shown["exitPlan"].is_string());
    }

    let sent = referral("NAV-77", "1988-05-17", 3);
    let sent = with(sent, "/situation/reason", json!("LEAVING_PRISON"));
    let id = people.adviser.post("/nav/referrals", &sent).await.ok().id();
    let content = format!("/nav/referrals/{id}/content");
    let waiting = people.colleague.get(&content).await.ok().body;
    assert_eq!(waiting["content"]["situation"]["reason"], "LEAVING_PRISON");
    let accepted = accept(&people.kari, &id).await;
    let of_case = accepted["applicationId"].as_str().unwrap().to_owned();
    let me = people.kari.get("/auth/me").await.ok().id();
    let assign = format!("/applications/{of_case}/assign");
    let to_me = json!({"assigneeId": me});
    people.kari.act(&assign, 1, &to_me).await.ok();
    let told = people.kari.get(&content).await.ok().body;
    assert_eq!(told["content"]["summary"], sent["summary"]);
    let told = people.colleague.get(&content).await.ok();
    assert!(!told.text.contains("PRISON") && told.body["content"].get("summary").is_none());
    assert_eq!(told.body["content"]["situation"]["since"], "2026-02-01");
}

async fn the_log_tells_of_a_closed_compartment_only_to_whoever_controls_it(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let people = People::of(&town).await;
    let case = case_of(&town, &people.adviser, &people.kari).await;
    let grant = proposed(&people.kari, &case, None).await.ok();
    let approve = format!("/decisions/{}/approve", grant.id());
    people
        .ola
        .act(&approve, grant.version(), &json!({}))
        .await
        .ok();
    let pauses = format!("/applications/{}/pauses", case.id);
    let prison = json!({"reason": "PRISON"});
    people
        .colleague
        .post(&pauses, &prison)
        .await
        .refused(403, "compartment_closed");
    people.kari.post(&pauses, &prison).await.ok();
    let history = format!("/applications/{}/history?limit=200", case.id);
    let told_of = |shown: &Answer| {
        let mut entries = shown.items().iter();
        let found = entries.find(|it| it["entry"]["action"] == "waiting.paused");
        found.unwrap().clone()
    };
    let auditor = town.actor(Role::Auditor).await;
    let whole = told_of(&auditor.get(&history).await.ok());
    assert_eq!(whole["entry"]["facts"]["reason"], "PRISON");
    for reader in people.whole() {
        assert_eq!(told_of(&reader.get(&history).await.ok()), whole);
        assert_eq!(
            reader.get(&pauses).await.ok().items()[0]["reason"],
            "PRISON"
        );
    }
    for reader in people.partial() {
        let shown = reader.get(&history).await.ok();
        let less = told_of(&shown);
        assert!(less["entry"]["facts"].get("reason").is_none() && !shown.text.contains("PRISON"));
        assert_eq!(less["isWithheldInPart"], true);
        assert_eq!(less["hash"], whole["hash"]);
        assert!(
            reader.get(&pauses).await.ok().items()[0]
                .get("reason")
                .is_none()
        );
    }
    // Whoever controls the log can still take it out whole, with proofs.
    town.seal().await;
    let export = format!("/audit/export?applicationId={}", case.id);
    assert!(auditor.get(&export).await.text.contains("PRISON"));
}

cases::cases![
    a_decisions_words_are_read_by_whoever_may_look_where_they_lie,
    letters_stay_whole_and_are_opened_by_whoever_may_read_all_of_them,
    what_the_team_says_is_the_teams_unless_somebody_says_otherwise,
    an_exception_a_shelter_and_a_referral_tell_no_more_than_is_needed,
    the_log_tells_of_a_closed_compartment_only_to_whoever_controls_it,
];
