//! When somebody can be recorded as speaking for a party, and when that holds, as pure rules.

use super::model::{Proof, RepresentationKind, RepresentationScope};
use crate::clock::{Day, Instant};
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why a representation cannot be withdrawn.
    pub enum Refusal {
        AlreadyWithdrawn = 409 "representation_withdrawn", "Fullmakten er allerede trukket tilbake.", "The authority has been withdrawn already.";
        MayNotAct = 403 "representative_may_not_act", "Denne personen kan ikke opptre for parten i dette.", "This person may not act for the party in this.";
    }
}

/// A representation, as far as the rules need it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draft<'d> {
    pub(super) kind: RepresentationKind,
    pub(super) scope: &'d [RepresentationScope],
    pub(super) proof: Proof,
    pub(super) is_of_oneself: bool,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
}

/// Every fault of a representation that is to be recorded.
#[must_use]
pub(super) fn faults(draft: &Draft<'_>) -> Vec<FieldFault> {
    let has_certificate = draft.proof == Proof::GuardianshipCertificate;
    let is_guardian = draft.kind == RepresentationKind::Guardian;
    let ends_first = draft.valid_until.is_some_and(|end| end < draft.valid_from);
    let twice = draft
        .scope
        .iter()
        .enumerate()
        .any(|(index, scope)| draft.scope.iter().skip(index + 1).any(|it| it == scope));
    let found = [
        (
            draft.is_of_oneself,
            "/representativeId",
            "own_representative",
            "Ingen er sin egen fullmektig.",
            "Nobody is their own representative.",
        ),
        (
            is_guardian != has_certificate,
            "/proof",
            "contradiction",
            "En verge viser vergefullmakt, en fullmektig skriftlig fullmakt eller bevilling som advokat.",
            "A guardian shows a certificate of guardianship, a representative a written authority or being a lawyer.",
        ),
        (
            ends_first,
            "/validUntil",
            "before_start",
            "Kan ikke slutte før det begynner.",
            "Cannot end before it begins.",
        ),
        (
            twice,
            "/scope",
            "duplicate",
            "Det samme står to ganger.",
            "The same stands there twice.",
        ),
    ];
    found
        .into_iter()
        .filter(|(is_fault, ..)| *is_fault)
        .map(|(_, at, code, nb, en)| FieldFault::new(at, code, nb, en))
        .collect()
}

/// Whether a representation holds on a day; both ends count. Once withdrawn it does not hold, from that day on.
#[must_use]
pub(super) fn holds_on(
    valid_from: Day,
    valid_until: Option<Day>,
    withdrawn_at: Option<Instant>,
    day: Day,
) -> bool {
    let is_withdrawn = withdrawn_at.is_some_and(|at| at.day() <= day);
    valid_from <= day && valid_until.is_none_or(|end| day <= end) && !is_withdrawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn it_holds_from_the_first_day_to_the_last_and_not_once_withdrawn() {
        let (from, until) = (day("2026-03-01"), Some(day("2026-03-31")));
        assert!(!holds_on(from, until, None, day("2026-02-28")));
        assert!(holds_on(from, until, None, day("2026-03-01")));
        assert!(holds_on(from, until, None, day("2026-03-31")));
        assert!(!holds_on(from, until, None, day("2026-04-01")));
        let withdrawn = Some(day("2026-03-10").noon());
        assert!(holds_on(from, until, withdrawn, day("2026-03-09")));
        assert!(!holds_on(from, until, withdrawn, day("2026-03-10")));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let draft = Draft {
            kind: RepresentationKind::Guardian,
            scope: &[RepresentationScope::Appeal, RepresentationScope::Appeal],
            proof: Proof::Lawyer,
            is_of_oneself: true,
            valid_from: day("2026-03-02"),
            valid_until: Some(day("2026-03-01")),
        };
        let at: Vec<String> = faults(&draft).into_iter().map(|it| it.pointer).collect();
        assert_eq!(at, ["/representativeId", "/proof", "/validUntil", "/scope"]);
    }
}
