//! What comes from outside and goes there, as an act on it begins: referrals, shelter, notices of arrears, webhooks.

use rettbolig::auth::Role;
use serde_json::json;

use super::scene::{Scene, Target};
use crate::shelters;
use crate::shelters_in_writing;

impl Scene {
    pub(crate) async fn referral(&self) -> Target {
        let nav = self.town.actor(Role::NavAdvisor).await;
        Target::of(&nav.post("/nav/referrals", &self.referred()).await.ok())
    }

    pub(crate) async fn shelter_provider(&self) -> Target {
        let nav = self.town.actor(Role::NavAdvisor).await;
        let provider = shelters::provider("HOTEL");
        Target::of(&nav.post("/shelters/providers", &provider).await.ok())
    }

    pub(crate) async fn shelter_decision(&self) -> Target {
        let nav = self.town.actor(Role::NavAdvisor).await;
        let decision = shelters::decision(&self.household().await.id);
        Target::of(&nav.post("/shelters/decisions", &decision).await.ok())
    }

    /// A decision of an emergency, and the one of the housing case by which it is confirmed.
    pub(crate) async fn shelter_to_confirm(&self) -> Target {
        let case = self.case_before_team().await.id;
        let path = format!("/applications/{case}");
        let household = self.caseworker.get(&path).await.ok().body["householdId"].clone();
        let made =
            shelters_in_writing::made_in_case(&self.town, &self.caseworker, &case, "GRANTED").await;
        let nav = self.town.actor(Role::NavAdvisor).await;
        let decision = shelters::decision(household.as_str().unwrap());
        let decided = nav.post("/shelters/decisions", &decision).await.ok();
        Target::of(&decided).with(json!({"decisionId": made}))
    }

    pub(crate) async fn stay(&self) -> Target {
        let nav = self.town.actor(Role::NavAdvisor).await;
        let provider = self.shelter_provider().await.id;
        let path = format!(
            "/shelters/decisions/{}/stays",
            self.shelter_decision().await.id
        );
        let begin = json!({"providerId": provider, "beganOn": "2026-03-02"});
        Target::of(&nav.post(&path, &begin).await.ok())
    }

    pub(crate) async fn eviction_notice(&self) -> Target {
        let body = json!({"tenancyId": self.tenancy().await.id, "arrearsOre": 1_700_000});
        Target::of(&self.manager.post("/eviction-notices", &body).await.ok())
    }

    /// A subscription to events of homes.
    pub(crate) async fn webhook(&self) -> Target {
        let admin = self.town.actor(Role::Admin).await;
        let body =
            json!({"name": "FDV", "url": "https://fdv.example/hook", "audience": "FACILITIES"});
        Target::of(&admin.post("/webhooks", &body).await.ok())
    }
}
