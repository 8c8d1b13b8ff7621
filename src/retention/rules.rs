//! When a person may be erased and by whom, as pure rules.

use super::model::{Concern, ErasureState, Ground};
use crate::clock::Day;
use crate::ids::UserId;
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why something is not erased, held or ruled.
    pub enum Refusal {
        AlreadyErased = 409 "already_erased", "Personen er allerede slettet.", "The person has been erased already.";
        ErasurePending = 409 "erasure_pending", "Det er allerede bedt om å slette personen.", "It has been asked already that the person be erased.";
        OpenCase = 409 "open_case", "Personen hører til en husstand med en åpen sak.", "The person belongs to a household with an open case.";
        LivesInHome = 409 "active_tenancy", "Personen hører til en husstand som bor i en kommunal bolig.", "The person belongs to a household that lives in a municipal home.";
        OnHold = 409 "legal_hold", "Opplysningene skal ikke slettes ennå: det gjelder et slettestopp.", "Nothing may be erased yet: a legal hold is in force.";
        StillKept = 409 "retention_not_over", "Opplysningene skal bevares lenger.", "The data must be kept longer.";
        NoRule = 409 "no_retention_rule", "Kommunen har ikke bestemt hvor lenge opplysningene skal bevares.", "The municipality has not decided how long the data is kept.";
        NotOpen = 409 "erasure_not_open", "Slettingen er allerede avsluttet.", "The erasure has been dealt with already.";
        SameApprover = 403 "same_approver", "To ulike personer må godkjenne slettingen.", "Two different persons must approve the erasure.";
        HoldLifted = 409 "hold_lifted", "Slettestoppet er allerede opphevet.", "The legal hold has been lifted already.";
    }
}

/// What keeps a person's data, or kept it until lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// Whether a household of the person has an open case.
    pub(super) has_open_case: bool,
    /// Whether a household of the person lives in a municipal home.
    pub(super) lives_in_home: bool,
    /// Whether a legal hold is in force.
    pub(super) is_on_hold: bool,
    /// When the person was registered.
    pub(super) registered_on: Day,
    /// When the last case of the person's households ended.
    pub(super) case_ended_on: Option<Day>,
    /// When the last tenancy of the person's households ended.
    pub(super) tenancy_ended_on: Option<Day>,
}

/// For how many months things are kept, as far as anything says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Periods {
    pub(super) case: Option<i16>,
    pub(super) tenancy: Option<i16>,
    pub(super) registration: Option<i16>,
    pub(super) sign_in: Option<i16>,
}

impl Periods {
    pub(super) fn set(&mut self, concern: Concern, months: i16) {
        let period = match concern {
            Concern::Case => &mut self.case,
            Concern::Tenancy => &mut self.tenancy,
            Concern::Registration => &mut self.registration,
            Concern::SignIn => &mut self.sign_in,
        };
        *period = Some(months);
    }
}

/// The day before which sign-ins must have ended to be forgotten; none as long as nothing says for how long they are kept.
pub(super) fn sign_ins_forgotten_before(periods: &Periods, today: Day) -> Option<Day> {
    let months = periods.sign_in?;
    Some(today.plus_months(-i32::from(months)))
}

/// The first day on which nothing that has ended is kept any more.
pub(super) fn kept_until(facts: &Facts, periods: &Periods) -> Result<Day, Refusal> {
    let mut last: Option<Day> = None;
    for (ended_on, months) in [
        (Some(facts.registered_on), periods.registration),
        (facts.case_ended_on, periods.case),
        (facts.tenancy_ended_on, periods.tenancy),
    ] {
        if let Some(ended_on) = ended_on {
            let until = ended_on.plus_months(i32::from(months.ok_or(Refusal::NoRule)?));
            last = last.max(Some(until));
        }
    }
    Ok(last.unwrap_or(facts.registered_on))
}

/// Whether the person may be erased now.
pub(super) fn may_erase(
    ground: Ground,
    facts: &Facts,
    periods: &Periods,
    today: Day,
) -> Result<(), Problem> {
    must_be_at_rest(facts)?;
    // What should never have been there is not kept for the archive's sake.
    if ground != Ground::NoLongerNecessary {
        return Ok(());
    }
    let until = kept_until(facts, periods)?;
    if until <= today {
        return Ok(());
    }
    Err(Problem::from(Refusal::StillKept).fact("keptUntil", until.0.to_string()))
}

