//! What must hold for a referral, and what its sender may be told.

use std::collections::BTreeSet;

use super::lifecycle::{ReferralState, ReferralStep};
use super::model::{
    ReferralBasis, ReferralOutcome, ReferralProgress, ReferredPerson, ReferredSituation, Reveals,
    SendReferral,
};
use crate::applications::ApplicationState;
use crate::clock::Day;
use crate::national_id::{Acceptance, NationalId};
use crate::people::{self, MemberRole, OF_AGE_YEARS};
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why something cannot be done with a referral.
    pub enum Refusal {
        ReferenceReused = 409 "reference_reused", "Referansen er brukt til en annen henvisning.", "The reference was used for a different referral.", at "/reference";
        ForbiddenStep = 409 "referral_concluded", "Henvisningen er avsluttet.", "The referral is concluded already.";
        CaseOpen = 409 "case_open", "Personen har en åpen sak. Henvisningen kan legges til den.", "The person has an open case; the referral can be added to it.", at "/applicationId";
        CaseOfSomebodyElse = 422 "case_of_somebody_else", "Saken gjelder ikke personen som er henvist, eller den er avsluttet.", "The case is not of the person referred, or it is not open.", at "/applicationId";
    }
}

/// Days for which a consent is good at most.
const CONSENT_DAYS_MAX: i32 = 366;
/// Days ahead for which a home can be wished.
const WISH_DAYS_MAX: i32 = 730;

/// What is wrong with a referral; nothing when it can be received.
pub(super) fn faults_of(
    referral: &SendReferral,
    acceptance: Acceptance,
    today: Day,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if looks_like_national_id(&referral.reference) {
        faults.push(fault(
            "/reference",
            "reference_is_national_id",
            "Må ikke være et fødselsnummer.",
            "Must not be a national id.",
        ));
    }
    let person = &referral.person;
    faults.extend(people::faults_of_stranger(
        "/person",
        &person.national_id,
        person.born_on,
        acceptance,
        today,
    ));
    faults.extend(faults_of_guardian(referral, acceptance, today));
    faults.extend(faults_of_members(referral, acceptance, today));
    faults.extend(faults_of_situation(&referral.situation, today));
    faults.extend(faults_of_basis(referral, today));
    let far = today.plus_days(WISH_DAYS_MAX);
    if referral.wished_from.is_some_and(|day| day > far) {
        faults.push(fault(
            "/wishedFrom",
            "too_far_ahead",
            "Ligger mer enn to år fram.",
            "Lies more than two years ahead.",
        ));
    }
    faults
}

/// Who is under age is referred with a guardian; a guardian is somebody else, and of age.
fn faults_of_guardian(
    referral: &SendReferral,
    acceptance: Acceptance,
    today: Day,
) -> Vec<FieldFault> {
    let person = &referral.person;
    let Some(guardian) = &referral.guardian else {
        let is_under_age = person.born_on <= today && !is_of_age(person.born_on, today);
        let missing = fault(
            "/guardian",
            "guardian_missing",
            "Den som henvises, er under 18 år: oppgi vergen.",
            "Whoever is referred is under 18: name the guardian.",
        );
        return is_under_age.then_some(missing).into_iter().collect();
    };
    let mut faults = people::faults_of_stranger(
        "/guardian",
        &guardian.national_id,
        guardian.born_on,
        acceptance,
        today,
    );
    if guardian.national_id == person.national_id {
        faults.push(fault(
            "/guardian/nationalId",
            "own_guardian",
            "Ingen er sin egen verge.",
            "Nobody is their own guardian.",
        ));
    }
    if guardian.born_on <= today && !is_of_age(guardian.born_on, today) {
        faults.push(fault(
            "/guardian/bornOn",
            "guardian_under_age",
            "Vergen må ha fylt 18 år.",
            "The guardian must be 18 years or more.",
        ));
    }
    faults
}

/// Who speaks for whoever was referred, on the day on which somebody accepts it: who was guardian for somebody's youth is so no longer
/// once that somebody is of age.
pub(super) fn guardian_on(
    referral: &SendReferral,
    received_on: Day,
    today: Day,
) -> Option<&ReferredPerson> {
    let born_on = referral.person.born_on;
    let came_of_age = !is_of_age(born_on, received_on) && is_of_age(born_on, today);
    referral.guardian.as_ref().filter(|_| !came_of_age)
}

fn is_of_age(born_on: Day, today: Day) -> bool {
    born_on.age_on(today) >= OF_AGE_YEARS
}

/// What is wrong with those who will live there too.
fn faults_of_members(
    referral: &SendReferral,
    acceptance: Acceptance,
    today: Day,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::from([&referral.person.national_id]);
    for (place, member) in referral.household.iter().enumerate() {
        let at = format!("/household/{place}");
        faults.extend(people::faults_of_stranger(
            &at,
            &member.national_id,
            member.born_on,
            acceptance,
            today,
        ));
        if !seen.insert(&member.national_id) {
            faults.push(fault(
                &format!("{at}/nationalId"),
                "member_twice",
                "Står to ganger.",
                "Stands twice.",
            ));
        }
        faults.extend(fault_of_role(&at, member.role, member.born_on, today));
        if member.residence_days.is_some() && member.role != MemberRole::Child {
            faults.push(fault(
                &format!("{at}/residenceDays"),
                "adult_lives_apart",
                "Gjelder bare barn.",
                "Is for children only.",
            ));
        }
    }
    let co_applicants = referral
        .household
        .iter()
        .filter(|it| it.role == MemberRole::CoApplicant);
    if co_applicants.count() > 1 {
        faults.push(fault(
            "/household",
            "co_applicant_twice",
            "Kan ha høyst én medsøker.",
            "May have one co-applicant at most.",
        ));
    }
    faults
}

