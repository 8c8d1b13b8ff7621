//! The tables of the housing stock beside the homes themselves.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

use super::{dwelling, tenancy};

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

// 0021_letting: What decides whether a home may be let today.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    inspection (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        dwelling_id -> UuidSql,
        kind -> Text,
        performed_on -> DateSql,
        next_due_on -> DateSql,
        condition_class -> Nullable<Text>,
        energy_class -> Nullable<Text>,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    inspection_finding (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        inspection_id -> UuidSql,
        dwelling_id -> UuidSql,
        area -> Text,
        severity -> Text,
        due_on -> Nullable<DateSql>,
        cleared_on -> Nullable<DateSql>,
        cleared_how -> Nullable<Text>,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    letting_override (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        dwelling_id -> UuidSql,
        obstacle -> Text,
        reason -> Text,
        valid_until -> DateSql,
        overridden_on -> DateSql,
        overridden_by -> Nullable<UuidSql>,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    agreement (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        kind -> Text,
        name -> Text,
        counterparty -> Nullable<Text>,
        counterparty_number -> Nullable<Text>,
        starts_on -> DateSql,
        ends_on -> DateSql,
        units -> Integer,
        usable -> Integer,
        in_use -> Integer,
        lease_months_min -> SmallInt,
        warn_days -> SmallInt,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    agreement_unit (municipality_id, dwelling_id) {
        municipality_id -> UuidSql,
        dwelling_id -> UuidSql,
        agreement_id -> UuidSql,
        added_on -> DateSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    policy (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        kind -> Text,
        content -> JsonSql,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
        created_at -> TimestampSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(dwelling, inspection);

diesel::allow_tables_to_appear_in_same_query!(agreement, agreement_unit, dwelling);

// 0022_demolitions: Demolitions, and the right of those who live there.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    demolition_plan (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        name -> Text,
        measure_id -> Nullable<UuidSql>,
        state -> Text,
        vacate_by -> DateSql,
        demolish_from -> DateSql,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    demolition_unit (municipality_id, plan_id, dwelling_id) {
        municipality_id -> UuidSql,
        plan_id -> UuidSql,
        dwelling_id -> UuidSql,
        stands -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    demolition_resident (municipality_id, plan_id, household_id) {
        municipality_id -> UuidSql,
        plan_id -> UuidSql,
        household_id -> UuidSql,
        dwelling_id -> UuidSql,
        tenancy_id -> UuidSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    demolition_resident,
    demolition_unit,
    dwelling,
    tenancy
);
