//! Every table in portable types, in the order of the migrations. A guard compares this with both databases.
#![expect(missing_docs, reason = "the columns are described in the migrations")]
#![allow(
    clippy::wildcard_imports,
    reason = "each table speaks in Diesel's and our SQL types"
)]

mod access;
mod case_work;
mod deadlines;
mod eligibility;
mod machines;
mod outbox;
mod registers;
mod stock;
mod tasks;

pub use access::*;
pub use case_work::*;
pub use deadlines::*;
pub use eligibility::*;
pub use machines::*;
pub use outbox::*;
pub use registers::*;
pub use stock::*;
pub use tasks::*;

// 0001_kernel: Municipalities, sign-in, the audit log and the record of answered requests.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    municipality (id) {
        id -> UuidSql,
        number -> Text,
        name -> Text,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    user_account (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        username -> Text,
        display_name -> Text,
        password_hash -> Text,
        disabled_at -> Nullable<TimestampSql>,
        created_at -> TimestampSql,
        person_index -> Nullable<Binary>,
        invitation -> Nullable<Binary>,
        invited_until -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    sign_in_try (digest) {
        digest -> Binary,
        failures -> Integer,
        failed_at -> TimestampSql,
        is_familiar -> Bool,
        kept_until -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    known_identity (municipality_id, digest) {
        municipality_id -> UuidSql,
        digest -> Binary,
        sealed -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    role_request (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        user_id -> UuidSql,
        role -> Nullable<Text>,
        clearance -> Nullable<Text>,
        state -> Text,
        requested_by -> UuidSql,
        requested_at -> TimestampSql,
        decided_by -> Nullable<UuidSql>,
        decided_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    sign_in_name (username) {
        username -> Text,
        municipality_id -> UuidSql,
        user_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    user_role (municipality_id, user_id, role) {
        municipality_id -> UuidSql,
        user_id -> UuidSql,
        role -> Text,
        granted_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    session (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        user_id -> UuidSql,
        started_at -> TimestampSql,
        authenticated_at -> TimestampSql,
        renewed_at -> TimestampSql,
        expires_at -> TimestampSql,
        ended_at -> Nullable<TimestampSql>,
        methods -> JsonSql,
        is_strong -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    refresh_token (municipality_id, digest) {
        municipality_id -> UuidSql,
        digest -> Binary,
        session_id -> UuidSql,
        issued_at -> TimestampSql,
        used_at -> Nullable<TimestampSql>,
        successor -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    idempotency_record (municipality_id, actor_id, route, key) {
        municipality_id -> UuidSql,
        actor_id -> UuidSql,
        route -> Text,
        key -> Text,
        fingerprint -> Binary,
        status -> SmallInt,
        body -> Text,
        etag_version -> Nullable<Integer>,
        location -> Nullable<Text>,
        created_at -> TimestampSql,
        kept_until -> TimestampSql,
        people -> Binary,
        sights -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_entry (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_chain (municipality_id, case_id) {
        municipality_id -> UuidSql,
        case_id -> UuidSql,
        length -> BigInt,
        head -> Binary,
    }
}

// 0034_sign_in: Sign-in by more than a password.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    second_factor (municipality_id, user_id) {
        municipality_id -> UuidSql,
        user_id -> UuidSql,
        secret -> Text,
        confirmed_at -> Nullable<TimestampSql>,
        last_step -> BigInt,
        created_at -> TimestampSql,
    }
}

// 0036_key_checks: Which keys the installation was used with.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    key_check (setting, key_id) {
        setting -> Text,
        key_id -> Text,
        fingerprint -> Binary,
        first_used_at -> TimestampSql,
    }
}

// 0035_identity_providers: Issuers that vouch for employees.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    identity_provider (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        issuer -> Text,
        audience -> Text,
        strong_acr -> JsonSql,
        created_at -> TimestampSql,
        closed_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    issuer_audience (issuer, audience) {
        issuer -> Text,
        audience -> Text,
        municipality_id -> UuidSql,
        provider_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    federated_identity (municipality_id, issuer, subject) {
        municipality_id -> UuidSql,
        issuer -> Text,
        subject -> Text,
        user_id -> UuidSql,
        linked_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    exchanged_token (municipality_id, digest) {
        municipality_id -> UuidSql,
        digest -> Binary,
        expires_at -> TimestampSql,
    }
}

// 0002_people: People and households. Names, national ids and contact data are sealed under a key of each person's own.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    person (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        born_on -> DateSql,
        protection -> Text,
        sealed_key -> Text,
        sealed -> Text,
        national_id_index -> Binary,
        created_at -> TimestampSql,
        death_known_at -> Nullable<TimestampSql>,
        erased_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    person_name (municipality_id, token, person_id) {
        municipality_id -> UuidSql,
        token -> Binary,
        person_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    household (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    household_member (municipality_id, household_id, person_id) {
        municipality_id -> UuidSql,
        household_id -> UuidSql,
        person_id -> UuidSql,
        role -> Text,
        residence_days -> SmallInt,
    }
}

// 0003_situations: What is true of a household's housing, over periods, with source and verification.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    situation (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        household_id -> UuidSql,
        kind -> Text,
        reason -> Text,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
        source -> Text,
        verification -> Text,
        recorded_at -> TimestampSql,
        corrected_at -> Nullable<TimestampSql>,
    }
}

// 0004_housing: The housing stock and the measures of the housing plan that add to it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    plan_measure (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        number -> Text,
        title -> Text,
        unit_count -> Nullable<Integer>,
        responsible -> Text,
        deadline -> Text,
        financing -> Text,
        category -> Nullable<Text>,
        due_year -> Nullable<SmallInt>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    dwelling (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        cadastral_id -> Text,
        unit_number -> Text,
        extra_reference -> Text,
        street_address -> Text,
        postal_code -> Text,
        postal_place -> Text,
        area -> Text,
        category -> Text,
        tenure -> Text,
        state -> Text,
        state_since -> DateSql,
        bedrooms -> SmallInt,
        usable_area_m2 -> Integer,
        floor -> SmallInt,
        capacity -> SmallInt,
        rent_ore -> BigInt,
        features -> JsonSql,
        services -> JsonSql,
        min_age -> Nullable<SmallInt>,
        max_age -> Nullable<SmallInt>,
        inspected_on -> Nullable<DateSql>,
        demolition_from -> Nullable<DateSql>,
        cleared_for_protected -> Bool,
        measure_id -> Nullable<UuidSql>,
        created_at -> TimestampSql,
        supplier_id -> Nullable<Text>,
        building_number -> Text,
        details -> JsonSql,
    }
}

// 0005_rulesets: The municipality's allocation rules, as dated and numbered versions.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    rule_set (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        number -> Integer,
        name -> Text,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
        content -> JsonSql,
        sha256 -> Binary,
        created_at -> TimestampSql,
        state -> Text,
        proposed_by -> Nullable<UuidSql>,
        decided_by -> Nullable<UuidSql>,
        decided_at -> Nullable<TimestampSql>,
        version -> Integer,
    }
}

// 0006_applications: Cases.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    application (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        household_id -> UuidSql,
        applicant_id -> UuidSql,
        #[sql_name = "type"]
        kind -> Text,
        state -> Text,
        state_since -> TimestampSql,
        received_on -> DateSql,
        lives_in_municipal_dwelling -> Bool,
        assigned_to -> Nullable<UuidSql>,
        urgency -> Nullable<Text>,
        needs -> Nullable<JsonSql>,
        created_at -> TimestampSql,
        recorded_at -> TimestampSql,
        needs_assessed_at -> Nullable<TimestampSql>,
    }
}

