//! Receiving referrals, and making them cases.

use super::content::{self, Sealed};
use super::lifecycle::{ReferralState, ReferralStep};
use super::model::{ReferralReturn, ReferredMember, ReferredPerson, SendReferral};
use super::rules::{self, Refusal};
use super::store::{self, Referral};
use crate::applications::{self, Application, ApplicationType, Receipt};
use crate::audit::{Entry, Subject};
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, HouseholdId, PersonId, ReferralId};
use crate::parties;
use crate::people::{
    self, AddressProtection, Contact, FORTNIGHT_DAYS, MemberRole, Name, NewMember, NewPerson,
};
use crate::problem::{NOT_FOUND, Problem};
use crate::situations::{self, NewSituation, Source, Verification};

/// A referral, and whether it was received by this very act.
pub(super) struct Taken {
    pub(super) referral: Referral,
    pub(super) is_new: bool,
}

/// Receives a referral, once under its reference. Nothing is looked up of whom it is about.
pub(super) fn receive(tx: &mut Tx<'_>, sent: &SendReferral) -> Result<Taken, Problem> {
    let acceptance = tx.kit().national_ids;
    let faults = rules::faults_of(sent, acceptance, tx.today());
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let id: ReferralId = tx.new_id();
    let Sealed { key, content } = content::seal(tx, id, sent)?;
    let fingerprint = content::fingerprint(tx, sent)?.as_bytes().to_vec();
    let row = Referral {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        state: ReferralState::Received,
        reference: sent.reference.clone(),
        fingerprint,
        person_index: content::person_index(tx, &sent.person.national_id)
            .as_bytes()
            .to_vec(),
        legal_basis: sent.legal_basis,
        consent_until: sent.consent.as_ref().map(|it| it.valid_until),
        urgency: sent.urgency,
        sealed_key: key,
        sealed: content,
        received_at: tx.now(),
        concluded_at: None,
        return_reason: None,
        application_id: None,
    };
    if store::insert(tx, &row)? {
        let entry = Entry::change("referral.received").about(Subject::policy(row.id));
        tx.record(
            entry
                .fact("legalBasis", row.legal_basis.code())
                .fact("urgency", row.urgency.code()),
        );
        return Ok(Taken {
            referral: row,
            is_new: true,
        });
    }
    let before = store::find_by_reference(tx, &sent.reference)?;
    let before = before.ok_or_else(|| Problem::internal("a referral is there and is not found"))?;
    if before.fingerprint != row.fingerprint {
        return Err(Refusal::ReferenceReused.into());
    }
    // Sent again: a new answer, no new effect. That it was asked again is on record all the same.
    tx.record(Entry::access("referral.sent_again").about(Subject::policy(before.id)));
    Ok(Taken {
        referral: before,
        is_new: false,
    })
}

/// As what a referral is accepted: as a new case, or as part of one that is open.
pub(super) fn accept(
    tx: &mut Tx<'_>,
    referral: Referral,
    into: Option<ApplicationId>,
) -> Result<Referral, Problem> {
    let state = rules::take(referral.state, ReferralStep::Accept)?;
    let sent = open(tx, &referral)?;
    let applicant = person_of(tx, &sent.person)?;
    let open = applications::find_open_of(tx, applicant)?;
    let case = match (into, open) {
        (Some(id), Some(case)) if case.id == id => case,
        (Some(_), _) => return Err(Refusal::CaseOfSomebodyElse.into()),
        (None, Some(case)) => {
            let refusal = Problem::from(Refusal::CaseOpen);
            return Err(refusal.fact("openApplicationId", case.id.to_string()));
        }
        (None, None) => new_case(tx, &sent, applicant, &referral)?,
    };
    let (received_on, today) = (referral.received_at.day(), tx.today());
    if let Some(guardian) = rules::guardian_on(&sent, received_on, today) {
        let guardian = person_of(tx, guardian)?;
        parties::record_guardian(tx, &case, guardian)?;
    }
    let concluded = Referral {
        version: referral.version + 1,
        state,
        concluded_at: Some(tx.now()),
        application_id: Some(case.id),
        ..referral
    };
    must_be_current(store::conclude(tx, &concluded)?)?;
    tx.record(
        Entry::change("referral.accepted")
            .of_case(case.id)
            .about(applicant)
            .about(Subject::policy(concluded.id)),
    );
    Ok(concluded)
}

