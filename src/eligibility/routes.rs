//! What is known of a household, what the criteria say, exceptions, and what other rules would do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::income_check;
use super::model::{Circumstances, CriterionFinding, ExceptionConclusion, OpenCircumstances};
use super::preview::{Preview, preview};
use super::store::{self, ExceptionRow};
use super::telling::rooms_of_text;
use crate::access::{self, Open, Rooms, Statement, TextKind};
use crate::applications::{self, Application};
use crate::audit::{Entry, Subject};
use crate::auth::Action::{AssessEligibility, PreviewRuleSets, ReadEligibility};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{ApplicationId, CriterionExceptionId, RuleSetId, UserId};
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::rulesets;

/// The operations on eligibility.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/applications/{id}/circumstances",
            ReadEligibility,
            "What is known of a household's economy, residence and stay",
            circumstances,
        ),
        Endpoint::replace(
            "/applications/{id}/circumstances",
            AssessEligibility,
            "Record what is known of a household's economy, residence and stay",
            record,
        ),
        Endpoint::reach(
            "/applications/{id}/income-check",
            AssessEligibility,
            "Ask the tax administration for the income of those whose income counts, and record it",
            income_check::check,
        ),
        Endpoint::get(
            "/applications/{id}/eligibility",
            ReadEligibility,
            "Each criterion of the rules in force with the facts compared, and the exceptions that were assessed",
            eligibility,
        ),
        Endpoint::create(
            "/applications/{id}/exceptions",
            AssessEligibility,
            "Record that an exception from a criterion was assessed",
            assess_exception,
        ),
        Endpoint::ask(
            "/rule-sets/{id}/preview",
            PreviewRuleSets,
            "What these rules would do to the open cases; nothing is written",
            preview_rules,
        ),
    ]
}

/// What is known of a household.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CircumstancesShown {
    application_id: ApplicationId,
    /// 0 as long as nothing was recorded.
    version: i32,
    #[serde(flatten)]
    known: OpenCircumstances,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_at: Option<Instant>,
}

fn circumstances(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<CircumstancesShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    tx.record(
        Entry::access("circumstances.read")
            .about(case.id)
            .about(case.applicant_id),
    );
    shown(tx, &case)
}

fn shown(tx: &mut Tx<'_>, case: &Application) -> Result<Shown<CircumstancesShown>, Problem> {
    let row = store::find(tx, case.id)?;
    let known = match &row {
        Some(row) => acts::open_circumstances(tx, case, row)?,
        None => Circumstances::default(),
    };
    let version = row.as_ref().map_or(0, |row| row.version);
    Ok(Shown::at_version(
        version,
        CircumstancesShown {
            application_id: case.id,
            version,
            known: Open::to(access::openings(tx, case.id)?, known),
            recorded_at: row.map(|row| row.recorded_at),
        },
    ))
}

/// That it was recorded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Recorded {
    application_id: ApplicationId,
    version: i32,
}

fn record(tx: &mut Tx<'_>, call: &Call, asked: &Circumstances) -> Result<Shown<Recorded>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let before = store::find(tx, case.id)?;
    call.has_seen(before.as_ref().map_or(0, |row| row.version))?;
    let today = tx.today();
    let mut faults = Vec::new();
    for (field, day) in [
        ("residentSince", asked.resident_since),
        ("evictedOn", asked.evicted_on),
    ] {
        if day.is_some_and(|day| day > today) {
            let (nb, en) = ("Kan ikke ligge fram i tid.", "Cannot lie in the future.");
            faults.push(FieldFault::new(
                format!("/{field}"),
                "in_the_future",
                nb,
                en,
            ));
        }
    }
    if asked.keeps_repayment_plan && asked.arrears_ore.is_none_or(|owed| owed == 0) {
        let (nb, en) = (
            "En nedbetalingsavtale gjelder restanser.",
            "A repayment plan is about arrears.",
        );
        faults.push(FieldFault::new(
            "/keepsRepaymentPlan",
            "contradiction",
            nb,
            en,
        ));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let version = acts::record(tx, &case, before.as_ref(), asked)?;
    Ok(Shown::at_version(
        version,
        Recorded {
            application_id: case.id,
            version,
        },
    ))
}

/// What the criteria say of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Eligibility {
    application_id: ApplicationId,
    rule_set_id: RuleSetId,
    rule_set_number: i32,
    /// Each criterion with the facts compared.
    findings: Vec<CriterionFinding>,
    /// The exceptions that were assessed, oldest first; the last on a criterion counts.
    exceptions: Vec<ExceptionShown>,
}

