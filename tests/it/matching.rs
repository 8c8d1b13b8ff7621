//! Who fits a home and why, plans over all vacant homes, and what is said of those left over.

use rettbolig::auth::Role;
use rettbolig::rulesets::RuleSet;
use serde_json::{Value, json};

use crate::support::given::{FAMILY, SINGLE, decide, home, reasons};
use crate::support::residents::{household, member, whole_person};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_household_that_does_not_fit_is_told_every_reason(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let family = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &family).await;
    let bedsit = town.home(1, 1).await;

    let fits = kari
        .get(&format!("/dwellings/{bedsit}/candidates"))
        .await
        .ok();
    assert_eq!(fits.body["eligibleCount"], 0);
    assert_eq!(
        fits.body["ineligible"][0]["failed"],
        json!(["CAPACITY", "BEDROOMS"])
    );

    let pair = format!("/matching/explain?applicationId={case}&dwellingId={bedsit}");
    let explained = kari.get(&pair).await.ok();
    assert_eq!(explained.body["explanation"]["fits"], false);
    let checks = explained.body["explanation"]["checks"].as_array().unwrap();
    let bedrooms = checks
        .iter()
        .find(|check| check["constraint"] == "BEDROOMS")
        .unwrap();
    assert!(bedrooms["remedy"]["nb"].is_string() && bedrooms["remedy"]["en"].is_string());
    assert!(
        checks
            .iter()
            .all(|check| check["constraint"] != "PROTECTED_ADDRESS")
    );

    let obstacles = kari
        .get(&format!("/applications/{case}/obstacles"))
        .await
        .ok();
    assert_eq!(obstacles.body["vacantHomes"], 1);
    assert_eq!(obstacles.body["fittingHomes"], 0);
}

async fn a_home_that_does_not_fit_cannot_be_proposed(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let family = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &family).await;
    let bedsit = town.home(1, 1).await;
    let path = format!("/applications/{case}/decisions");
    let proposal = json!({"outcome": "GRANTED", "dwellingId": bedsit, "reasons": reasons()});
    let refused = kari
        .post(&path, &proposal)
        .await
        .refused(409, "home_does_not_fit");
    assert_eq!(refused.body["failed"], json!(["CAPACITY", "BEDROOMS"]));
    // Nothing was reserved by the attempt.
    assert_eq!(
        kari.get(&format!("/dwellings/{bedsit}")).await.ok().body["state"],
        "AVAILABLE"
    );
}

