//! Whoever is too close to somebody has nothing to do with the case (forvaltningsloven § 6): it does not exist for them.

use rettbolig::auth::Role;
use serde_json::json;

use super::{is_as_if_absent, user};
use crate::support::actor::Actor;
use crate::support::given::{SINGLE, reasons};
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A case before the team, and who it is about.
struct Somebody {
    case: String,
    household: String,
    person: String,
    national_id: String,
}

async fn somebody(town: &Town, kari: &Actor, serial: u16) -> Somebody {
    let household = town.household(kari, &SINGLE, serial).await;
    let case = town.case_before_team(kari, &household).await;
    let shown = kari.get(&format!("/households/{household}")).await.ok();
    let nth = usize::from(serial) * 20;
    Somebody {
        case,
        household,
        person: shown.body["members"][0]["personId"]
            .as_str()
            .unwrap()
            .to_owned(),
        national_id: national_id("1990-05-17", nth).expose_digits().to_owned(),
    }
}

/// Nothing of a case is there for this employee, in whichever way it is sought.
async fn is_hidden(actor: &Actor, it: &Somebody) {
    let Somebody {
        case,
        household,
        person,
        national_id,
    } = it;
    for path in ["", "/history", "/decisions"] {
        is_as_if_absent(actor, &format!("/applications/{case}{path}"), case).await;
    }
    is_as_if_absent(actor, &format!("/households/{household}"), household).await;
    is_as_if_absent(actor, &format!("/people/{person}"), person).await;
    let listed = actor.get("/applications?limit=200").await.ok();
    assert!(!listed.text.contains(case.as_str()));
    let filtered = format!("/applications?householdId={household}");
    assert!(actor.get(&filtered).await.ok().items().is_empty());
    let question = json!({"nationalId": national_id});
    let found = actor.post("/people/search", &question).await.ok();
    assert!(found.items().is_empty());
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    actor
        .post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .refused(404, "not_found");
}

async fn is_there(actor: &Actor, it: &Somebody) {
    actor.get(&format!("/applications/{}", it.case)).await.ok();
    actor.get(&format!("/people/{}", it.person)).await.ok();
}

async fn a_declared_relation_hides_the_case_from_the_employee_and_those_who_answer_to_them(
    bench: Bench,
) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let (ola, tor) = (
        town.actor(Role::DecisionMaker).await,
        town.another(Role::DecisionMaker).await,
    );
    let it = somebody(&town, &kari, 1).await;
    let other = somebody(&town, &kari, 2).await;
    is_there(&ola, &it).await;
    let olas_id = user(&ola).await;
    let path = format!("/users/{olas_id}/relations");
    let body = json!({"nationalId": it.national_id, "kind": "SIDE_LINE"});
    let declared = ola.post(&path, &body).await.ok();
    assert!(!declared.text.contains(&it.national_id));
    is_hidden(&ola, &it).await;
    is_there(&ola, &other).await;
    is_there(&tor, &it).await;

    // A proposal by somebody else can neither be read nor decided.
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let decision = kari
        .post(&format!("/applications/{}/decisions", it.case), &proposal)
        .await
        .ok()
        .id();
    is_as_if_absent(&ola, &format!("/decisions/{decision}"), &decision).await;
    is_as_if_absent(&ola, &format!("/decisions/{decision}/replay"), &decision).await;
    ola.act(&format!("/decisions/{decision}/approve"), 1, &json!({}))
        .await
        .refused(404, "not_found");

    // Nor is a roof for the night decided on.
    let shelter = json!({
        "householdId": it.household, "outcome": "GRANTED",
        "validFrom": "2026-03-02", "validUntil": "2026-03-20",
        "reasons": "Husstanden står uten tak over hodet.",
    });
    ola.post("/shelters/decisions", &shelter)
        .await
        .faults(&[("/householdId", "not_found")]);

    // Who answers to somebody partial is partial too (third paragraph).
    town.place(&user(&tor).await, &json!({"leaderId": olas_id}))
        .await;
    is_hidden(&tor, &it).await;
    is_there(&tor, &other).await;

    // Nobody else sees or ends the relation; when it has ended, the case is there again.
    kari.get(&path).await.refused(404, "not_found");
    let relation = declared.id();
    let end = format!("/relations/{relation}/end");
    kari.act(&end, 1, &json!({}))
        .await
        .refused(404, "not_found");
    ola.act(&end, 1, &json!({})).await.ok();
    ola.act(&end, 2, &json!({}))
        .await
        .refused(409, "relation_ended");
    is_there(&ola, &it).await;
    is_there(&tor, &it).await;
}

