//! Restriction of processing: a case can be read, but neither decided nor matched, until that is lifted or passed over.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Somebody whose case is before the team.
struct Party {
    kari: Actor,
    officer: Actor,
    case: String,
    person: String,
}

impl Party {
    async fn of(town: &Town) -> Self {
        town.adopt_rules().await;
        let kari = town.actor(Role::Caseworker).await;
        let household = town.household(&kari, &SINGLE, 1).await;
        let case = town.case_before_team(&kari, &household).await;
        let shown = kari.get(&format!("/applications/{case}")).await.ok();
        let person = shown.body["applicantId"].as_str().unwrap().to_owned();
        let officer = town.actor(Role::PrivacyOfficer).await;
        Self {
            kari,
            officer,
            case,
            person,
        }
    }

    /// Restricts, and tells the path of the restriction.
    async fn restrict(&self) -> String {
        let path = format!("/people/{}/restrictions", self.person);
        let ground = json!({"ground": "ACCURACY_CONTESTED"});
        let id = self.officer.post(&path, &ground).await.ok().id();
        format!("/restrictions/{id}")
    }

    async fn propose(&self, home: &str) -> crate::support::actor::Answer {
        let path = format!("/applications/{}/decisions", self.case);
        let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
        self.kari.post(&path, &proposal).await
    }
}

async fn a_restricted_case_is_read_but_not_decided_until_it_is_lifted(bench: Bench) {
    let town = Town::open(bench).await;
    let party = Party::of(&town).await;
    let home = town.home(1, 1).await;
    let restriction = party.restrict().await;
    let case = format!("/applications/{}", party.case);
    party.kari.get(&case).await.ok();
    party
        .propose(&home)
        .await
        .refused(409, "processing_restricted");
    let path = format!("/dwellings/{home}/candidates");
    let told = party.kari.get(&path).await.ok();
    assert_eq!(told.body["eligibleCount"], 0);
    assert!(!told.text.contains(&party.case));
    let path = format!("/people/{}/restrictions", party.person);
    party
        .officer
        .post(&path, &json!({"ground": "OBJECTION"}))
        .await
        .refused(409, "already_restricted");
    let shown = party.kari.get(&path).await.ok();
    assert_eq!(shown.items()[0]["ground"], "ACCURACY_CONTESTED");
    party
        .kari
        .post(&path, &json!({"ground": "OBJECTION"}))
        .await
        .refused(403, "forbidden");

    // Nobody's restriction is lifted before the person knows.
    let lift = format!("{restriction}/lift");
    for told_on in ["2026-03-01", "2026-03-03"] {
        party
            .officer
            .act(&lift, 1, &json!({"toldOn": told_on}))
            .await
            .faults(&[("/toldOn", "out_of_range")]);
    }
    let told = json!({"toldOn": "2026-03-02"});
    party.officer.act(&lift, 1, &told).await.ok();
    party
        .officer
        .act(&lift, 2, &told)
        .await
        .refused(409, "restriction_lifted");
    town.clock.advance(jiff::SignedDuration::from_secs(1));
    let path = format!("/dwellings/{home}/candidates");
    let told = party.kari.get(&path).await.ok();
    assert_eq!(told.body["eligibleCount"], 1);
    party.propose(&home).await.ok();
}

async fn what_was_proposed_before_is_not_approved_meanwhile(bench: Bench) {
    let town = Town::open(bench).await;
    let party = Party::of(&town).await;
    let home = town.home(1, 1).await;
    let proposed = party.propose(&home).await.ok().id();
    let restriction = party.restrict().await;
    let ola = town.actor(Role::DecisionMaker).await;
    let approve = format!("/decisions/{proposed}/approve");
    ola.act(&approve, 1, &json!({}))
        .await
        .refused(409, "processing_restricted");
    // On one of the grounds of the law it may go on, and that is on the record.
    party
        .officer
        .act(
            &format!("{restriction}/pass-over"),
            1,
            &json!({"ground": "CONSENT"}),
        )
        .await
        .ok();
    town.clock.advance(jiff::SignedDuration::from_secs(1));
    ola.act(&approve, 1, &json!({})).await.ok();
    let auditor = town.actor(Role::Auditor).await;
    let entries = format!("/audit/entries?personId={}&limit=200", party.person);
    let entries = auditor.get(&entries).await.ok();
    for action in ["restriction.placed", "restriction.passed_over"] {
        assert!(entries.text.contains(action), "{action}");
    }
}

async fn of_two_who_restrict_at_once_one_does(bench: Bench) {
    let town = Town::open(bench).await;
    let party = Party::of(&town).await;
    let other = town.another(Role::PrivacyOfficer).await;
    let path = format!("/people/{}/restrictions", party.person);
    let ground = json!({"ground": "OBJECTION"});
    let (one, two) = tokio::join!(
        party.officer.post(&path, &ground),
        other.post(&path, &ground)
    );
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
}

cases::cases![
    a_restricted_case_is_read_but_not_decided_until_it_is_lifted,
    what_was_proposed_before_is_not_approved_meanwhile,
    of_two_who_restrict_at_once_one_does,
];
