//! The lists of codes in the migrations are the codes of the enums, on both databases.

use std::collections::BTreeMap;

use rettbolig::access::{Clearance, Closeness};
use rettbolig::appeals::{AppealForm, AppealOutcome, AppealState, LateGround};
use rettbolig::applications::{ApplicationState, ApplicationType, Document, MergeReason, Urgency};
use rettbolig::auth::{Role, RoleRequestState};
use rettbolig::deadlines::{DelayReason, ReplyKind};
use rettbolig::decisions::{AppealBody, DecisionState, LegalBasis, Outcome};
use rettbolig::demolitions::PlanState;
use rettbolig::eligibility::ExceptionConclusion;
use rettbolig::events::Audience;
use rettbolig::evictions::NoticeState;
use rettbolig::exceptions::{EmergencyGround, Finding};
use rettbolig::forwarding::BodyKind;
use rettbolig::housing::{
    AgreementKind, Category, ChangeKind, ClearedHow, ConditionClass, DwellingState, EnergyClass,
    FindingArea, InspectionKind, LettingObstacle, Move, OverrideReason, OwnerKind, Severity,
    Tenure,
};
use rettbolig::letters::{
    Channel, FiledDocument, Language, LetterKind, LetterState, ProofOfReceipt,
};
use rettbolig::matching::{DepartureReason, Objective, ProposalState};
use rettbolig::meetings::{
    Advice, ConflictGround, Discipline, ImpartialityGround, MeetingState, Vote,
};
use rettbolig::nav::{self, ReferralState};
use rettbolig::offers::{OfferState, WithdrawnReason};
use rettbolig::outbox::{State, Topic};
use rettbolig::parties::{PartyRole, Proof, RepresentationKind};
use rettbolig::people::{AddressProtection, MemberRole};
use rettbolig::policies::PolicyKind;
use rettbolig::registers::{ArchiveReceipt, DispatchState};
use rettbolig::restrictions::{AllowedGround, RestrictionGround};
use rettbolig::retention::{Concern, ErasureState, Ground, HoldReason};
use rettbolig::rulesets::{DeclineReason, RuleSetState};
use rettbolig::shelters::{CheckOutcome, ProviderKind, ShelterOutcome};
use rettbolig::situations::{SituationKind, SituationReason, Source, Verification};
use rettbolig::tasks::TaskState;
use rettbolig::tenancies::{AllocationState, TenancyState};
use rettbolig::waiting::{PauseReason, PrecedenceGround};

use rettbolig::webhooks::WebhookState;

use super::super::sources;
use crate::support::{Backend, cases};

/// Which enum each list of codes in the migrations must follow.
macro_rules! lists {
    ($($name:ident: $codes:ty),+ $(,)?) => {
        fn lists() -> BTreeMap<String, Vec<&'static str>> {
            BTreeMap::from([$((
                stringify!($name).to_owned(),
                <$codes>::ALL.iter().map(|it| it.code()).collect(),
            )),+])
        }
    };
}

lists! {
    letter_shipment_state_code: DispatchState,
    archive_filing_state_code: ArchiveReceipt,
    archive_filing_document_code: FiledDocument,
    user_role_role_code: Role,
    role_request_role_code: Role,
    role_request_clearance_code: Clearance,
    role_request_state_code: RoleRequestState,
    emergency_access_ground_code: EmergencyGround,
    emergency_access_finding_code: Finding,
    employee_clearance_code: Clearance,
    declared_relation_kind_code: Closeness,
    person_protection_code: AddressProtection,
    household_member_role_code: MemberRole,
    situation_kind_code: SituationKind,
    situation_reason_code: SituationReason,
    situation_source_code: Source,
    situation_verification_code: Verification,
    plan_measure_category_code: Category,
    dwelling_category_code: Category,
    dwelling_tenure_code: Tenure,
    dwelling_state_code: DwellingState,
    dwelling_change_kind_code: ChangeKind,
    dwelling_change_step_code: Move,
    dwelling_change_state_code: DwellingState,
    property_owner_kind_code: OwnerKind,
    inspection_kind_code: InspectionKind,
    inspection_condition_class_code: ConditionClass,
    inspection_energy_class_code: EnergyClass,
    inspection_finding_area_code: FindingArea,
    inspection_finding_severity_code: Severity,
    inspection_finding_cleared_how_code: ClearedHow,
    letting_override_obstacle_code: LettingObstacle,
    letting_override_reason_code: OverrideReason,
    agreement_kind_code: AgreementKind,
    policy_kind_code: PolicyKind,
    demolition_plan_state_code: PlanState,
    application_type_code: ApplicationType,
    application_state_code: ApplicationState,
    application_urgency_code: Urgency,
    interim_reply_kind_code: ReplyKind,
    interim_reply_reason_code: DelayReason,
    rule_set_state_code: RuleSetState,
    exception_assessment_conclusion_code: ExceptionConclusion,
    decision_outcome_code: Outcome,
    decision_legal_basis_code: LegalBasis,
    decision_state_code: DecisionState,
    task_state_code: TaskState,
    allocation_state_code: AllocationState,
    tenancy_state_code: TenancyState,
    shelter_provider_kind_code: ProviderKind,
    shelter_decision_outcome_code: ShelterOutcome,
    shelter_stay_check_outcome_code: CheckOutcome,
    eviction_notice_state_code: NoticeState,
    referral_state_code: ReferralState,
    referral_legal_basis_code: nav::ReferralBasis,
    referral_urgency_code: Urgency,
    referral_return_reason_code: nav::ReferralReturn,
    event_place_audience_code: Audience,
    webhook_audience_code: Audience,
    webhook_state_code: WebhookState,
    outbox_message_topic_code: Topic,
    outbox_lane_topic_code: Topic,
    outbox_message_state_code: State,
    matching_run_objective_code: Objective,
    matching_proposal_state_code: ProposalState,
    matching_proposal_reason_code: DepartureReason,
    representation_kind_code: RepresentationKind,
    representation_proof_code: Proof,
    letter_kind_code: LetterKind,
    letter_language_code: Language,
    letter_recipient_role_code: PartyRole,
    letter_state_code: LetterState,
    letter_channel_code: Channel,
    letter_proof_code: ProofOfReceipt,
    meeting_state_code: MeetingState,
    meeting_member_discipline_code: Discipline,
    agenda_item_advice_code: Advice,
    agenda_vote_vote_code: Vote,
    conflict_of_interest_ground_code: ConflictGround,
    impartiality_answer_ground_code: ImpartialityGround,
    requested_document_document_code: Document,
    application_merge_reason_code: MergeReason,
    receiving_body_kind_code: BodyKind,
    application_draft_type_code: ApplicationType,
    waiting_pause_reason_code: PauseReason,
    precedence_ground_code: PrecedenceGround,
    offer_withdrawn_reason_code: WithdrawnReason,
    appeal_state_code: AppealState,
    appeal_body_code: AppealBody,
    appeal_form_code: AppealForm,
    appeal_late_ground_code: LateGround,
    appeal_outcome_code: AppealOutcome,
    offer_state_code: OfferState,
    offer_decline_reason_code: DeclineReason,
    retention_rule_concern_code: Concern,
    processing_restriction_ground_code: RestrictionGround,
    processing_restriction_allowed_ground_code: AllowedGround,
    legal_hold_reason_code: HoldReason,
    erasure_ground_code: Ground,
    erasure_state_code: ErasureState,
}

