//! A person is given everything that is kept of them, and nothing of anybody else.

use rettbolig::auth::Role;
use serde_json::json;

use super::user;
use crate::support::given::reasons;
use crate::support::residents::{household, member, resident, whole_person};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_dossier_has_everything_of_the_person_and_nothing_of_others(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let body = whole_person("CONFIDENTIAL");
    let person = kari.post("/people", &body).await.ok().id();
    let other = resident("Nabofrid", "1957-01-02", 0);
    let spouse = kari.post("/people", &other).await.ok().id();
    let members = [
        member(&person, "APPLICANT"),
        member(&spouse, "CO_APPLICANT"),
    ];
    let household = household(&kari, &members).await;
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{household}/situations");
    kari.post(&path, &situation).await.ok();
    let case = town.case_before_team(&kari, &household).await;
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    kari.post(&path, &proposal).await.ok();

    let path = format!("/people/{person}/dossier");
    let officer = town.actor(Role::PrivacyOfficer).await;
    officer
        .get(&path)
        .await
        .refused(403, "not_cleared_for_person");
    let clearance = json!({"clearance": "CONFIDENTIAL"});
    town.place(&user(&officer).await, &clearance).await;
    let dossier = officer.get(&path).await.ok();
    for field in [
        "nationalId",
        "givenName",
        "familyName",
        "phone",
        "email",
        "address",
    ] {
        assert_eq!(dossier.body["person"][field], body[field], "{field}");
    }
    let home = &dossier.body["households"][0];
    assert_eq!(home["role"], "APPLICANT");
    assert_eq!(home["situations"][0]["reason"], "LEASE_ENDING");
    assert_eq!(home["cases"][0]["needs"]["urgency"], "HIGH");
    assert_eq!(
        home["cases"][0]["decisions"][0]["content"]["reasons"],
        reasons()
    );
    for foreign in [
        "Nabofrid",
        spouse.as_str(),
        other["nationalId"].as_str().unwrap(),
    ] {
        assert!(!dossier.text.contains(foreign), "{foreign}");
    }
    // It is told that it was handed out.
    let letter = format!("/people/{person}/access-log/extract");
    let letter = officer.get(&letter).await.ok();
    assert!(letter.text.contains("for å gi det til deg"));
    kari.get(&path).await.refused(403, "forbidden");
}

cases::cases![a_dossier_has_everything_of_the_person_and_nothing_of_others];
