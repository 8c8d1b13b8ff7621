//! What a decision must say before it can be proposed: every fault at once, as pure rules.

use super::model::{
    Alternative, AlternativeKind, AlternativeResult, Content, LegalBasis, Outcome, Reasons,
};
use crate::clock::Day;
use crate::problem::FieldFault;
use crate::rulesets::{ExtensionReason, LeaseRules};

/// A proposal, as far as these rules need it.
#[derive(Debug)]
pub(super) struct Draft<'d> {
    /// By which law.
    pub(super) basis: LegalBasis,
    /// What is proposed.
    pub(super) outcome: Outcome,
    /// Whether the lease of the home runs on in which the household lives.
    pub(super) renews: bool,
    /// Whether a home is named.
    pub(super) names_home: bool,
    /// What it says in words.
    pub(super) content: &'d Content,
    /// Until when it holds, where it says so.
    pub(super) valid_until: Option<Day>,
    /// How long the lease shall run; the standard when not given.
    pub(super) lease_months: Option<u16>,
    /// Why for longer than is standard.
    pub(super) lease_extension: Option<ExtensionReason>,
}

/// What the rules know of the case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Whether children live in the household.
    pub(super) has_children: bool,
    /// Where the household stands among those who may have the home; none where no home is named.
    pub(super) rank: Option<usize>,
    /// Today.
    pub(super) today: Day,
}

/// The lower steps that must have been tried before somebody is given a place with care around the clock (housing plan).
const LOWER_STEPS: [AlternativeKind; 5] = [
    AlternativeKind::LowThreshold,
    AlternativeKind::Rehabilitation,
    AlternativeKind::DayService,
    AlternativeKind::ShortStay,
    AlternativeKind::ServicesAtHome,
];

/// Norwegian, English.
type Told = (&'static str, &'static str);

const LAW: Told = (
    "Begrunnelsen mangler (forvaltningsloven § 25).",
    "The reasons are missing (forvaltningsloven § 25).",
);
const CHILD: Told = (
    "Barnets beste må vurderes (barnekonvensjonen art. 3).",
    "The best interest of the child must be assessed (Convention on the Rights of the Child art. 3).",
);
const QUEUE: Told = (
    "Noen står foran i køen: avviket må begrunnes.",
    "Somebody stands before in the queue: the deviation needs a reason.",
);
const PURPOSE: Told = (
    "Et vilkår må ha en grunn i saken.",
    "A condition needs a reason in the case.",
);
const WHY: Told = ("Vurderingen mangler.", "The assessment is missing.");
const HELP: Told = (
    "Hovedinnholdet i bistanden må stå i vedtaket (boligsosialloven § 7).",
    "The decision must state the main content of the help (boligsosialloven § 7).",
);
const STEPS: Told = (
    "Lavere trinn må være vurdert og ikke nok før heldøgns omsorg tildeles.",
    "Lower steps must be assessed and not enough before care around the clock is given.",
);
const NO_HOME: Told = (
    "Dette vedtaket gjelder ingen bestemt bolig.",
    "Such a decision names no home.",
);
const NOTHING_GIVEN: Told = (
    "Uten at noe innvilges, settes ingen vilkår.",
    "Where nothing is given there are no conditions.",
);
const NO_HELP: Told = (
    "Bare et vedtak om bistand har dette.",
    "Only a grant of assistance has this.",
);
const OVER: Told = ("Må ligge fram i tid.", "Must lie ahead.");

/// Every fault of a proposal, so that all are named at once.
#[must_use]
pub(super) fn faults(draft: &Draft<'_>, facts: Facts, lease: &LeaseRules) -> Vec<FieldFault> {
    let mut found = faults_of_reasons(&draft.content.reasons, facts);
    found.extend(contradictions(draft, facts));
    found.extend(faults_of_conditions(draft.content));
    found.extend(faults_of_alternatives(draft));
    let gives_help = draft.basis == LegalBasis::HousingAssistanceAct && draft.outcome.grants();
    if gives_help && draft.content.assistance.is_empty() {
        found.push(fault("/assistance", "missing", HELP));
    }
    if !gives_help && !draft.content.assistance.is_empty() {
        found.push(fault("/assistance", "contradiction", NO_HELP));
    }
    found.extend(fault_of_lease(draft, lease));
    found
}

