//! What an agreement allows, and what must hold of one, as pure rules.

use super::model::{AgreementKind, SayAgreement};
use crate::clock::Day;
use crate::housing::stock_rules::AgreementRules;
use crate::organisation_number::OrganisationNumber;
use crate::problem::FieldFault;

/// A contract of lease binds the municipality itself, and says nothing of those to whom it lets on.
const ANY_LEASE: i16 = 1;

/// The terms of an agreement, with what was left out filled in by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filled {
    pub(super) ends_on: Day,
    pub(super) usable: i32,
    pub(super) lease_months_min: i16,
    pub(super) warn_days: i16,
}

/// The terms as they are kept, with what is left out filled in by the rules that hold when it starts; or every fault of them.
pub(super) fn settle(
    said: &SayAgreement,
    rules: &AgreementRules,
) -> Result<Filled, Vec<FieldFault>> {
    let runs = |months: u16| Some(said.starts_on.plus_months(months.into()));
    let ends_on = said.ends_on.or_else(|| match said.kind {
        AgreementKind::Referral => runs(rules.referral_months),
        AgreementKind::Nomination => runs(rules.nomination_months),
        AgreementKind::LeaseIn => None,
    });
    let mut faults = faults_of(said, ends_on);
    faults.extend(breaches(said, rules));
    match ends_on {
        Some(ends_on) if faults.is_empty() => Ok(Filled {
            ends_on,
            usable: usable(said, rules),
            lease_months_min: said
                .lease_months_min
                .unwrap_or(least_lease(said.kind, rules)),
            warn_days: said
                .warn_days
                .unwrap_or_else(|| i16::try_from(rules.warn_days).unwrap_or(i16::MAX)),
        }),
        _ => Err(faults),
    }
}

fn faults_of(said: &SayAgreement, ends_on: Option<Day>) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if ends_on.is_none() {
        faults.push(FieldFault::new(
            "/endsOn",
            "missing",
            "En innleieavtale må ha en sluttdato.",
            "A contract of lease must have an end.",
        ));
    }
    if ends_on.is_some_and(|end| end <= said.starts_on) {
        faults.push(FieldFault::new(
            "/endsOn",
            "before_the_start",
            "Avtalen må slutte etter at den begynner.",
            "The agreement must end after it begins.",
        ));
    }
    if let Some(number) = &said.counterparty_number
        && number.parse::<OrganisationNumber>().is_err()
    {
        faults.push(FieldFault::new(
            "/counterpartyNumber",
            "organisation_number",
            "Organisasjonsnummeret er ugyldig.",
            "The organisation number is not valid.",
        ));
    }
    if said.quota_percent.is_some() && said.kind != AgreementKind::Referral {
        faults.push(FieldFault::new(
            "/quotaPercent",
            "only_of_referral",
            "Bare en tilvisningsavtale har en kvote.",
            "Only a referral agreement has a quota.",
        ));
    }
    faults
}

/// What is said against the terms on which such agreements are made.
fn breaches(said: &SayAgreement, rules: &AgreementRules) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let most = rules.referral_quota_percent;
    if said
        .quota_percent
        .is_some_and(|percent| percent > most.into())
    {
        faults.push(FieldFault::new(
            "/quotaPercent",
            "out_of_range",
            format!("Høyst {most} prosent."),
            format!("{most} per cent at most."),
        ));
    }
    let least = least_lease(said.kind, rules);
    if said.lease_months_min.is_some_and(|months| months < least) {
        faults.push(FieldFault::new(
            "/leaseMonthsMin",
            "out_of_range",
            format!("Minst {least} måneder."),
            format!("{least} months at least."),
        ));
    }
    faults
}

/// How many units may be in use at a time.
fn usable(said: &SayAgreement, rules: &AgreementRules) -> i32 {
    let all_below = i32::from(rules.referral_all_below_units);
    if said.kind != AgreementKind::Referral || said.units < all_below {
        return said.units;
    }
    let percent = said
        .quota_percent
        .unwrap_or(rules.referral_quota_percent.into());
    said.units * percent / 100
}

/// The shortest lease, in months.
fn least_lease(kind: AgreementKind, rules: &AgreementRules) -> i16 {
    match kind {
        AgreementKind::Referral | AgreementKind::Nomination => rules.lease_months_min.into(),
        AgreementKind::LeaseIn => ANY_LEASE,
    }
}

/// Whether an agreement warns of its end today.
pub(super) fn warns(ends_on: Day, warn_days: i16, today: Day) -> bool {
    ends_on.plus_days(-i32::from(warn_days)) <= today
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    const HUSBANKEN: AgreementRules = AgreementRules {
        referral_quota_percent: 40,
        referral_all_below_units: 5,
        referral_months: 20 * 12,
        nomination_months: 30 * 12,
        lease_months_min: 36,
        warn_days: 365,
    };

    fn said(kind: AgreementKind, units: i32) -> SayAgreement {
        SayAgreement {
            kind,
            name: "Prøve".into(),
            counterparty: None,
            counterparty_number: None,
            starts_on: day("2026-03-01"),
            ends_on: None,
            units,
            quota_percent: None,
            lease_months_min: None,
            warn_days: None,
        }
    }

    #[test]
    fn forty_percent_of_the_units_are_usable_and_of_fewer_than_five_all() {
        let usable = |units| {
            settle(&said(AgreementKind::Referral, units), &HUSBANKEN)
                .unwrap()
                .usable
        };
        assert_eq!([1, 4, 5, 9, 10, 20].map(usable), [1, 4, 2, 3, 4, 8]);
        let nominated = settle(&said(AgreementKind::Nomination, 20), &HUSBANKEN).unwrap();
        assert_eq!(nominated.usable, 20);
    }

    #[test]
    fn an_agreement_runs_as_long_as_its_kind_does_and_a_lease_says_its_end() {
        let end = |kind| settle(&said(kind, 5), &HUSBANKEN).map(|it| it.ends_on);
        assert_eq!(end(AgreementKind::Referral), Ok(day("2046-03-01")));
        assert_eq!(end(AgreementKind::Nomination), Ok(day("2056-03-01")));
        let faults = end(AgreementKind::LeaseIn).unwrap_err();
        assert_eq!(
            (faults[0].pointer.as_str(), faults[0].code),
            ("/endsOn", "missing")
        );
    }

    #[test]
    fn an_agreement_may_ask_for_more_than_the_rules_and_never_for_less() {
        let lax = SayAgreement {
            quota_percent: Some(41),
            lease_months_min: Some(35),
            ..said(AgreementKind::Referral, 10)
        };
        let faults = settle(&lax, &HUSBANKEN).unwrap_err();
        let pointers: Vec<&str> = faults.iter().map(|it| it.pointer.as_str()).collect();
        assert_eq!(pointers, ["/quotaPercent", "/leaseMonthsMin"]);
        let strict = SayAgreement {
            quota_percent: Some(20),
            lease_months_min: Some(60),
            ..lax
        };
        let kept = settle(&strict, &HUSBANKEN).unwrap();
        assert_eq!((kept.usable, kept.lease_months_min), (2, 60));
        let leased = SayAgreement {
            ends_on: Some(day("2030-01-01")),
            ..said(AgreementKind::LeaseIn, 1)
        };
        assert_eq!(settle(&leased, &HUSBANKEN).unwrap().lease_months_min, 1);
    }

    #[test]
    fn an_agreement_warns_from_its_day_on() {
        let end = day("2027-03-01");
        assert!(!warns(end, 365, day("2026-02-28")));
        assert!(warns(end, 365, day("2026-03-01")));
    }
}