// 0007_decisions: Proposals and decisions, each with its whole basis.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    decision (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        application_id -> UuidSql,
        household_id -> UuidSql,
        dwelling_id -> Nullable<UuidSql>,
        outcome -> Text,
        legal_basis -> Text,
        state -> Text,
        sealed_reasons -> Text,
        basis -> JsonSql,
        rule_set_id -> UuidSql,
        lease_months -> Nullable<SmallInt>,
        proposed_by -> UuidSql,
        proposed_at -> TimestampSql,
        decided_by -> Nullable<UuidSql>,
        decided_at -> Nullable<TimestampSql>,
        recorded_at -> TimestampSql,
        valid_until -> Nullable<DateSql>,
        replaces -> Nullable<UuidSql>,
        notified_at -> Nullable<TimestampSql>,
        appeal_until -> Nullable<DateSql>,
    }
}

// 0008_tenancies: Homes held for households, and leases.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    allocation (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        dwelling_id -> UuidSql,
        household_id -> UuidSql,
        application_id -> Nullable<UuidSql>,
        decision_id -> Nullable<UuidSql>,
        state -> Text,
        created_at -> TimestampSql,
        ended_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    tenancy (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        allocation_id -> UuidSql,
        dwelling_id -> UuidSql,
        household_id -> UuidSql,
        state -> Text,
        starts_on -> DateSql,
        agreed_until -> DateSql,
        ended_on -> Nullable<DateSql>,
        rent_ore -> BigInt,
    }
}

