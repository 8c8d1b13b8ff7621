//! Who may see what: need to know, impartiality, clearance.

pub(crate) mod addresses;
pub(crate) mod closeness;
pub(crate) mod compartments;
pub(crate) mod exceptions;
pub(crate) mod hidden_homes;
pub(crate) mod hidden_people;
pub(crate) mod kept_answers;
pub(crate) mod likeness;
pub(crate) mod need_to_know;
pub(crate) mod rights;
pub(crate) mod rights_of_household;
pub(crate) mod texts;

use rettbolig::audit::Entry;
use rettbolig::auth::{Caller, Role};
use rettbolig::db::schema::user_account;
use rettbolig::ids::UserId;
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::town::{STJORDAL, Town};

/// What is answered about something that does not exist: whatever is hidden must look like it.
pub(crate) async fn is_as_if_absent(actor: &Actor, path: &str, id: &str) {
    let hidden = actor.get(path).await;
    let absent = path.replace(id, &uuid::Uuid::now_v7().to_string());
    let absent = actor.get(&absent).await;
    let told = |answer: Answer| {
        let mut body = answer.body.clone();
        body["instance"] = Value::Null;
        (answer.status, body, names(&answer))
    };
    let hidden = told(hidden);
    assert_eq!(hidden.0, 404, "{path}: {}", hidden.1);
    assert_eq!(hidden, told(absent), "{path}");
}

fn names(answer: &Answer) -> Vec<String> {
    let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort_unstable();
    names
}

/// Somebody's user id.
pub(crate) async fn user(actor: &Actor) -> String {
    actor.get("/auth/me").await.ok().id()
}

impl Town {
    /// Founds a unit, by the administrator.
    pub(crate) async fn unit(&self, name: &str) -> String {
        let admin = self.actor(Role::Admin).await;
        admin.post("/units", &json!({"name": name})).await.ok().id()
    }

    /// Changes how an employee stands: the fields that are given, the others stay.
    pub(crate) async fn place(&self, user: &str, change: &Value) {
        let admin = self.actor(Role::Admin).await;
        let path = format!("/users/{user}/post");
        let post = admin.get(&path).await.ok();
        let mut body = post.body.clone();
        body.as_object_mut().unwrap().remove("requestedClearance");
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        let placed = admin.put(&path, post.version(), &body).await.ok();
        if placed.body.get("requestedClearance").is_some() {
            crate::role_requests::approve_all(self).await;
        }
    }

    /// The population register has said that everybody in a household has a protected address.
    pub(crate) async fn protect(&self, household: &str) {
        use diesel::prelude::*;
        use rettbolig::access::AddressProtection;
        use rettbolig::db::schema::{household_member, person};
        use rettbolig::ids::{HouseholdId, PersonId};
        let household: HouseholdId = household.parse().unwrap();
        let system = std::sync::Arc::new(Caller::system(STJORDAL));
        let protecting = self.db.write(&system, move |tx| {
            let members: Vec<PersonId> = household_member::table
                .filter(household_member::municipality_id.eq(STJORDAL))
                .filter(household_member::household_id.eq(household))
                .select(household_member::person_id)
                .load(tx.conn())?;
            diesel::update(person::table)
                .filter(person::municipality_id.eq(STJORDAL))
                .filter(person::id.eq_any(members))
                .set(person::protection.eq(AddressProtection::Confidential))
                .execute(tx.conn())?;
            tx.record(Entry::change("person.protected"));
            Ok(())
        });
        protecting.await.unwrap();
    }

    /// Another employee with this role, cleared for every protected address.
    pub(crate) async fn cleared(&self, role: Role) -> Actor {
        let cleared = self.another(role).await;
        let clearance = json!({"clearance": "STRICTLY_CONFIDENTIAL"});
        self.place(&user(&cleared).await, &clearance).await;
        cleared
    }

    /// An employee is called so.
    pub(crate) async fn rename(&self, user: &str, name: &'static str) {
        use diesel::prelude::*;
        let user: UserId = user.parse().unwrap();
        let system = std::sync::Arc::new(Caller::system(STJORDAL));
        let renaming = self.db.write(&system, move |tx| {
            diesel::update(user_account::table.find((STJORDAL, user)))
                .set(user_account::display_name.eq(name))
                .execute(tx.conn())?;
            tx.record(Entry::change("user.renamed").about(user));
            Ok(())
        });
        renaming.await.unwrap();
    }

    /// Says who an employee is as a person.
    pub(crate) async fn identify(&self, user: &str, national_id: &str) {
        use diesel::prelude::*;
        let user: UserId = user.parse().unwrap();
        let key = self.db.kit().index_key.of_municipality(STJORDAL.uuid());
        let index = key.national_id(national_id).as_bytes().to_vec();
        let system = std::sync::Arc::new(Caller::system(STJORDAL));
        let identifying = self.db.write(&system, move |tx| {
            diesel::update(user_account::table.find((STJORDAL, user)))
                .set(user_account::person_index.eq(Some(index.clone())))
                .execute(tx.conn())?;
            tx.record(Entry::change("user.identified").about(user));
            Ok(())
        });
        identifying.await.unwrap();
    }
}
