//! A refused family that appeals and wins, after the home was let to another.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::given::{FAMILY, SINGLE, decide, granted, reasons};
use crate::support::post::{deliver, notified};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_refused_family_appeals_and_wins(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;

    // A family and a single person wait for the only vacant home. The family is refused, the other one is given it.
    let family = town.household(&kari, &FAMILY, 1).await;
    let single = town.household(&kari, &SINGLE, 2).await;
    let case = town.case_before_team(&kari, &family).await;
    let other = town.case_before_team(&kari, &single).await;
    let home = town.home(3, 1).await;
    let refusal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let refused = decide(&kari, &ola, &case, &refusal).await.id();
    let mut why = reasons();
    why["deviation"] = json!("Familien er avslått.");
    let grant = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": why});
    let approved = decide(&kari, &ola, &other, &grant).await;
    let offer = approved.body["offerId"].as_str().unwrap();
    let accept = json!({"startsOn": "2026-03-02"});
    let path = format!("/offers/{offer}/accept");
    kari.act(&path, 1, &accept).await.ok();

    // The family is told in nynorsk, with every part that the law demands, and the time runs from when the letter was read.
    let letter = notified(&town, &kari, &format!("/decisions/{refused}/letters"), "NN").await;
    let page = kari.get(&format!("/letters/{letter}/html")).await.ok().text;
    for words in [
        "lang=\"nn\"",
        "Søknaden din er ikkje innvilga",
        "Du får ikkje leige ein kommunal bustad.",
        "Klagenemnda til kommunen",
        "Fristen er 3 veker",
        "Startlån",
        "forvaltningslova § 36",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Familien er avslått"), "{page}");
    let told = kari.get(&format!("/decisions/{refused}")).await.ok();
    assert_eq!(told.body["appealUntil"], "2026-03-23");

    // The family appeals by post on the last day; it arrives two days later.
    town.wait_days(23);
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let eva = town.another(Role::DecisionMaker).await;
    let officer = town.actor(Role::AppealsOfficer).await;
    let appeal = json!({
        "form": "LETTER", "sentOn": "2026-03-23", "receivedOn": "2026-03-25",
        "grounds": "Vi har to barn og mister leiligheten.",
    });
    let received = kari
        .post(&format!("/decisions/{refused}/appeals"), &appeal)
        .await
        .ok();
    let (id, mut version) = (received.id(), received.version());
    kari.post(&format!("/decisions/{refused}/appeals"), &appeal)
        .await
        .refused(409, "already_appealed");
    for step in ["check", "admit"] {
        let path = format!("/appeals/{id}/{step}");
        let moved = kari.act(&path, version, &json!({})).await.ok();
        assert_eq!(moved.body["inTime"], json!(true));
        version = moved.version();
    }

    // Whoever decided does not review it; another stands by the decision and hands it over.
    let assessment = json!({"assessment": "Familien kan leie privat."});
    let forward = format!("/appeals/{id}/forward");
    ola.act(&forward, version, &assessment)
        .await
        .refused(403, "first_instance");
    version = eva.act(&forward, version, &assessment).await.ok().version();

    // What is handed over shows both households without a name, and the home that was vacant then and is let now.
    let package = officer.get(&format!("/appeals/{id}/package")).await.ok();
    let compared = &package.body["comparison"];
    assert_eq!(compared["poolSize"], 2, "{}", package.text);
    assert_eq!(compared["homes"].as_array().unwrap().len(), 1);
    assert_eq!(
        compared["homes"][0]["candidates"][0]["label"],
        compared["appellant"]
    );
    assert_eq!(package.body["decision"]["ruleSetNumber"], 1);
    for hidden in [&family, &single, &other, &home, "Testesen", "1985-01-02"] {
        assert!(!package.text.contains(hidden), "{hidden}: {}", package.text);
    }

    // The board decides otherwise. Only who had no part in it writes that down.
    version = officer
        .act(&format!("/appeals/{id}/take-up"), version, &json!({}))
        .await
        .ok()
        .version();
    let listed = officer.get("/rule-sets").await.ok();
    let rules = format!("/rule-sets/{}", listed.items()[0]["id"].as_str().unwrap());
    let rules = officer.get(&rules).await.ok();
    let code = rules.body["rules"]["priority"]["groups"][0]["code"].clone();
    let verdict = json!({
        "outcome": "CHANGED", "reasons": "Barnas beste er ikke vurdert godt nok.", "raisedTo": code,
    });
    let concluded = officer
        .act(&format!("/appeals/{id}/conclude"), version, &verdict)
        .await
        .ok();
    assert_eq!(concluded.body["state"], "CHANGED");
    officer
        .act(
            &format!("/appeals/{id}/close"),
            concluded.version(),
            &json!({}),
        )
        .await
        .ok();

    // Who lives in the home keeps it; the family waits in the group that the board said, and the refusal holds no longer.
    let manager = town.actor(Role::HousingManager).await;
    let state = manager.get(&format!("/dwellings/{home}")).await.ok().body["state"].clone();
    assert_eq!(state, "OCCUPIED");
    let waits = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(waits.body["state"], "WAITING");
    let standing = kari
        .get(&format!("/applications/{case}/standing"))
        .await
        .ok();
    assert_eq!(standing.body["priorityGroup"], code);
    assert_eq!(standing.body["place"], 1);
    let overturned = kari.get(&format!("/decisions/{refused}")).await.ok();
    assert_eq!(overturned.body["state"], "REPLACED");

    // The next home that fits is the family's.
    let next = town.home(3, 2).await;
    let fits = kari
        .get(&format!("/dwellings/{next}/candidates"))
        .await
        .ok();
    assert_eq!(fits.body["candidates"][0]["applicationId"], json!(case));
    granted(&kari, &eva, &case, &next).await;

    // All letters of the appeal were written, and go out in order.
    let letters = kari
        .get(&format!("/applications/{case}/letters"))
        .await
        .ok();
    let kinds: Vec<&str> = letters
        .items()
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["REFUSAL", "APPEAL_FORWARDED", "APPEAL_OUTCOME"]);
    for letter in &letters.items()[1..] {
        let path = format!("/letters/{}/dispatch", letter["id"].as_str().unwrap());
        kari.act(&path, 1, &json!({"channel": "DIGITAL"}))
            .await
            .ok();
    }
    assert_eq!(deliver(&town).await, 2);
}

cases::cases![a_refused_family_appeals_and_wins];