async fn an_own_case_and_those_of_the_household_are_nobodys_own_to_handle(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    // Somebody else's household, in which an employee lives too.
    let anne = crate::support::residents::person(&kari, "Anne", "1980-01-01").await;
    let ola = crate::support::residents::person(&kari, "Ola", "1979-02-02").await;
    let both = json!({"members": [
        {"personId": anne, "role": "APPLICANT"}, {"personId": ola, "role": "CO_APPLICANT"},
    ]});
    kari.post("/households", &both).await.ok();
    // Ola applies alone, too.
    let alone = json!({"members": [{"personId": ola, "role": "APPLICANT"}]});
    let household = kari.post("/households", &alone).await.ok().id();
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &body).await.ok().id();
    let seen = format!("/applications/{case}");
    per.get(&seen).await.ok();

    let pers_id = user(&per).await;
    let velferd = town.unit("Velferd").await;
    town.place(&pers_id, &json!({"unitIds": [velferd]})).await;
    let digits = national_id("1980-01-01", 0).expose_digits().to_owned();
    town.identify(&pers_id, &digits).await;
    // Not even by being given the case: and it is not given.
    let assign = json!({"assigneeId": pers_id});
    kari.act(&format!("{seen}/assign"), 1, &assign)
        .await
        .refused(409, "assignee_cannot_take_case");
    is_as_if_absent(&per, &seen, &case).await;
    is_as_if_absent(&per, &format!("/people/{anne}"), &anne).await;
    is_as_if_absent(&per, &format!("/people/{ola}"), &ola).await;
    kari.get(&seen).await.ok();
}

async fn colleagues_do_not_handle_each_others_cases(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    let it = somebody(&town, &kari, 1).await;
    let other = somebody(&town, &kari, 2).await;
    let pers_id = user(&per).await;
    town.identify(&pers_id, &it.national_id).await;
    // Per is the applicant: neither Per nor whoever works with Per sees the case.
    is_hidden(&per, &it).await;
    is_hidden(&kari, &it).await;
    is_there(&kari, &other).await;
    let velferd = town.unit("Velferd").await;
    town.place(&pers_id, &json!({"unitIds": [velferd]})).await;
    is_there(&kari, &it).await;
}

async fn two_accounts_of_one_person_are_one_pair_of_hands(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let it = somebody(&town, &kari, 1).await;
    let digits = national_id("1970-01-01", 0).expose_digits().to_owned();
    town.identify(&user(&kari).await, &digits).await;
    town.identify(&user(&ola).await, &digits).await;
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let proposed = kari
        .post(&format!("/applications/{}/decisions", it.case), &proposal)
        .await
        .ok();
    let approve = format!("/decisions/{}/approve", proposed.id());
    ola.act(&approve, 1, &json!({}))
        .await
        .refused(403, "same_hands");
    let tor = town.another(Role::DecisionMaker).await;
    tor.act(&approve, 1, &json!({})).await.ok();
}

cases::cases![
    a_declared_relation_hides_the_case_from_the_employee_and_those_who_answer_to_them,
    an_own_case_and_those_of_the_household_are_nobodys_own_to_handle,
    colleagues_do_not_handle_each_others_cases,
    two_accounts_of_one_person_are_one_pair_of_hands,
];
