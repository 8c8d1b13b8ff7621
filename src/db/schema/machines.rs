//! The tables of organisations whose programs call.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0018_machines: Organisations whose programs may call, and the agreements by which they do.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    machine_client (organisation_number, municipality_id) {
        organisation_number -> Text,
        municipality_id -> UuidSql,
        id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    data_agreement (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        client_id -> UuidSql,
        organisation_number -> Text,
        name -> Text,
        scopes -> JsonSql,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
        created_at -> TimestampSql,
    }
}