/// An exception that was assessed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExceptionShown {
    id: CriterionExceptionId,
    criterion: String,
    conclusion: ExceptionConclusion,
    /// Absent where it lies in a compartment that is closed to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    assessed_by: UserId,
    assessed_at: Instant,
}

fn eligibility(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Eligibility>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let findings = acts::assessed(tx, &case, &adopted)?;
    let mut exceptions = Vec::new();
    for row in store::exceptions(tx, case.id)? {
        exceptions.push(exception_shown(tx, &case, row)?);
    }
    tx.record(
        Entry::access("eligibility.read")
            .about(case.id)
            .about(case.applicant_id),
    );
    Ok(Shown::plain(Eligibility {
        application_id: case.id,
        rule_set_id: adopted.id,
        rule_set_number: adopted.number,
        findings,
        exceptions,
    }))
}

fn exception_shown(
    tx: &mut Tx<'_>,
    case: &Application,
    row: ExceptionRow,
) -> Result<ExceptionShown, Problem> {
    let why = acts::why_of(tx, case, &row)?;
    let openings = access::openings(tx, case.id)?;
    Ok(ExceptionShown {
        id: row.id,
        criterion: row.criterion,
        conclusion: row.conclusion,
        why: why.told_to(&openings),
        assessed_by: row.assessed_by,
        assessed_at: row.assessed_at,
    })
}

/// An exception to be recorded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AssessException {
    /// The code of a criterion that holds normally.
    #[schema(min_length = 1, max_length = 32)]
    criterion: String,
    conclusion: ExceptionConclusion,
    /// Why there is, or is not, a ground for an exception.
    #[schema(min_length = 1, max_length = 5000)]
    why: String,
    /// The compartments in which that lies; those of what is known of the household when not given, none when empty.
    #[serde(default)]
    compartments: Option<Rooms>,
}

/// That an exception was assessed; the reason itself stays sealed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExceptionAssessed {
    id: CriterionExceptionId,
    criterion: String,
    conclusion: ExceptionConclusion,
}

fn assess_exception(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &AssessException,
) -> Result<Created<ExceptionAssessed>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    if asked.why.trim().is_empty() {
        let (nb, en) = ("Vurderingen mangler.", "The assessment is missing.");
        return Err(Problem::invalid(vec![FieldFault::new(
            "/why", "missing", nb, en,
        )]));
    }
    let by = tx.user()?;
    let said = (asked.compartments.as_ref(), "/compartments");
    let rooms = rooms_of_text(tx, &case, TextKind::CriterionException, said)?;
    let why = Statement::new(asked.why.as_str(), rooms);
    let assessed = (asked.criterion.as_str(), asked.conclusion, &why);
    let id = acts::assess_exception(tx, &case, assessed, by)?;
    Ok(Created {
        location: format!("/applications/{}/eligibility", case.id),
        version: None,
        body: ExceptionAssessed {
            id,
            criterion: asked.criterion.clone(),
            conclusion: asked.conclusion,
        },
    })
}

fn preview_rules(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Preview>, Problem> {
    let id: RuleSetId = call.id()?;
    let other = rulesets::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let preview = preview(tx, &other)?;
    // It answers in ids and counts, but it has looked at what is known of everybody in the queue.
    tx.record(
        Entry::access("rule_set.previewed")
            .about(Subject::policy(id))
            .fact("openCases", preview.open_cases),
    );
    Ok(Shown::plain(preview))
}
