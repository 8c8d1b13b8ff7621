//! What entries say of people: committed to in the entry, disclosed on request, checked offline, withheld where it may locate somebody.

use rettbolig::audit::{Disclosures, verify_file};
use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::exported::{Exported, export};
use crate::support::given::{SINGLE, reasons};
use crate::support::residents::{household, looks, member, person, whole_person};
use crate::support::town::{Town, trusted};
use crate::support::{Bench, cases};

const PERIOD: &str = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z";

async fn an_entry_commits_to_what_it_says_of_a_person_and_an_export_shows_it(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let auditor = town.actor(Role::Auditor).await;
    let family = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &family).await;
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    kari.post(&path, &proposal).await.ok();
    town.seal().await;

    // The log itself tells nothing.
    let silent = export(&auditor, PERIOD).await;
    let text = silent.text();
    assert!(!text.contains("Testesen") && !text.contains("mister leieforholdet"));
    let sound = verify_file(&text, &trusted(), None).unwrap();
    let expected = Disclosures {
        withheld: 2,
        ..Disclosures::default()
    };
    assert_eq!(sound.disclosures, expected);

    // Asked for, it shows what was committed to.
    let of_case = format!("/audit/export?applicationId={case}&disclose=true");
    let shown = export(&auditor, &of_case).await;
    let sound = verify_file(&shown.text(), &trusted(), None).unwrap();
    let expected = Disclosures {
        opened: 1,
        ..Disclosures::default()
    };
    assert_eq!(sound.disclosures, expected);
    let opened = opened(&shown);
    assert_eq!(opened[0]["data"]["reasons"], reasons());
    let shown = export(&auditor, &format!("{PERIOD}&disclose=true")).await;
    let sound = verify_file(&shown.text(), &trusted(), None).unwrap();
    assert_eq!(sound.disclosures.opened, 2);
    assert!(shown.text().contains("Testesen"));
    // Whose data was shown can see who looked.
    let applicant =
        kari.get(&format!("/applications/{case}")).await.ok().body["applicantId"].clone();
    let looks = looks(&town, applicant.as_str().unwrap()).await;
    let told = looks.iter().filter(|it| *it == "audit.disclosed").count();
    assert_eq!(told, 2, "{looks:?}");

    attacks(&shown);
}

/// Whoever alters what is said of a person is found out at its entry.
fn attacks(shown: &Exported) {
    let place = shown
        .entries
        .iter()
        .position(|it| it["segments"].is_array())
        .unwrap();
    let index = shown.entries[place]["index"].as_u64();
    let attack = |change: &dyn Fn(&mut Value)| {
        let mut changed = shown.clone();
        change(&mut changed.entries[place]["segments"]);
        let finding = verify_file(&changed.text(), &trusted(), None).unwrap_err();
        assert_eq!(finding.index, index, "{finding}");
        finding.is_tampered
    };
    assert!(attacks_text(attack));
    assert!(attack(
        &|it| it[0]["opened"]["salt"] = json!("ab".repeat(32))
    ));
    assert!(attack(&|it| it[0]["opened"]["salt"] = json!("")));
    let nobody = "01900000-0000-7000-8000-000000000000";
    assert!(attack(&|it| it[0] = json!({ "erased": nobody })));
    assert!(!attack(&|it| *it = json!([])));
    assert!(!attack(&|it| it
        .as_array_mut()
        .unwrap()
        .push(json!("withheld"))));
    // To keep it back is no forgery, and is told.
    let mut silent = shown.clone();
    silent.entries[place]["segments"] = json!(["withheld"]);
    let sound = verify_file(&silent.text(), &trusted(), None).unwrap();
    assert_eq!(sound.disclosures.withheld, 1);
    let mut lying = shown.clone();
    lying.manifest["disclosed"] = json!(false);
    assert!(verify_file(&lying.text(), &trusted(), None).is_err());
}

fn attacks_text(attack: impl Fn(&dyn Fn(&mut Value)) -> bool) -> bool {
    attack(&|it| it[0]["opened"]["data"] = json!({"name": "somebody else"}))
}

async fn what_may_locate_somebody_never_leaves(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let auditor = town.actor(Role::Auditor).await;
    let body = whole_person("CONFIDENTIAL");
    let hidden = kari.post("/people", &body).await.ok().id();
    let partner = person(&kari, "Partner", "1990-05-17").await;
    person(&kari, "Fremmed", "1991-05-17").await;
    let members = [
        member(&hidden, "APPLICANT"),
        member(&partner, "CO_APPLICANT"),
    ];
    household(&kari, &members).await;
    town.seal().await;
    let shown = export(&auditor, &format!("{PERIOD}&disclose=true")).await;
    let sound = verify_file(&shown.text(), &trusted(), None).unwrap();
    // Neither what is said of the person, nor of whoever shares the home.
    let expected = Disclosures {
        opened: 1,
        withheld: 2,
        erased: 0,
    };
    assert_eq!(sound.disclosures, expected);
    let text = shown.text();
    assert!(text.contains("Fremmed"));
    for secret in ["Granittveien", "Strandvoll", "Partner", "CONFIDENTIAL"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(
        !looks(&town, &hidden)
            .await
            .contains(&"audit.disclosed".to_owned())
    );
}

fn opened(export: &Exported) -> Vec<Value> {
    let segments = export
        .entries
        .iter()
        .filter_map(|it| it["segments"].as_array());
    segments.flatten().map(|it| it["opened"].clone()).collect()
}

cases::cases![
    an_entry_commits_to_what_it_says_of_a_person_and_an_export_shows_it,
    what_may_locate_somebody_never_leaves,
];