// 0009_offers: Offers of homes.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    offer (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        allocation_id -> UuidSql,
        decision_id -> UuidSql,
        application_id -> UuidSql,
        household_id -> UuidSql,
        dwelling_id -> UuidSql,
        state -> Text,
        made_at -> TimestampSql,
        answer_by -> Nullable<DateSql>,
        lease_months -> SmallInt,
        answered_at -> Nullable<TimestampSql>,
        decline_reason -> Nullable<Text>,
        answer_days -> SmallInt,
        notified_at -> Nullable<TimestampSql>,
        viewing_at -> Nullable<TimestampSql>,
        counts -> Nullable<Bool>,
        withdrawn_reason -> Nullable<Text>,
    }
}

// 0010_seals: The seals of the audit log: its Merkle tree and the signed checkpoints over it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_unsealed (municipality_id, entry_id) {
        municipality_id -> UuidSql,
        entry_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_span (municipality_id, span_index) {
        municipality_id -> UuidSql,
        span_index -> BigInt,
        entries -> Binary,
        least_id -> UuidSql,
        greatest_id -> UuidSql,
        earliest -> TimestampSql,
        latest -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_tile (municipality_id, level, tile_index) {
        municipality_id -> UuidSql,
        level -> Integer,
        tile_index -> BigInt,
        hashes -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_checkpoint (municipality_id, size) {
        municipality_id -> UuidSql,
        size -> BigInt,
        root -> Binary,
        note -> Text,
        sealed_at -> TimestampSql,
    }
}

// 0011_matching: What matching was told and what it proposed.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    matching_snapshot (municipality_id, sha256) {
        municipality_id -> UuidSql,
        sha256 -> Binary,
        body -> Text,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    matching_run (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        objective -> Text,
        snapshot_sha256 -> Binary,
        rule_set_id -> UuidSql,
        engine_version -> Text,
        plan -> JsonSql,
        created_at -> TimestampSql,
        pool_version -> BigInt,
    }
}

// 0012_cosignatures: What witnesses said of the audit log's checkpoints: when they saw each, and that the log had only grown.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_cosignature (municipality_id, size, witness, cosigned_at) {
        municipality_id -> UuidSql,
        size -> BigInt,
        witness -> Text,
        cosigned_at -> TimestampSql,
        line -> Text,
        kept_at -> TimestampSql,
    }
}

// 0013_versions: What a case and a decision said at any time, and the index by which the log is asked.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    application_version (municipality_id, id, version) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        household_id -> UuidSql,
        applicant_id -> UuidSql,
        #[sql_name = "type"]
        kind -> Text,
        state -> Text,
        state_since -> TimestampSql,
        received_on -> DateSql,
        lives_in_municipal_dwelling -> Bool,
        assigned_to -> Nullable<UuidSql>,
        urgency -> Nullable<Text>,
        needs -> Nullable<JsonSql>,
        created_at -> TimestampSql,
        recorded_at -> TimestampSql,
        needs_assessed_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    decision_version (municipality_id, id, version) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        state -> Text,
        decided_by -> Nullable<UuidSql>,
        decided_at -> Nullable<TimestampSql>,
        recorded_at -> TimestampSql,
        notified_at -> Nullable<TimestampSql>,
        appeal_until -> Nullable<DateSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_posting (municipality_id, key, upto) {
        municipality_id -> UuidSql,
        key -> UuidSql,
        upto -> BigInt,
        leaves -> Binary,
    }
}

