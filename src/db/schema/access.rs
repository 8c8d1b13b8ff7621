//! The tables of need to know, impartiality and clearance.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0037_access: Who may see which case: units, leaders, clearances, declared relations, NAV's clients.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    unit (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        name -> Text,
        is_intake -> Bool,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    unit_member (municipality_id, user_id, unit_id) {
        municipality_id -> UuidSql,
        user_id -> UuidSql,
        unit_id -> UuidSql,
        since -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    employee (municipality_id, user_id) {
        municipality_id -> UuidSql,
        user_id -> UuidSql,
        version -> Integer,
        leader_id -> Nullable<UuidSql>,
        clearance -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    declared_relation (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        user_id -> UuidSql,
        person_index -> Binary,
        kind -> Text,
        declared_at -> TimestampSql,
        declared_by -> UuidSql,
        ended_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    nav_client (municipality_id, user_id, person_id) {
        municipality_id -> UuidSql,
        user_id -> UuidSql,
        person_id -> UuidSql,
        since -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    case_unit (municipality_id, application_id) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        unit_id -> UuidSql,
        since -> TimestampSql,
    }
}

// 0038_exceptions: Exceptions from need to know and from impartiality.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    emergency_access (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        user_id -> UuidSql,
        application_id -> UuidSql,
        ground -> Text,
        sealed_reason -> Text,
        opened_at -> TimestampSql,
        expires_at -> TimestampSql,
        leader_id -> Nullable<UuidSql>,
        review_due_on -> DateSql,
        reviewed_by -> Nullable<UuidSql>,
        reviewed_at -> Nullable<TimestampSql>,
        finding -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    impartiality_exception (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        user_id -> UuidSql,
        application_id -> UuidSql,
        sealed_reason -> Text,
        granted_by -> UuidSql,
        granted_at -> TimestampSql,
        withdrawn_at -> Nullable<TimestampSql>,
    }
}
