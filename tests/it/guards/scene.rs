//! A town in which everything can be done once: homes and cases in whatever state an act begins from.

use std::cell::Cell;

use jiff::SignedDuration;
use jiff::civil::date;
use reqwest::RequestBuilder;
use rettbolig::auth::Role;
use rettbolig::http::Endpoint;
use serde_json::{Value, json};

use crate::outbox;
use crate::referrals;
use crate::support::Bench;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{self, Family, reasons};
use crate::support::town::Town;

/// A town, and the people who bring things to where an act begins.
pub(crate) struct Scene {
    pub(crate) town: Town,
    pub(super) caseworker: Actor,
    pub(super) decision_maker: Actor,
    pub(super) manager: Actor,
    used: Cell<u16>,
}

/// What an act is done to, and with which body.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) version: i64,
    /// What follows the path, with its question mark.
    pub(crate) query: String,
    pub(crate) body: Value,
}

impl Target {
    /// For an act that needs no resource.
    pub(crate) fn new(body: Value) -> Self {
        Self {
            id: String::new(),
            version: 1,
            query: String::new(),
            body,
        }
    }

    pub(super) fn of(answer: &Answer) -> Self {
        Self {
            id: answer.id(),
            version: answer.version(),
            ..Self::new(json!({}))
        }
    }

    /// With this body.
    pub(crate) fn with(self, body: Value) -> Self {
        Self { body, ..self }
    }
}

/// The acts by which a case that was received comes before the allocation team.
const BEFORE_TEAM: &[&str] = &["assign", "start-assessment", "submit-to-team"];

/// A request to an endpoint with all headers that any effect may ask for.
pub(crate) fn request(actor: &Actor, endpoint: &Endpoint, target: &Target) -> RequestBuilder {
    let path = endpoint.path.replace("{id}", &target.id) + &target.query;
    let method = endpoint.method.name().parse().unwrap();
    let request = actor
        .request(method, &path)
        .header("If-Match", format!("\"{}\"", target.version))
        .header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
    match (endpoint.takes_body(), &target.body) {
        (false, _) => request,
        // A file.
        (true, Value::String(text)) => request
            .header("Content-Type", endpoint.media()[0])
            .body(text.clone()),
        (true, body) => request.json(body),
    }
}

impl Scene {
    pub(crate) async fn open(bench: Bench) -> Self {
        let town = Town::open(bench).await;
        town.adopt_rules().await;
        Self {
            caseworker: town.actor(Role::Caseworker).await,
            decision_maker: town.another(Role::DecisionMaker).await,
            manager: town.actor(Role::HousingManager).await,
            town,
            used: Cell::new(0),
        }
    }

    /// Each day has only so many national ids, so nobody here is born on the same day as another.
    pub(super) fn birth_day(&self) -> String {
        let days = SignedDuration::from_hours(24 * i64::from(self.serial()));
        let day = date(1980, 1, 1).checked_add(days).unwrap();
        day.to_string()
    }

    /// A number that nothing in this town has been made with yet.
    pub(crate) fn serial(&self) -> u16 {
        self.used.set(self.used.get() + 1);
        self.used.get()
    }

    /// A person to be registered.
    pub(crate) fn stranger(&self) -> Value {
        given::person(&self.birth_day(), 0)
    }

    pub(crate) async fn person(&self) -> Target {
        Target::of(&self.caseworker.post("/people", &self.stranger()).await.ok())
    }

    pub(crate) async fn household(&self) -> Target {
        let single = Family {
            adults: &[&self.birth_day()],
            children: &[],
        };
        let id = self.town.household(&self.caseworker, &single, 0).await;
        Target::of(&self.caseworker.get(&format!("/households/{id}")).await.ok())
    }

    /// A home that comes into the stock in this state.
    pub(crate) async fn home(&self, state: &str) -> Target {
        let mut home = given::home(1, self.serial());
        home["state"] = json!(state);
        Target::of(&self.manager.post("/dwellings", &home).await.ok())
    }

    /// The same home after one more act of the housing manager.
    pub(crate) async fn after(&self, act: &str, home: Target) -> Target {
        let path = format!("/dwellings/{}/{act}", home.id);
        Target::of(&self.manager.act(&path, home.version, &home.body).await.ok())
    }

    /// A measure of the housing plan.
    pub(crate) async fn measure(&self) -> Target {
        let measure = given::measure(self.serial());
        Target::of(&self.manager.post("/plan-measures", &measure).await.ok())
    }

