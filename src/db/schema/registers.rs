//! The tables of what registers told: how far their feeds are read, protection, letters on their way and in the archive.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0050_registers: How far the feeds of registers are read, what they told, and notices of arrears.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    register_cursor (municipality_id, register) {
        municipality_id -> UuidSql,
        register -> Text,
        position -> BigInt,
        read_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    protection_check (municipality_id, person_id) {
        municipality_id -> UuidSql,
        person_id -> UuidSql,
        answered_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    letter_shipment (municipality_id, letter_id, reference) {
        municipality_id -> UuidSql,
        letter_id -> UuidSql,
        reference -> Text,
        state -> Text,
        sent_at -> TimestampSql,
        asked_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    archive_filing (municipality_id, document_id) {
        municipality_id -> UuidSql,
        document_id -> UuidSql,
        application_id -> UuidSql,
        document -> Text,
        state -> Text,
        sent_at -> TimestampSql,
        asked_at -> TimestampSql,
    }
}
