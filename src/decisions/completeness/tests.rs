//! Proposals that say too little, or too much.

use super::super::model::{AssistanceForm, Condition, ConditionKind, ConditionPurpose};
use super::*;
use crate::access::Rooms;

fn content() -> Content {
    Content {
        compartments: Rooms::default(),
        reasons: Reasons {
            rules: vec!["§ 3".into()],
            facts: "facts".into(),
            considerations: "considerations".into(),
            childs_best_interest: None,
            deviation: None,
        },
        conditions: Vec::new(),
        alternatives: Vec::new(),
        assistance: Vec::new(),
    }
}

fn lease() -> LeaseRules {
    LeaseRules {
        standard_months: 36,
        extended_months: 72,
        extended_for: vec![ExtensionReason::NewlySettledRefugee],
        short_months: 12,
        short_for: Vec::new(),
    }
}

fn draft(content: &Content) -> Draft<'_> {
    Draft {
        basis: LegalBasis::MunicipalDwelling,
        outcome: Outcome::Granted,
        names_home: true,
        renews: false,
        content,
        valid_until: None,
        lease_months: None,
        lease_extension: None,
    }
}

fn grant(basis: LegalBasis, content: &Content) -> Draft<'_> {
    Draft {
        basis,
        names_home: false,
        ..draft(content)
    }
}

fn facts() -> Facts {
    Facts {
        has_children: false,
        rank: Some(1),
        today: Day("2026-03-02".parse().unwrap()),
    }
}

fn pointers(draft: &Draft<'_>, facts: Facts) -> Vec<String> {
    faults(draft, facts, &lease())
        .into_iter()
        .map(|fault| fault.pointer)
        .collect()
}

#[test]
fn children_and_a_deviation_ask_for_reasons_of_their_own() {
    let content = content();
    let facts = Facts {
        has_children: true,
        rank: Some(3),
        ..facts()
    };
    let expected = ["/reasons/childsBestInterest", "/reasons/deviation"];
    assert_eq!(pointers(&draft(&content), facts), expected);
}

#[test]
fn a_decision_without_reasons_is_none() {
    let mut content = content();
    content.reasons.rules = vec![" ".into()];
    content.reasons.facts = String::new();
    content.reasons.considerations = "\n".into();
    let expected = [
        "/reasons/rules",
        "/reasons/facts",
        "/reasons/considerations",
    ];
    assert_eq!(pointers(&draft(&content), facts()), expected);
}

#[test]
fn a_condition_needs_a_reason_and_something_that_is_given() {
    let mut content = content();
    content.conditions = vec![Condition {
        kind: ConditionKind::DirectPayment,
        purpose: ConditionPurpose::SecureRent,
        because: "  ".into(),
    }];
    assert_eq!(
        pointers(&draft(&content), facts()),
        ["/conditions/0/because"]
    );
    content.conditions[0].because = "Det er restanser fra før.".into();
    assert!(pointers(&draft(&content), facts()).is_empty());
    let refusal = Draft {
        outcome: Outcome::Refused,
        names_home: false,
        ..draft(&content)
    };
    assert_eq!(pointers(&refusal, facts()), ["/conditions"]);
}

#[test]
fn a_refusal_names_no_home_and_nor_does_a_decision_on_assistance() {
    let mut content = content();
    let refusal = Draft {
        outcome: Outcome::Refused,
        ..draft(&content)
    };
    assert_eq!(pointers(&refusal, facts()), ["/dwellingId"]);
    content.assistance = vec![AssistanceForm::Advice];
    let assistance = Draft {
        basis: LegalBasis::HousingAssistanceAct,
        ..draft(&content)
    };
    assert_eq!(pointers(&assistance, facts()), ["/dwellingId"]);
}

#[test]
fn a_grant_of_assistance_says_what_it_is_and_nothing_else_does() {
    let mut content = content();
    assert_eq!(
        pointers(&grant(LegalBasis::HousingAssistanceAct, &content), facts()),
        ["/assistance"]
    );
    content.assistance = vec![AssistanceForm::FindingHome];
    assert!(pointers(&grant(LegalBasis::HousingAssistanceAct, &content), facts()).is_empty());
    assert_eq!(pointers(&draft(&content), facts()), ["/assistance"]);
}

#[test]
fn care_around_the_clock_comes_after_the_lower_steps() {
    let mut content = content();
    assert_eq!(
        pointers(&grant(LegalBasis::CarePlace, &content), facts()),
        ["/alternatives"]
    );
    content.alternatives = LOWER_STEPS
        .map(|kind| Alternative {
            kind,
            result: AlternativeResult::TriedNotEnough,
            tried_from: None,
            why: "Prøvd i et halvt år.".into(),
        })
        .to_vec();
    assert!(pointers(&grant(LegalBasis::CarePlace, &content), facts()).is_empty());
    content.alternatives[2].result = AlternativeResult::Suitable;
    assert_eq!(
        pointers(&grant(LegalBasis::CarePlace, &content), facts()),
        ["/alternatives"]
    );
    content.alternatives[2].why = String::new();
    let both = ["/alternatives/2/why", "/alternatives"];
    assert_eq!(
        pointers(&grant(LegalBasis::CarePlace, &content), facts()),
        both
    );
}

#[test]
fn what_is_decided_today_holds_beyond_today() {
    let content = content();
    let until = |day: &str| Draft {
        valid_until: Some(Day(day.parse().unwrap())),
        ..draft(&content)
    };
    assert_eq!(pointers(&until("2026-03-02"), facts()), ["/validUntil"]);
    assert!(pointers(&until("2026-03-03"), facts()).is_empty());
}

#[test]
fn a_longer_lease_needs_a_reason_that_the_rules_name() {
    let content = content();
    let lasting = |months, reason| Draft {
        lease_months: Some(months),
        lease_extension: reason,
        ..draft(&content)
    };
    assert_eq!(pointers(&lasting(72, None), facts()), ["/leaseExtension"]);
    let needs = Some(ExtensionReason::SpecialNeeds);
    assert_eq!(pointers(&lasting(72, needs), facts()), ["/leaseExtension"]);
    let settled = Some(ExtensionReason::NewlySettledRefugee);
    assert!(pointers(&lasting(72, settled), facts()).is_empty());
    assert_eq!(pointers(&lasting(73, settled), facts()), ["/leaseMonths"]);
}
