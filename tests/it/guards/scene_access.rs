//! Things of units, relations and exceptions from which an act of theirs begins.

use rettbolig::auth::Role;
use serde_json::json;

use super::scene::{Scene, Target};
use crate::support::given;

impl Scene {
    /// How an employee stands whom nothing else here needs, to be changed.
    pub(crate) async fn post_of_account(&self) -> Target {
        let admin = self.town.actor(Role::Admin).await;
        let id = self
            .user(&self.town.another(Role::Statistician).await)
            .await;
        let post = admin.get(&format!("/users/{id}/post")).await.ok();
        Target {
            id,
            version: post.version(),
            ..Target::new(post.body)
        }
    }

    /// A caseworker's own relations, and one to be declared.
    pub(crate) async fn relations(&self) -> Target {
        let digits = given::person(&self.birth_day(), 0)["nationalId"].clone();
        Target {
            id: self.user(&self.caseworker).await,
            ..Target::new(json!({"nationalId": digits, "kind": "CLOSE_FRIEND"}))
        }
    }

    /// A relation that a caseworker has declared.
    pub(crate) async fn relation(&self) -> Target {
        let Target { id, body, .. } = self.relations().await;
        let path = format!("/users/{id}/relations");
        Target::of(&self.caseworker.post(&path, &body).await.ok())
    }
}
