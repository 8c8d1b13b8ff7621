//! Referrals, as NAV sends and follows them and as caseworkers handle them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::batch::send_many;
use super::lifecycle::ReferralState;
use super::model::{
    Consent, ReferralBasis, ReferralOutcome, ReferralProgress, ReferralReturn, ReferredMember,
    ReferredPerson, ReferrerContact, SendReferral,
};
use super::rules;
use super::store::{self, Referral};
use crate::access::{self, Openings};
use crate::applications::{self, Urgency};
use crate::audit::{Entry, Subject};
use crate::auth::Action::{FollowReferrals, HandleReferrals, SendReferrals};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{ApplicationId, PersonId, ReferralId};
use crate::people;
use crate::problem::Problem;
use crate::situations::SituationReason;

/// The largest body of many referrals: 500 of the size that a large household takes.
const BATCH_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The operations on referrals.
#[must_use]
pub(in crate::nav) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/nav/referrals",
            SendReferrals,
            "Refer a person to the allocation team",
            send,
        ),
        Endpoint::create(
            "/nav/referrals/batch",
            SendReferrals,
            "Refer up to 500 people; each row is answered by itself",
            send_many,
        )
        .with_body_of(BATCH_BYTES_MAX),
        Endpoint::get(
            "/nav/referrals",
            HandleReferrals,
            "Referrals, without names",
            list,
        ),
        Endpoint::get(
            "/nav/referrals/{id}",
            FollowReferrals,
            "What became of a referral, as far as its legal basis allows",
            show,
        ),
        Endpoint::act(
            "/nav/referrals/{id}/withdraw",
            SendReferrals,
            "Take a referral back",
            withdraw,
        ),
        Endpoint::get(
            "/nav/referrals/{id}/content",
            HandleReferrals,
            "What a referral says",
            show_content,
        ),
        Endpoint::act(
            "/nav/referrals/{id}/accept",
            HandleReferrals,
            "Make a referral a case, or part of an open one",
            accept,
        ),
        Endpoint::act(
            "/nav/referrals/{id}/return",
            HandleReferrals,
            "Send a referral back with a reason",
            give_back,
        ),
    ]
}

/// A referral as its sender may know it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReferralStatus {
    id: ReferralId,
    version: i32,
    /// NAV's own reference.
    reference: String,
    state: ReferralState,
    received_at: Instant,
    /// When it was accepted, returned or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    concluded_at: Option<Instant>,
    /// Why it was returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    return_reason: Option<ReferralReturn>,
    /// The case that it became or joined: what events name.
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
    /// How far the case has come; absent where the legal basis does not allow to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<ReferralProgress>,
    /// What was decided; absent where nothing is yet, or where the legal basis does not allow to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<ReferralOutcome>,
}

/// Answers with the same for a person who is known and one who is not. Sent again it answers with the referral as it is now.
fn send(
    tx: &mut Tx<'_>,
    _: &Call,
    sent: &SendReferral,
) -> Result<Created<ReferralStatus>, Problem> {
    let referral = acts::receive(tx, sent)?.referral;
    Ok(Created {
        location: format!("/nav/referrals/{}", referral.id),
        version: Some(referral.version),
        body: status(tx, referral)?,
    })
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ReferralStatus>, Problem> {
    let referral = acts::load(tx, call.id()?)?;
    let mut entry = Entry::access("referral.followed").about(Subject::policy(referral.id));
    if let Some(case) = referral.application_id {
        let case = applications::look_up(tx, case)?;
        entry = entry.about(case.id).about(case.applicant_id);
    }
    tx.record(entry.fact("legalBasis", referral.legal_basis.code()));
    let version = referral.version;
    Ok(Shown::at_version(version, status(tx, referral)?))
}

fn status(tx: &mut Tx<'_>, referral: Referral) -> Result<ReferralStatus, Problem> {
    let reveals = rules::reveals(referral.legal_basis, referral.consent_until, tx.today());
    let case = match referral.application_id {
        Some(id) => Some(applications::look_up(tx, id)?.state),
        None => None,
    };
    Ok(ReferralStatus {
        id: referral.id,
        version: referral.version,
        reference: referral.reference,
        state: referral.state,
        received_at: referral.received_at,
        concluded_at: referral.concluded_at,
        return_reason: referral.return_reason,
        application_id: referral.application_id,
        progress: case.filter(|_| reveals.progress).map(rules::progress_of),
        outcome: case.filter(|_| reveals.outcome).and_then(rules::outcome_of),
    })
}

/// Which referrals are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// In this state.
    state: Option<ReferralState>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

/// A referral in the list: without anything about anybody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueuedReferral {
    id: ReferralId,
    version: i32,
    state: ReferralState,
    urgency: Urgency,
    legal_basis: ReferralBasis,
    received_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
}

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<QueuedReferral>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let rows = store::page(tx, asked.state, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(|row| in_queue(&row)))
}