    /// A property that belongs to the municipality.
    pub(crate) async fn property(&self) -> Target {
        let property = given::property(self.serial());
        Target::of(&self.manager.post("/properties", &property).await.ok())
    }

    /// A home that the municipality does not own.
    pub(crate) async fn leased_home(&self) -> Target {
        let mut home = given::home(1, self.serial());
        home["tenure"] = json!("LEASED_IN");
        Target::of(&self.manager.post("/dwellings", &home).await.ok())
    }

    /// An agreement under which homes can be let.
    pub(crate) async fn letting_agreement(&self) -> Target {
        let agreement = given::referral_agreement(self.serial());
        Target::of(&self.manager.post("/agreements", &agreement).await.ok())
    }

    /// What an inspection found.
    pub(crate) async fn finding(&self) -> Target {
        let home = self.home("TURNOVER").await.id;
        let path = format!("/dwellings/{home}/inspections");
        let made = self.manager.post(&path, &given::inspection()).await.ok();
        let id = made.body["findings"][0]["id"].as_str().unwrap().to_owned();
        Target {
            id,
            ..Target::new(json!({}))
        }
    }

    /// An inspection that was made.
    pub(crate) async fn inspection(&self) -> Target {
        let home = self.home("TURNOVER").await.id;
        let path = format!("/dwellings/{home}/inspections");
        let made = self.manager.post(&path, &given::inspection()).await.ok();
        Target {
            id: made.id(),
            ..Target::new(json!({}))
        }
    }

    /// A plan to demolish an empty home.
    pub(crate) async fn demolition(&self) -> Target {
        let home = self.home("TURNOVER").await.id;
        let plan = given::demolition(self.serial(), &[home]);
        Target::of(&self.manager.post("/demolition-plans", &plan).await.ok())
    }

    /// A case that was received.
    pub(crate) async fn case(&self) -> Target {
        self.case_with(&given::ordinary_needs()).await
    }

    async fn case_with(&self, needs: &Value) -> Target {
        let household = self.household().await.id;
        let body = json!({
            "householdId": household, "type": "NEW", "receivedOn": "2026-02-20", "needs": needs,
        });
        Target::of(&self.caseworker.post("/applications", &body).await.ok())
    }

    /// A case that was received, and then handled by these acts.
    pub(crate) async fn case_after(&self, acts: &[&str]) -> Target {
        self.handled(self.case().await, acts).await
    }

    async fn handled(&self, mut case: Target, acts: &[&str]) -> Target {
        for act in acts {
            let body = match *act {
                "assign" => json!({"assigneeId": self.user(&self.caseworker).await}),
                "request-documents" => Self::documents(),
                _ => json!({}),
            };
            let path = format!("/applications/{}/{act}", case.id);
            case = Target::of(&self.caseworker.act(&path, case.version, &body).await.ok());
        }
        case
    }

    pub(crate) async fn case_before_team(&self) -> Target {
        self.case_after(BEFORE_TEAM).await
    }

    /// A case in which a home is granted and none is free.
    pub(crate) async fn case_that_waits(&self) -> Target {
        let case = self.case_before_team().await;
        let proposal = json!({"outcome": "GRANTED", "reasons": reasons()});
        self.approve(&self.propose(&case, &proposal).await).await;
        let path = format!("/applications/{}", case.id);
        Target::of(&self.caseworker.get(&path).await.ok())
    }