// 0031_segments: What entries of the log say of people, sealed.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    audit_segment (municipality_id, entry_id, place) {
        municipality_id -> UuidSql,
        entry_id -> UuidSql,
        place -> SmallInt,
        person_id -> UuidSql,
        sealed -> Text,
    }
}

// 0032_retention: How long what is known of people is kept, and how it is erased.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    retention_rule (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        concern -> Text,
        months -> SmallInt,
        legal_basis -> Text,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    processing_restriction (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        person_id -> UuidSql,
        ground -> Text,
        restricted_by -> UuidSql,
        restricted_at -> TimestampSql,
        allowed_ground -> Nullable<Text>,
        allowed_by -> Nullable<UuidSql>,
        allowed_at -> Nullable<TimestampSql>,
        told_on -> Nullable<DateSql>,
        lifted_by -> Nullable<UuidSql>,
        lifted_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    legal_hold (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        person_id -> UuidSql,
        reason -> Text,
        valid_from -> DateSql,
        valid_until -> Nullable<DateSql>,
        placed_by -> UuidSql,
        placed_at -> TimestampSql,
        lifted_by -> Nullable<UuidSql>,
        lifted_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    erasure (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        person_id -> UuidSql,
        ground -> Text,
        state -> Text,
        requested_by -> Nullable<UuidSql>,
        requested_at -> TimestampSql,
        first_approver -> Nullable<UuidSql>,
        second_approver -> Nullable<UuidSql>,
        carried_out_at -> Nullable<TimestampSql>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(outbox_lane, outbox_message);

// 0027_pool: The version of each municipality's pool, raised by every change of what a match depends on; parts of snapshots.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    pool_clock (municipality_id, hand) {
        municipality_id -> UuidSql,
        hand -> SmallInt,
        ticks -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    pool_change (municipality_id, household_id) {
        municipality_id -> UuidSql,
        household_id -> UuidSql,
        hand -> SmallInt,
        ticks -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    matching_part (municipality_id, sha256) {
        municipality_id -> UuidSql,
        sha256 -> Binary,
        body -> Binary,
        created_at -> TimestampSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(event, event_place, event_unplaced);

// 0047_events: What the world outside may know, and who is told.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    event (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        #[sql_name = "type"]
        kind -> Text,
        subject_id -> UuidSql,
        stream_id -> UuidSql,
        occurred_at -> TimestampSql,
        correlation_id -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    event_unplaced (seq) {
        municipality_id -> UuidSql,
        seq -> BigInt,
        event_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    event_place (municipality_id, audience, position) {
        municipality_id -> UuidSql,
        audience -> Text,
        position -> BigInt,
        event_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    webhook (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        name -> Text,
        url -> Text,
        audience -> Text,
        event_types -> JsonSql,
        state -> Text,
        secrets -> Text,
        previous_secrets -> Nullable<Text>,
        previous_until -> Nullable<TimestampSql>,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    webhook_delivery (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        webhook_id -> UuidSql,
        event_id -> UuidSql,
        attempt -> Integer,
        outcome -> Text,
        status -> Nullable<Integer>,
        duration_ms -> Integer,
        attempted_at -> TimestampSql,
    }
}

// 0048_referrals: What NAV sends before anybody has looked at it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    referral (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        state -> Text,
        reference -> Text,
        fingerprint -> Binary,
        person_index -> Binary,
        legal_basis -> Text,
        consent_until -> Nullable<DateSql>,
        urgency -> Text,
        sealed_key -> Text,
        sealed -> Text,
        received_at -> TimestampSql,
        concluded_at -> Nullable<TimestampSql>,
        return_reason -> Nullable<Text>,
        application_id -> Nullable<UuidSql>,
    }
}

// 0049_shelters: Temporary accommodation.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    shelter_provider (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        name -> Text,
        kind -> Text,
        organisation_number -> Nullable<Text>,
        nightly_ore -> BigInt,
        suits_children -> Bool,
        checked_on -> Nullable<DateSql>,
        is_open -> Bool,
        created_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    shelter_decision (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        household_id -> UuidSql,
        application_id -> Nullable<UuidSql>,
        decision_id -> Nullable<UuidSql>,
        outcome -> Text,
        valid_from -> DateSql,
        valid_until -> DateSql,
        reasons -> Text,
        exit_plan -> Nullable<Text>,
        exit_by -> Nullable<DateSql>,
        decided_by -> Nullable<UuidSql>,
        decided_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    shelter_stay (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        decision_id -> UuidSql,
        household_id -> UuidSql,
        provider_id -> UuidSql,
        children -> Integer,
        nightly_ore -> BigInt,
        is_night_shelter -> Bool,
        began_on -> DateSql,
        ended_on -> Nullable<DateSql>,
        checked_on -> Nullable<DateSql>,
        check_outcome -> Nullable<Text>,
    }
}

// 0050_registers: Notices of arrears.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    eviction_notice (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        tenancy_id -> UuidSql,
        household_id -> UuidSql,
        state -> Text,
        arrears_ore -> BigInt,
        notified_on -> DateSql,
        petition_from -> DateSql,
        opted_out_on -> Nullable<DateSql>,
        direct_payment_from -> Nullable<DateSql>,
        direct_payment_ore -> Nullable<BigInt>,
    }
}

// 0028_runs: What the team does with a plan, and who was chosen for a home by a decision.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    matching_proposal (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        run_id -> UuidSql,
        place -> Integer,
        application_id -> UuidSql,
        household_id -> UuidSql,
        dwelling_id -> UuidSql,
        points -> SmallInt,
        state -> Text,
        chosen_dwelling_id -> Nullable<UuidSql>,
        reason -> Nullable<Text>,
        handled_by -> Nullable<UuidSql>,
        handled_at -> Nullable<TimestampSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    matching_choice (municipality_id, decision_id) {
        municipality_id -> UuidSql,
        decision_id -> UuidSql,
        application_id -> UuidSql,
        dwelling_id -> UuidSql,
        snapshot_sha256 -> Binary,
        rule_set_id -> UuidSql,
        engine_version -> Text,
        chosen_at -> TimestampSql,
    }
}

// 0059_intake: What was known at receipt, what is lacking, in which case another goes on, and drafts.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    application_receipt (municipality_id, application_id) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        frozen -> JsonSql,
        frozen_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    requested_document (municipality_id, application_id, document) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        document -> Text,
        due_on -> DateSql,
        asked_by -> UuidSql,
        asked_at -> TimestampSql,
        received_on -> Nullable<DateSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    application_merge (municipality_id, application_id) {
        municipality_id -> UuidSql,
        application_id -> UuidSql,
        into_id -> UuidSql,
        reason -> Text,
        merged_by -> UuidSql,
        merged_at -> TimestampSql,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    application_draft (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        version -> Integer,
        household_id -> UuidSql,
        #[sql_name = "type"]
        kind -> Nullable<Text>,
        lives_in_municipal_dwelling -> Nullable<Bool>,
        needs -> Nullable<JsonSql>,
        written_by -> UuidSql,
        changed_at -> TimestampSql,
    }
}

// 0060_renewals: Leases that run on by a decision.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    lease_renewal (municipality_id, id) {
        municipality_id -> UuidSql,
        id -> UuidSql,
        tenancy_id -> UuidSql,
        application_id -> UuidSql,
        decision_id -> UuidSql,
        runs_from -> DateSql,
        runs_until -> DateSql,
        renewed_at -> TimestampSql,
        replaced_by -> Nullable<UuidSql>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(session, user_account, user_role);

diesel::allow_tables_to_appear_in_same_query!(household_member, person, person_name);

diesel::allow_tables_to_appear_in_same_query!(employee, unit_member, user_account);

diesel::allow_tables_to_appear_in_same_query!(application, case_unit, decision);

diesel::allow_tables_to_appear_in_same_query!(audit_entry, audit_unsealed);