/// A referral's words and facts, less what lies in compartments closed to the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReferralSaid {
    /// NAV's own reference.
    reference: String,
    person: ReferredPerson,
    #[serde(skip_serializing_if = "Option::is_none")]
    guardian: Option<ReferredPerson>,
    household: Vec<ReferredMember>,
    situation: SituationSaid,
    urgency: Urgency,
    #[serde(skip_serializing_if = "Option::is_none")]
    wished_from: Option<Day>,
    legal_basis: ReferralBasis,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<Consent>,
    contact: ReferrerContact,
    /// What the team should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
}

/// A housing situation as NAV sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SituationSaid {
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<SituationReason>,
    since: Day,
}

impl ReferralSaid {
    fn to(openings: &Openings, sent: SendReferral) -> Self {
        let reason = openings.told(&sent.rooms_of_situation(), sent.situation.reason);
        let rooms = sent.rooms_of_summary();
        Self {
            reference: sent.reference,
            person: sent.person,
            guardian: sent.guardian,
            household: sent.household,
            situation: SituationSaid {
                reason,
                since: sent.situation.since,
            },
            urgency: sent.urgency,
            wished_from: sent.wished_from,
            legal_basis: sent.legal_basis,
            consent: sent.consent,
            contact: sent.contact,
            summary: sent.summary.and_then(|it| openings.told(&rooms, it)),
        }
    }
}

/// What a referral says.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReferralContent {
    id: ReferralId,
    version: i32,
    state: ReferralState,
    received_at: Instant,
    /// As it was sent, with national ids without their last five digits.
    content: ReferralSaid,
    /// How many other referrals of the same person wait.
    other_referrals: i64,
}

fn show_content(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<ReferralContent>, Problem> {
    let referral = acts::load(tx, call.id()?)?;
    let openings = openings(tx, &referral)?;
    let mut content = acts::open(tx, &referral)?;
    let mut entry = Entry::access("referral.read").about(Subject::policy(referral.id));
    if let Some(known) = person_known(tx, &content)? {
        entry = entry.about(known);
    }
    tx.record(entry);
    mask(&mut content.person.national_id);
    if let Some(guardian) = &mut content.guardian {
        mask(&mut guardian.national_id);
    }
    content
        .household
        .iter_mut()
        .for_each(|it| mask(&mut it.national_id));
    let other_referrals = store::count_others(tx, &referral)?;
    Ok(Shown::at_version(
        referral.version,
        ReferralContent {
            id: referral.id,
            version: referral.version,
            state: referral.state,
            received_at: referral.received_at,
            content: ReferralSaid::to(&openings, content),
            other_referrals,
        },
    ))
}

/// Into which compartments of a referral the caller may look: once it is a case, as of the case, which must be seen; before, as of
/// people of whom there is no case yet.
fn openings(tx: &mut Tx<'_>, referral: &Referral) -> Result<Openings, Problem> {
    match referral.application_id {
        Some(case) => {
            access::must_see_case(tx, case)?;
            access::openings(tx, case)
        }
        None => access::openings_of_newcomers(tx),
    }
}

/// Whom it is about, if the municipality knows that person: who looks at it is told that person on request.
fn person_known(tx: &mut Tx<'_>, content: &SendReferral) -> Result<Option<PersonId>, Problem> {
    match rules::national_id(&content.person.national_id, tx.kit().national_ids) {
        Some(national_id) => people::find_by_national_id(tx, &national_id),
        None => Ok(None),
    }
}

/// Leaves the birth date of a national id.
fn mask(digits: &mut String) {
    digits.truncate(6);
    digits.push_str("*****");
}

/// As what a referral is accepted.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AcceptReferral {
    /// The person's open case that it joins; a new case when not given.
    #[serde(default)]
    application_id: Option<ApplicationId>,
}

fn accept(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &AcceptReferral,
) -> Result<Shown<QueuedReferral>, Problem> {
    let referral = seen(tx, call)?;
    Ok(queued(&acts::accept(tx, referral, asked.application_id)?))
}

/// Why a referral is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReturnReferral {
    /// Told to NAV.
    reason: ReferralReturn,
}

fn give_back(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ReturnReferral,
) -> Result<Shown<QueuedReferral>, Problem> {
    let referral = seen(tx, call)?;
    Ok(queued(&acts::give_back(tx, referral, asked.reason)?))
}

fn withdraw(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ReferralStatus>, Problem> {
    let referral = seen(tx, call)?;
    let withdrawn = acts::withdraw(tx, referral)?;
    let version = withdrawn.version;
    Ok(Shown::at_version(version, status(tx, withdrawn)?))
}

fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Referral, Problem> {
    let referral = acts::load(tx, call.id()?)?;
    call.has_seen(referral.version)?;
    Ok(referral)
}

fn queued(row: &Referral) -> Shown<QueuedReferral> {
    Shown::at_version(row.version, in_queue(row))
}

fn in_queue(row: &Referral) -> QueuedReferral {
    QueuedReferral {
        id: row.id,
        version: row.version,
        state: row.state,
        urgency: row.urgency,
        legal_basis: row.legal_basis,
        received_at: row.received_at,
        application_id: row.application_id,
    }
}
