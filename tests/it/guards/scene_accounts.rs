//! Accounts, issuers and agreements, as an act on them begins.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::scene::{Scene, Target};
use crate::support::given;
use crate::support::town::{PASSWORD, username};

impl Scene {
    /// What renews a session that has just begun.
    pub(crate) async fn refresh_token(&self) -> Value {
        let username = username("stjordal", Role::Statistician, 1);
        let body = json!({"username": username, "password": PASSWORD});
        let signed_in = self.town.nobody().post("/auth/login", &body).await.ok();
        signed_in.body["refreshToken"].clone()
    }

    /// The account of an employee whom nothing else here needs: a new one each time.
    pub(crate) async fn account(&self) -> Target {
        let admin = self.town.actor(Role::Admin).await;
        let username = format!("nav{}@stjordal.example", self.serial());
        let body = json!({"username": username, "displayName": "Ny", "roles": ["NAV_ADVISOR"]});
        Target::of(&admin.post("/users", &body).await.ok())
    }

    /// The account of whoever has this user name.
    pub(crate) async fn account_of(&self, username: &str) -> Target {
        let admin = self.town.actor(Role::Admin).await;
        let id = self.user(&self.town.sign_in(username).await).await;
        Target::of(&admin.get(&format!("/users/{id}")).await.ok())
    }

    /// A role that another administrator has asked for.
    pub(crate) async fn role_request(&self) -> Target {
        let account = self.account().await;
        let other = self.town.another(Role::Admin).await;
        let roles = json!({"roles": ["NAV_ADVISOR", "AUDITOR"]});
        let path = format!("/users/{}/roles", account.id);
        other.put(&path, account.version, &roles).await.ok();
        let all = other.get("/role-requests?limit=200").await.ok();
        let mut all = all.items().iter();
        let asked = all.find(|it| it["userId"] == json!(account.id)).unwrap();
        Target {
            id: asked["id"].as_str().unwrap().to_owned(),
            ..Target::new(json!({}))
        }
    }

    /// An account that is closed.
    pub(crate) async fn disabled_account(&self) -> Target {
        let account = self.account().await;
        let admin = self.town.actor(Role::Admin).await;
        let path = format!("/users/{}/disable", account.id);
        Target::of(&admin.act(&path, account.version, &json!({})).await.ok())
    }

    /// Somebody who may choose a password with this code.
    pub(crate) async fn invited(&self) -> (String, String) {
        let account = self.account().await;
        let admin = self.town.actor(Role::Admin).await;
        let path = format!("/users/{}", account.id);
        let told = admin.get(&path).await.ok();
        let invited = admin
            .act(&format!("{path}/invite"), account.version, &json!({}))
            .await
            .ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&told.body["username"]), text(&invited.body["code"]))
    }

    /// An issuer of employees' identities to be named: the tests' own, for another audience each time.
    pub(crate) fn new_provider(&self) -> Value {
        let audience = format!("client-{}", self.serial());
        json!({"issuer": self.town.issuer.url, "audience": audience, "strongAcr": ["mfa"]})
    }

    /// An issuer by which employees sign in.
    pub(crate) async fn provider(&self) -> Target {
        let admin = self.town.actor(Role::Admin).await;
        let named = admin
            .post("/identity-providers", &self.new_provider())
            .await;
        Target::of(&named.ok())
    }

    /// An ID token of somebody who has an account.
    pub(crate) async fn id_token(&self) -> String {
        let admin = self.town.actor(Role::Admin).await;
        let provider = admin
            .post("/identity-providers", &self.new_provider())
            .await
            .ok();
        let account = self.account().await;
        let link = json!({"providerId": provider.id(), "subject": account.id});
        let path = format!("/users/{}/link-identity", account.id);
        admin.act(&path, account.version, &link).await.ok();
        let audience = provider.body["audience"].as_str().unwrap();
        let claims = self.town.issuer.identity(audience, &account.id);
        self.town.issuer.sign(&self.town.issuer.header(), &claims)
    }

    /// An agreement with an organisation whose programs call.
    pub(crate) async fn agreement(&self) -> Target {
        let admin = self.town.actor(Role::Admin).await;
        let made = admin.post("/data-agreements", &given::agreement()).await;
        Target::of(&made.ok())
    }
}
