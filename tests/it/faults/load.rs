//! Caseworkers who lead one case after the other from registration to offer, and note what was acknowledged.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use reqwest::Method;
use rettbolig::auth::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::process::Program;
use crate::support::actor::Actor;
use crate::support::given::{home, ordinary_needs, person, reasons};

/// Who does what.
#[derive(Clone)]
pub(crate) struct Hands {
    caseworker: Actor,
    manager: Actor,
    decider: Actor,
    caseworker_id: String,
}

impl Hands {
    /// Signs everybody in.
    pub(crate) async fn of(program: &Program) -> Self {
        let caseworker = program.actor(Role::Caseworker).await;
        let caseworker_id = caseworker.get("/auth/me").await.ok().id();
        Self {
            caseworker,
            manager: program.actor(Role::HousingManager).await,
            decider: program.actor(Role::DecisionMaker).await,
            caseworker_id,
        }
    }
}

/// A write as it was sent, so that it can be sent again.
#[derive(Clone)]
pub(crate) struct Sent {
    by: Actor,
    path: String,
    version: Option<u8>,
    body: Value,
    /// Names the call in the log, and is its idempotency key.
    call: String,
}

impl Sent {
    /// A write that was not sent before.
    pub(crate) fn new(by: &Actor, path: &str, version: Option<u8>, body: Value) -> Self {
        Self {
            by: by.clone(),
            path: path.to_owned(),
            version,
            body,
            call: Uuid::now_v7().to_string(),
        }
    }

    /// What the call is named by.
    pub(crate) fn call(&self) -> &str {
        &self.call
    }

    /// The same for a service at another address.
    pub(crate) fn at(&self, address: &str) -> Self {
        let by = Actor::at(address, self.by.token.clone());
        Self { by, ..self.clone() }
    }
}

/// What came of the writes.
#[derive(Default)]
pub(crate) struct Notes {
    /// The calls that were answered with success.
    pub(crate) acknowledged: RefCell<Vec<String>>,
    /// Where their things are.
    pub(crate) locations: RefCell<Vec<String>>,
    /// What was sent and not answered.
    pub(crate) cut: RefCell<Vec<Sent>>,
    /// What was refused, which nothing should be.
    pub(crate) refused: RefCell<Vec<String>>,
    next: Cell<u16>,
}

impl Notes {
    /// Nothing yet; people and homes of this and later numbers are to be made.
    pub(crate) fn numbered_from(first: u16) -> Self {
        Self {
            next: Cell::new(first),
            ..Self::default()
        }
    }
}

/// What success answers.
struct Answered {
    id: String,
}

/// Sends a write; none when the service is gone or refuses.
pub(crate) async fn send(sent: &Sent, notes: &Notes) -> Option<(u16, Value)> {
    let request = sent.by.request(Method::POST, &sent.path);
    let mut request = request
        .header("Nav-Call-Id", &sent.call)
        .header("Idempotency-Key", &sent.call);
    if let Some(version) = sent.version {
        request = request.header("If-Match", format!("\"{version}\""));
    }
    let Ok(response) = request.json(&sent.body).send().await else {
        notes.cut.borrow_mut().push(sent.clone());
        return None;
    };
    let status = response.status().as_u16();
    if status < 300 {
        // The status line alone is a promise, whatever becomes of the body.
        notes.acknowledged.borrow_mut().push(sent.call.clone());
        if let Some(location) = response.headers().get("location") {
            let location = location.to_str().unwrap().to_owned();
            notes.locations.borrow_mut().push(location);
        }
    }
    let body = response.json().await.ok()?;
    Some((status, body))
}

/// Leads cases until the service is gone.
pub(crate) async fn lead_cases(hands: Hands, notes: Rc<Notes>) {
    while lead_one_case(&hands, &notes).await.is_some() {}
}

async fn lead_one_case(hands: &Hands, notes: &Notes) -> Option<()> {
    let number = notes.next.get() + 1;
    notes.next.set(number);
    let write = async |by: &Actor, path: String, version: Option<u8>, body: Value| {
        let sent = Sent::new(by, &path, version, body);
        let (status, body) = send(&sent, notes).await?;
        if status >= 300 {
            let refusal = format!("{} {status} {body}", sent.path);
            notes.refused.borrow_mut().push(refusal);
            return None;
        }
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        Some(Answered { id })
    };
    let (kari, nothing) = (&hands.caseworker, json!({}));
    let born_on = format!("19{:02}-{:02}-01", 50 + number % 50, 1 + number / 50 % 12);
    let somebody = person(&born_on, number / 600);
    let person = write(kari, "/people".into(), None, somebody).await?.id;
    let members = json!({"members": [{"personId": person, "role": "APPLICANT"}]});
    let household = write(kari, "/households".into(), None, members).await?.id;
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let situations = format!("/households/{household}/situations");
    write(kari, situations, None, situation).await?;
    let application = json!({
        "householdId": household, "type": "NEW", "receivedOn": "2026-02-20", "needs": ordinary_needs(),
    });
    let case = write(kari, "/applications".into(), None, application)
        .await?
        .id;
    let assign = json!({"assigneeId": hands.caseworker_id});
    for (seen, act, body) in [
        (1, "assign", &assign),
        (2, "start-assessment", &nothing),
        (3, "submit-to-team", &nothing),
    ] {
        let path = format!("/applications/{case}/{act}");
        write(kari, path, Some(seen), body.clone()).await?;
    }
    let manager = &hands.manager;
    let home = write(manager, "/dwellings".into(), None, home(1, number))
        .await?
        .id;
    let mut proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    proposal["reasons"]["deviation"] = json!("Husstanden har ventet lenge.");
    let path = format!("/applications/{case}/decisions");
    let decision = write(kari, path, None, proposal).await?.id;
    let path = format!("/decisions/{decision}/approve");
    write(&hands.decider, path, Some(1), nothing).await?;
    Some(())
}
