//! The stock's rules over HTTP.

use super::model::StockRules;
use crate::policies;

policies::operations!(
    StockRules at "/stock-rules",
    read by ReadHousing "By which numbers homes are inspected and agreements made, and since when",
    adopt by AdoptStockRules "Say by which numbers homes are inspected and agreements made, from a day on",
    as AdoptedStockRules, StockRulesShown, AllStockRules
);
