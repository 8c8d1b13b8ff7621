//! The scene's plans: the lines on which the team acts.

use rettbolig::auth::Role;

use super::scene::{Scene, Target};

impl Scene {
    /// The first line of a plan.
    pub(crate) async fn line_of_plan(&self) -> Target {
        let run = self.plan().await.id;
        let caseworker = self.town.actor(Role::Caseworker).await;
        let path = format!("/matching/runs/{run}/proposals");
        let lines = caseworker.get(&path).await.ok();
        let line = lines.items()[0]["id"].as_str().unwrap();
        let path = format!("/matching/proposals/{line}");
        Target::of(&caseworker.get(&path).await.ok())
    }
}
