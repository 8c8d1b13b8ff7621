//! What follows a proposal or a decision: meetings, letters, appeals, and households that stand aside.

use rettbolig::auth::Role;
use rettbolig::letters::{FileDrop, LetterDelivery};
use rettbolig::outbox::Worker;
use serde_json::{Value, json};

use super::scene::{Scene, Target};
use crate::support::actor::Actor;
use crate::support::given::{decide, reasons};

/// An appeal that came in today.
pub(crate) fn new_appeal() -> Value {
    json!({
        "form": "LETTER", "sentOn": "2026-03-02", "receivedOn": "2026-03-02",
        "grounds": "Vi har ikke noe sted å bo.",
    })
}

impl Scene {
    /// Somebody who may do everything for a party.
    pub(crate) async fn representation(&self) -> Value {
        json!({
            "representativeId": self.person().await.id, "kind": "REPRESENTATIVE",
            "scope": ["RECEIVE_LETTERS", "APPEAL"], "proof": "WRITTEN_AUTHORITY",
            "validFrom": "2026-03-01",
        })
    }

    pub(crate) async fn represented(&self) -> Target {
        let body = self.representation().await;
        let path = format!("/applications/{}/representations", self.case().await.id);
        Target::of(&self.caseworker.post(&path, &body).await.ok())
    }

    pub(crate) async fn pause(&self) -> Target {
        let path = format!("/applications/{}/pauses", self.case_that_waits().await.id);
        let body = json!({"reason": "TREATMENT"});
        Target::of(&self.caseworker.post(&path, &body).await.ok())
    }

    /// A meeting to be called: a member of the team leads, and a caseworker takes part.
    pub(crate) async fn new_meeting(&self) -> Value {
        let chair = self.user(&self.town.actor(Role::TeamMember).await).await;
        let member = self.user(&self.caseworker).await;
        json!({"meetsOn": "2026-03-02", "members": [
            {"userId": chair, "discipline": "NAV", "isChair": true},
            {"userId": member, "discipline": "HOUSING"},
        ]})
    }

    pub(crate) async fn meeting(&self) -> Target {
        let body = self.new_meeting().await;
        Target::of(&self.caseworker.post("/meetings", &body).await.ok())
    }

    /// A case on the agenda, and what both members recommend.
    pub(crate) async fn motion(&self) -> Target {
        let case = self.case_before_team().await.id;
        let path = format!("/meetings/{}/items", self.meeting().await.id);
        let matter = json!({"applicationId": case});
        let item = Target::of(&self.caseworker.post(&path, &matter).await.ok());
        let chair = self.user(&self.town.actor(Role::TeamMember).await).await;
        let member = self.user(&self.caseworker).await;
        item.with(
            json!({"advice": "REFUSE", "reasons": "Andre tiltak er nok.", "votes": [
                {"userId": chair, "vote": "FOR"}, {"userId": member, "vote": "FOR"},
            ]}),
        )
    }

    /// An offer that was accepted for later.
    pub(crate) async fn accepted_offer(&self) -> Target {
        let offer = self.offer().await;
        let path = format!("/offers/{}/accept", offer.id);
        let accept = json!({"startsOn": "2026-04-01"});
        let accepted = self.caseworker.act(&path, offer.version, &accept);
        Target::of(&accepted.await.ok())
    }

    /// The notice of a refusal, written and not sent.
    pub(crate) async fn letter(&self) -> Target {
        let path = format!("/decisions/{}/letters", self.refusal().await.id);
        let written = self.caseworker.post(&path, &json!({})).await.ok();
        let id = written.items()[0]["id"].as_str().unwrap();
        Target::of(&self.caseworker.get(&format!("/letters/{id}")).await.ok())
    }

    /// The same letter once the folder has it.
    pub(crate) async fn sent_letter(&self) -> Target {
        let letter = self.letter().await;
        let path = format!("/letters/{}/dispatch", letter.id);
        let dispatch = json!({"channel": "DIGITAL"});
        self.caseworker
            .act(&path, letter.version, &dispatch)
            .await
            .ok();
        let folder = tempfile::tempdir().unwrap();
        let carrier = LetterDelivery::new(FileDrop::new(folder.path().to_owned()));
        let worker = Worker::new(self.town.db.clone(), vec![Box::new(carrier)]);
        worker.deliver_due().await.unwrap();
        Target::of(
            &self
                .caseworker
                .get(&format!("/letters/{}", letter.id))
                .await
                .ok(),
        )
    }

    /// An appeal after these steps, each by somebody who may do it.
    pub(crate) async fn appeal(&self, steps: &[&str]) -> Target {
        let path = format!("/decisions/{}/appeals", self.refusal().await.id);
        let appeal = Target::of(&self.caseworker.post(&path, &new_appeal()).await.ok());
        self.appeal_after(appeal, steps).await
    }

    async fn appeal_after(&self, mut appeal: Target, steps: &[&str]) -> Target {
        for step in steps {
            let (by, body): (Actor, Value) = match *step {
                "forward" => (
                    self.town.actor(Role::DecisionMaker).await,
                    json!({"assessment": "Vedtaket står seg."}),
                ),
                "take-up" => (self.town.actor(Role::AppealsOfficer).await, json!({})),
                "conclude" => (
                    self.town.actor(Role::AppealsOfficer).await,
                    json!({"outcome": "UPHELD", "reasons": "Nemnda er enig."}),
                ),
                _ => (self.caseworker.clone(), json!({})),
            };
            let path = format!("/appeals/{}/{step}", appeal.id);
            appeal = Target::of(&by.act(&path, appeal.version, &body).await.ok());
        }
        appeal
    }

    /// An appeal by somebody who has nothing to do with the case.
    pub(crate) async fn strangers_appeal(&self) -> Target {
        let mut body = new_appeal();
        body["appellantId"] = json!(self.person().await.id);
        let path = format!("/decisions/{}/appeals", self.refusal().await.id);
        let appeal = Target::of(&self.caseworker.post(&path, &body).await.ok());
        self.appeal_after(appeal, &["check"]).await
    }

    /// An appeal against a refusal that others have replaced by a grant.
    pub(crate) async fn reversible_appeal(&self) -> Target {
        let refusal = self.refusal().await;
        let path = format!("/decisions/{}/appeals", refusal.id);
        let appeal = Target::of(&self.caseworker.post(&path, &new_appeal()).await.ok());
        let appeal = self.appeal_after(appeal, &["check", "admit"]).await;
        let path = format!("/decisions/{}", refusal.id);
        let shown = self.caseworker.get(&path).await.ok();
        let case = shown.body["applicationId"].clone();
        let proposal = json!({
            "outcome": "GRANTED", "reasons": reasons(), "replaces": refusal.id,
        });
        let other = self.town.actor(Role::DecisionMaker).await;
        let case = case.as_str().unwrap();
        let decided = decide(&self.caseworker, &other, case, &proposal).await;
        appeal.with(json!({"newDecisionId": decided.id()}))
    }
}
