//! Exceptions over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::model::{EmergencyGround, Finding};
use super::store::{self, Emergency, Exception, Whose};
use crate::access;
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::{ExceptPartial, OpenInEmergency, ReadEmergencies, ReviewEmergencies};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{ApplicationId, EmergencyId, ExceptionId, UserId};
use crate::people;
use crate::problem::{FieldFault, NOT_FOUND, Problem, UNAUTHENTICATED};

/// The operations on exceptions.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/emergency-accesses",
            OpenInEmergency,
            "Open one case for an hour in an emergency; the leader is told, it is reviewed, and the person is told on asking",
            open,
        ),
        Endpoint::get(
            "/emergency-accesses",
            ReadEmergencies,
            "Accesses in an emergency: the own ones and those of employees led; all for those who control",
            list,
        ),
        Endpoint::get(
            "/emergency-accesses/{id}",
            ReadEmergencies,
            "An access in an emergency, with its reason",
            show,
        ),
        Endpoint::act(
            "/emergency-accesses/{id}/review",
            ReviewEmergencies,
            "Say whether an access in an emergency was justified",
            review,
        ),
        Endpoint::create(
            "/applications/{id}/impartiality-exceptions",
            ExceptPartial,
            "Let an employee handle a case in spite of being partial, by a leader's written reason (forvaltningsloven § 6)",
            except,
        ),
        Endpoint::get(
            "/applications/{id}/impartiality-exceptions",
            ExceptPartial,
            "The exceptions from impartiality in a case, with their reasons",
            exceptions,
        ),
        Endpoint::act(
            "/impartiality-exceptions/{id}/withdraw",
            ExceptPartial,
            "Take an exception from impartiality back",
            withdraw,
        ),
    ]
}

/// Which case, by its id or by the national id of somebody in it; and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OpenCase {
    /// The case, where its id is known.
    application_id: Option<ApplicationId>,
    /// Otherwise "fødselsnummer" or "D-nummer" of somebody in the household: the newest case is opened.
    #[schema(max_length = 20)]
    national_id: Option<String>,
    ground: EmergencyGround,
    /// Why, in a sentence that the leader and the person can judge.
    #[schema(min_length = 20, max_length = 2000, pattern = r"\S{2,}(\s+\S+){2,}")]
    reason: String,
}

/// An access in an emergency. Without words: the answer is kept under its `Idempotency-Key`, where nothing is sealed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EmergencyInShort {
    id: EmergencyId,
    version: i32,
    user_id: UserId,
    application_id: ApplicationId,
    ground: EmergencyGround,
    opened_at: Instant,
    expires_at: Instant,
    /// The leader who was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    leader_id: Option<UserId>,
    /// By when it is to be reviewed.
    review_due_on: Day,
    /// Whether that day has passed without a review.
    is_overdue: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<Finding>,
}

/// An access in an emergency, with its reason.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeEmergency {
    #[serde(flatten)]
    short: EmergencyInShort,
    reason: String,
}

fn open(tx: &mut Tx<'_>, _: &Call, asked: &OpenCase) -> Result<Created<EmergencyInShort>, Problem> {
    let case = case_asked_for(tx, asked)?;
    let emergency = acts::open(tx, case, asked.ground, &asked.reason)?;
    Ok(Created {
        location: format!("/emergency-accesses/{}", emergency.id),
        version: Some(emergency.version),
        body: told(&emergency, tx.today()),
    })
}

fn case_asked_for(tx: &mut Tx<'_>, asked: &OpenCase) -> Result<ApplicationId, Problem> {
    match (asked.application_id, &asked.national_id) {
        (Some(case), None) => Ok(case),
        (None, Some(text)) => {
            let index = people::index_of(tx, text).map_err(|it| Problem::invalid(vec![it]))?;
            access::newest_case_of(tx, &index)?.ok_or_else(|| Problem::new(&NOT_FOUND))
        }
        _ => {
            let (nb, en) = (
                "Oppgi enten saken eller et fødselsnummer.",
                "Give either the case or a national id.",
            );
            let fault = FieldFault::new("/applicationId", "one_way_only", nb, en);
            Err(Problem::invalid(vec![fault]))
        }
    }
}

