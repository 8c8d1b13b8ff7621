//! The tables of what is known of households, and of exceptions that were assessed.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0025_rules: What is known of households, and exceptions that were assessed.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    circumstance (municipality_id, application_id) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        version -> Integer,
        sealed -> Text,
        recorded_by -> Nullable<UuidSql>,
        recorded_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    exception_assessment (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        application_id -> UuidSql,
        criterion -> Text,
        rule_set_id -> UuidSql,
        conclusion -> Text,
        sealed_why -> Text,
        assessed_by -> UuidSql,
        assessed_at -> TimestampSql,
    }
}
