//! The tables of parties, letters, meetings, the waiting list and appeals.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

// 0041_parties: Who speaks for a party.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    representation (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        application_id -> UuidSql,
        represented_id -> UuidSql,
        representative_id -> UuidSql,
        kind -> Text,
        scope -> JsonSql,
        proof -> Text,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
        withdrawn_at -> Nullable<TimestampSql>,
        recorded_by -> UuidSql,
        recorded_at -> TimestampSql,
    }
}

// 0042_letters: Letters, and proof that they arrived.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    letter (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        application_id -> UuidSql,
        subject_id -> UuidSql,
        kind -> Text,
        language -> Text,
        template_version -> SmallInt,
        recipient_id -> UuidSql,
        recipient_role -> Text,
        starts_clock -> Bool,
        state -> Text,
        channel -> Nullable<Text>,
        written_by -> Nullable<UuidSql>,
        written_at -> TimestampSql,
        dispatched_at -> Nullable<TimestampSql>,
        sent_at -> Nullable<TimestampSql>,
        received_at -> Nullable<TimestampSql>,
        proof -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    letter_content (municipality_id, letter_id) {
        municipality_id -> UuidSql,
        letter_id -> UuidSql,
        sealed -> Text,
        html_sha256 -> Binary,
        pdf_sha256 -> Binary,
        written_at -> TimestampSql,
    }
}

// 0043_meetings: Meetings of the allocation team.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    meeting (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        meets_on -> DateSql,
        state -> Text,
        called_by -> UuidSql,
        closed_by -> Nullable<UuidSql>,
        closed_at -> Nullable<TimestampSql>,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    meeting_member (municipality_id, meeting_id, user_id) {
        municipality_id -> UuidSql,
        meeting_id -> UuidSql,
        user_id -> UuidSql,
        discipline -> Text,
        is_chair -> Bool,
        is_present -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    agenda_item (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        meeting_id -> UuidSql,
        place -> SmallInt,
        application_id -> Nullable<UuidSql>,
        dwelling_id -> Nullable<UuidSql>,
        advice -> Nullable<Text>,
        advised_dwelling_id -> Nullable<UuidSql>,
        sealed_advice -> Nullable<Text>,
        advised_by -> Nullable<UuidSql>,
        advised_at -> Nullable<TimestampSql>,
        decision_id -> Nullable<UuidSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    conflict_of_interest (municipality_id, application_id, user_id) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        user_id -> UuidSql,
        ground -> Text,
        declared_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    impartiality_answer (municipality_id, application_id, user_id) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        user_id -> UuidSql,
        ground -> Text,
        answered_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    agenda_vote (municipality_id, item_id, user_id) {
        municipality_id -> UuidSql,
        item_id -> UuidSql,
        user_id -> UuidSql,
        vote -> Text,
    }
}

// 0044_waiting: Who stands aside on the waiting list, and who was given a higher place.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    waiting_pause (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        application_id -> UuidSql,
        reason -> Text,
        paused_at -> TimestampSql,
        review_on -> Nullable<DateSql>,
        resumed_at -> Nullable<TimestampSql>,
        paused_by -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    precedence (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        application_id -> UuidSql,
        group_code -> Text,
        ground -> Text,
        source_id -> UuidSql,
        given_at -> TimestampSql,
        given_by -> UuidSql,
    }
}

// 0046_appeals: Appeals, and what is handed over with them.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    appeal (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        application_id -> UuidSql,
        decision_id -> UuidSql,
        appellant_id -> UuidSql,
        state -> Text,
        body -> Text,
        form -> Text,
        sent_on -> DateSql,
        received_on -> DateSql,
        first_proposer -> UuidSql,
        first_decider -> UuidSql,
        received_by -> UuidSql,
        received_at -> TimestampSql,
        in_time -> Nullable<Bool>,
        late_ground -> Nullable<Text>,
        checked_by -> Nullable<UuidSql>,
        reviewed_by -> Nullable<UuidSql>,
        reviewed_at -> Nullable<TimestampSql>,
        new_decision_id -> Nullable<UuidSql>,
        package_sha256 -> Nullable<Binary>,
        forwarded_at -> Nullable<TimestampSql>,
        outcome -> Nullable<Text>,
        raised_to -> Nullable<Text>,
        concluded_by -> Nullable<UuidSql>,
        concluded_at -> Nullable<TimestampSql>,
        sealed -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    appeal_package (municipality_id, appeal_id) {
        municipality_id -> UuidSql,
        appeal_id -> UuidSql,
        body -> Text,
        sha256 -> Binary,
        made_at -> TimestampSql,
    }
}

// 0073_receiving_bodies: Bodies that may be responsible instead, and the cases that were sent to them.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    receiving_body (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        kind -> Text,
        name -> Text,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    case_forwarding (municipality_id, application_id) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        body_id -> UuidSql,
        body_name -> Text,
        forwarded_by -> UuidSql,
        forwarded_at -> TimestampSql,
    }
}
