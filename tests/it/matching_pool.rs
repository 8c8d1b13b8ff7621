//! The pool in memory: never stale on any instance, whatever is written by whom, and its snapshots shared.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::audit::{connect, count, execute};
use crate::support::actor::Actor;
use crate::support::given::{FAMILY, Family, SINGLE, granted, home, ordinary_needs, reasons};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// Everything that an answer says but for the moment at which it was given.
async fn ranked(actor: &Actor, home: &str) -> Value {
    let path = format!("/dwellings/{home}/candidates?limit=200");
    let mut body = actor.get(&path).await.ok().body;
    assert!(body["asOf"].is_string() && body["ruleSetNumber"].is_number());
    body.as_object_mut().unwrap().remove("asOf");
    body
}

/// Two instances over one database, and what a third one says that has never seen it.
struct Instances {
    bench: Bench,
    first: Town,
    second: Town,
    version: i64,
}

impl Instances {
    async fn open(bench: Bench) -> Self {
        let first = Town::open(bench.clone()).await;
        first.adopt_rules().await;
        let second = Town::open(bench.clone()).await;
        Self {
            bench,
            first,
            second,
            version: 0,
        }
    }

    /// The other instance must say what somebody says who reads everything anew, at a version above the last.
    async fn must_agree(&mut self, home: &str, after: &str) -> Value {
        let kari = self.second.actor(Role::Caseworker).await;
        let copied = ranked(&kari, home).await;
        let fresh = Town::open(self.bench.clone()).await;
        let read_anew = ranked(&fresh.actor(Role::Caseworker).await, home).await;
        assert_eq!(copied, read_anew, "stale after: {after}");
        let version = copied["poolVersion"].as_i64().unwrap();
        assert!(version > self.version, "no new version after: {after}");
        self.version = version;
        // Asked again at once it is the same.
        assert_eq!(ranked(&kari, home).await, copied);
        copied
    }
}

