//! Units, how employees stand in them, and the register of declared relations, over HTTP.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Closeness;
use super::protection::Clearance;
use super::rules::Refusal;
use super::units::{self, Declared, Post, Unit};
use crate::auth::Action::{DeclareRelations, ManageUnits, PlaceEmployees, ReadUnits};
use crate::auth::{self, Role};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{UnitId, UserId};
use crate::national_id::NationalId;
use crate::problem::{FieldFault, NOT_FOUND, Problem, UNAUTHENTICATED};

/// The operations on units and on how employees stand.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/units", ReadUnits, "The units that handle cases", list),
        Endpoint::create("/units", ManageUnits, "Found a unit", found),
        Endpoint::get(
            "/users/{id}/post",
            PlaceEmployees,
            "An employee's units, leader and clearance",
            post,
        ),
        Endpoint::replace(
            "/users/{id}/post",
            PlaceEmployees,
            "Give an employee units, a leader and a clearance",
            place,
        ),
        Endpoint::get(
            "/users/{id}/relations",
            DeclareRelations,
            "To how many people an employee declared to be close, and why; not to whom",
            relations,
        ),
        Endpoint::create(
            "/users/{id}/relations",
            DeclareRelations,
            "Declare that an employee is too close to somebody (forvaltningsloven § 6)",
            declare,
        ),
        Endpoint::act(
            "/relations/{id}/end",
            DeclareRelations,
            "Say that a relation no longer holds",
            end,
        ),
    ]
}

/// The units.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Units {
    items: Vec<Unit>,
}

fn list(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<Units>, Problem> {
    let items = units::all(tx)?;
    Ok(Shown::plain(Units { items }))
}

/// A unit to be founded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FoundUnit {
    /// What it is called, once in a municipality.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$")]
    name: String,
}

fn found(tx: &mut Tx<'_>, _: &Call, asked: &FoundUnit) -> Result<Created<Unit>, Problem> {
    let unit = units::found(tx, &asked.name, false)?;
    Ok(Created {
        location: "/units".to_owned(),
        version: Some(unit.version),
        body: unit,
    })
}

/// How an employee stands among colleagues.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PostShown {
    /// In which units the employee works.
    unit_ids: Vec<UnitId>,
    /// Whom the employee answers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    leader_id: Option<UserId>,
    /// Up to which grade the employee may locate people.
    #[serde(skip_serializing_if = "Option::is_none")]
    clearance: Option<Clearance>,
    /// Up to which grade once another administrator has approved that.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_clearance: Option<Clearance>,
}

fn post(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<PostShown>, Problem> {
    shown(tx, call.id()?)
}

fn shown(tx: &mut Tx<'_>, user: UserId) -> Result<Shown<PostShown>, Problem> {
    let (version, post) = units::post_of(tx, user)?;
    let shown = PostShown {
        unit_ids: post.units.into_iter().collect(),
        leader_id: post.leader,
        clearance: post.clearance,
        requested_clearance: auth::requested_clearance(tx, user)?,
    };
    Ok(Shown::at_version(version, shown))
}

/// How an employee shall stand from now on. What is not given, the employee no longer has.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlaceEmployee {
    /// One unit at least.
    #[schema(max_items = 20)]
    unit_ids: Vec<UnitId>,
    /// Whom the employee answers to.
    leader_id: Option<UserId>,
    /// Up to which grade the employee may locate people: less than before holds at once, more when another administrator has approved.
    clearance: Option<Clearance>,
}

