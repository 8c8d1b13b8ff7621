//! Programs of other organisations: let in by Maskinporten's word and an agreement with the municipality, and by nothing else.

use rettbolig::auth::{Role, Scope};
use serde_json::{Value, json};

use crate::support::given::{self, agreement};
use crate::support::issuer::{SigningKey, party};
use crate::support::town::{ORGANISATION, OSLO, STJORDAL, Town};
use crate::support::{Bench, cases};

const HOMES: &str = "rettbolig:facilities.read rettbolig:facilities.write";

async fn a_program_does_what_its_token_and_its_agreement_both_say(bench: Bench) {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let mut body = agreement();
    body["scopes"] = json!(["rettbolig:facilities.read", "rettbolig:facilities.write"]);
    let made = admin.post("/data-agreements", &body).await.ok();
    let program = town.bearer(&town.issuer.token(ORGANISATION, HOMES));
    let home = program.post("/dwellings", &given::home(2, 1)).await.ok();
    program.get("/dwellings").await.ok();
    // The token names one scope of the two, or one that was not agreed upon, or none of ours.
    let reader = town.bearer(
        &town
            .issuer
            .token(ORGANISATION, "rettbolig:facilities.read x:y"),
    );
    reader.get("/dwellings").await.ok();
    let refused = reader.post("/dwellings", &given::home(2, 2)).await;
    let refused = refused.refused(403, "insufficient_scope");
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(challenge.contains("insufficient_scope"), "{challenge}");
    for scopes in ["rettbolig:audit.read", "rettbolig:facilities.admin", ""] {
        let other = town.bearer(&town.issuer.token(ORGANISATION, scopes));
        let answer = other.get("/audit/entries").await;
        answer.refused(403, "insufficient_scope");
    }
    // What it did stands in the log under the organisation, with the scope.
    let actor = made.body["actorId"].as_str().unwrap();
    let auditor = town.actor(Role::Auditor).await;
    let path = format!("/audit/entries?actorId={actor}&kind=CHANGE");
    let log = auditor.get(&path).await.ok();
    let entry = &log.items()[0]["entry"];
    assert_eq!(entry["action"], "dwelling.registered", "{entry}");
    assert_eq!(entry["actor"]["type"], "MACHINE");
    assert_eq!(entry["actor"]["consumer"], ORGANISATION);
    assert_eq!(entry["actor"]["scope"], "rettbolig:facilities.write");
    assert_eq!(entry["role"], Value::Null);
    assert!(entry["subjects"].to_string().contains(&home.id()));
}

async fn who_runs_the_program_for_its_organisation_stands_in_the_log(bench: Bench) {
    let town = Town::open(bench).await;
    town.agree(STJORDAL, ORGANISATION, &[Scope::FacilitiesWrite])
        .await;
    let mut claims = town.issuer.claims(ORGANISATION, HOMES);
    claims["supplier"] = party("991825827");
    let program = town.bearer(&town.issuer.sign(&town.issuer.header(), &claims));
    program.post("/dwellings", &given::home(2, 1)).await.ok();
    let auditor = town.actor(Role::Auditor).await;
    let path = "/audit/entries?action=dwelling.registered";
    let log = auditor.get(path).await.ok();
    assert_eq!(log.items()[0]["entry"]["actor"]["supplier"], "991825827");
}

async fn an_agreement_counts_from_its_first_day_until_it_is_ended(bench: Bench) {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let token = || town.bearer(&town.issuer.token(ORGANISATION, HOMES));
    token().get("/dwellings").await.refused(403, "no_agreement");
    let mut body = agreement();
    body["scopes"] = json!(["rettbolig:facilities.read"]);
    body["validFrom"] = json!("2026-03-03");
    let made = admin.post("/data-agreements", &body).await.ok();
    token().get("/dwellings").await.refused(403, "no_agreement");
    town.wait_days(1);
    token().get("/dwellings").await.ok();
    let admin = town.actor(Role::Admin).await;
    let path = format!("/data-agreements/{}/end", made.id());
    let ended = admin.act(&path, 1, &json!({})).await.ok();
    assert_eq!(ended.body["validUntil"], "2026-03-03");
    token().get("/dwellings").await.refused(403, "no_agreement");
    let again = admin.act(&path, 2, &json!({})).await;
    again.refused(409, "agreement_ended");
    // A new agreement with the same organisation: it is the same in the log.
    let next = admin.post("/data-agreements", &body).await.ok();
    assert_eq!(next.body["actorId"], made.body["actorId"]);
    token().get("/dwellings").await.ok();
    body["validUntil"] = body["validFrom"].clone();
    let never = admin.post("/data-agreements", &body).await;
    never.refused(400, "agreement_never_in_force");
    body["organisationNumber"] = json!("889640783");
    let wrong = admin.post("/data-agreements", &body).await;
    wrong.faults(&[("/organisationNumber", "organisation_number_check_digit")]);
}