fn fault(pointer: impl Into<String>, code: &'static str, (nb, en): Told) -> FieldFault {
    FieldFault::new(pointer, code, nb, en)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// What is missing of the reasons that forvaltningsloven § 25 demands.
fn faults_of_reasons(reasons: &Reasons, facts: Facts) -> Vec<FieldFault> {
    let unsaid = |text: &Option<String>| text.as_deref().is_none_or(is_blank);
    let passed_over = facts.rank.is_some_and(|rank| rank > 1);
    let missing = [
        (
            "rules",
            reasons.rules.iter().any(|rule| is_blank(rule)),
            LAW,
        ),
        ("facts", is_blank(&reasons.facts), LAW),
        ("considerations", is_blank(&reasons.considerations), LAW),
        (
            "childsBestInterest",
            facts.has_children && unsaid(&reasons.childs_best_interest),
            CHILD,
        ),
        (
            "deviation",
            passed_over && unsaid(&reasons.deviation),
            QUEUE,
        ),
    ];
    missing
        .into_iter()
        .filter(|(_, is_missing, _)| *is_missing)
        .map(|(field, _, told)| fault(format!("/reasons/{field}"), "missing", told))
        .collect()
}

fn contradictions(draft: &Draft<'_>, facts: Facts) -> Vec<FieldFault> {
    let mut found = Vec::new();
    let takes_home = draft.basis == LegalBasis::MunicipalDwelling && draft.outcome.grants();
    if draft.names_home && (!takes_home || draft.renews) {
        found.push(fault("/dwellingId", "contradiction", NO_HOME));
    }
    if !draft.outcome.grants() && !draft.content.conditions.is_empty() {
        found.push(fault("/conditions", "contradiction", NOTHING_GIVEN));
    }
    if draft.valid_until.is_some_and(|until| until <= facts.today) {
        found.push(fault("/validUntil", "in_the_past", OVER));
    }
    found
}

fn faults_of_conditions(content: &Content) -> Vec<FieldFault> {
    let conditions = content.conditions.iter().enumerate();
    conditions
        .filter(|(_, condition)| is_blank(&condition.because))
        .map(|(at, _)| fault(format!("/conditions/{at}/because"), "missing", PURPOSE))
        .collect()
}

fn faults_of_alternatives(draft: &Draft<'_>) -> Vec<FieldFault> {
    let alternatives = &draft.content.alternatives;
    let mut found: Vec<FieldFault> = alternatives
        .iter()
        .enumerate()
        .filter(|(_, alternative)| is_blank(&alternative.why))
        .map(|(at, _)| fault(format!("/alternatives/{at}/why"), "missing", WHY))
        .collect();
    let is_not_enough = |step: &AlternativeKind| {
        let rules_out =
            |it: &Alternative| it.kind == *step && it.result != AlternativeResult::Suitable;
        alternatives.iter().any(rules_out)
    };
    let gives_care = draft.basis == LegalBasis::CarePlace && draft.outcome.grants();
    if gives_care && !LOWER_STEPS.iter().all(is_not_enough) {
        found.push(fault("/alternatives", "missing", STEPS));
    }
    found
}

/// A lease longer than standard needs a reason that the rules name, and none may be longer than they permit.
fn fault_of_lease(draft: &Draft<'_>, lease: &LeaseRules) -> Option<FieldFault> {
    let months = draft
        .lease_months
        .filter(|months| *months > lease.standard_months)?;
    let (at, code, told) = match draft.lease_extension {
        _ if months > lease.extended_months => (
            "/leaseMonths",
            "too_large",
            (
                "Lengre enn reglene tillater.",
                "Longer than the rules permit.",
            ),
        ),
        None => (
            "/leaseExtension",
            "missing",
            (
                "En lengre leietid må begrunnes.",
                "A longer lease needs a reason.",
            ),
        ),
        Some(reason) if !lease.extended_for.contains(&reason) => (
            "/leaseExtension",
            "not_permitted",
            (
                "Reglene nevner ikke denne grunnen.",
                "The rules do not name this reason.",
            ),
        ),
        Some(_) => return None,
    };
    Some(fault(at, code, told))
}

#[cfg(test)]
mod tests;
