//! The tables of what must leave the house.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0019_outbox: What must leave the house.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    outbox_message (seq) {
        municipality_id -> UuidSql,
        seq -> BigInt,
        id -> UuidSql,
        topic -> Text,
        lane_id -> UuidSql,
        stream_id -> UuidSql,
        reference_id -> UuidSql,
        correlation_id -> Text,
        state -> Text,
        attempts -> Integer,
        fault -> Nullable<Text>,
        put_at -> TimestampSql,
        due_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    outbox_lane (municipality_id, topic, lane_id) {
        municipality_id -> UuidSql,
        topic -> Text,
        lane_id -> UuidSql,
        held_by -> Nullable<UuidSql>,
        held_until -> Nullable<TimestampSql>,
        quiet_until -> Nullable<TimestampSql>,
    }
}
