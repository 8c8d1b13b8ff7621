//! What an agreement allows, and what must hold of one, as pure rules.

use super::model::{AgreementKind, SayAgreement};
use crate::clock::Day;
use crate::organisation_number::OrganisationNumber;
use crate::problem::FieldFault;

/// Husbanken's terms for referral agreements: this share of the units at a time …
const QUOTA_PERCENT: i32 = 40;
/// … of so few units all …
const ALL_BELOW_UNITS: i32 = 5;
/// … for so long, and a nomination agreement for so long …
const REFERRAL_MONTHS: i32 = 20 * 12;
const NOMINATION_MONTHS: i32 = 30 * 12;
/// … with leases no shorter than this.
const LEASE_MONTHS_MIN: i16 = 36;
const WARN_DAYS: i16 = 365;

/// The terms of an agreement, with what was left out filled in by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filled {
    pub(super) ends_on: Day,
    pub(super) usable: i32,
    pub(super) lease_months_min: i16,
    pub(super) warn_days: i16,
}

/// The terms as they are kept, or every fault of them.
pub(super) fn settle(said: &SayAgreement) -> Result<Filled, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let ends_on = said.ends_on.or(match said.kind {
        AgreementKind::Referral => Some(said.starts_on.plus_months(REFERRAL_MONTHS)),
        AgreementKind::Nomination => Some(said.starts_on.plus_months(NOMINATION_MONTHS)),
        AgreementKind::LeaseIn => None,
    });
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
    match ends_on {
        Some(ends_on) if faults.is_empty() => Ok(Filled {
            ends_on,
            usable: usable(said.kind, said.units, said.quota_percent),
            lease_months_min: said.lease_months_min.unwrap_or(LEASE_MONTHS_MIN),
            warn_days: said.warn_days.unwrap_or(WARN_DAYS),
        }),
        _ => Err(faults),
    }
}

/// How many units may be in use at a time.
fn usable(kind: AgreementKind, units: i32, percent: Option<i32>) -> i32 {
    match kind {
        AgreementKind::Referral if units >= ALL_BELOW_UNITS => {
            units * percent.unwrap_or(QUOTA_PERCENT) / 100
        }
        AgreementKind::Referral | AgreementKind::Nomination | AgreementKind::LeaseIn => units,
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
            settle(&said(AgreementKind::Referral, units))
                .unwrap()
                .usable
        };
        assert_eq!([1, 4, 5, 9, 10, 20].map(usable), [1, 4, 2, 3, 4, 8]);
        let nominated = settle(&said(AgreementKind::Nomination, 20)).unwrap();
        assert_eq!(nominated.usable, 20);
    }

    #[test]
    fn an_agreement_runs_as_long_as_its_kind_does_and_a_lease_says_its_end() {
        let end = |kind| settle(&said(kind, 5)).map(|it| it.ends_on);
        assert_eq!(end(AgreementKind::Referral), Ok(day("2046-03-01")));
        assert_eq!(end(AgreementKind::Nomination), Ok(day("2056-03-01")));
        let faults = end(AgreementKind::LeaseIn).unwrap_err();
        assert_eq!(
            (faults[0].pointer.as_str(), faults[0].code),
            ("/endsOn", "missing")
        );
    }

    #[test]
    fn an_agreement_warns_from_its_day_on() {
        let end = day("2027-03-01");
        assert!(!warns(end, 365, day("2026-02-28")));
        assert!(warns(end, 365, day("2026-03-01")));
    }
}
