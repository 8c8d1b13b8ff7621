//! Health, economy, crime and child welfare: whoever does not need them gets the rest of the case, without them.

use jiff::SignedDuration;
use rettbolig::access::{Compartment, Compartmented, TextKind};
use rettbolig::applications::Needs;
use rettbolig::audit::CLOSED_FACTS;
use rettbolig::auth::{Role, SIGHTS, WHOLE_LOG};
use rettbolig::eligibility::Circumstances;
use rettbolig::rulesets::DeclineReason;
use rettbolig::situations::{Situation, SituationReason, Source};
use rettbolig::waiting::PauseReason;
use serde_json::{Value, json};

use crate::guards::snapshot::assert_reviewed;
use crate::support::actor::Actor;
use crate::support::given::{ordinary_needs, reasons};
use crate::support::residents::{household, member, resident};
use crate::support::town::Town;
use crate::support::{Bench, cases};

fn what_lies_in_each_compartment_is_reviewed() {
    let mut lines = vec![
        "# What lies in compartments, and who looks into them".to_owned(),
        String::new(),
        "Whoever sees a case by one of these relations sees of these compartments what lies in them. Of the others the members are absent.".to_owned(),
        String::new(),
        "| Role | Relation | Compartments |\n|---|---|---|".to_owned(),
    ];
    let codes = |compartments: &[Compartment]| -> String {
        let codes: Vec<&str> = compartments.iter().map(|it| it.code()).collect();
        codes.join(", ")
    };
    for (role, relation, _, compartments) in SIGHTS {
        lines.push(format!("| {role} | {relation} | {} |", codes(compartments)));
    }
    lines.push("\n| Of | Member | Compartment |\n|---|---|---|".to_owned());
    let members = [
        ("needs", Needs::MEMBERS),
        ("circumstances", Circumstances::MEMBERS),
        ("situation", Situation::MEMBERS),
    ];
    for (of, members) in members {
        for (member, compartment) in members {
            lines.push(format!("| {of} | `{member}` | {compartment} |"));
        }
    }
    lines.push("\n| What a situation says | Compartment |\n|---|---|".to_owned());
    let said = |compartment: Option<Compartment>| compartment.map_or("", Compartment::code);
    for reason in SituationReason::ALL {
        lines.push(format!("| {reason} | {} |", said(reason.compartment())));
    }
    for source in Source::ALL {
        let compartment = said(source.compartment());
        lines.push(format!("| from {source} | {compartment} |"));
    }
    for reason in PauseReason::ALL {
        lines.push(format!(
            "| stands aside: {reason} | {} |",
            said(reason.compartment())
        ));
    }
    for reason in DeclineReason::ALL {
        lines.push(format!(
            "| declines: {reason} | {} |",
            said(reason.compartment())
        ));
    }
    lines.push("\nA text lies where its writer says; where the writer says nothing, it lies so:\n\n| Text | Lies |\n|---|---|".to_owned());
    for kind in TextKind::ALL {
        let place = if kind.retells_case() {
            "where what is known of the household does, as far as the writer sees it"
        } else {
            "in no compartment"
        };
        lines.push(format!("| {kind} | {place} |"));
    }
    let whole: Vec<&str> = WHOLE_LOG.iter().map(|role| role.code()).collect();
    lines.push(format!("\nOf the log these facts are withheld from whoever may not look there; {} read all of it.\n\n| Entry | Fact | Code | Compartment |\n|---|---|---|---|", whole.join(" and ")));
    for (action, fact, codes) in CLOSED_FACTS {
        for (code, compartment) in *codes {
            lines.push(format!(
                "| `{action}` | `{fact}` | {code} | {compartment} |"
            ));
        }
    }
    let made = lines.join("\n") + "\n";
    assert_reviewed("tests/it/snapshots/compartments.md", &made);
}

/// A case in which every compartment holds something.
pub(super) struct Case {
    pub(super) id: String,
    pub(super) household: String,
}

/// The reasons, with whoever said so.
const SITUATIONS: [(&str, &str); 4] = [
    ("LEAVING_PRISON", "CORRECTIONAL_SERVICE"),
    ("HEALTH_HAZARD", "HEALTH_SERVICE"),
    ("ARREARS", "APPLICANT"),
    ("OVERCROWDED", "CHILD_WELFARE"),
];

