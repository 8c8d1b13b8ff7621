//! What is wrong with the criteria, the deadlines and the words of a rule set.

use std::collections::BTreeSet;

use super::collector::Faults;
use super::criteria::{Criterion, Requirement};
use super::faults::{FaultCode, is_code};
use super::model::RuleSet;
use super::prohibited::find_prohibited;

/// Nobody has to be older than of age: age never counts against somebody otherwise.
const AGE_MAX: u8 = 18;
/// Ten years: more would shut out for good.
const MONTHS_MAX: u16 = 120;

impl RuleSet {
    pub(super) fn criteria_faults(&self, found: &mut Faults) {
        let mut codes = BTreeSet::new();
        for (i, criterion) in self.eligibility.iter().enumerate() {
            let at = format!("/eligibility/{i}");
            found.text(&format!("{at}/name"), &criterion.name);
            let code = format!("{at}/code");
            found.check(&code, is_code(&criterion.code), FaultCode::MalformedCode);
            found.check(&code, codes.insert(&criterion.code), FaultCode::Duplicate);
            found.distinct(&format!("{at}/except"), &criterion.except);
            requirement_faults(&format!("{at}/requires"), criterion, found);
        }
        let deadlines = &self.deadlines;
        let at = "/deadlines";
        found.check(
            &format!("{at}/decisionOrReply"),
            !deadlines.decision_or_reply.is_nothing(),
            FaultCode::OutOfRange,
        );
        found.range(
            &format!("{at}/delayNoticeWorkingDays"),
            deadlines.delay_notice_working_days,
            0..=20,
        );
        found.range(
            &format!("{at}/renewalReviewMonths"),
            deadlines.renewal_review_months,
            1..=24,
        );
        found.range(
            &format!("{at}/draftKeptDays"),
            deadlines.draft_kept_days,
            1..=365,
        );
        if let Some(weeks) = deadlines.appeal_weeks {
            // Never shorter than forvaltningsloven § 29.
            found.range(&format!("{at}/appealWeeks"), weeks, 3..=26);
        }
        if let Some(term) = deadlines.grant_valid_for {
            let at = format!("{at}/grantValidFor");
            found.check(&at, !term.is_nothing(), FaultCode::OutOfRange);
        }
        self.prohibited_faults(found);
    }

    /// What must never count is not let in behind a code or a name either.
    fn prohibited_faults(&self, found: &mut Faults) {
        let groups = self.priority.groups.iter().enumerate();
        let groups = groups.map(|(i, it)| (format!("/priority/groups/{i}"), &it.code, &it.name));
        let criteria = self.eligibility.iter().enumerate();
        let criteria = criteria.map(|(i, it)| (format!("/eligibility/{i}"), &it.code, &it.name));
        for (at, code, name) in groups.chain(criteria) {
            for (field, text) in [("code", code), ("name/nb", &name.nb), ("name/en", &name.en)] {
                let is_free = find_prohibited(text).is_none();
                found.check(
                    &format!("{at}/{field}"),
                    is_free,
                    FaultCode::ProhibitedAttribute,
                );
            }
        }
    }
}

fn requirement_faults(at: &str, criterion: &Criterion, found: &mut Faults) {
    match &criterion.requires {
        Requirement::AgeAtLeast(years) => {
            found.range(&format!("{at}/ageAtLeast"), *years, 1..=AGE_MAX);
        }
        Requirement::ResidentForMonths(months) => {
            found.range(&format!("{at}/residentForMonths"), *months, 0..=MONTHS_MAX);
        }
        Requirement::NoSuitableHomeWithinMonths(months) => {
            found.range(&format!("{at}/noSuitableHomeWithinMonths"), *months, 1..=36);
        }
        Requirement::NotEvictedWithinMonths(months) => {
            found.range(&format!("{at}/notEvictedWithinMonths"), *months, 1..=36);
        }
        Requirement::IncomeAtMost(ceilings) => {
            let at = format!("{at}/incomeAtMost");
            found.check(&at, !ceilings.is_empty(), FaultCode::Empty);
            let (mut persons, mut permille) = (0, 0);
            for (i, ceiling) in ceilings.iter().enumerate() {
                let ascends = ceiling.persons > persons;
                found.check(
                    &format!("{at}/{i}/persons"),
                    ascends,
                    FaultCode::Contradiction,
                );
                // A larger household is never allowed less.
                let ascends = ceiling.permille_of_g >= permille.max(1);
                found.check(
                    &format!("{at}/{i}/permilleOfG"),
                    ascends,
                    FaultCode::Contradiction,
                );
                (persons, permille) = (ceiling.persons, ceiling.permille_of_g);
            }
        }
        Requirement::LawfulStay
        | Requirement::CannotFindHomeAlone
        | Requirement::ArrearsSettledOrInPlan
        | Requirement::ArrearsSettled => {}
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn criterion(requires: Value) -> Value {
        json!({"code": "ONE", "name": {"nb": "Én", "en": "One"}, "strictness": "MUST", "requires": requires})
    }

    fn faults(change: impl Fn(&mut Value)) -> Vec<(String, FaultCode)> {
        let mut rules: Value = serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap();
        rules["eligibility"] = json!([criterion(json!("lawfulStay"))]);
        change(&mut rules);
        let rules: RuleSet = serde_json::from_value(rules).unwrap();
        let found = rules.faults().into_iter();
        found.map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[rstest]
    #[case(json!({"ageAtLeast": 19}), "/eligibility/0/requires/ageAtLeast", FaultCode::OutOfRange)]
    #[case(json!({"residentForMonths": 121}), "/eligibility/0/requires/residentForMonths", FaultCode::OutOfRange)]
    #[case(json!({"incomeAtMost": []}), "/eligibility/0/requires/incomeAtMost", FaultCode::Empty)]
    #[case(
        json!({"incomeAtMost": [{"persons": 1, "permilleOfG": 4000}, {"persons": 2, "permilleOfG": 3000}]}),
        "/eligibility/0/requires/incomeAtMost/1/permilleOfG", FaultCode::Contradiction
    )]
    fn every_fault_of_a_criterion_is_found(
        #[case] requires: Value,
        #[case] at: &str,
        #[case] code: FaultCode,
    ) {
        let found = faults(|rules| rules["eligibility"] = json!([criterion(requires.clone())]));
        assert_eq!(found, [(at.to_owned(), code)]);
    }

    #[test]
    fn an_appeal_is_never_given_less_time_than_the_law_gives() {
        let found = faults(|rules| rules["deadlines"] = json!({"appealWeeks": 2}));
        assert_eq!(
            found,
            [("/deadlines/appealWeeks".to_owned(), FaultCode::OutOfRange)]
        );
        assert!(faults(|rules| rules["deadlines"] = json!({"appealWeeks": 4})).is_empty());
    }

    #[test]
    fn what_must_never_count_hides_behind_no_code_and_no_name() {
        let found = faults(|rules| {
            rules["eligibility"][0]["code"] = json!("CITIZENS_FIRST");
            rules["priority"]["groups"][1]["name"]["nb"] = json!("Uten psykiatrisk diagnose");
        });
        let expected = ["/priority/groups/1/name/nb", "/eligibility/0/code"];
        let expected = expected.map(|at| (at.to_owned(), FaultCode::ProhibitedAttribute));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_the_vocabulary_lacks_does_not_parse() {
        for requires in [
            json!("norwegianCitizen"),
            json!({"ageAtMost": 60}),
            json!({"noDiagnosis": true}),
        ] {
            let parsed = serde_json::from_value::<Criterion>(criterion(requires));
            assert!(parsed.is_err());
        }
    }
}
