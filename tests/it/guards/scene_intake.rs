//! What an act of intake begins from: drafts, documents asked for, the same applied for twice.

use serde_json::{Value, json};

use super::scene::{Scene, Target};

impl Scene {
    /// An application that is still being written.
    pub(crate) async fn draft(&self) -> Target {
        let content = json!({"type": "NEW", "livesInMunicipalDwelling": false});
        let body = json!({"householdId": self.household().await.id, "content": content});
        let path = "/application-drafts";
        Target::of(&self.caseworker.post(path, &body).await.ok())
    }

    /// A body to which cases may be sent.
    pub(crate) async fn receiving_body(&self) -> Target {
        let admin = self.town.actor(rettbolig::auth::Role::Admin).await;
        let body = self.new_receiving_body();
        Target::of(&admin.post("/receiving-bodies", &body).await.ok())
    }

    /// One to be registered.
    pub(crate) fn new_receiving_body(&self) -> Value {
        let name = format!("Nabo {} kommune", self.serial());
        json!({"kind": "OTHER_MUNICIPALITY", "name": name, "validFrom": "2026-03-02"})
    }

    /// A household for which an application can be written.
    pub(crate) async fn to_be_written(&self) -> Target {
        Target::new(json!({"householdId": self.household().await.id}))
    }

    /// An application that is still being written, and one thing to be said of it.
    pub(crate) async fn draft_with(&self, name: &str, value: &str) -> Target {
        self.draft().await.with(json!({name: value}))
    }

    /// Two cases of the same person: the newer one, and that it may go on in the older.
    pub(crate) async fn twice(&self) -> Target {
        let older = self.case().await;
        let shown = self
            .caseworker
            .get(&format!("/applications/{}", older.id))
            .await
            .ok();
        let members = json!([{"personId": shown.body["applicantId"], "role": "APPLICANT"}]);
        let household = self
            .caseworker
            .post("/households", &json!({"members": members}))
            .await
            .ok();
        let body =
            json!({"householdId": household.id(), "type": "NEW", "receivedOn": "2026-02-27"});
        let newer = Target::of(&self.caseworker.post("/applications", &body).await.ok());
        newer.with(json!({"intoId": older.id, "reason": "SAME_REQUEST"}))
    }

    /// Which documents are asked for, and by when.
    pub(crate) fn documents() -> Value {
        json!({"documents": ["INCOME"], "dueOn": "2026-03-20"})
    }

    /// A case whose documents are asked for, and that they came.
    pub(crate) async fn documents_came(&self) -> Target {
        let case = self.case_after(&["assign", "request-documents"]).await;
        case.with(json!({"documents": ["INCOME"], "receivedOn": "2026-03-02"}))
    }

    /// A case that is not before the team yet, so that it takes an emergency to see it.
    pub(crate) async fn in_need_tonight(&self) -> Target {
        Target::new(json!({
            "applicationId": self.case().await.id, "ground": "NO_SHELTER_TONIGHT",
            "reason": "Familien står uten tak over hodet i natt.",
        }))
    }
}
