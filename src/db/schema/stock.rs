//! The tables of the housing stock beside the homes themselves.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

use super::dwelling;

// 0020_stock: Properties, and every change of a home.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    property (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        cadastral_id -> Text,
        name -> Nullable<Text>,
        owner_kind -> Text,
        owner_name -> Nullable<Text>,
        owner_number -> Nullable<Text>,
        buildings -> JsonSql,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    dwelling_change (municipality_id, dwelling_id, version) {
        municipality_id -> UuidSql,
        dwelling_id -> UuidSql,
        version -> Integer,
        kind -> Text,
        step -> Nullable<Text>,
        reason -> Nullable<Text>,
        state -> Text,
        on_day -> DateSql,
        rent_ore -> BigInt,
        description -> Nullable<JsonSql>,
        changed_at -> TimestampSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(dwelling, dwelling_change);