/// Of a client of the adviser at NAV, handled by the caseworker.
pub(super) async fn case_of(town: &Town, adviser: &Actor, kari: &Actor) -> Case {
    let body = resident("Klara", "1990-05-17", 0);
    let person = adviser.post("/people", &body).await.ok().id();
    let household = household(adviser, &[member(&person, "APPLICANT")]).await;
    for (reason, source) in SITUATIONS {
        let situation = json!({
            "reason": reason, "validFrom": "2026-02-01", "source": source, "verification": "DOCUMENTED",
        });
        let path = format!("/households/{household}/situations");
        kari.post(&path, &situation).await.ok();
    }
    let id = town.case_before_team(kari, &household).await;
    let path = format!("/applications/{id}");
    let back = format!("{path}/return-to-assessment");
    let why = json!({"reason": "NEEDS_CHANGED"});
    let version = kari.act(&back, 4, &why).await.ok().version();
    let feared = town
        .household(kari, &crate::support::given::SINGLE, 9)
        .await;
    let mut needs = ordinary_needs();
    needs["features"] = json!(["STEP_FREE"]);
    needs["monthlyMeansOre"] = json!(1_200_000);
    needs["excludedHouseholds"] = json!([feared]);
    let recorded = kari.put(&format!("{path}/needs"), version, &needs).await;
    let version = recorded.ok().version();
    let circumstances =
        json!({"arrearsOre": 4_200_000, "hasNearTie": true, "source": "CORRECTIONAL_SERVICE"});
    let known = format!("{path}/circumstances");
    kari.put(&known, 0, &circumstances).await.ok();
    let submit = format!("{path}/submit-to-team");
    kari.act(&submit, version, &json!({})).await.ok();
    Case { id, household }
}

/// What somebody is shown of the situations, wherever they stand.
async fn situations(actor: &Actor, case: &Case) -> Vec<Vec<Value>> {
    let whole = actor.get(&format!("/applications/{}", case.id)).await.ok();
    let mut shown = vec![whole.body["situations"].clone()];
    let before = format!("/applications/{}?asOf=2026-03-02T11:00:00Z", case.id);
    shown.push(actor.get(&before).await.ok().body["situations"].clone());
    let path = format!("/households/{}", case.household);
    shown.push(actor.get(&path).await.ok().body["situations"].clone());
    let listed = actor.get(&format!("{path}/situations")).await.ok();
    shown.push(json!(listed.items()));
    let arrays = shown.into_iter();
    arrays
        .map(|array| array.as_array().unwrap().clone())
        .collect()
}

/// The situations of which reason and source are shown.
fn told(situations: &[Value], member: &str) -> Vec<String> {
    assert_eq!(situations.len(), 4, "each is shown, less what is closed");
    let said = situations.iter().filter_map(|it| {
        assert!(it["kind"].is_string() && it.get(member) != Some(&Value::Null));
        it.get(member)
    });
    said.map(|it| it.as_str().unwrap().to_owned()).collect()
}

async fn each_role_sees_what_it_needs_of_a_case_and_no_more(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    let adviser = town.actor(Role::NavAdvisor).await;
    let case = case_of(&town, &adviser, &kari).await;
    town.clock.advance(SignedDuration::from_mins(1));
    let all = ["LEAVING_PRISON", "HEALTH_HAZARD", "ARREARS", "OVERCROWDED"];
    let all_sources = [
        "CORRECTIONAL_SERVICE",
        "HEALTH_SERVICE",
        "APPLICANT",
        "CHILD_WELFARE",
    ];
    let some = (&all[1..], &all_sources[1..3]);
    let health = [
        "features",
        "services",
        "highestFloorWithoutLift",
        "lowerStepsTried",
    ];
    let team = town.actor(Role::TeamMember).await;
    let ola = town.actor(Role::DecisionMaker).await;
    for (who, actor, (reasons, sources)) in [
        ("the caseworker", &kari, (&all[..], &all_sources[..])),
        ("a colleague", &per, some),
        ("the team", &team, some),
        ("whoever decides", &ola, (&all[..], &all_sources[..])),
        ("NAV", &adviser, (&all[2..], &all_sources[2..3])),
    ] {
        for shown in situations(actor, &case).await {
            assert_eq!(told(&shown, "reason"), reasons, "{who}");
            assert_eq!(told(&shown, "source"), sources, "{who}");
        }
        let whole = actor.get(&format!("/applications/{}", case.id)).await.ok();
        let needs = &whole.body["needs"];
        assert_eq!(needs["monthlyMeansOre"], 1_200_000, "{who}");
        assert!(needs["categories"].is_array(), "{who}");
        let sees_all = reasons.len() == 4;
        assert_eq!(needs.get("excludedHouseholds").is_some(), sees_all, "{who}");
        for member in health {
            assert_eq!(needs.get(member).is_some(), who != "NAV", "{who} {member}");
        }
        if who != "NAV" {
            let path = format!("/applications/{}/circumstances", case.id);
            let known = actor.get(&path).await.ok().body;
            assert_eq!(known["arrearsOre"], 4_200_000, "{who}");
            assert_eq!(known.get("source").is_some(), sees_all, "{who}");
        }
    }
}