fn new_case(
    tx: &mut Tx<'_>,
    sent: &SendReferral,
    applicant: PersonId,
    referral: &Referral,
) -> Result<Application, Problem> {
    let household = household_of(tx, sent, applicant)?;
    let situation = NewSituation {
        reason: sent.situation.reason,
        valid_from: sent.situation.since,
        valid_until: None,
        source: Source::Nav,
        verification: Verification::Unverified,
    };
    situations::record(tx, household, situation)?;
    let receipt = Receipt {
        household,
        kind: ApplicationType::ReferralFromService,
        // The day on which it reached the municipality, not that on which somebody looked at it: deadlines count from there.
        received_on: referral.received_at.day(),
        lives_in_municipal_dwelling: crate::tenancies::lives_in_our_home(tx, applicant)?,
        needs: None,
    };
    applications::receive(tx, &receipt)
}

/// A person whom a referral names, registered now if the municipality did not know that person.
fn person_of(tx: &mut Tx<'_>, person: &ReferredPerson) -> Result<PersonId, Problem> {
    let name = Name {
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
    };
    let contact = Contact {
        phone: person.phone.clone(),
        ..Contact::default()
    };
    find_or_register(tx, &person.national_id, name, person.born_on, contact)
}

fn household_of(
    tx: &mut Tx<'_>,
    sent: &SendReferral,
    applicant: PersonId,
) -> Result<HouseholdId, Problem> {
    let mut members = vec![NewMember {
        person_id: applicant,
        role: MemberRole::Applicant,
        residence_days: FORTNIGHT_DAYS,
    }];
    for member in &sent.household {
        members.push(NewMember {
            person_id: member_of(tx, member)?,
            role: member.role,
            residence_days: member.residence_days.unwrap_or(FORTNIGHT_DAYS),
        });
    }
    people::register_household(tx, &members)
}

fn member_of(tx: &mut Tx<'_>, member: &ReferredMember) -> Result<PersonId, Problem> {
    let name = Name {
        given_name: member.given_name.clone(),
        family_name: member.family_name.clone(),
    };
    find_or_register(
        tx,
        &member.national_id,
        name,
        member.born_on,
        Contact::default(),
    )
}

fn find_or_register(
    tx: &mut Tx<'_>,
    digits: &str,
    name: Name,
    born_on: crate::clock::Day,
    contact: Contact,
) -> Result<PersonId, Problem> {
    let national_id = rules::national_id(digits, tx.kit().national_ids);
    let national_id =
        national_id.ok_or_else(|| Problem::internal("a received referral has a faulty number"))?;
    if let Some(known) = people::find_by_national_id(tx, &national_id)? {
        return Ok(known);
    }
    let person = NewPerson {
        national_id,
        name,
        born_on,
        // What the register says of the address is asked before anything is shown or sent; NAV's word is not it.
        protection: AddressProtection::Ungraded,
        contact,
    };
    people::register_person(tx, &person)
}

/// Sends a referral back.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    referral: Referral,
    reason: ReferralReturn,
) -> Result<Referral, Problem> {
    let state = rules::take(referral.state, ReferralStep::Return)?;
    let concluded = Referral {
        version: referral.version + 1,
        state,
        concluded_at: Some(tx.now()),
        return_reason: Some(reason),
        ..referral
    };
    must_be_current(store::conclude(tx, &concluded)?)?;
    let entry = Entry::change("referral.returned").about(Subject::policy(concluded.id));
    tx.record(entry.fact("reason", reason.code()));
    Ok(concluded)
}

/// Takes a referral back, as its sender.
pub(super) fn withdraw(tx: &mut Tx<'_>, referral: Referral) -> Result<Referral, Problem> {
    let state = rules::take(referral.state, ReferralStep::Withdraw)?;
    let concluded = Referral {
        version: referral.version + 1,
        state,
        concluded_at: Some(tx.now()),
        ..referral
    };
    must_be_current(store::conclude(tx, &concluded)?)?;
    tx.record(Entry::change("referral.withdrawn").about(Subject::policy(concluded.id)));
    Ok(concluded)
}

/// What a referral says.
pub(super) fn open(tx: &Tx<'_>, referral: &Referral) -> Result<SendReferral, Problem> {
    let sealed = Sealed {
        key: referral.sealed_key.clone(),
        content: referral.sealed.clone(),
    };
    content::open(tx, referral.id, &sealed)
}

/// A referral that must exist.
pub(super) fn load(tx: &mut Tx<'_>, id: ReferralId) -> Result<Referral, Problem> {
    store::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}
