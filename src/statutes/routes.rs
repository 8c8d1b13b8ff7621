//! The law's numbers over HTTP: by which the service reckons, since when, and where they stand.

use serde::Serialize;
use utoipa::ToSchema;

use super::Statute;
use crate::auth::Action::ReadRuleSets;
use crate::calendar::Term;
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::problem::Problem;

/// The operation on the law's numbers.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::get(
        "/statutes",
        ReadRuleSets,
        "The numbers of the law by which is reckoned, since when, and where they stand",
        list,
    )]
}

/// A number of the law.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StatuteShown {
    statute: Statute,
    /// The first day on which it holds.
    valid_from: Day,
    term: Term,
    /// Where it stands, in Norwegian.
    source: &'static str,
}

/// All of them.
#[derive(Serialize, ToSchema)]
struct Statutes {
    items: Vec<StatuteShown>,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every operation")]
fn list(_: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<Statutes>, Problem> {
    let all = Statute::ALL.iter().flat_map(|statute| {
        let rows = statute.rows().iter();
        rows.map(|row| StatuteShown {
            statute: *statute,
            valid_from: row.from,
            term: row.term,
            source: &row.source,
        })
    });
    Ok(Shown::plain(Statutes {
        items: all.collect(),
    }))
}
