//! Things of units, relations and exceptions from which an act of theirs begins.

use rettbolig::auth::Role;
use serde_json::json;

use super::scene::{Scene, Target};
use crate::support::actor::Actor;
use crate::support::given::{self, Family};
use crate::support::residents::member;

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

    /// A situation of a household, at the household's version.
    pub(crate) async fn situation(&self) -> Target {
        let household = self.household().await;
        let path = format!("/households/{}/situations", household.id);
        let listed = self.caseworker.get(&path).await.ok();
        Target {
            id: listed.items()[0]["id"].as_str().unwrap().to_owned(),
            ..household
        }
    }

    /// A household at its version, and what is corrected of a member.
    pub(crate) async fn wrong_member(&self) -> Target {
        let born_on = self.birth_day();
        // Leap years come again after 32 years too.
        let (year, day) = born_on.split_at(4);
        let child = format!("{}{day}", year.parse::<i32>().unwrap() + 32);
        let family = Family {
            adults: &[&born_on],
            children: &[&child],
        };
        let by = &self.caseworker;
        let household = self.town.household(by, &family, 0).await;
        let path = format!("/households/{household}");
        let shown = self.caseworker.get(&path).await.ok();
        let members = shown.body["members"].as_array().unwrap();
        let child = members.iter().find(|it| it["role"] == "CHILD").unwrap();
        Target {
            id: household,
            version: shown.version(),
            ..Target::new(json!({
                "personId": child["personId"], "residenceDays": 7, "reason": "WRONG", "why": "Bor her halve tiden.",
            }))
        }
    }

    /// A case with needs, and what is needed in truth.
    pub(crate) async fn wrong_needs(&self) -> Target {
        let mut needs = given::ordinary_needs();
        // Nothing that bars a home: other acts take whichever line of a plan comes first.
        needs["urgency"] = json!("NORMAL");
        let body =
            json!({"needs": needs, "reason": "WRONG", "why": "Ikke tvangsfullbyrdelse likevel."});
        self.case_before_team().await.with(body)
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

    /// A case that a decision maker has opened in an emergency.
    pub(crate) async fn emergency(&self) -> Target {
        let body = json!({
            "applicationId": self.case().await.id, "ground": "CHILD_AT_RISK",
            "reason": "Barnet må ut av boligen allerede i kveld.",
        });
        let opens = self.town.actor(Role::DecisionMaker).await;
        self.lead(&opens, &self.caseworker).await;
        Target::of(&opens.post("/emergency-accesses", &body).await.ok())
    }

    /// From now on an employee answers to this leader.
    async fn lead(&self, employee: &Actor, leader: &Actor) {
        let (user, leader) = (self.user(employee).await, self.user(leader).await);
        let admin = self.town.actor(Role::Admin).await;
        let path = format!("/users/{user}/post");
        let post = admin.get(&path).await.ok();
        let mut body = post.body.clone();
        body["leaderId"] = json!(leader);
        admin.put(&path, post.version(), &body).await.ok();
    }

    /// A case before the team in which a caseworker is partial, who answers to a decision maker.
    pub(crate) async fn partial(&self) -> Target {
        let born_on = self.birth_day();
        let single = Family {
            adults: &[&born_on],
            children: &[],
        };
        let household = self.town.household(&self.caseworker, &single, 0).await;
        let case = self
            .town
            .case_before_team(&self.caseworker, &household)
            .await;
        let partial = self.town.another(Role::Caseworker).await;
        self.lead(&partial, &self.town.actor(Role::DecisionMaker).await)
            .await;
        let user = self.user(&partial).await;
        let digits = given::person(&born_on, 0)["nationalId"].clone();
        let relation = json!({"nationalId": digits, "kind": "CLOSE_FRIEND"});
        let relations = format!("/users/{user}/relations");
        partial.post(&relations, &relation).await.ok();
        Target {
            id: case,
            ..Target::new(json!({
                "userId": user,
                "reason": "Ingen andre i kommunen kan faget, og forholdet er fjernt.",
            }))
        }
    }

    /// A case before the team of somebody who has the name of a member of the team, and what that member answers.
    pub(crate) async fn namesake(&self) -> Target {
        let mut applicant = self.stranger();
        // Accounts are called here as their role is.
        applicant["familyName"] = json!(Role::TeamMember.code());
        let applicant = self.caseworker.post("/people", &applicant).await.ok().id();
        let members = [member(&applicant, "APPLICANT")];
        let household = self.town.household_in_need(&self.caseworker, &members);
        let household = household.await;
        let case = self.town.case_before_team(&self.caseworker, &household);
        Target {
            id: case.await,
            ..Target::new(json!({"ground": "COINCIDENCE"}))
        }
    }

    /// An exception that a decision maker has made.
    pub(crate) async fn exception(&self) -> Target {
        let Target { id, body, .. } = self.partial().await;
        let leader = self.town.actor(Role::DecisionMaker).await;
        let path = format!("/applications/{id}/impartiality-exceptions");
        Target::of(&leader.post(&path, &body).await.ok()).with(json!({}))
    }

    /// A restriction of the processing of a person's data.
    pub(crate) async fn restriction(&self) -> Target {
        let officer = self.town.actor(Role::PrivacyOfficer).await;
        let path = format!("/people/{}/restrictions", self.person().await.id);
        let ground = json!({"ground": "OBJECTION"});
        Target::of(&officer.post(&path, &ground).await.ok())
    }
}