/// Which accesses are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// Those that still wait for their review, or those that were reviewed.
    is_open: Option<bool>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<EmergencyInShort>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let whose = if acts::controls(tx) {
        Whose::All
    } else {
        let user = tx.caller().actor.user();
        Whose::OwnAndLed(user.ok_or_else(|| Problem::new(&UNAUTHENTICATED))?)
    };
    let rows = store::page(tx, &whose, asked.is_open, paging.after()?, limit + 1)?;
    let today = tx.today();
    Ok(Page::of(rows, limit, |it| it.id).map(|it| told(&it, today)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<WholeEmergency>, Problem> {
    let emergency = acts::load(tx, call.id()?)?;
    whole(tx, &emergency)
}

fn whole(tx: &mut Tx<'_>, emergency: &Emergency) -> Result<Shown<WholeEmergency>, Problem> {
    let reason = acts::reason_of(tx, emergency)?;
    tx.record(
        Entry::access("emergency.reason_read")
            .about(emergency.application_id)
            .about(emergency.user_id),
    );
    let short = told(emergency, tx.today());
    Ok(Shown::at_version(
        emergency.version,
        WholeEmergency { short, reason },
    ))
}

/// What a review has found.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Review {
    finding: Finding,
}

fn review(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Review,
) -> Result<Shown<EmergencyInShort>, Problem> {
    let emergency = acts::load(tx, call.id()?)?;
    call.has_seen(emergency.version)?;
    let emergency = acts::review(tx, &emergency, asked.finding)?;
    Ok(Shown::at_version(
        emergency.version,
        told(&emergency, tx.today()),
    ))
}

fn told(emergency: &Emergency, today: Day) -> EmergencyInShort {
    EmergencyInShort {
        id: emergency.id,
        version: emergency.version,
        user_id: emergency.user_id,
        application_id: emergency.application_id,
        ground: emergency.ground,
        opened_at: emergency.opened_at,
        expires_at: emergency.expires_at,
        leader_id: emergency.leader_id,
        review_due_on: emergency.review_due_on,
        is_overdue: emergency.reviewed_at.is_none() && emergency.review_due_on < today,
        reviewed_by: emergency.reviewed_by,
        reviewed_at: emergency.reviewed_at,
        finding: emergency.finding,
    }
}

/// Whom a leader lets handle a case in spite of being partial, and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Except {
    user_id: UserId,
    /// Why nobody else can handle it, and why the trust in the decision does not suffer.
    #[schema(min_length = 20, max_length = 2000, pattern = r"\S{2,}(\s+\S+){2,}")]
    reason: String,
}

/// An exception, without its words: the answer is kept under its `Idempotency-Key`, where nothing is sealed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExceptionInShort {
    id: ExceptionId,
    version: i32,
    user_id: UserId,
    application_id: ApplicationId,
    granted_by: UserId,
    granted_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Instant>,
}

/// An exception, with its reason.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeException {
    #[serde(flatten)]
    short: ExceptionInShort,
    reason: String,
}

/// The exceptions in a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Exceptions {
    items: Vec<WholeException>,
}

fn except(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Except,
) -> Result<Created<ExceptionInShort>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let exception = acts::except(tx, &case, asked.user_id, &asked.reason)?;
    Ok(Created {
        location: format!("/applications/{}/impartiality-exceptions", case.id),
        version: Some(exception.version),
        body: in_short(&exception),
    })
}

fn exceptions(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Exceptions>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let whole = |(exception, reason): (Exception, String)| WholeException {
        short: in_short(&exception),
        reason,
    };
    let items = acts::exceptions_of(tx, &case)?;
    let look = Entry::access("exception.read").about(case.id);
    tx.record(look.about(case.applicant_id));
    Ok(Shown::plain(Exceptions {
        items: items.into_iter().map(whole).collect(),
    }))
}

fn withdraw(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ExceptionInShort>, Problem> {
    let exception = acts::load_exception(tx, call.id()?)?;
    call.has_seen(exception.version)?;
    let exception = acts::withdraw(tx, &exception)?;
    Ok(Shown::at_version(exception.version, in_short(&exception)))
}

fn in_short(exception: &Exception) -> ExceptionInShort {
    ExceptionInShort {
        id: exception.id,
        version: exception.version,
        user_id: exception.user_id,
        application_id: exception.application_id,
        granted_by: exception.granted_by,
        granted_at: exception.granted_at,
        withdrawn_at: exception.withdrawn_at,
    }
}