fn fault_of_role(at: &str, role: MemberRole, born_on: Day, today: Day) -> Option<FieldFault> {
    let of_age = is_of_age(born_on, today);
    let at = format!("{at}/role");
    match role {
        MemberRole::Applicant => Some(fault(
            &at,
            "applicant_twice",
            "Den som søker, er personen som henvises.",
            "Whoever applies is the person referred.",
        )),
        MemberRole::Child if of_age => Some(fault(
            &at,
            "child_of_age",
            "Har fylt 18 år.",
            "Is 18 years or more.",
        )),
        MemberRole::CoApplicant | MemberRole::OtherAdult if !of_age => Some(fault(
            &at,
            "adult_under_age",
            "Har ikke fylt 18 år.",
            "Is under 18 years.",
        )),
        _ => None,
    }
}

fn faults_of_situation(situation: &ReferredSituation, today: Day) -> Option<FieldFault> {
    let is_ahead = situation.since > today;
    is_ahead.then(|| {
        fault(
            "/situation/since",
            "in_future",
            "Ligger fram i tid.",
            "Lies in the future.",
        )
    })
}

/// A consent is given where it is what NAV relies on, is not given in the future, and is good today and for a year at most.
fn faults_of_basis(referral: &SendReferral, today: Day) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    match (referral.legal_basis, &referral.consent) {
        (ReferralBasis::Consent, None) => {
            faults.push(fault("/consent", "missing", "Mangler.", "Is missing."));
        }
        (ReferralBasis::Consent, Some(consent)) => {
            if consent.given_on > today {
                faults.push(fault(
                    "/consent/givenOn",
                    "in_future",
                    "Ligger fram i tid.",
                    "Lies in the future.",
                ));
            }
            if consent.valid_until < today {
                faults.push(fault(
                    "/consent/validUntil",
                    "expired",
                    "Er utløpt.",
                    "Has expired.",
                ));
            }
            if consent.valid_until > consent.given_on.plus_days(CONSENT_DAYS_MAX) {
                faults.push(fault(
                    "/consent/validUntil",
                    "too_long",
                    "Kan gjelde i høyst et år.",
                    "Can be good for a year at most.",
                ));
            }
        }
        (_, Some(_)) => faults.push(fault(
            "/consent",
            "not_the_basis",
            "Samtykke er ikke oppgitt som grunnlag.",
            "Consent is not given as the legal basis.",
        )),
        (_, None) => {}
    }
    faults
}

/// Whether a text holds eleven digits in a row: whoever sends that as a reference sends a national id into addresses and logs.
fn looks_like_national_id(text: &str) -> bool {
    let mut row = 0;
    text.chars().any(|it| {
        row = if it.is_ascii_digit() { row + 1 } else { 0 };
        row >= 11
    })
}

/// What follows a step.
pub(super) fn take(state: ReferralState, step: ReferralStep) -> Result<ReferralState, Refusal> {
    state.after(step).ok_or(Refusal::ForbiddenStep)
}

/// What the sender may be told today: nothing beyond the referral itself once a consent has run out.
pub(super) fn reveals(basis: ReferralBasis, consent_until: Option<Day>, today: Day) -> Reveals {
    match basis {
        ReferralBasis::Consent if consent_until.is_none_or(|until| until < today) => {
            ReferralBasis::Necessity.reveals()
        }
        _ => basis.reveals(),
    }
}

/// How far a case is, as NAV is told.
pub(super) const fn progress_of(state: ApplicationState) -> ReferralProgress {
    match state {
        ApplicationState::Submitted
        | ApplicationState::Assigned
        | ApplicationState::Incomplete
        | ApplicationState::InAssessment
        | ApplicationState::TeamReview => ReferralProgress::Underway,
        ApplicationState::Waiting => ReferralProgress::Waiting,
        ApplicationState::Offered => ReferralProgress::Offered,
        ApplicationState::Housed => ReferralProgress::Housed,
        ApplicationState::Refused
        | ApplicationState::Withdrawn
        | ApplicationState::Forwarded
        | ApplicationState::Concluded
        | ApplicationState::Dismissed
        | ApplicationState::Merged
        | ApplicationState::Lapsed => ReferralProgress::Ended,
    }
}

/// What was decided, as NAV is told; none as long as nothing is.
pub(super) const fn outcome_of(state: ApplicationState) -> Option<ReferralOutcome> {
    match state {
        ApplicationState::Waiting | ApplicationState::Offered | ApplicationState::Housed => {
            Some(ReferralOutcome::Granted)
        }
        ApplicationState::Refused => Some(ReferralOutcome::Refused),
        _ => None,
    }
}

/// The numbers in a referral that was found to be without fault.
pub(super) fn national_id(text: &str, acceptance: Acceptance) -> Option<NationalId> {
    NationalId::parse(text, acceptance).ok()
}

fn fault(pointer: &str, code: &'static str, nb: &str, en: &str) -> FieldFault {
    FieldFault::new(pointer, code, nb, en)
}