fn place(tx: &mut Tx<'_>, call: &Call, asked: &PlaceEmployee) -> Result<Shown<PostShown>, Problem> {
    let user: UserId = call.id()?;
    let (version, before) = units::post_of(tx, user)?;
    call.has_seen(version)?;
    if tx.caller().actor.user() == Some(user) {
        return Err(Refusal::OwnStanding.into());
    }
    if asked.leader_id == Some(user) {
        return Err(Refusal::OwnLeader.into());
    }
    let units: BTreeSet<UnitId> = asked.unit_ids.iter().copied().collect();
    if units.is_empty() {
        return Err(Refusal::LastUnit.into());
    }
    let faults = faults_of_post(tx, &asked.unit_ids, asked.leader_id)?;
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let post = Post {
        units,
        leader: asked.leader_id,
        clearance: auth::ask_for_clearance(tx, user, (before.clearance, asked.clearance))?,
    };
    units::place(tx, user, version, &post)?;
    shown(tx, user)
}

fn faults_of_post(
    tx: &mut Tx<'_>,
    units: &[UnitId],
    leader: Option<UserId>,
) -> Result<Vec<FieldFault>, Problem> {
    let known: BTreeSet<UnitId> = units::all(tx)?.into_iter().map(|unit| unit.id).collect();
    let unknown = |(place, _): (usize, &UnitId)| {
        let (nb, en) = ("Enheten finnes ikke.", "The unit does not exist.");
        FieldFault::new(format!("/unitIds/{place}"), "not_found", nb, en)
    };
    let mut faults: Vec<FieldFault> = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| !known.contains(unit))
        .map(unknown)
        .collect();
    if let Some(leader) = leader
        && !auth::is_active_user(tx, leader)?
    {
        let (nb, en) = ("Brukeren finnes ikke.", "The user does not exist.");
        faults.push(FieldFault::new("/leaderId", "not_found", nb, en));
    }
    Ok(faults)
}

/// The relations of an employee.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Relations {
    items: Vec<Declared>,
}

fn relations(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Relations>, Problem> {
    let user = own_or_administered(tx, call.id()?)?;
    let items = units::declared_by(tx, user)?;
    Ok(Shown::plain(Relations { items }))
}

/// A relation to be declared.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeclareRelation {
    /// Of whom: "fødselsnummer" or "D-nummer", eleven digits. It is kept sealed and as a keyed digest, and never told again.
    #[schema(max_length = 20)]
    national_id: String,
    /// Why the employee is too close.
    kind: Closeness,
}

fn declare(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &DeclareRelation,
) -> Result<Created<Declared>, Problem> {
    let user = own_or_administered(tx, call.id()?)?;
    let by = caller(tx)?;
    let read = NationalId::parse(&asked.national_id, tx.kit().national_ids);
    let national_id = read.map_err(|_| {
        let (nb, en) = (
            "Ikke et gyldig fødselsnummer eller D-nummer.",
            "Not a valid national id.",
        );
        Problem::invalid(vec![FieldFault::new(
            "/nationalId",
            "not_a_national_id",
            nb,
            en,
        )])
    })?;
    let index = auth::known_as(tx, &national_id)?;
    let relation = units::declare(tx, user, &index, asked.kind, by)?;
    Ok(Created {
        location: format!("/users/{user}/relations"),
        version: Some(1),
        body: relation,
    })
}

fn end(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Declared>, Problem> {
    let relation = units::find_declared(tx, call.id()?)?;
    own_or_administered(tx, relation.user_id)?;
    call.has_seen(if relation.ended_at.is_none() { 1 } else { 2 })?;
    let relation = units::end_relation(tx, &relation)?;
    Ok(Shown::at_version(2, relation))
}

/// Employees see to their own relations, administrators to everybody's; to others they do not exist.
fn own_or_administered(tx: &mut Tx<'_>, user: UserId) -> Result<UserId, Problem> {
    let is_admin = tx.caller().roles.contains(&Role::Admin);
    if tx.caller().actor.user() == Some(user) {
        return Ok(user);
    }
    if is_admin && auth::is_active_user(tx, user)? {
        return Ok(user);
    }
    Err(Problem::new(&NOT_FOUND))
}

fn caller(tx: &Tx<'_>) -> Result<UserId, Problem> {
    let user = tx.caller().actor.user();
    user.ok_or_else(|| Problem::new(&UNAUTHENTICATED))
}
