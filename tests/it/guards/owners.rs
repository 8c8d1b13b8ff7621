//! Who owns which table: only the files named here may name it.

/// Which file may name which tables.
pub(super) const OWNERS: &[(&str, &[&str])] = &[
    ("src/municipality.rs", &["municipality"]),
    (
        "src/auth/store.rs",
        &["user_account", "sign_in_name", "user_role"],
    ),
    // Reads whose account and roles a sign-in is, with each request.
    (
        "src/auth/sessions.rs",
        &["session", "refresh_token", "user_account", "user_role"],
    ),
    ("src/auth/second_factor.rs", &["second_factor"]),
    (
        "src/access/units.rs",
        &["unit", "unit_member", "employee", "declared_relation"],
    ),
    (
        "src/access/store.rs",
        &[
            "case_unit",
            "nav_client",
            // Reads only: who may see what is asked across all of them, in one place.
            "application",
            "decision",
            "declared_relation",
            "emergency_access",
            "employee",
            "household_member",
            "impartiality_exception",
            "person",
            "person_name",
            "unit_member",
            "user_account",
        ],
    ),
    (
        "src/auth/federation/store.rs",
        &[
            "identity_provider",
            "issuer_audience",
            "federated_identity",
            "exchanged_token",
        ],
    ),
    ("src/auth/throttle.rs", &["sign_in_try"]),
    ("src/auth/granting_store.rs", &["role_request"]),
    (
        "src/auth/identities.rs",
        &["known_identity", "user_account", "declared_relation"],
    ),
    ("src/nav/referrals/rotating.rs", &["referral"]),
    ("src/db/key_checks.rs", &["key_check"]),
    ("src/people/rewrapping.rs", &["person"]),
    ("src/people/deaths_store.rs", &["person"]),
    ("src/people/reindexing.rs", &["person", "person_name"]),
    (
        "src/auth/machines/store.rs",
        &["machine_client", "data_agreement"],
    ),
    // Reads only.
    (
        "src/access/homes.rs",
        &["allocation", "decision", "household_member", "person"],
    ),
    ("src/http/idempotency.rs", &["idempotency_record"]),
    ("src/audit/store.rs", &["audit_entry"]),
    ("src/audit/chains.rs", &["audit_chain"]),
    ("src/audit/postings.rs", &["audit_posting"]),
    ("src/audit/segments.rs", &["audit_segment"]),
    ("src/audit/waiting.rs", &["audit_entry", "audit_unsealed"]),
    ("src/outbox/store.rs", &["outbox_message", "outbox_lane"]),
    (
        "src/events/store.rs",
        &["event", "event_unplaced", "event_place"],
    ),
    ("src/nav/referrals/store.rs", &["referral"]),
    (
        "src/shelters/store.rs",
        &["shelter_provider", "shelter_decision", "shelter_stay"],
    ),
    ("src/evictions/store.rs", &["eviction_notice"]),
    ("src/people/following.rs", &["register_cursor"]),
    ("src/people/asked.rs", &["protection_check"]),
    ("src/webhooks/store.rs", &["webhook"]),
    ("src/webhooks/log.rs", &["webhook_delivery"]),
    ("src/audit/tree.rs", &["audit_checkpoint"]),
    ("src/audit/spans.rs", &["audit_span"]),
    ("src/audit/tiles.rs", &["audit_tile"]),
    // Reads only.
    ("src/audit/sealed_entries.rs", &["audit_entry"]),
    ("src/audit/cosigned.rs", &["audit_cosignature"]),
    (
        "src/people/correcting_store.rs",
        &["household_member", "person", "person_name"],
    ),
    (
        "src/people/erasing_store.rs",
        &["person", "person_name", "household", "household_member"],
    ),
    ("src/restrictions/store.rs", &["processing_restriction"]),
    (
        "src/retention/store.rs",
        &["retention_rule", "legal_hold", "erasure"],
    ),
    (
        "src/people/store.rs",
        &["person", "person_name", "household", "household_member"],
    ),
    (
        "src/applications/intake/store.rs",
        &[
            "application_draft",
            "application_merge",
            "application_receipt",
            "requested_document",
        ],
    ),
    ("src/applications/holding.rs", &["application"]),
    (
        "src/forwarding/store.rs",
        &["receiving_body", "case_forwarding"],
    ),
    ("src/situations/store.rs", &["situation"]),
    ("src/housing/store.rs", &["dwelling", "dwelling_change"]),
    // Reads only: pages, histories, what rows of a file may be, and homes by measure or property.
    ("src/housing/search.rs", &["dwelling"]),
    ("src/housing/traces.rs", &["dwelling", "dwelling_change"]),
    ("src/housing/exchange/store.rs", &["dwelling"]),
    (
        "src/housing/measures/store.rs",
        &["plan_measure", "dwelling", "dwelling_change"],
    ),
    (
        "src/housing/upkeep/store.rs",
        &[
            "inspection",
            "inspection_finding",
            "letting_override",
            "dwelling",
        ],
    ),
    (
        "src/housing/agreements/store.rs",
        &["agreement", "agreement_unit", "dwelling"],
    ),
    ("src/policies/store.rs", &["policy"]),
    // Of tenancies and homes it reads only who has a home elsewhere.
    (
        "src/demolitions/store.rs",
        &[
            "demolition_plan",
            "demolition_unit",
            "demolition_resident",
            "dwelling",
            "tenancy",
        ],
    ),
    ("src/housing/properties/store.rs", &["property", "dwelling"]),
    ("src/rulesets/store.rs", &["rule_set"]),
    (
        "src/applications/store.rs",
        // Reads `case_unit` only, to list what a unit handles.
        &["application", "application_version", "case_unit"],
    ),
    ("src/applications/received.rs", &["application"]),
    ("src/tasks/store.rs", &["task"]),
    ("src/tasks/lease.rs", &["duty"]),
    ("src/deadlines/store.rs", &["interim_reply"]),
    (
        "src/eligibility/store.rs",
        &["circumstance", "exception_assessment"],
    ),
    ("src/parties/store.rs", &["representation"]),
    ("src/tenancies/renewals.rs", &["lease_renewal"]),
    ("src/waiting/store.rs", &["waiting_pause", "precedence"]),
    (
        "src/meetings/store.rs",
        &[
            "meeting",
            "meeting_member",
            "agenda_item",
            "agenda_vote",
            "conflict_of_interest",
            "impartiality_answer",
        ],
    ),
    ("src/letters/store.rs", &["letter", "letter_content"]),
    (
        "src/letters/way_store.rs",
        &["letter_shipment", "archive_filing"],
    ),
    ("src/appeals/store.rs", &["appeal", "appeal_package"]),
    (
        "src/exceptions/store.rs",
        &["emergency_access", "impartiality_exception"],
    ),
    ("src/tenancies/store.rs", &["allocation", "tenancy"]),
    ("src/offers/store.rs", &["offer"]),
    (
        "src/matching/store.rs",
        &["matching_run", "matching_proposal", "matching_choice"],
    ),
    (
        "src/matching/snapshots.rs",
        &["matching_snapshot", "matching_part"],
    ),
    ("src/matching/clock.rs", &["pool_clock", "pool_change"]),
    ("src/decisions/store.rs", &["decision", "decision_version"]),
];
