//! The tables of what applicants are told.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0026_deadlines: What applicants are told while nothing is decided.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    interim_reply (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        application_id -> UuidSql,
        kind -> Text,
        reason -> Text,
        expected_by -> DateSql,
        due_on -> DateSql,
        sent_by -> UuidSql,
        sent_at -> TimestampSql,
    }
}
