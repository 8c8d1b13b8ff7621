//! The allocation team's meetings, the waiting list, and what a party may read.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::given::{FAMILY, SINGLE, decide, granted, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_recommendation_with_dissent_is_shown_to_whoever_decides(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let chair = town.actor(Role::TeamMember).await;
    let member = town.another(Role::TeamMember).await;
    let friend = town.another(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let mut users = Vec::new();
    for actor in [&chair, &kari, &member, &friend] {
        users.push(actor.get("/auth/me").await.ok().id());
    }
    let [chair_id, kari_id, member_id, friend_id] = [0, 1, 2, 3].map(|it: usize| users[it].clone());
    let alone = json!({"meetsOn": "2026-03-02", "members": [
        {"userId": chair_id, "discipline": "NAV"}, {"userId": kari_id, "discipline": "NAV"},
    ]});
    chair
        .post("/meetings", &alone)
        .await
        .faults(&[("/members", "one_chair"), ("/members", "one_discipline")]);
    let meeting = json!({"meetsOn": "2026-03-02", "members": [
        {"userId": chair_id, "discipline": "NAV", "isChair": true},
        {"userId": kari_id, "discipline": "HOUSING"},
        {"userId": member_id, "discipline": "HEALTH_AND_CARE"},
        {"userId": friend_id, "discipline": "CHILD_WELFARE"},
    ]});
    let meeting = chair.post("/meetings", &meeting).await.ok().id();
    let items = format!("/meetings/{meeting}/items");
    let item = chair
        .post(&items, &json!({"applicationId": case}))
        .await
        .ok();
    chair.post(&items, &json!({"dwellingId": home})).await.ok();

    // A friend of the applicant says so, and neither votes nor proposes.
    let conflicts = format!("/applications/{case}/conflicts");
    let ground = json!({"ground": "OTHER_CIRCUMSTANCE"});
    friend.post(&conflicts, &ground).await.ok();
    friend
        .post(&conflicts, &ground)
        .await
        .refused(409, "conflict_declared");
    let recommend = format!("/agenda-items/{}/recommend", item.id());
    let motion = |votes: serde_json::Value| {
        json!({
            "advice": "GRANT", "dwellingId": home, "reasons": "Boligen passer.", "votes": votes,
            "dissents": [{"userId": member_id, "text": "Bør vente på kartlegging."}],
        })
    };
    let vote = |user: &String, vote: &str| json!({"userId": user, "vote": vote});
    let mut votes = vec![
        vote(&chair_id, "FOR"),
        vote(&kari_id, "FOR"),
        vote(&member_id, "AGAINST"),
    ];
    let without = json!(votes);
    votes.push(vote(&friend_id, "FOR"));
    chair
        .act(&recommend, item.version(), &motion(json!(votes)))
        .await
        .refused(403, "conflicted");
    chair
        .act(&recommend, item.version(), &motion(without))
        .await
        .ok();

    let proposal = json!({
        "outcome": "GRANTED", "dwellingId": home, "reasons": reasons(), "recommendationId": item.id(),
    });
    let path = format!("/applications/{case}/decisions");
    friend
        .post(&path, &proposal)
        .await
        .refused(403, "conflicted_decision");
    let proposed = kari.post(&path, &proposal).await.ok();
    let ola = town.actor(Role::DecisionMaker).await;
    let shown = ola.get(&format!("/decisions/{}", proposed.id())).await.ok();
    let advice = &shown.body["recommendation"];
    assert_eq!(advice["advice"], "GRANT");
    assert_eq!(advice["dissents"][0]["text"], "Bør vente på kartlegging.");
    assert_eq!(advice["conflicted"], json!([friend_id]));
    assert_eq!(advice["votes"].as_array().unwrap().len(), 3);

    // The minutes stand once the meeting is closed.
    let seen = chair.get(&format!("/meetings/{meeting}")).await.ok();
    let close = format!("/meetings/{meeting}/close");
    chair.act(&close, seen.version(), &json!({})).await.ok();
    let minutes = ola.get(&format!("/meetings/{meeting}/minutes")).await.ok();
    assert_eq!(minutes.body["stands"], json!(true));
    assert_eq!(minutes.body["recommendations"].as_array().unwrap().len(), 1);
    chair
        .post(&items, &json!({"dwellingId": home}))
        .await
        .refused(409, "meeting_closed");
}

