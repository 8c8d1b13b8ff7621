//! The municipality's criteria: a rule with an exception, and two municipalities that see the same applicant differently.

use rettbolig::auth::Role;
use rettbolig::ids::MunicipalityId;
use rettbolig::rulesets::RuleSet;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, adopt, decide, reasons};
use crate::support::town::{OSLO, STJORDAL, Town};
use crate::support::{Bench, cases};

/// The rules that ship as those of this municipality.
fn rules_of(name: &str) -> Value {
    let shipped = RuleSet::examples().iter().find(|it| it.0 == name).unwrap();
    serde_json::from_str(shipped.1).unwrap()
}

/// Moved here a year and a month ago; lawfully, without arrears, and unable to find a home alone.
fn newcomer() -> Value {
    json!({
        "stay": "LAWFUL", "residentSince": "2025-02-01", "arrearsOre": 0, "grossIncomeOre": 25_000_000,
        "leaseEndsOn": "2026-06-01", "canFindHomeAlone": false, "source": "APPLICANT",
    })
}

async fn record(by: &Actor, case: &str, known: &Value) {
    let path = format!("/applications/{case}/circumstances");
    by.put(&path, 0, known).await.ok();
}

async fn results(by: &Actor, case: &str) -> Vec<(String, String)> {
    let told = by
        .get(&format!("/applications/{case}/eligibility"))
        .await
        .ok();
    let findings = told.body["findings"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings
        .iter()
        .map(|it| (text(&it["code"]), text(&it["result"])))
        .collect()
}

async fn a_rule_that_holds_normally_gives_way_only_to_an_assessed_exception(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt(&rules_of("stad")).await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;

    // Moved here in January: normally a year of residence is asked for.
    let mut known = newcomer();
    known["residentSince"] = json!("2026-01-10");
    record(&kari, &case, &known).await;
    let found = results(&kari, &case).await;
    assert_eq!(
        found[0],
        ("RESIDENCE".to_owned(), "NOT_FULFILLED".to_owned())
    );

    // Nobody is refused by it before an exception was assessed, and nobody granted a home against it.
    let decisions = format!("/applications/{case}/decisions");
    let refuse = json!({"outcome": "REFUSED", "reasons": reasons()});
    let refused = kari.post(&decisions, &refuse).await;
    let refused = refused.refused(409, "exception_not_assessed");
    assert_eq!(refused.body["criteria"], json!(["RESIDENCE"]));
    let grant = json!({"outcome": "GRANTED", "reasons": reasons()});
    kari.post(&decisions, &grant)
        .await
        .refused(409, "not_eligible");

    // Help is another matter: how long somebody has lived here plays no part in it.
    let help = json!({
        "legalBasis": "HOUSING_ASSISTANCE_ACT", "outcome": "GRANTED",
        "reasons": reasons(), "assistance": ["FINDING_HOME"],
    });
    kari.post(&decisions, &help).await.ok();

    // From a rule that is a must there is no exception to assess.
    let exceptions = format!("/applications/{case}/exceptions");
    let assess = |criterion: &str, conclusion: &str| json!({"criterion": criterion, "conclusion": conclusion, "why": "Har barn på skolen her hver annen uke."});
    kari.post(&exceptions, &assess("AGE", "SET_ASIDE"))
        .await
        .refused(409, "no_such_criterion");
    kari.post(&exceptions, &assess("RESIDENCE", "STANDS"))
        .await
        .ok();
    // Assessed and not made: now it carries a refusal, and still no grant.
    kari.post(&decisions, &grant)
        .await
        .refused(409, "not_eligible");
    kari.post(&exceptions, &assess("RESIDENCE", "SET_ASIDE"))
        .await
        .ok();
    decide(&kari, &ola, &case, &grant).await;

    // Who audits finds at once where a rule was set aside, and which; why is told to those who handle the case.
    let auditor = town.actor(Role::Auditor).await;
    let marked = auditor.get("/audit/entries?mark=SET_ASIDE").await.ok();
    let actions: Vec<&Value> = marked
        .items()
        .iter()
        .map(|it| &it["entry"]["action"])
        .collect();
    assert_eq!(actions, ["decision.proposed", "decision.approved"]);
    let aside = &marked.items()[1]["entry"]["facts"]["setAside"];
    assert_eq!(*aside, json!(["RESIDENCE"]));
    let told = kari
        .get(&format!("/applications/{case}/eligibility"))
        .await
        .ok();
    let last = &told.body["exceptions"][1];
    assert_eq!(last["conclusion"], "SET_ASIDE");
    assert_eq!(last["why"], "Har barn på skolen her hver annen uke.");
}

async fn two_municipalities_see_the_same_applicant_differently(bench: Bench) {
    let town = Town::open(bench).await;
    adopt(&town.db, STJORDAL, &rules_of("kristiansund")).await;
    adopt(&town.db, OSLO, &rules_of("bergen")).await;
    // Two years of residence are asked for in the one, one year in the other.
    let here = Office::of(&town, STJORDAL).await;
    let there = Office::of(&town, OSLO).await;
    let (ours, theirs) = (here.case(&town).await, there.case(&town).await);
    let unmet = |found: Vec<(String, String)>| -> Vec<String> {
        let unmet = found.into_iter().filter(|it| it.1 != "FULFILLED");
        unmet.map(|it| it.0).collect()
    };
    assert_eq!(unmet(results(&here.caseworker, &ours).await), ["RESIDENCE"]);
    assert!(unmet(results(&there.caseworker, &theirs).await).is_empty());
    let grant = json!({"outcome": "GRANTED", "reasons": reasons()});
    let path = |case: &str| format!("/applications/{case}/decisions");
    here.caseworker
        .post(&path(&ours), &grant)
        .await
        .refused(409, "not_eligible");
    there.caseworker.post(&path(&theirs), &grant).await.ok();
    // Both are helped all the same: the law on help is one and the same.
    let help = json!({
        "legalBasis": "HOUSING_ASSISTANCE_ACT", "outcome": "GRANTED",
        "reasons": reasons(), "assistance": ["FINDING_HOME"],
    });
    here.caseworker.post(&path(&ours), &help).await.ok();
    there.caseworker.post(&path(&theirs), &help).await.ok();
}

/// A housing office.
struct Office {
    caseworker: Actor,
}

impl Office {
    async fn of(town: &Town, municipality: MunicipalityId) -> Self {
        let caseworker = if municipality == STJORDAL {
            town.actor(Role::Caseworker).await
        } else {
            town.stranger(Role::Caseworker).await
        };
        Self { caseworker }
    }

    /// A case of the newcomer, before the team.
    async fn case(&self, town: &Town) -> String {
        let household = town.household(&self.caseworker, &SINGLE, 1).await;
        let case = town.case_before_team(&self.caseworker, &household).await;
        record(&self.caseworker, &case, &newcomer()).await;
        case
    }
}

cases::cases![
    a_rule_that_holds_normally_gives_way_only_to_an_assessed_exception,
    two_municipalities_see_the_same_applicant_differently,
];
