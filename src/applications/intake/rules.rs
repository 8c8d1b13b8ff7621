//! What may be done at intake, as pure rules.

use std::collections::BTreeSet;

use super::model::{DraftContent, Overlap};
use crate::applications::Refusal;
use crate::calendar::Term;
use crate::clock::Day;
use crate::ids::{ApplicationId, PersonId};
use crate::problem::FieldFault;

/// Nobody is given longer than this for documents.
const LONGEST: Term = Term::Months(3);

/// What is wrong with the day by which documents are asked for.
pub(super) fn fault_of_due_day(due_on: Day, today: Day) -> Option<FieldFault> {
    let (code, nb, en) = if due_on <= today {
        ("in_the_past", "Må ligge fram i tid.", "Must lie ahead.")
    } else if due_on > LONGEST.after(today) {
        (
            "too_far_ahead",
            "Ligger mer enn tre måneder fram.",
            "Lies more than three months ahead.",
        )
    } else {
        return None;
    };
    Some(FieldFault::new("/dueOn", code, nb, en))
}

/// A case as far as it matters whether it is the same request as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// Which.
    pub(super) case: ApplicationId,
    /// Since when.
    pub(super) received_on: Day,
    /// Whether it is open.
    pub(super) is_open: bool,
    /// Whether a home is offered in it.
    pub(super) is_offered: bool,
    /// Who applied.
    pub(super) applicant: PersonId,
    /// Who belongs to the household, the applicant too.
    pub(super) members: BTreeSet<PersonId>,
}

/// What two cases have in common; nothing when they are of different people.
pub(super) fn overlap(one: &Claim, other: &Claim) -> Option<Overlap> {
    if one.applicant == other.applicant {
        Some(Overlap::SameApplicant)
    } else if one.members.is_disjoint(&other.members) {
        None
    } else {
        Some(Overlap::SharedMember)
    }
}

/// Whether a case can go on in another: one that is open, came first, and is of the same people. So no day of receipt is lost. Nor is a home
/// that is offered: somebody answers for it, or takes it back and says why, before the case ends.
pub(super) fn may_merge(case: &Claim, into: &Claim) -> Result<(), Refusal> {
    if overlap(case, into).is_none() {
        return Err(Refusal::NothingInCommon);
    }
    if !into.is_open {
        return Err(Refusal::OtherEnded);
    }
    if (into.received_on, into.case) >= (case.received_on, case.case) {
        return Err(Refusal::OtherIsNewer);
    }
    if case.is_offered {
        return Err(Refusal::OfferOpen);
    }
    Ok(())
}

/// What a draft lacks to be received, as JSON pointers. Needs may come later.
pub(super) fn lacking_of(draft: &DraftContent) -> Vec<&'static str> {
    let mut lacking = Vec::new();
    if draft.kind.is_none() {
        lacking.push("/type");
    }
    if draft.lives_in_municipal_dwelling.is_none() {
        lacking.push("/livesInMunicipalDwelling");
    }
    lacking
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::applications::ApplicationType;
    use crate::ids::Id;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn claim(received_on: &str, members: &[PersonId]) -> Claim {
        Claim {
            case: Id::new(),
            received_on: day(received_on),
            is_open: true,
            is_offered: false,
            applicant: members[0],
            members: members.iter().copied().collect(),
        }
    }

    #[rstest]
    #[case("2026-03-02", Some("in_the_past"))]
    #[case("2026-03-03", None)]
    #[case("2026-06-02", None)]
    #[case("2026-06-03", Some("too_far_ahead"))]
    fn documents_are_due_ahead_and_not_too_far(
        #[case] due_on: &str,
        #[case] expected: Option<&str>,
    ) {
        let fault = fault_of_due_day(day(due_on), day("2026-03-02"));
        assert_eq!(fault.map(|it| it.code), expected);
    }

    #[test]
    fn a_case_goes_on_in_an_older_open_one_of_the_same_people() {
        let (kari, ola, per) = (Id::new(), Id::new(), Id::new());
        let older = claim("2026-02-01", &[kari, ola]);
        let newer = claim("2026-02-20", &[ola, kari]);
        assert_eq!(overlap(&newer, &older), Some(Overlap::SharedMember));
        assert_eq!(may_merge(&newer, &older), Ok(()));
        assert_eq!(may_merge(&older, &newer), Err(Refusal::OtherIsNewer));
        assert_eq!(may_merge(&older, &older), Err(Refusal::OtherIsNewer));
        let of_others = claim("2026-01-01", &[per]);
        assert_eq!(may_merge(&newer, &of_others), Err(Refusal::NothingInCommon));
        let ended = Claim {
            is_open: false,
            ..claim("2026-02-01", &[ola])
        };
        assert_eq!(overlap(&newer, &ended), Some(Overlap::SameApplicant));
        assert_eq!(may_merge(&newer, &ended), Err(Refusal::OtherEnded));
        let offered = |of: &Claim| Claim {
            is_offered: true,
            ..of.clone()
        };
        let refused = may_merge(&offered(&newer), &older);
        assert_eq!(refused, Err(Refusal::OfferOpen));
        assert_eq!(may_merge(&newer, &offered(&older)), Ok(()));
    }

    #[test]
    fn a_draft_may_lack_anything_and_says_what() {
        let mut draft = DraftContent {
            kind: None,
            lives_in_municipal_dwelling: None,
            needs: None,
        };
        assert_eq!(lacking_of(&draft), ["/type", "/livesInMunicipalDwelling"]);
        draft.kind = Some(ApplicationType::New);
        draft.lives_in_municipal_dwelling = Some(false);
        assert!(lacking_of(&draft).is_empty());
    }
}
