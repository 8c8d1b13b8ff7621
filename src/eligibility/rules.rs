//! The criteria, applied. Pure: facts and rules in, findings out.

use std::collections::BTreeMap;

use super::model::{
    Applicant, CriterionFinding, EligibilityResult, ExceptionConclusion, LawfulStay,
};
use crate::applications::ApplicationType;
use crate::calendar::Term;
use crate::clock::Day;
use crate::refusals;
use crate::rulesets::{Criterion, Exemption, IncomeCeiling, Requirement, Strictness, basic_amount};
use crate::situations::{SituationKind, SituationReason};
use crate::text::Text;

refusals! {
    /// Why a home cannot be granted or refused yet.
    pub enum Refusal {
        NotEligible = 409 "not_eligible", "Husstanden oppfyller ikke vilkårene, eller det er ikke kjent om den gjør det.", "The household does not fulfil the criteria, or it is not known whether it does.";
        ExceptionNotAssessed = 409 "exception_not_assessed", "Unntak fra en hovedregel må være vurdert før avslag.", "An exception from a rule that holds normally must be assessed before a refusal.";
        NoSuchCriterion = 409 "no_such_criterion", "Reglene har ikke dette vilkåret, eller det åpner ikke for unntak.", "The rules have no such criterion, or it knows no exception.", at "/criterion";
    }
}

/// Every criterion applied to a household on a day.
#[must_use]
pub fn assess(criteria: &[Criterion], applicant: &Applicant, today: Day) -> Vec<CriterionFinding> {
    criteria
        .iter()
        .map(|criterion| {
            let (result, because) = match exemption_of(criterion, applicant) {
                Some(why) => (EligibilityResult::Exempt, why),
                None => apply(&criterion.requires, applicant, today),
            };
            CriterionFinding {
                code: criterion.code.clone(),
                name: criterion.name.clone(),
                strictness: criterion.strictness,
                result,
                because,
            }
        })
        .collect()
}

fn exemption_of(criterion: &Criterion, applicant: &Applicant) -> Option<Text> {
    criterion.except.iter().find_map(|exemption| {
        let (holds, nb, en) = match exemption {
            Exemption::SettlementAgreement => (
                applicant.kind == ApplicationType::RefugeeSettlement
                    || applicant
                        .reasons
                        .contains(&SituationReason::RefugeeSettlement),
                "bosettes etter avtale med staten",
                "settled by agreement with the state",
            ),
            Exemption::CaresForChild => (
                applicant.has_children,
                "har omsorg for barn",
                "cares for a child",
            ),
            Exemption::NearTie => (
                applicant.circumstances.has_near_tie,
                "har annen nær tilknytning til kommunen",
                "has another near tie to the municipality",
            ),
            Exemption::MunicipalTenant => (
                applicant.is_municipal_tenant,
                "leier kommunal bolig fra før",
                "rents a municipal home already",
            ),
        };
        holds.then(|| Text::new(nb, en))
    })
}

type Outcome = (EligibilityResult, Text);

fn apply(requirement: &Requirement, applicant: &Applicant, today: Day) -> Outcome {
    let known = &applicant.circumstances;
    match requirement {
        Requirement::AgeAtLeast(years) => {
            let age = applicant.born_on.age_on(today);
            told(
                age >= i16::from(*years),
                Text::new(
                    format!("søkeren er {age} år, kravet er {years}"),
                    format!("the applicant is {age}, {years} are asked for"),
                ),
            )
        }
        Requirement::LawfulStay => match known.stay {
            None => unknown("oppholdet er ikke opplyst", "the stay is not known"),
            Some(stay) => told(
                stay == LawfulStay::Lawful,
                Text::new("oppholdsgrunnlaget er kontrollert", "the stay was checked"),
            ),
        },
        Requirement::ResidentForMonths(months) => residence(*months, known.resident_since, today),
        Requirement::NoSuitableHomeWithinMonths(months) => {
            no_suitable_home(*months, applicant, today)
        }
        Requirement::CannotFindHomeAlone => match known.can_find_home_alone {
            None => unknown("ikke vurdert", "not assessed"),
            Some(can) => told(
                !can,
                Text::new("vurdert av saksbehandler", "assessed by the caseworker"),
            ),
        },
        Requirement::IncomeAtMost(ceilings) => income(ceilings, applicant, today),
        Requirement::ArrearsSettledOrInPlan => {
            arrears(known.arrears_ore, known.keeps_repayment_plan)
        }
        Requirement::ArrearsSettled => arrears(known.arrears_ore, false),
        Requirement::NotEvictedWithinMonths(months) => match known.evicted_on {
            None => told(true, Text::new("ikke kastet ut", "not evicted")),
            Some(on) => {
                let until = Term::Months((*months).into()).after(on);
                told(
                    until <= today,
                    Text::new(
                        format!("karantene til {}", until.0),
                        format!("barred until {}", until.0),
                    ),
                )
            }
        },
    }
}

fn told(holds: bool, because: Text) -> Outcome {
    let result = if holds {
        EligibilityResult::Fulfilled
    } else {
        EligibilityResult::NotFulfilled
    };
    (result, because)
}

fn unknown(nb: &str, en: &str) -> Outcome {
    (EligibilityResult::Unknown, Text::new(nb, en))
}

