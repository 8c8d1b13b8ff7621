//! When an exception may be made and who may look into it afterwards, as pure rules.

use crate::ids::UserId;
use crate::refusals;

refusals! {
    /// Why an exception cannot be made or reviewed.
    pub enum Refusal {
        NoNeed = 409 "no_emergency_needed", "Du har allerede tilgang til saken.", "You may see the case already.";
        NotLeader = 403 "not_leader", "Bare den ansattes egen leder kan gjøre dette.", "Only the employee's own leader may do this.";
        OwnReview = 403 "own_review", "Ingen etterprøver sin egen nødtilgang.", "Nobody reviews their own access in an emergency.";
        AlreadyReviewed = 409 "already_reviewed", "Nødtilgangen er allerede etterprøvd.", "The access in an emergency has been reviewed already.";
        NotPartial = 409 "not_partial", "Den ansatte er ikke inhabil i saken.", "The employee is not partial in the case.", at "/userId";
        AlreadyExcepted = 409 "already_excepted", "Den ansatte har allerede et unntak i saken.", "The employee has an exception in the case already.", at "/userId";
        AlreadyWithdrawn = 409 "already_withdrawn", "Unntaket er allerede trukket tilbake.", "The exception has been withdrawn already.";
    }
}

/// Who is about to review, and whose access.
#[derive(Debug, Clone, Copy)]
pub(super) struct Review {
    /// Who reviews.
    pub(super) by: UserId,
    /// Whether it is known to be the person who opened the case, be it by another account.
    pub(super) is_same_person: bool,
    /// The leader who was told.
    pub(super) leader: Option<UserId>,
    /// Whether whoever reviews is the data protection officer.
    pub(super) is_privacy_officer: bool,
    /// Whether it was reviewed before.
    pub(super) is_reviewed: bool,
}

/// Whether somebody may review an access in an emergency: the leader, or the data protection officer; once, and never one's own.
pub(super) fn may_review(review: Review) -> Result<(), Refusal> {
    if review.is_same_person {
        return Err(Refusal::OwnReview);
    }
    if review.leader != Some(review.by) && !review.is_privacy_officer {
        return Err(Refusal::NotLeader);
    }
    if review.is_reviewed {
        return Err(Refusal::AlreadyReviewed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_review_is_made_once_by_somebody_who_answers_for_it() {
        let (leader, other): (UserId, UserId) = (Id::new(), Id::new());
        let review = |by| Review {
            by,
            is_same_person: false,
            leader: Some(leader),
            is_privacy_officer: false,
            is_reviewed: false,
        };
        assert_eq!(may_review(review(leader)), Ok(()));
        assert_eq!(may_review(review(other)), Err(Refusal::NotLeader));
        let officer = Review {
            is_privacy_officer: true,
            ..review(other)
        };
        assert_eq!(may_review(officer), Ok(()));
        let again = Review {
            is_reviewed: true,
            ..review(leader)
        };
        assert_eq!(may_review(again), Err(Refusal::AlreadyReviewed));
        let own = Review {
            is_same_person: true,
            ..officer
        };
        assert_eq!(may_review(own), Err(Refusal::OwnReview));
    }
}