    /// A proposal to let a home to a household, not decided yet.
    pub(crate) async fn proposal(&self) -> Target {
        let case = self.case_before_team().await;
        // Whoever waits longest fits best: what was left over by others must not stand before.
        let home = self.home("AVAILABLE").await.id;
        let mut reasons = reasons();
        reasons["deviation"] = json!("Husstanden trenger nettopp denne boligen.");
        let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons});
        self.propose(&case, &proposal).await
    }

    /// A refusal, decided.
    pub(crate) async fn refusal(&self) -> Target {
        let case = self.case_before_team().await;
        let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
        Target::of(&self.approve(&self.propose(&case, &proposal).await).await)
    }

    /// A task that waits for the caseworkers: to notify the party of a decision.
    pub(crate) async fn task(&self) -> Target {
        let decision = self.refusal().await.id;
        let waiting = self.caseworker.get("/my-work?limit=200").await.ok();
        let is_it = |task: &&Value| task["subjectId"] == json!(decision);
        let task = waiting.items().iter().find(is_it).unwrap();
        Target {
            id: task["id"].as_str().unwrap().to_owned(),
            version: task["version"].as_i64().unwrap(),
            ..Target::new(json!({}))
        }
    }

    pub(crate) async fn offer(&self) -> Target {
        let approved = self.approve(&self.proposal().await).await;
        let offer = approved.body["offerId"].as_str().unwrap();
        Target::of(&self.caseworker.get(&format!("/offers/{offer}")).await.ok())
    }

    pub(crate) async fn tenancy(&self) -> Target {
        let offer = self.offer().await;
        let path = format!("/offers/{}/accept", offer.id);
        let accept = json!({"startsOn": "2026-03-02"});
        let accepted = self
            .caseworker
            .act(&path, offer.version, &accept)
            .await
            .ok();
        let tenancy = accepted.body["tenancyId"].as_str().unwrap();
        Target::of(
            &self
                .manager
                .get(&format!("/tenancies/{tenancy}"))
                .await
                .ok(),
        )
    }

    /// A plan that leaves somebody out, and the question why.
    pub(crate) async fn plan(&self) -> Target {
        self.case_before_team().await;
        self.home("AVAILABLE").await;
        // Whatever homes others have left behind, there is none of this kind.
        let needs = json!({"categories": ["ROBUST"], "urgency": "HIGH"});
        self.handled(self.case_with(&needs).await, BEFORE_TEAM)
            .await;
        let objective = json!({"objective": "SUITABILITY"});
        let run = self
            .caseworker
            .post("/matching/runs", &objective)
            .await
            .ok();
        let left_over = &run.body["plan"]["unhoused"][0]["applicationId"];
        Target {
            id: run.id(),
            query: format!("?applicationId={}", left_over.as_str().unwrap()),
            ..Target::new(json!({}))
        }
    }

    /// A person's erasure that nobody has approved yet.
    pub(crate) async fn erasure(&self) -> Target {
        let officer = self.town.actor(Role::PrivacyOfficer).await;
        let path = format!("/people/{}/erasures", self.person().await.id);
        let ground = json!({"ground": "UNLAWFULLY_PROCESSED"});
        Target::of(&officer.post(&path, &ground).await.ok())
    }

    /// A legal hold on a person's data.
    pub(crate) async fn hold(&self) -> Target {
        let officer = self.town.actor(Role::PrivacyOfficer).await;
        let path = format!("/people/{}/legal-holds", self.person().await.id);
        Target::of(&officer.post(&path, &json!({"reason": "COURT"})).await.ok())
    }

    /// A message that could not be delivered.
    pub(crate) async fn dead_letter(&self) -> Target {
        let admin = self.town.actor(Role::Admin).await;
        let id = outbox::dead_letter(&self.town).await;
        Target::of(&admin.get(&format!("/outbox/dead-letters/{id}")).await.ok())
    }

    /// A case in a town whose rules know an exception that nobody here needs; and the assessment of it.
    pub(crate) async fn case_by_criteria(&self) -> Target {
        self.town
            .adopt(&given::rules_with(json!([given::of_age("NORMALLY")])))
            .await;
        let assessed = json!({"criterion": "AGE", "conclusion": "STANDS", "why": "Ingen grunn."});
        self.case().await.with(assessed)
    }

    /// Rules that were proposed by somebody else.
    pub(crate) async fn proposed_rules(&self) -> Target {
        let proposed = self
            .decision_maker
            .post("/rule-sets", &given::rules_to_propose())
            .await;
        Target::of(&proposed.ok())
    }

    /// A referral to be sent.
    pub(crate) fn referred(&self) -> Value {
        referrals::referral(&format!("NAV-{}", self.serial()), &self.birth_day(), 0)
    }

    /// The rules in force.
    pub(crate) async fn rule_set(&self) -> Target {
        let listed = self.caseworker.get("/rule-sets").await.ok();
        Target {
            id: listed.items()[0]["id"].as_str().unwrap().to_owned(),
            ..Target::new(json!({}))
        }
    }

    /// Somebody's user id.
    pub(crate) async fn user(&self, actor: &Actor) -> String {
        actor.get("/auth/me").await.ok().id()
    }

    pub(super) async fn propose(&self, case: &Target, proposal: &Value) -> Target {
        let path = format!("/applications/{}/decisions", case.id);
        Target::of(&self.caseworker.post(&path, proposal).await.ok())
    }

    pub(super) async fn approve(&self, proposal: &Target) -> Answer {
        let path = format!("/decisions/{}/approve", proposal.id);
        let approving = self
            .decision_maker
            .act(&path, proposal.version, &proposal.body);
        approving.await.ok()
    }
}
