//! The same with an issuer that nobody here wrote: tokens of an independent `OpenID` Provider let a program and an employee in.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::faults::process::Program;
use crate::support::actor::Actor;
use crate::support::issuer::AUDIENCE;
use crate::support::town::ORGANISATION;
use crate::support::{Bench, cases, find_setting};

/// Names the folder into which npm has installed `oidc-provider`; continuous integration sets it.
const SETTING: &str = "RETTBOLIG_TEST_OIDC_PROVIDER";

/// The running issuer, and what it gave to a program and to an employee who signed in there.
struct Independent {
    child: Child,
    told: Value,
}

impl Independent {
    fn start(folder: &str) -> Self {
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/support/independent_issuer.mjs"
        );
        let mut child = Command::new("node")
            .args([script, folder, AUDIENCE, ORGANISATION, "kari"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs the independent issuer");
        let mut line = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).expect("the independent issuer says what it gave");
        Self { child, told }
    }

    fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }
}

impl Drop for Independent {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

async fn an_independent_issuer_lets_a_program_and_an_employee_in(bench: Bench) {
    let Some(folder) = find_setting(SETTING) else {
        println!(
            "not tried against an independent OpenID Provider: {SETTING} names no folder with oidc-provider from npm"
        );
        return;
    };
    let issuer = Independent::start(&folder);
    let settings = [
        ("RETTBOLIG_MASKINPORTEN_ISSUER", issuer.text("issuer")),
        ("RETTBOLIG_MASKINPORTEN_AUDIENCE", AUDIENCE),
    ];
    let program = Program::start_with(&bench, &settings).await;
    let admin = program.actor(Role::Admin).await;
    let bearer = |token: &str| Actor::at(&program.address, Some(token.to_owned()));

    // Of a program: client credentials, a JWT after RFC 9068.
    let machine = bearer(issuer.text("accessToken"));
    machine.get("/dwellings").await.refused(403, "no_agreement");
    let agreement = json!({
        "organisationNumber": ORGANISATION, "name": "Avtale", "validFrom": "2026-01-01",
        "scopes": ["rettbolig:facilities.read", "rettbolig:facilities.write"],
    });
    admin.post("/data-agreements", &agreement).await.ok();
    machine.get("/dwellings").await.ok();
    let home = machine.post("/dwellings", &json!({})).await;
    home.refused(403, "insufficient_scope");

    // Of an employee: authorization code with PKCE, an ID token with a nonce.
    let provider = json!({
        "issuer": issuer.text("issuer"), "audience": "stjordal", "strongAcr": ["mfa"],
    });
    let provider = admin.post("/identity-providers", &provider).await.ok();
    let kari = program.actor(Role::Caseworker).await;
    let user = kari.get("/auth/me").await.ok().id();
    let link = json!({"providerId": provider.id(), "subject": "kari"});
    let path = format!("/users/{user}/link-identity");
    admin.act(&path, 1, &link).await.ok();
    let nobody = Actor::at(&program.address, None);
    let token = issuer.text("idToken");
    let without = nobody
        .post("/auth/exchange", &json!({"idToken": token}))
        .await;
    without.refused(401, "unauthenticated");
    let body = json!({"idToken": token, "nonce": issuer.text("nonce")});
    let signed_in = nobody.post("/auth/exchange", &body).await.ok();
    let kari = bearer(signed_in.body["accessToken"].as_str().unwrap());
    assert_eq!(kari.get("/auth/me").await.ok().id(), user);
    nobody
        .post("/auth/exchange", &body)
        .await
        .refused(401, "unauthenticated");
    // Neither token is good for the other's purpose.
    bearer(token)
        .get("/auth/me")
        .await
        .refused(401, "unauthenticated");
}

cases::cases![an_independent_issuer_lets_a_program_and_an_employee_in];
