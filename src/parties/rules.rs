//! When somebody can be recorded as speaking for a party, and when that holds, as pure rules.

use super::model::{Proof, RepresentationKind, RepresentationScope};
use crate::clock::{Day, Instant};
use crate::people::OF_AGE_YEARS;
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why a representation cannot be withdrawn.
    pub enum Refusal {
        AlreadyWithdrawn = 409 "representation_withdrawn", "Fullmakten er allerede trukket tilbake.", "The authority has been withdrawn already.";
        MayNotAct = 403 "representative_may_not_act", "Denne personen kan ikke opptre for parten i dette.", "This person may not act for the party in this.";
        UnderAge = 403 "party_under_age", "Den som er under 18 år, gjør dette gjennom verge.", "Who is under 18 does this through a guardian.";
        GuardianMissing = 409 "guardian_missing", "Søkeren er under 18 år, og ingen verge er registrert i saken.", "The applicant is under 18, and no guardian is on record in the case.";
        PartyDied = 409 "party_died", "Parten er død. Trekk saken på vegne av boet, eller la husstanden søke videre med en annen søker.", "The party has died. Withdraw the case on behalf of the estate, or let the household go on with another applicant.";
    }
}

/// From this age on a party under age is told beside the guardian (forvaltningsloven § 27 first paragraph).
const TOLD_FROM_YEARS: i16 = 15;

/// What an age means for being party to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maturity {
    /// Whoever takes on obligations alone.
    OfAge,
    /// Under age and told of everything beside the guardian.
    Youth,
    /// Under age; everything goes through the guardian.
    Child,
}

impl Maturity {
    /// Of somebody who was born on a day.
    pub(super) fn on(born_on: Day, today: Day) -> Self {
        match born_on.age_on(today) {
            age if age >= OF_AGE_YEARS => Self::OfAge,
            age if age >= TOLD_FROM_YEARS => Self::Youth,
            _ => Self::Child,
        }
    }
}

/// Whether a party may do this without anybody else. Under age nobody takes on or gives up a home alone (vergemålsloven § 9); to see
/// one's documents and to appeal binds to nothing, and is open to whoever is old enough to be told.
pub(super) const fn may_party(maturity: Maturity, scope: RepresentationScope) -> bool {
    match maturity {
        Maturity::OfAge => true,
        Maturity::Youth => matches!(
            scope,
            RepresentationScope::SeeDocuments | RepresentationScope::Appeal
        ),
        Maturity::Child => false,
    }
}

/// Whether something can still be done for a party who has died. An authority that was given holds on (avtaleloven § 21), but nobody takes
/// on or declines a home for somebody who cannot live there.
pub(super) fn may_for_the_dead(is_party: bool, scope: RepresentationScope) -> bool {
    !is_party && scope != RepresentationScope::AnswerOffers
}

/// Until when somebody is guardian of a person for that person's youth: the day before coming of age.
#[must_use]
pub(super) fn last_day_under_age(born_on: Day) -> Day {
    let birthday = born_on.plus_months(i32::from(OF_AGE_YEARS) * 12);
    // Whoever is born on a leap day comes of age on 1 March.
    let is_under_age = born_on.age_on(birthday) < OF_AGE_YEARS;
    birthday.plus_days(i32::from(is_under_age) - 1)
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
    /// The last day on which the party is under age, where it is.
    pub(super) under_age_until: Option<Day>,
}

/// Every fault of a representation that is to be recorded.
#[must_use]
pub(super) fn faults(draft: &Draft<'_>) -> Vec<FieldFault> {
    let has_certificate = draft.proof == Proof::GuardianshipCertificate;
    let is_guardian = draft.kind == RepresentationKind::Guardian;
    let ends_first = draft.valid_until.is_some_and(|end| end < draft.valid_from);
    let outlasts = is_guardian
        && match (draft.valid_until, draft.under_age_until) {
            (Some(end), Some(last)) => end > last,
            _ => false,
        };
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
            outlasts,
            "/validUntil",
            "outlasts_minority",
            "Den som er verge fordi parten er mindreårig, er det til parten fyller 18 år.",
            "Who is guardian because the party is under age is so until the party is 18.",
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
    fn who_is_under_age_takes_no_home_alone_and_is_heard_from_fifteen() {
        use RepresentationScope::{AnswerOffers, Appeal, Apply, SeeDocuments};
        let today = day("2026-03-02");
        let maturity = |born_on: &str| Maturity::on(day(born_on), today);
        let (adult, youth, child) = ("2008-03-02", "2008-03-03", "2011-03-03");
        assert_eq!(maturity(adult), Maturity::OfAge);
        assert_eq!(maturity(youth), Maturity::Youth);
        assert_eq!(maturity("2011-03-02"), Maturity::Youth);
        assert_eq!(maturity(child), Maturity::Child);
        for (scope, from_fifteen) in [
            (Apply, false),
            (AnswerOffers, false),
            (Appeal, true),
            (SeeDocuments, true),
        ] {
            assert!(may_party(maturity(adult), scope));
            assert_eq!(may_party(maturity(youth), scope), from_fifteen);
            assert!(!may_party(maturity(child), scope));
        }
        assert_eq!(last_day_under_age(day("2008-03-10")), day("2026-03-09"));
        assert_eq!(last_day_under_age(day("2008-02-29")), day("2026-02-28"));
    }

    #[test]
    fn a_guardian_of_somebody_young_is_so_until_that_one_is_of_age() {
        let mut draft = Draft {
            kind: RepresentationKind::Guardian,
            scope: &[RepresentationScope::Apply],
            proof: Proof::GuardianshipCertificate,
            is_of_oneself: false,
            valid_from: day("2026-03-02"),
            valid_until: Some(day("2026-03-10")),
            under_age_until: Some(day("2026-03-09")),
        };
        assert_eq!(faults(&draft)[0].code, "outlasts_minority");
        draft.valid_until = Some(day("2026-03-09"));
        assert!(faults(&draft).is_empty());
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
            under_age_until: None,
        };
        let at: Vec<String> = faults(&draft).into_iter().map(|it| it.pointer).collect();
        assert_eq!(at, ["/representativeId", "/proof", "/validUntil", "/scope"]);
    }
}