fn the_lists_of_codes_are_the_codes_of_the_enums() {
    let mut expected = lists();
    // The states in which a household can have no second case.
    let open = ApplicationState::ALL.iter().filter(|state| state.is_open());
    expected.insert(
        "application_one_open".to_owned(),
        open.map(|state| state.code()).collect(),
    );
    // The states in which a case is in the pool.
    for operation in ["insert", "update", "delete"] {
        let candidates = ApplicationState::ALL.iter().filter(|it| it.is_candidate());
        expected.insert(
            format!("application_raise_pool_{operation}"),
            candidates.map(|state| state.code()).collect(),
        );
    }
    // The states in which a tenancy can have no second notice.
    expected.insert(
        "eviction_notice_one_open".to_owned(),
        vec![NoticeState::Notified.code(), NoticeState::OptedOut.code()],
    );
    // The states of which more is to be told.
    let shipped = DispatchState::ALL.iter().filter(|it| !it.is_last());
    expected.insert(
        "letter_shipment_under_way".to_owned(),
        shipped.map(|state| state.code()).collect(),
    );
    let filed = ArchiveReceipt::ALL.iter().filter(|it| !it.is_last());
    expected.insert(
        "archive_filing_under_way".to_owned(),
        filed.map(|state| state.code()).collect(),
    );
    for backend in Backend::ALL {
        let found = in_migrations(*backend);
        for (name, codes) in &found {
            let Some(expected) = expected.get(name) else {
                panic!(
                    "which enum has the codes of {name}? Say it in tests/it/guards/schema/codes.rs"
                );
            };
            assert_eq!(
                codes,
                expected,
                "{name} in migrations/{} does not list the codes of its enum: add a migration that does, on both databases",
                backend.code()
            );
        }
        for name in expected.keys() {
            assert!(
                found.contains_key(name),
                "migrations/{} have no list of codes {name}: a column of codes needs a CHECK of that name",
                backend.code()
            );
        }
    }
}

/// Every `IN ('A', 'B')` by the constraint, index or trigger that it belongs to. A later migration has the last word.
fn in_migrations(backend: Backend) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    let files = sources::below(&format!("migrations/{}", backend.code()));
    // What a migration takes back is not what is in force.
    for source in files.iter().filter(|it| it.path.ends_with("up.sql")) {
        for (at, opening) in source.text.match_indices(" IN ('") {
            let (before, list) = (&source.text[..at], &source.text[at + opening.len()..]);
            let owner = ["CONSTRAINT ", "INDEX ", "TRIGGER "]
                .iter()
                .filter_map(|it| Some((before.rfind(it)?, it)));
            let (place, keyword) = owner
                .max()
                .expect("a list of codes belongs to a constraint, an index or a trigger");
            let mut names = before[place + keyword.len()..].split_whitespace();
            let name = names.next().unwrap();
            let (list, _) = list.split_once("')").expect("the list of codes ends");
            found.insert(
                name.to_owned(),
                list.split("', '").map(str::to_owned).collect(),
            );
        }
    }
    found
}

cases::plain![the_lists_of_codes_are_the_codes_of_the_enums];