/// Nothing is going on that needs the person's data, whatever the ground.
pub(super) fn must_be_at_rest(facts: &Facts) -> Result<(), Refusal> {
    if facts.is_on_hold {
        Err(Refusal::OnHold)
    } else if facts.has_open_case {
        Err(Refusal::OpenCase)
    } else if facts.lives_in_home {
        Err(Refusal::LivesInHome)
    } else {
        Ok(())
    }
}

/// Whether this employee may approve an erasure that stands so.
pub(super) fn may_approve(
    state: ErasureState,
    first: Option<UserId>,
    by: UserId,
) -> Result<(), Refusal> {
    if !state.is_open() {
        return Err(Refusal::NotOpen);
    }
    if first == Some(by) {
        return Err(Refusal::SameApprover);
    }
    Ok(())
}

/// What is wrong with the days of a rule or hold.
pub(super) fn faults_of_period(from: Day, until: Option<Day>) -> Vec<FieldFault> {
    if until.is_some_and(|until| until <= from) {
        let (nb, en) = (
            "Må ligge etter den første dagen.",
            "Must lie after the first day.",
        );
        return vec![FieldFault::new("/validUntil", "not_after", nb, en)];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn at_rest() -> Facts {
        Facts {
            has_open_case: false,
            lives_in_home: false,
            is_on_hold: false,
            registered_on: day("2020-01-01"),
            case_ended_on: None,
            tenancy_ended_on: None,
        }
    }

    fn periods() -> Periods {
        Periods {
            case: Some(120),
            tenancy: Some(24),
            registration: Some(12),
            sign_in: None,
        }
    }

    #[rstest]
    #[case(None, None, "2021-01-01")]
    #[case(Some("2020-03-01"), None, "2030-03-01")]
    #[case(Some("2020-03-01"), Some("2029-06-30"), "2031-06-30")]
    fn the_longest_period_counts(
        #[case] case: Option<&str>,
        #[case] tenancy: Option<&str>,
        #[case] until: &str,
    ) {
        let facts = Facts {
            case_ended_on: case.map(day),
            tenancy_ended_on: tenancy.map(day),
            ..at_rest()
        };
        assert_eq!(kept_until(&facts, &periods()), Ok(day(until)));
        let erase = |today| may_erase(Ground::NoLongerNecessary, &facts, &periods(), today);
        assert!(erase(day(until)).is_ok());
        assert_eq!(
            erase(day("2020-12-31")).unwrap_err().kind.code,
            "retention_not_over"
        );
    }

    #[test]
    fn without_a_rule_nothing_is_over_but_what_was_unlawful_goes() {
        let (facts, none) = (at_rest(), Periods::default());
        assert_eq!(kept_until(&facts, &none), Err(Refusal::NoRule));
        let later = day("2099-01-01");
        assert!(may_erase(Ground::NoLongerNecessary, &facts, &none, later).is_err());
        for ground in [Ground::UnlawfullyProcessed, Ground::LegalObligation] {
            assert!(may_erase(ground, &facts, &none, day("2020-01-02")).is_ok());
        }
    }

    #[test]
    fn whatever_goes_on_stands_in_the_way_of_every_ground() {
        let going_on = [
            Facts {
                has_open_case: true,
                ..at_rest()
            },
            Facts {
                lives_in_home: true,
                ..at_rest()
            },
            Facts {
                is_on_hold: true,
                ..at_rest()
            },
        ];
        for facts in going_on {
            for ground in Ground::ALL {
                assert!(may_erase(*ground, &facts, &periods(), day("2099-01-01")).is_err());
            }
        }
    }

    #[test]
    fn it_takes_two() {
        let (one, other) = (UserId::new(), UserId::new());
        let open = ErasureState::ApprovedOnce;
        assert_eq!(may_approve(ErasureState::Requested, None, one), Ok(()));
        assert_eq!(
            may_approve(open, Some(one), one),
            Err(Refusal::SameApprover)
        );
        assert_eq!(may_approve(open, Some(one), other), Ok(()));
        for over in [ErasureState::CarriedOut, ErasureState::Withdrawn] {
            assert_eq!(may_approve(over, Some(one), other), Err(Refusal::NotOpen));
        }
    }
}
