//! The municipality's rules, for whoever decides by them and whoever checks that.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::diff::{Difference, differences};
use super::proposing::{self, load_row};
use super::store::{self, Row, RuleSetState};
use super::{Refusal, RuleSet};
use crate::auth::Action;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{RuleSetId, UserId};
use crate::problem::Problem;

/// The operations on rule sets.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/rule-sets",
            Action::ReadRuleSets,
            "The versions of the allocation rules",
            list,
        ),
        Endpoint::get(
            "/rule-sets/{id}",
            Action::ReadRuleSets,
            "A version of the rules, whole",
            show,
        ),
        Endpoint::create(
            "/rule-sets",
            Action::ProposeRuleSet,
            "Propose rules, to be in force from a day",
            propose,
        ),
        Endpoint::decide(
            "/rule-sets/{id}/approve",
            Action::ApproveRuleSet,
            "Approve proposed rules: by somebody else than proposed them",
            approve,
        ),
        Endpoint::decide(
            "/rule-sets/{id}/reject",
            Action::ApproveRuleSet,
            "Turn proposed rules down",
            reject,
        ),
        Endpoint::get(
            "/rule-sets/{id}/diff",
            Action::ReadRuleSets,
            "What differs from another version, or from the rules in force",
            diff,
        ),
    ]
}

/// A version of the rules, in short.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Version {
    id: RuleSetId,
    /// Numbers ascend within the municipality.
    number: i32,
    name: String,
    valid_from: Day,
    /// The day from which it is no longer in force; absent while open.
    valid_until: Option<Day>,
    state: RuleSetState,
    version: i32,
    /// Who proposed; absent where the installation adopted them.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed_by: Option<UserId>,
    /// Who approved or turned down.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
}

/// A version of the rules, whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeVersion {
    #[serde(flatten)]
    version: Version,
    rules: RuleSet,
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<Version>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(|row| told(&row)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<WholeVersion>, Problem> {
    let row = load_row(tx, call.id()?)?;
    let whole = WholeVersion {
        version: told(&row),
        rules: row.content.0,
    };
    Ok(Shown::at_version(row.version, whole))
}

/// Rules to be proposed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProposeRules {
    rules: RuleSet,
    /// The first day, today at the earliest.
    valid_from: Day,
}

fn propose(tx: &mut Tx<'_>, _: &Call, asked: &ProposeRules) -> Result<Created<Version>, Problem> {
    let by = tx.user()?;
    let row = proposing::propose(tx, &asked.rules, asked.valid_from, by)?;
    Ok(Created {
        location: format!("/rule-sets/{}", row.id),
        version: Some(row.version),
        body: told(&row),
    })
}

fn approve(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Version>, Problem> {
    let row = seen(tx, call)?;
    let row = proposing::approve(tx, &row)?;
    Ok(Shown::at_version(row.version, told(&row)))
}

fn reject(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Version>, Problem> {
    let row = seen(tx, call)?;
    let by = tx.user()?;
    let row = proposing::reject(tx, &row, by)?;
    Ok(Shown::at_version(row.version, told(&row)))
}

/// The rules in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Row, Problem> {
    let row = load_row(tx, call.id()?)?;
    call.has_seen(row.version)?;
    Ok(row)
}

/// With which version is compared.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Against {
    /// The version before; the rules in force today when not given.
    #[param(value_type = Option<uuid::Uuid>)]
    against: Option<RuleSetId>,
}

crate::query!(Against);

/// What differs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Differences {
    from: RuleSetId,
    to: RuleSetId,
    /// Place by place; nothing where the rules are the same.
    items: Vec<Difference>,
}

fn diff(tx: &mut Tx<'_>, call: &Call, asked: &Against) -> Result<Shown<Differences>, Problem> {
    let after = load_row(tx, call.id()?)?;
    let before = if let Some(id) = asked.against {
        load_row(tx, id)?
    } else {
        let today = tx.today();
        store::find_in_force(tx, today)?.ok_or(Refusal::NoRules)?
    };
    Ok(Shown::plain(Differences {
        from: before.id,
        to: after.id,
        items: differences(&before.content.0, &after.content.0),
    }))
}

fn told(row: &Row) -> Version {
    Version {
        id: row.id,
        number: row.number,
        name: row.name.clone(),
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        state: row.state,
        version: row.version,
        proposed_by: row.proposed_by,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    }
}