fn residence(months: u16, since: Option<Day>, today: Day) -> Outcome {
    let Some(since) = since else {
        return unknown(
            "botiden er ikke opplyst",
            "the time of residence is not known",
        );
    };
    let fulfilled_on = Term::Months(months).after(since);
    told(
        fulfilled_on <= today,
        Text::new(
            format!("bosatt siden {}, kravet er {months} måneder", since.0),
            format!("resident since {}, {months} months are asked for", since.0),
        ),
    )
}

fn no_suitable_home(months: u8, applicant: &Applicant, today: Day) -> Outcome {
    let kinds = |kind| applicant.reasons.iter().any(|reason| reason.kind() == kind);
    if kinds(SituationKind::Homeless) || kinds(SituationKind::UnsuitableHousing) {
        return told(
            true,
            Text::new("uten egnet bolig", "without a suitable home"),
        );
    }
    let loses_it = |reason: &SituationReason| {
        matches!(
            reason,
            SituationReason::EvictionNotified | SituationReason::DisplacedByDemolition
        )
    };
    if applicant.reasons.iter().any(loses_it) {
        return told(true, Text::new("mister boligen", "loses the home"));
    }
    match applicant.circumstances.lease_ends_on {
        Some(ends_on) => told(
            ends_on < Term::Months(months.into()).after(today),
            Text::new(
                format!(
                    "leieforholdet ender {}, grensen er {months} måneder",
                    ends_on.0
                ),
                format!(
                    "the lease ends on {}, the limit is {months} months",
                    ends_on.0
                ),
            ),
        ),
        None if applicant.reasons.contains(&SituationReason::LeaseEnding) => unknown(
            "det er ikke opplyst når leieforholdet ender",
            "it is not known when the lease ends",
        ),
        None => told(false, Text::new("har egnet bolig", "has a suitable home")),
    }
}

fn income(ceilings: &[IncomeCeiling], applicant: &Applicant, today: Day) -> Outcome {
    let Some(income_ore) = applicant.circumstances.gross_income_ore else {
        return unknown("inntekten er ikke opplyst", "the income is not known");
    };
    let fits = |it: &&IncomeCeiling| usize::from(it.persons) >= applicant.persons;
    let ceiling = ceilings.iter().find(fits).or_else(|| ceilings.last());
    let (Some(ceiling), Some(basic_ore)) = (ceiling, basic_amount(today)) else {
        return unknown(
            "grunnbeløpet er ikke kjent",
            "the basic amount is not known",
        );
    };
    let limit_ore = basic_ore.saturating_mul(ceiling.permille_of_g.into()) / 1000;
    let tenths = ceiling.permille_of_g / 100;
    let in_g = format!("{}.{}", tenths / 10, tenths % 10);
    // The income itself is told to whoever may open the circumstances, and not here.
    told(
        income_ore <= limit_ore,
        Text::new(
            format!("grensen for husstanden er {in_g} G"),
            format!("the limit for the household is {in_g} G"),
        ),
    )
}

fn arrears(arrears_ore: Option<i64>, in_plan: bool) -> Outcome {
    match arrears_ore {
        None => unknown("restanser er ikke opplyst", "arrears are not known"),
        Some(0) => told(true, Text::new("ingen restanser", "no arrears")),
        Some(_) => told(
            in_plan,
            if in_plan {
                Text::new("nedbetales etter avtale", "paid back by agreement")
            } else {
                Text::new(
                    "restanser uten godtatt avtale",
                    "arrears without an accepted plan",
                )
            },
        ),
    }
}

/// The exceptions that were assessed in a case, by criterion.
pub(super) type Exceptions = BTreeMap<String, ExceptionConclusion>;

/// The criteria that stand in the way of granting a home: those not fulfilled or not known, unless set aside.
pub(super) fn hindrances(findings: &[CriterionFinding], exceptions: &Exceptions) -> Vec<String> {
    codes(findings, |finding| {
        match (finding.result, finding.strictness) {
            (EligibilityResult::Fulfilled | EligibilityResult::Exempt, _) => false,
            (_, Strictness::Must) => true,
            (_, Strictness::Normally) => {
                exceptions.get(&finding.code) != Some(&ExceptionConclusion::SetAside)
            }
        }
    })
}

/// The criteria that hold normally, are not fulfilled, and from which no exception was assessed.
pub(super) fn unassessed(findings: &[CriterionFinding], exceptions: &Exceptions) -> Vec<String> {
    codes(findings, |finding| {
        finding.strictness == Strictness::Normally
            && finding.result == EligibilityResult::NotFulfilled
            && !exceptions.contains_key(&finding.code)
    })
}

/// The criteria that are not fulfilled and were set aside.
pub(super) fn set_aside(findings: &[CriterionFinding], exceptions: &Exceptions) -> Vec<String> {
    codes(findings, |finding| {
        !matches!(
            finding.result,
            EligibilityResult::Fulfilled | EligibilityResult::Exempt
        ) && exceptions.get(&finding.code) == Some(&ExceptionConclusion::SetAside)
    })
}

fn codes(findings: &[CriterionFinding], is_it: impl Fn(&CriterionFinding) -> bool) -> Vec<String> {
    let found = findings.iter().filter(|finding| is_it(finding));
    found.map(|finding| finding.code.clone()).collect()
}

/// Whether an exception can be assessed from a criterion: only from one that holds normally.
pub(super) fn must_know_exception(criteria: &[Criterion], code: &str) -> Result<(), Refusal> {
    let knows = |it: &Criterion| it.code == code && it.strictness == Strictness::Normally;
    if criteria.iter().any(knows) {
        Ok(())
    } else {
        Err(Refusal::NoSuchCriterion)
    }
}

#[cfg(test)]
mod tests;
