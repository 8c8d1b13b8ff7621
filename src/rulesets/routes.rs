//! The municipality's rules, for whoever decides by them and whoever checks that.

use serde::Serialize;
use utoipa::ToSchema;

use super::RuleSet;
use super::store::{self, Row};
use crate::auth::Action;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::RuleSetId;
use crate::problem::{NOT_FOUND, Problem};

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
    let row = store::find(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    Ok(Shown::plain(WholeVersion {
        version: told(&row),
        rules: row.content.0,
    }))
}

fn told(row: &Row) -> Version {
    Version {
        id: row.id,
        number: row.number,
        name: row.name.clone(),
        valid_from: row.valid_from,
        valid_until: row.valid_until,
    }
}
