//! The tables of what is due.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0023_tasks: What is due: tasks of people, and duties of the service.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    task (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> UuidSql,
        case_id -> Nullable<UuidSql>,
        due_on -> DateSql,
        team -> Text,
        assigned_to -> Nullable<UuidSql>,
        state -> Text,
        opened_at -> TimestampSql,
        ended_at -> Nullable<TimestampSql>,
        ended_by -> Nullable<UuidSql>,
        household_id -> Nullable<UuidSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    duty (municipality_id, name) {
        municipality_id -> UuidSql,
        name -> Text,
        fence -> BigInt,
        holder -> Nullable<UuidSql>,
        leased_until -> Nullable<TimestampSql>,
        next_at -> TimestampSql,
        ran_at -> Nullable<TimestampSql>,
    }
}
