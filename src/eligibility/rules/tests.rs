//! The same applicants before the criteria of several municipalities.

use rstest::rstest;

use super::*;
use crate::eligibility::Circumstances;
use crate::rulesets::RuleSet;

fn day(text: &str) -> Day {
    Day(text.parse().unwrap())
}

const TODAY: &str = "2026-03-02";

/// Somebody of 35 who sleeps out, has lived here for five years, and owes nothing.
fn resident() -> Applicant {
    Applicant {
        born_on: day("1990-05-17"),
        has_children: false,
        persons: 1,
        kind: ApplicationType::New,
        is_municipal_tenant: false,
        reasons: vec![SituationReason::SleepingOut],
        circumstances: Circumstances {
            stay: Some(LawfulStay::Lawful),
            resident_since: Some(day("2021-01-01")),
            gross_income_ore: Some(25_000_000),
            arrears_ore: Some(0),
            can_find_home_alone: Some(false),
            ..Circumstances::default()
        },
    }
}

fn newcomer() -> Applicant {
    let mut applicant = resident();
    applicant.circumstances.resident_since = Some(day("2025-02-01"));
    applicant
}

fn refugee() -> Applicant {
    let mut applicant = resident();
    applicant.kind = ApplicationType::RefugeeSettlement;
    applicant.reasons = vec![SituationReason::RefugeeSettlement];
    applicant.circumstances.resident_since = None;
    applicant
}

fn debtor_in_plan() -> Applicant {
    let mut applicant = resident();
    applicant.circumstances.arrears_ore = Some(4_000_000);
    applicant.circumstances.keeps_repayment_plan = true;
    applicant
}

/// 3.6 G a year: 468,576 kroner.
fn earner() -> Applicant {
    let mut applicant = resident();
    applicant.circumstances.gross_income_ore = Some(46_857_600);
    applicant
}

fn young_parent() -> Applicant {
    let mut applicant = resident();
    applicant.born_on = day("2008-03-03");
    applicant.has_children = true;
    applicant.persons = 2;
    applicant
}

/// Whose lease ends seven months from now.
fn leaseholder() -> Applicant {
    let mut applicant = resident();
    applicant.reasons = vec![SituationReason::LeaseEnding];
    applicant.circumstances.lease_ends_on = Some(day("2026-10-01"));
    applicant
}

fn evicted() -> Applicant {
    let mut applicant = resident();
    applicant.circumstances.evicted_on = Some(day("2025-09-01"));
    applicant
}

fn rules(json: &str) -> RuleSet {
    serde_json::from_str(json).unwrap()
}

/// The criteria that are not fulfilled in this municipality.
fn failed(municipality: &str, applicant: &Applicant) -> Vec<String> {
    let json = RuleSet::examples()
        .iter()
        .find(|(name, _)| *name == municipality)
        .unwrap()
        .1;
    let findings = assess(&rules(json).eligibility, applicant, day(TODAY));
    let found = findings
        .into_iter()
        .filter(|it| it.result == EligibilityResult::NotFulfilled);
    found.map(|it| it.code).collect()
}