async fn nothing_tells_that_an_address_is_protected(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let person = kari
        .post("/people", &whole_person("STRICTLY_CONFIDENTIAL"))
        .await
        .ok()
        .id();
    let household = household(&kari, &[member(&person, "APPLICANT")]).await;
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    kari.post(&format!("/households/{household}/situations"), &situation)
        .await
        .ok();
    let case = town.case_before_team(&kari, &household).await;
    // The home fits but for one thing: it is not cleared for protected addresses.
    let flat = town.home(1, 1).await;

    let candidates = kari
        .get(&format!("/dwellings/{flat}/candidates"))
        .await
        .ok();
    assert_eq!(candidates.body["eligibleCount"], 0);
    assert_eq!(candidates.body["ineligibleCount"], 0);
    let proposal = json!({"outcome": "GRANTED", "dwellingId": flat, "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    let refused = kari
        .post(&path, &proposal)
        .await
        .refused(409, "home_does_not_fit");
    let pair = format!("/matching/explain?applicationId={case}&dwellingId={flat}");
    let answers = [
        candidates,
        refused,
        kari.get(&pair).await.ok(),
        kari.get(&format!("/applications/{case}/obstacles"))
            .await
            .ok(),
        kari.get(&format!("/applications/{case}")).await.ok(),
    ];
    for answer in answers {
        for word in [
            "PROTECTED",
            "CONFIDENTIAL",
            "Granittveien",
            "skjermet",
            "protected",
        ] {
            assert!(!answer.text.contains(word), "{word}: {}", answer.text);
        }
    }
}

async fn without_rules_nobody_can_be_ranked(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let bedsit = town.home(1, 1).await;
    let path = format!("/dwellings/{bedsit}/candidates");
    kari.get(&path).await.refused(409, "no_rule_set");
    // Rules that nobody has approved are no rules, and approved ones only from their day on.
    let ola = town.actor(Role::DecisionMaker).await;
    let eva = town.another(Role::DecisionMaker).await;
    let rules: Value = serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap();
    let proposal = json!({"rules": rules, "validFrom": "2026-03-05"});
    let proposed = ola.post("/rule-sets", &proposal).await.ok().id();
    kari.get(&path).await.refused(409, "no_rule_set");
    let approve = format!("/rule-sets/{proposed}/approve");
    eva.act(&approve, 1, &json!({})).await.ok();
    kari.get(&path).await.refused(409, "no_rule_set");
    let run = json!({"objective": "SUITABILITY"});
    kari.post("/matching/runs", &run)
        .await
        .refused(409, "no_rule_set");
    town.wait_days(3);
    let kari = town.actor(Role::Caseworker).await;
    let told = kari.get(&path).await.ok();
    assert_eq!(told.body["ruleSetId"], json!(proposed));
}

async fn a_plan_houses_whom_it_can_and_certifies_why_not_the_rest(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let mut singles = Vec::new();
    for serial in 1..=3 {
        let household = town.household(&kari, &SINGLE, serial).await;
        singles.push(town.case_before_team(&kari, &household).await);
    }
    let family = town.household(&kari, &FAMILY, 4).await;
    let family = town.case_before_team(&kari, &family).await;
    for (bedrooms, number) in [(1, 1), (1, 2), (3, 3)] {
        town.home(bedrooms, number).await;
    }

    let body = json!({"objective": "SUITABILITY"});
    let run = kari.post("/matching/runs", &body).await.ok();
    let plan = &run.body["plan"];
    assert_eq!(plan["assignments"].as_array().unwrap().len(), 3);
    let housed = |case: &str| {
        let assignments = plan["assignments"].as_array().unwrap();
        assignments
            .iter()
            .any(|it| it["applicationId"] == json!(case))
    };
    assert!(housed(&family));
    let left: Vec<&String> = singles.iter().filter(|case| !housed(case)).collect();
    assert_eq!(left.len(), 1);

    // It proposes, and decides nothing.
    let free = town
        .actor(Role::HousingManager)
        .await
        .get("/dwellings?state=AVAILABLE")
        .await
        .ok();
    assert_eq!(free.items().len(), 3);

    let path = format!("/matching/runs/{}/certificate?applicationId=", run.id());
    let certificate = kari.get(&format!("{path}{}", left[0])).await.ok();
    assert_eq!(certificate.body["planReproduced"], true);
    let holders = certificate.body["certificate"]["holders"]
        .as_object()
        .unwrap();
    assert!(!holders.is_empty());
    kari.get(&format!("{path}{family}"))
        .await
        .refused(409, "not_left_over");
    assert_eq!(
        kari.get(&format!("/matching/runs/{}", run.id()))
            .await
            .ok()
            .body,
        run.body
    );
}

async fn a_plan_over_nothing_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let body = json!({"objective": "OWN_WISHES"});
    kari.post("/matching/runs", &body)
        .await
        .refused(409, "nothing_to_plan");
    let body = json!({"objective": "CHEAPEST"});
    kari.post("/matching/runs", &body)
        .await
        .faults(&[("/objective", "unknown_code")]);
}

async fn whoever_is_passed_over_must_be_told_why(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let mut cases = Vec::new();
    for serial in 1..=2 {
        let household = town.household(&kari, &SINGLE, serial).await;
        cases.push(town.case_before_team(&kari, &household).await);
    }
    let home = town.home(1, 1).await;
    let ranked = kari
        .get(&format!("/dwellings/{home}/candidates"))
        .await
        .ok();
    let second = ranked.body["candidates"][1]["applicationId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/applications/{second}/decisions");
    let mut proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    kari.post(&path, &proposal)
        .await
        .faults(&[("/reasons/deviation", "missing")]);
    proposal["reasons"]["deviation"] = json!("Den første har takket ja til en annen bolig.");
    let decision = decide(&kari, &ola, &second, &proposal).await.id();
    let decision = format!("/decisions/{decision}");
    // What it rested on comes out again, to the byte, whatever has happened since.
    let auditor = town.actor(Role::Auditor).await;
    let replay = auditor.get(&format!("{decision}/replay")).await.ok();
    assert_eq!(replay.body["reproduced"], true, "{}", replay.text);
    let decision = ola.get(&decision).await.ok();
    assert_eq!(decision.body["basis"]["rank"], 2);
    assert_eq!(
        decision.body["reasons"]["deviation"],
        proposal["reasons"]["deviation"]
    );
}

async fn a_proposal_whose_facts_have_changed_is_not_approved(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let flat = town.home(1, 1).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": flat, "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    let proposed = kari.post(&path, &proposal).await.ok();
    // Meanwhile the home turns out to be a robust one.
    let seen = manager.get(&format!("/dwellings/{flat}")).await.ok();
    let mut changed: Value = home(1, 1);
    changed["category"] = json!("ROBUST");
    manager
        .put(&format!("/dwellings/{flat}"), seen.version(), &changed)
        .await
        .ok();
    let approve = format!("/decisions/{}/approve", proposed.id());
    let refused = ola
        .act(&approve, 1, &json!({}))
        .await
        .refused(409, "facts_changed");
    assert_eq!(refused.body["failed"], json!(["CATEGORY"]));
    assert_eq!(refused.body["changed"], json!(["KIND"]));
    // Sent back, the home is free again.
    let back = format!("/decisions/{}/return", proposed.id());
    ola.act(&back, 1, &json!({"reason": "FACTS_INSUFFICIENT"}))
        .await
        .ok();
    assert_eq!(
        manager.get(&format!("/dwellings/{flat}")).await.ok().body["state"],
        "AVAILABLE"
    );
}

cases::cases![
    a_household_that_does_not_fit_is_told_every_reason,
    a_home_that_does_not_fit_cannot_be_proposed,
    nothing_tells_that_an_address_is_protected,
    without_rules_nobody_can_be_ranked,
    a_plan_houses_whom_it_can_and_certifies_why_not_the_rest,
    a_plan_over_nothing_is_refused,
    whoever_is_passed_over_must_be_told_why,
    a_proposal_whose_facts_have_changed_is_not_approved,
];
