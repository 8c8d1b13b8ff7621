//! The system that manages the buildings: it registers, describes, holds and gives free by its own ids, and sees nothing of people.

use rettbolig::auth::{Permitted, Role, Scope};
use rettbolig::http::Effect;
use rettbolig::server;
use serde_json::{Value, json};

use crate::housing::with;
use crate::stock::files::{CSV, send};
use crate::support::actor::Actor;
use crate::support::given::{SINGLE, demolition, file, home, reasons};
use crate::support::town::{ORGANISATION, STJORDAL, Town};
use crate::support::{Bench, cases};

/// Two programs of one supplier: one may read, the other write too.
async fn programs(town: &Town) -> (Actor, Actor) {
    let (reads, writes) = (Scope::FacilitiesRead, Scope::FacilitiesWrite);
    town.agree(STJORDAL, ORGANISATION, &[reads, writes]).await;
    let both = format!("{} {}", reads.code(), writes.code());
    let program = |scopes: &str| town.bearer(&town.issuer.token(ORGANISATION, scopes));
    (program(reads.code()), program(&both))
}

async fn a_supplier_keeps_homes_by_its_own_ids_and_holds_them_while_it_works(bench: Bench) {
    let town = Town::open(bench).await;
    let (reader, writer) = programs(&town).await;
    let said = with(home(1, 1), json!({"supplierId": "FDV-100"}));
    let made = writer.post("/dwellings", &said).await.ok();
    let twin = with(home(1, 2), json!({"supplierId": "FDV-100"}));
    writer
        .post("/dwellings", &twin)
        .await
        .refused(409, "supplier_id_exists");
    let found = reader.get("/dwellings?supplierId=FDV-100").await.ok();
    assert_eq!(found.items().len(), 1);
    assert_eq!(found.items()[0]["id"], json!(made.id()));
    // A file of the same system knows homes by the same ids.
    let told = send(&writer, "", CSV, file(7).into_bytes()).await.ok();
    assert_eq!(told.body["created"], 1);
    let again = send(&writer, "", CSV, file(7).into_bytes()).await.ok();
    assert_eq!(again.body["unchanged"], 1);

    let path = format!("/dwellings/{}", made.id());
    let held = writer
        .act(&format!("{path}/reserve"), 1, &json!({"reason": "SHOWING"}))
        .await
        .ok();
    assert_eq!(held.body["state"], "RESERVED");
    let refused = reader
        .act(&format!("{path}/release"), held.version(), &json!({}))
        .await;
    refused.refused(403, "insufficient_scope");
    let free = writer
        .act(&format!("{path}/release"), held.version(), &json!({}))
        .await
        .ok();
    assert_eq!(free.body["state"], "AVAILABLE");
    let history = reader.get(&format!("{path}/history")).await.ok();
    assert_eq!(history.items()[1]["reason"], "SHOWING");
    let auditor = town.actor(Role::Auditor).await;
    let asked = format!("/audit/entries?dwellingId={}", made.id());
    let entries = auditor.get(&asked).await.ok();
    let by_program = |it: &&Value| it["entry"]["actor"]["consumer"] == ORGANISATION;
    let told = entries.items().iter().filter(by_program).count();
    assert!(
        told >= 3,
        "registered, held and given free: {}",
        entries.text
    );
}

async fn a_supplier_sees_nothing_of_people_and_gives_free_no_home_of_theirs(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let shown = kari.get(&format!("/households/{household}")).await.ok();
    let person = shown.body["members"][0]["personId"].as_str().unwrap();
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    let proposed = kari.post(&path, &proposal).await.ok();
    let decision = proposed.id();
    let (reader, writer) = programs(&town).await;
    // What is kept for a case is not the supplier's to give away, nor to take out of the stock.
    let path = format!("/dwellings/{home}");
    let seen = reader.get(&path).await.ok();
    let release = format!("{path}/release");
    let refused = writer.act(&release, seen.version(), &json!({})).await;
    refused.refused(409, "held_by_case");
    let approve = format!("/decisions/{decision}/approve");
    let approved = ola.act(&approve, 1, &json!({})).await.ok();
    let offer = approved.body["offerId"].as_str().unwrap().to_owned();
    let accept = format!("/offers/{offer}/accept");
    let accepted = kari
        .act(&accept, 1, &json!({"startsOn": "2026-03-02"}))
        .await
        .ok();
    let tenancy = accepted.body["tenancyId"].as_str().unwrap().to_owned();
    let seen = reader.get(&path).await.ok();
    let dispose = writer
        .act(
            &format!("{path}/dispose"),
            seen.version(),
            &json!({"reason": "SOLD"}),
        )
        .await;
    dispose.refused(409, "dwelling_in_use");
    let manager = town.actor(Role::HousingManager).await;
    let plan = demolition(1, std::slice::from_ref(&home));
    let plan = manager.post("/demolition-plans", &plan).await.ok().id();

    let secrets = [
        person, &household, &case, &decision, &offer, &tenancy, "Testesen",
    ];
    let mut tried = 0;
    for endpoint in server::endpoints() {
        let is_theirs = endpoint.action.scopes().contains(&Scope::FacilitiesRead);
        let is_read = endpoint.effect == Effect::Reads;
        if !is_read || !is_theirs || endpoint.action.permitted() == Permitted::Anyone {
            continue;
        }
        let id = if endpoint.tag() == "demolition-plans" {
            &plan
        } else {
            &home
        };
        let query = if endpoint.path.contains("vacanc") {
            "?from=2026-01-01&until=2026-03-03"
        } else {
            ""
        };
        let answer = reader
            .get(&(endpoint.path.replace("{id}", id) + query))
            .await;
        assert!(answer.status < 500, "{endpoint:?} {}", answer.text);
        tried += usize::from(answer.status == 200);
        for secret in secrets {
            assert!(
                !answer.text.contains(secret),
                "{endpoint:?} {}",
                answer.text
            );
        }
    }
    assert!(tried > 12, "{tried}");
    for path in [
        format!("/people/{person}"),
        format!("/households/{household}"),
        format!("/tenancies/{tenancy}"),
        format!("/demolition-plans/{plan}/residents"),
        format!("/dwellings/{home}/candidates"),
    ] {
        let answer = reader.get(&path).await;
        answer.refused(403, "insufficient_scope");
    }
}

cases::cases![
    a_supplier_keeps_homes_by_its_own_ids_and_holds_them_while_it_works,
    a_supplier_sees_nothing_of_people_and_gives_free_no_home_of_theirs,
];