#[rstest]
#[case::resident(resident(), &[])]
// Two years in Kristiansund, two in Kongsvinger, one elsewhere, and in Bodø, Tynset and Trondheim none at all.
#[case::newcomer(newcomer(), &["kristiansund RESIDENCE", "kongsvinger RESIDENCE"])]
#[case::refugee(refugee(), &[])]
// Bergen takes a plan for paying back; Bodø wants it settled first.
#[case::debtor(debtor_in_plan(), &["bodo ARREARS"])]
// One person may earn 3.5 G in Bergen.
#[case::earner(earner(), &["bergen INCOME"])]
// Under age with a child of one's own: Stad makes an exception, the others do not.
#[case::young_parent(young_parent(), &["kristiansund AGE", "bergen AGE", "kongsvinger AGE", "bodo AGE", "harstad AGE"])]
// Within six months in most; "about to lose" in Tynset is a year.
#[case::leaseholder(leaseholder(), &["kristiansund HOUSING", "bergen HOUSING", "bodo HOUSING"])]
#[case::evicted(evicted(), &["bergen QUARANTINE"])]
fn the_same_applicant_is_seen_differently_in_different_municipalities(
    #[case] applicant: Applicant,
    #[case] expected: &[&str],
) {
    let found: Vec<String> = RuleSet::examples()
        .iter()
        .flat_map(|(name, _)| {
            let failed = failed(name, &applicant);
            failed.into_iter().map(move |code| format!("{name} {code}"))
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_shipped_rule_set_is_free_of_faults() {
    for (name, json) in RuleSet::examples() {
        assert_eq!(rules(json).faults(), [], "{name}");
    }
    assert!(RuleSet::examples().len() >= 8);
}

#[rstest]
// Two years are full on the day of the same number.
#[case("2024-03-02", EligibilityResult::Fulfilled)]
#[case("2024-03-03", EligibilityResult::NotFulfilled)]
fn residence_is_counted_to_the_day(#[case] since: &str, #[case] expected: EligibilityResult) {
    assert_eq!(residence(24, Some(day(since)), day(TODAY)).0, expected);
}

#[test]
fn who_moved_in_on_29_february_has_lived_here_for_a_year_on_28_february() {
    let since = Some(day("2024-02-29"));
    assert_eq!(
        residence(12, since, day("2025-02-27")).0,
        EligibilityResult::NotFulfilled
    );
    assert_eq!(
        residence(12, since, day("2025-02-28")).0,
        EligibilityResult::Fulfilled
    );
}

#[test]
fn an_applicant_who_turns_18_is_of_age_on_the_birthday() {
    let mut applicant = young_parent();
    applicant.has_children = false;
    let age = |today| apply(&Requirement::AgeAtLeast(18), &applicant, day(today)).0;
    assert_eq!(age("2026-03-02"), EligibilityResult::NotFulfilled);
    assert_eq!(age("2026-03-03"), EligibilityResult::Fulfilled);
}

#[test]
fn the_income_ceiling_follows_the_size_of_the_household_when_it_splits() {
    let ceilings =
        [(1, 3500), (2, 4000), (4, 5000)].map(|(persons, permille_of_g)| IncomeCeiling {
            persons,
            permille_of_g,
        });
    let mut applicant = earner();
    let result = |applicant: &Applicant| income(&ceilings, applicant, day(TODAY)).0;
    applicant.persons = 2;
    assert_eq!(result(&applicant), EligibilityResult::Fulfilled);
    applicant.persons = 1;
    assert_eq!(result(&applicant), EligibilityResult::NotFulfilled);
    // Three persons go by the line for four, nine by the last.
    applicant.circumstances.gross_income_ore = Some(60_000_000);
    for persons in [3, 9] {
        applicant.persons = persons;
        assert_eq!(result(&applicant), EligibilityResult::Fulfilled);
    }
}

#[test]
fn what_is_not_known_is_neither_fulfilled_nor_failed() {
    let mut applicant = resident();
    applicant.circumstances = Circumstances::default();
    let json = RuleSet::examples()
        .iter()
        .find(|it| it.0 == "bergen")
        .unwrap()
        .1;
    let findings = assess(&rules(json).eligibility, &applicant, day(TODAY));
    let unknown: Vec<&str> = findings
        .iter()
        .filter(|it| it.result == EligibilityResult::Unknown)
        .map(|it| it.code.as_str())
        .collect();
    assert_eq!(unknown, ["RESIDENCE", "STAY", "INCOME", "ARREARS"]);
    // Nobody is granted a home on what is not known, and nobody is refused by it alone.
    assert_eq!(hindrances(&findings, &Exceptions::new()).len(), 4);
    assert!(unassessed(&findings, &Exceptions::new()).is_empty());
}

#[test]
fn a_rule_that_holds_normally_is_set_aside_only_where_that_was_assessed() {
    let json = RuleSet::examples()
        .iter()
        .find(|it| it.0 == "stad")
        .unwrap()
        .1;
    let mut applicant = newcomer();
    applicant.circumstances.resident_since = Some(day("2026-01-01"));
    let findings = assess(&rules(json).eligibility, &applicant, day(TODAY));
    let none = Exceptions::new();
    assert_eq!(hindrances(&findings, &none), ["RESIDENCE"]);
    assert_eq!(unassessed(&findings, &none), ["RESIDENCE"]);
    let stands = Exceptions::from([("RESIDENCE".to_owned(), ExceptionConclusion::Stands)]);
    assert_eq!(hindrances(&findings, &stands), ["RESIDENCE"]);
    assert!(unassessed(&findings, &stands).is_empty());
    let aside = Exceptions::from([("RESIDENCE".to_owned(), ExceptionConclusion::SetAside)]);
    assert!(hindrances(&findings, &aside).is_empty());
    assert_eq!(set_aside(&findings, &aside), ["RESIDENCE"]);
}