async fn nobody_writes_what_they_could_not_read_and_nothing_gets_lost(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    let adviser = town.actor(Role::NavAdvisor).await;
    let case = case_of(&town, &adviser, &kari).await;
    let path = format!("/households/{}/situations", case.household);
    let situation = |reason: &str, source: &str| {
        json!({
            "reason": reason, "validFrom": "2026-02-01", "source": source, "verification": "DOCUMENTED",
        })
    };
    // The same answer whether it is recorded already or not.
    for (reason, source) in [
        ("LEAVING_PRISON", "APPLICANT"),
        ("UNSAFE_FROM_VIOLENCE", "APPLICANT"),
        ("LEASE_ENDING", "CHILD_WELFARE"),
    ] {
        per.post(&path, &situation(reason, source))
            .await
            .refused(403, "compartment_closed");
    }
    per.post(&path, &situation("LEASE_ENDING", "APPLICANT"))
        .await
        .ok();
    let view = format!("/applications/{}/party-view", case.id);
    per.get(&view).await.refused(403, "compartment_closed");
    let handed_out = kari.get(&view).await.ok();
    assert_eq!(handed_out.body["situations"][0]["reason"], "LEAVING_PRISON");

    let whole = format!("/applications/{}", case.id);
    let back = json!({"reason": "NEEDS_CHANGED"});
    let shown = kari.get(&whole).await.ok();
    let feared = shown.body["needs"]["excludedHouseholds"].clone();
    let returned = kari
        .act(
            &format!("{whole}/return-to-assessment"),
            shown.version(),
            &back,
        )
        .await
        .ok();
    let mut needs = ordinary_needs();
    needs["excludedHouseholds"] = json!([case.household]);
    let path = format!("{whole}/needs");
    per.put(&path, returned.version(), &needs)
        .await
        .refused(403, "compartment_closed");
    needs["excludedHouseholds"] = json!([]);
    per.put(&path, returned.version(), &needs).await.ok();
    let kept = kari.get(&whole).await.ok();
    assert_eq!(kept.body["needs"]["excludedHouseholds"], feared);
}

async fn a_comparison_and_the_log_tell_nothing_of_a_closed_compartment(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let adviser = town.actor(Role::NavAdvisor).await;
    let case = case_of(&town, &adviser, &kari).await;
    let mut home = crate::support::given::home(1, 1);
    home["features"] = json!(["STEP_FREE"]);
    let manager = town.actor(Role::HousingManager).await;
    let home = manager.post("/dwellings", &home).await.ok().id();
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let path = format!("/applications/{}/decisions", case.id);
    let decision = kari.post(&path, &proposal).await.ok().id();
    let team = town.actor(Role::TeamMember).await;
    let path = format!("/decisions/{decision}/comparison");
    let told = team.get(&path).await.ok();
    assert!(told.text.contains("HEALTH_HAZARD") && !told.text.contains("PRISON"));
    assert!(kari.get(&path).await.ok().text.contains("LEAVING_PRISON"));
    let auditor = town.actor(Role::Auditor).await;
    let entries = auditor.get("/audit/entries?limit=200").await.ok();
    assert!(entries.text.contains("situation.recorded"));
    for word in [
        "LEAVING_PRISON",
        "HEALTH_HAZARD",
        "ARREARS",
        "CHILD_WELFARE",
    ] {
        assert!(!entries.text.contains(word), "{word}");
    }
}

cases::plain![what_lies_in_each_compartment_is_reviewed];
cases::cases![
    each_role_sees_what_it_needs_of_a_case_and_no_more,
    nobody_writes_what_they_could_not_read_and_nothing_gets_lost,
    a_comparison_and_the_log_tell_nothing_of_a_closed_compartment,
];