async fn an_organisation_with_several_municipalities_says_which(bench: Bench) {
    let town = Town::open(bench).await;
    for municipality in [STJORDAL, OSLO] {
        town.agree(municipality, ORGANISATION, &[Scope::FacilitiesRead])
            .await;
    }
    let manager = town.actor(Role::HousingManager).await;
    manager.post("/dwellings", &given::home(2, 1)).await.ok();
    let program = town.bearer(&town.issuer.token(ORGANISATION, HOMES));
    let homes_of = async |number: &str| {
        let request = program.request(reqwest::Method::GET, "/dwellings");
        program
            .send(request.header("Rettbolig-Municipality", number))
            .await
    };
    program
        .get("/dwellings")
        .await
        .refused(400, "municipality_needed");
    assert_eq!(homes_of("5035").await.ok().items().len(), 1);
    assert_eq!(homes_of("0301").await.ok().items().len(), 0);
    homes_of("1103").await.refused(403, "no_agreement");
    homes_of("Stjordal").await.refused(400, "bad_header");
}

async fn the_issuer_may_change_its_key_and_is_not_asked_for_every_strange_one(bench: Bench) {
    let town = Town::open(bench).await;
    let program = town.machine(Scope::FacilitiesRead).await;
    for _ in 0..3 {
        program.get("/dwellings").await.ok();
    }
    assert_eq!(town.issuer.asked(), 1, "keys are asked for once");
    // Nobody knows this key, and nobody is asked for it again within half a minute.
    town.issuer.change_to_hidden_key();
    for _ in 0..3 {
        let stranger = town.bearer(&town.issuer.token(ORGANISATION, HOMES));
        stranger
            .get("/dwellings")
            .await
            .refused(401, "unauthenticated");
    }
    assert_eq!(
        town.issuer.asked(),
        1,
        "an unknown key is not asked for in the first half minute"
    );
    program.get("/dwellings").await.ok();
}

async fn keys_of_both_kinds_are_believed(bench: Bench) {
    let town = Town::open(bench).await;
    town.issuer.change_key(SigningKey::rsa("a-long-one"));
    let program = town.machine(Scope::FacilitiesRead).await;
    program.get("/dwellings").await.ok();
}

async fn a_program_has_no_sign_in(bench: Bench) {
    let town = Town::open(bench).await;
    let program = town.machine(Scope::FacilitiesRead).await;
    program
        .get("/auth/me")
        .await
        .refused(403, "insufficient_scope");
    // An id in the token of which client program it is opens nothing, nor does a role that it claims.
    let mut claims = town.issuer.claims(ORGANISATION, "");
    claims["client_id"] = json!("admin");
    claims["roles"] = json!(["ADMIN"]);
    let claiming = town.bearer(&town.issuer.sign(&town.issuer.header(), &claims));
    claiming
        .get("/users")
        .await
        .refused(403, "insufficient_scope");
}

cases::cases![
    a_program_does_what_its_token_and_its_agreement_both_say,
    who_runs_the_program_for_its_organisation_stands_in_the_log,
    an_agreement_counts_from_its_first_day_until_it_is_ended,
    an_organisation_with_several_municipalities_says_which,
    the_issuer_may_change_its_key_and_is_not_asked_for_every_strange_one,
    keys_of_both_kinds_are_believed,
    a_program_has_no_sign_in,
];