async fn a_copy_is_never_stale_on_any_instance(bench: Bench) {
    let mut instances = Instances::open(bench).await;
    let kari = instances.first.actor(Role::Caseworker).await;
    let manager = instances.first.actor(Role::HousingManager).await;
    let flat = instances.first.home(1, 1).await;
    instances.must_agree(&flat, "a home came").await;

    let single = instances.first.household(&kari, &SINGLE, 1).await;
    instances.must_agree(&flat, "a household came").await;
    let case = instances.first.case_before_team(&kari, &single).await;
    let told = instances
        .must_agree(&flat, "a case came before the team")
        .await;
    assert_eq!(told["eligibleCount"], 1);

    let situation = json!({
        "reason": "SLEEPING_OUT", "validFrom": "2026-03-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{single}/situations");
    kari.post(&path, &situation).await.ok();
    let told = instances.must_agree(&flat, "a situation came").await;
    assert_eq!(told["candidates"][0]["priorityGroup"], "ROOFLESS");

    let path = format!("/applications/{case}");
    let seen = kari.get(&path).await.ok();
    let back = json!({"reason": "NEEDS_CHANGED"});
    let act = format!("{path}/return-to-assessment");
    let returned = kari.act(&act, seen.version(), &back).await.ok();
    let told = instances.must_agree(&flat, "a case left the team").await;
    assert_eq!(told["poolSize"], 0);
    let mut needs = ordinary_needs();
    needs["excludedAreas"] = json!(["SENTRUM"]);
    let needs = kari
        .put(&format!("{path}/needs"), returned.version(), &needs)
        .await
        .ok();
    kari.act(
        &format!("{path}/submit-to-team"),
        needs.version(),
        &json!({}),
    )
    .await
    .ok();
    let told = instances.must_agree(&flat, "needs changed").await;
    assert_eq!(told["ineligible"][0]["failed"], json!(["EXCLUDED_AREA"]));

    let seen = manager.get(&format!("/dwellings/{flat}")).await.ok();
    let mut changed = home(1, 1);
    changed["area"] = json!("HEGRA");
    manager
        .put(&format!("/dwellings/{flat}"), seen.version(), &changed)
        .await
        .ok();
    let told = instances.must_agree(&flat, "the home changed").await;
    assert_eq!(told["eligibleCount"], 1);

    instances.first.adopt_rules().await;
    instances.must_agree(&flat, "new rules").await;

    // Behind the service's back: what a register says of a person, the members, the kind of a home.
    let born = "UPDATE person SET born_on = '1960-01-01'";
    behind(&instances.bench, born);
    instances.must_agree(&flat, "a birth day").await;
    behind(
        &instances.bench,
        "UPDATE person SET protection = 'CONFIDENTIAL'",
    );
    let told = instances
        .must_agree(&flat, "an address was protected")
        .await;
    assert_eq!([&told["eligibleCount"], &told["ineligibleCount"]], [0, 0]);
    behind(
        &instances.bench,
        "UPDATE person SET protection = 'UNGRADED'",
    );
    behind(
        &instances.bench,
        "UPDATE household_member SET role = 'APPLICANT'",
    );
    instances.must_agree(&flat, "a member").await;
    behind(&instances.bench, "UPDATE dwelling SET category = 'BEDSIT'");
    instances.must_agree(&flat, "the kind of a home").await;
    behind(&instances.bench, "DELETE FROM situation");
    instances.must_agree(&flat, "situations went").await;
}

fn behind(bench: &Bench, statement: &str) {
    execute(&mut connect(&bench.database_url), statement).unwrap();
}

async fn a_tenancy_shows_the_step_on_the_path_at_once(bench: Bench) {
    let mut instances = Instances::open(bench).await;
    let town = &instances.first;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let (flat, other) = (town.home(1, 1).await, town.home(1, 2).await);
    let offer = granted(&kari, &ola, &case, &flat).await;
    let accept = json!({"startsOn": "2026-03-02"});
    kari.act(&format!("/offers/{offer}/accept"), 1, &accept)
        .await
        .ok();
    let told = instances.must_agree(&other, "somebody moved in").await;
    assert_eq!(told["poolSize"], 0);
    let town = &instances.first;
    let again = town.case_before_team(&kari, &household).await;
    let told = instances
        .must_agree(&other, "and asks for another home")
        .await;
    assert_eq!(told["candidates"][0]["applicationId"], json!(again));
}

async fn many_who_write_at_once_leave_no_copy_behind(bench: Bench) {
    let mut instances = Instances::open(bench).await;
    let kari = instances.first.actor(Role::Caseworker).await;
    let flat = instances.first.home(1, 1).await;
    let mut households = Vec::new();
    for serial in 1..=6 {
        let born = format!("19{}-05-17", 70 + serial);
        let single = Family {
            adults: &[&born],
            children: &[],
        };
        let household = instances.first.household(&kari, &single, serial).await;
        instances.first.case_before_team(&kari, &household).await;
        households.push(household);
    }
    let others = instances.second.actor(Role::Caseworker).await;
    let writers = (0..24).map(|number| {
        let (by, household) = if number % 2 == 0 {
            (&kari, &households[number / 4])
        } else {
            (&others, &households[5 - number / 4])
        };
        let reason = ["OVERCROWDED", "ARREARS", "HEALTH_HAZARD", "SLEEPING_OUT"][number % 4];
        let situation = json!({
            "reason": reason, "validFrom": "2026-02-11",
            "source": "APPLICANT", "verification": "DOCUMENTED",
        });
        let path = format!("/households/{household}/situations");
        async move {
            // The same situation twice is refused, which changes nothing.
            let answer = by.post(&path, &situation).await;
            assert!([201, 409].contains(&answer.status), "{}", answer.text);
        }
    });
    let readers = async {
        let mut last = 0;
        for _ in 0..40 {
            let version = ranked(&others, &flat).await["poolVersion"]
                .as_i64()
                .unwrap();
            assert!(version >= last, "a version went back");
            last = version;
        }
    };
    futures_util::future::join(futures_util::future::join_all(writers), readers).await;
    let told = instances.must_agree(&flat, "everybody wrote").await;
    assert_eq!(told["poolSize"], 6);
}

async fn what_is_undone_raises_no_version(bench: Bench) {
    let instances = Instances::open(bench.clone()).await;
    let town = &instances.first;
    let kari = town.actor(Role::Caseworker).await;
    let flat = town.home(1, 1).await;
    let before = ranked(&kari, &flat).await;
    let caller = std::sync::Arc::new(rettbolig::auth::Caller::system(STJORDAL));
    let undone = town.db.write(&caller, |tx| {
        let rules = rettbolig::rulesets::in_force(tx, tx.today())?;
        rettbolig::rulesets::adopt(tx, &rules.rules, tx.today())?;
        Err::<(), _>(rettbolig::problem::Problem::internal("on second thoughts"))
    });
    undone.await.unwrap_err();
    assert_eq!(ranked(&kari, &flat).await, before);
}

async fn decisions_of_a_day_share_what_did_not_change(bench: Bench) {
    let town = Town::open(bench.clone()).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let mut cases = Vec::new();
    for year in 61..=72 {
        let born = format!("19{year}-05-17");
        let single = Family {
            adults: &[&born],
            children: &[],
        };
        let household = town.household(&kari, &single, 1).await;
        cases.push(town.case_before_team(&kari, &household).await);
    }
    let family = town.household(&kari, &FAMILY, 2).await;
    town.case_before_team(&kari, &family).await;
    let mut decisions = Vec::new();
    for (number, case) in (1..).zip(&cases[..3]) {
        let home = town.home(1, number).await;
        let mut reasons = reasons();
        reasons["deviation"] = json!("Boligen passer best her.");
        let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons});
        let path = format!("/applications/{case}/decisions");
        decisions.push(kari.post(&path, &proposal).await.ok().id());
    }
    let auditor = town.actor(Role::Auditor).await;
    for decision in decisions {
        let path = format!("/decisions/{decision}/replay");
        assert_eq!(auditor.get(&path).await.ok().body["reproduced"], true);
    }
    let mut conn = connect(&bench.database_url);
    assert_eq!(count(&mut conn, "matching_snapshot"), 3);
    // Thirteen households lie in four parts, and proposing changes none of them; each vacant home is a part of its own.
    let parts = count(&mut conn, "matching_part");
    assert!(parts <= 4 + 3, "{parts} parts");
}

cases::cases![
    a_copy_is_never_stale_on_any_instance,
    a_tenancy_shows_the_step_on_the_path_at_once,
    many_who_write_at_once_leave_no_copy_behind,
    what_is_undone_raises_no_version,
    decisions_of_a_day_share_what_did_not_change,
];
