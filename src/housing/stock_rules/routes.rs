//! The stock's rules over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::StockRules;
use super::store::{self, Row};
use crate::auth::Action::{AdoptStockRules, ReadHousing};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::StockRulesId;
use crate::problem::Problem;

pub(in crate::housing) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/stock-rules",
            ReadHousing,
            "By which numbers homes are inspected and agreements made, and since when",
            list,
        ),
        Endpoint::create(
            "/stock-rules",
            AdoptStockRules,
            "Say by which numbers homes are inspected and agreements made, from a day on",
            adopt,
        ),
    ]
}

/// The stock's rules, from a day on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AdoptedStockRules {
    rules: StockRules,
    /// The first day on which they hold; not in the past.
    valid_from: Day,
}

/// A version of the stock's rules.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StockRulesShown {
    id: StockRulesId,
    rules: StockRules,
    valid_from: Day,
    /// The first day on which they no longer hold.
    valid_until: Option<Day>,
    created_at: Instant,
}

impl From<Row> for StockRulesShown {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            rules: row.content.0,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            created_at: row.created_at,
        }
    }
}

/// All versions, and what holds today.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AllStockRules {
    /// What holds today: the shipped example as long as the municipality has said nothing.
    in_force: StockRules,
    items: Vec<StockRulesShown>,
}

fn list(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<AllStockRules>, Problem> {
    Ok(Shown::plain(AllStockRules {
        in_force: acts::in_force(tx)?,
        items: store::all(tx)?.into_iter().map(Into::into).collect(),
    }))
}

fn adopt(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &AdoptedStockRules,
) -> Result<Created<StockRulesShown>, Problem> {
    let row = acts::adopt(tx, &asked.rules, asked.valid_from)?;
    Ok(Created {
        location: "/stock-rules".to_owned(),
        version: None,
        body: row.into(),
    })
}