async fn the_waiting_list_is_told_as_it_was_at_any_time(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let mut cases = Vec::new();
    for (family, serial) in [(&FAMILY, 1), (&SINGLE, 2)] {
        let household = town.household(&kari, family, serial).await;
        let case = town.case_before_team(&kari, &household).await;
        let proposal = json!({"outcome": "GRANTED", "reasons": reasons()});
        decide(&kari, &ola, &case, &proposal).await;
        cases.push(case);
    }
    let [family, single] = [cases[0].clone(), cases[1].clone()];
    let list = kari.get("/waiting-list").await.ok();
    let order: Vec<_> = list
        .items()
        .iter()
        .map(|it| it["applicationId"].clone())
        .collect();
    assert_eq!(order.len(), 2);
    let first = kari.get("/waiting-list?limit=1").await.ok();
    let cursor = first.body["nextCursor"].as_str().unwrap().to_owned();
    let second = kari
        .get(&format!("/waiting-list?limit=1&cursor={cursor}"))
        .await
        .ok();
    assert_eq!(second.items()[0]["applicationId"], order[1]);
    kari.get("/waiting-list?cursor=AAAAAAAAAAAAAAAAAAAAAA")
        .await
        .refused(400, "bad_cursor");
    let then = town.clock.now().timestamp().to_string();
    let before = kari
        .get(&format!("/applications/{single}/standing"))
        .await
        .ok();

    // The family stands aside; the single person comes first, and nothing is offered to the family meanwhile.
    town.clock.advance(jiff::SignedDuration::from_mins(1));
    let pauses = format!("/applications/{family}/pauses");
    let pause = kari
        .post(&pauses, &json!({"reason": "TREATMENT"}))
        .await
        .ok();
    kari.post(&pauses, &json!({"reason": "AWAY"}))
        .await
        .refused(409, "already_paused");
    let now = kari.get("/waiting-list").await.ok();
    assert_eq!(now.items().len(), 1);
    kari.get(&format!("/applications/{family}/standing"))
        .await
        .refused(409, "not_on_waiting_list");
    let home = town.home(3, 1).await;
    let named = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    kari.post(&format!("/applications/{family}/decisions"), &named)
        .await
        .refused(409, "paused");

    // What the list was stays what it was.
    town.clock.advance(jiff::SignedDuration::from_mins(1));
    let as_of = format!("asOf={then}");
    let was = kari.get(&format!("/waiting-list?{as_of}")).await.ok();
    assert_eq!(was.body["items"], list.body["items"]);
    let stood = kari
        .get(&format!("/applications/{single}/standing?{as_of}"))
        .await
        .ok();
    assert_eq!(stood.body["place"], before.body["place"]);
    assert_eq!(stood.body["before"], before.body["before"]);

    let resume = format!("/pauses/{}/resume", pause.id());
    kari.act(&resume, 1, &json!({})).await.ok();
    assert_eq!(
        kari.get("/waiting-list").await.ok().body["items"],
        list.body["items"]
    );
    // Facts that change are assessed again, and the household is off the list meanwhile.
    let seen = kari.get(&format!("/applications/{family}")).await.ok();
    let again = json!({"reason": "SITUATION_CHANGED"});
    kari.act(
        &format!("/applications/{family}/reassess"),
        seen.version(),
        &again,
    )
    .await
    .ok();
    assert_eq!(kari.get("/waiting-list").await.ok().items().len(), 1);
}

async fn a_household_that_moved_out_comes_back_to_the_list_by_a_new_application(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    let accept = format!("/offers/{offer}/accept");
    let accepted = kari
        .act(&accept, 1, &json!({"startsOn": "2026-03-02"}))
        .await
        .ok();
    let tenancy = accepted.body["tenancyId"].as_str().unwrap();
    let manager = town.actor(Role::HousingManager).await;
    let end = format!("/tenancies/{tenancy}/end");
    manager
        .act(&end, 1, &json!({"endedOn": "2026-03-02"}))
        .await
        .ok();
    let again = town.case_before_team(&kari, &household).await;
    let grant = json!({"outcome": "GRANTED", "reasons": reasons()});
    decide(&kari, &ola, &again, &grant).await;
    let list = kari.get("/waiting-list").await.ok();
    assert_eq!(list.items().len(), 1);
    assert_eq!(list.items()[0]["applicationId"], json!(again));
}

async fn a_party_reads_its_own_case_and_nothing_of_others(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}/decisions");
    let mut why = reasons();
    why["deviation"] = json!("En annen familie sto foran.");
    let refusal = json!({"outcome": "REFUSED", "reasons": why});
    let first = kari.post(&path, &refusal).await.ok();
    let view = format!("/applications/{case}/party-view");
    let before = kari.get(&view).await.ok();
    // A proposal is internal.
    assert_eq!(before.body["decisions"], json!([]));
    let approve = format!("/decisions/{}/approve", first.id());
    ola.act(&approve, first.version(), &json!({})).await.ok();
    let after = kari.get(&view).await.ok();
    assert_eq!(after.body["decisions"][0]["outcome"], "REFUSED");
    assert_eq!(after.body["leftOut"].as_array().unwrap().len(), 3);
    assert!(!after.text.contains("En annen familie"), "{}", after.text);
    // A stranger is told nothing; whoever may see the documents is.
    let stranger = crate::support::given::person("1970-02-03", 3);
    let stranger = kari.post("/people", &stranger).await.ok().id();
    let as_stranger = format!("{view}?personId={stranger}");
    kari.get(&as_stranger)
        .await
        .refused(403, "representative_may_not_act");
    let representation = json!({
        "representativeId": stranger, "kind": "GUARDIAN", "proof": "GUARDIANSHIP_CERTIFICATE",
        "scope": ["SEE_DOCUMENTS"], "validFrom": "2026-03-01", "validUntil": "2026-03-31",
    });
    let representations = format!("/applications/{case}/representations");
    kari.post(&representations, &representation).await.ok();
    let told = kari.get(&as_stranger).await.ok();
    assert_eq!(told.body["role"], "GUARDIAN");
}

cases::cases![
    a_recommendation_with_dissent_is_shown_to_whoever_decides,
    the_waiting_list_is_told_as_it_was_at_any_time,
    a_household_that_moved_out_comes_back_to_the_list_by_a_new_application,
    a_party_reads_its_own_case_and_nothing_of_others,
];
