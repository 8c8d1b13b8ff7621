//! Recording what is known, assessing exceptions, and what the criteria say before a decision on a home.

use secrecy::ExposeSecret as _;

use super::gather::applicant;
use super::model::{Circumstances, CriterionFinding, ExceptionConclusion};
use super::rules::{self, Exceptions, Refusal};
use super::store::{self, CircumstanceRow, ExceptionRow};
use crate::access::Statement;
use crate::applications::Application;
use crate::audit::{Entry, Subject};
use crate::crypto::Context;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, CriterionExceptionId, UserId};
use crate::people;
use crate::problem::Problem;
use crate::rulesets::{self, Adopted};

fn place(tx: &Tx<'_>, table: &'static str, column: &'static str, row: uuid::Uuid) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table,
        column,
        row,
    }
}

/// What is known of a household in a case, opened. Whoever shows it records that.
pub(super) fn open_circumstances(
    tx: &mut Tx<'_>,
    case: &Application,
    row: &CircumstanceRow,
) -> Result<Circumstances, Problem> {
    let place = place(tx, "circumstance", "sealed", case.id.uuid());
    let text = people::open_text(tx, case.applicant_id, place, &row.sealed)?;
    serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("sealed circumstances are not JSON"))
}

/// What is known of the household in a case that was loaded before, if anything was recorded. Whoever shows it records that.
pub fn known_of(tx: &mut Tx<'_>, case: &Application) -> Result<Option<Circumstances>, Problem> {
    let row = store::find(tx, case.id)?;
    row.map(|row| open_circumstances(tx, case, &row))
        .transpose()
}

fn sealed(
    tx: &mut Tx<'_>,
    case: &Application,
    version: i32,
    known: &Circumstances,
) -> Result<CircumstanceRow, Problem> {
    let text = serde_json::to_string(known)
        .map_err(|_| Problem::internal("circumstances cannot be written as JSON"))?;
    let place = place(tx, "circumstance", "sealed", case.id.uuid());
    Ok(CircumstanceRow {
        municipality_id: tx.municipality(),
        application_id: case.id,
        version,
        sealed: people::seal_text(tx, case.applicant_id, place, &text)?,
        recorded_by: tx.caller().actor.user(),
        recorded_at: tx.now(),
    })
}

/// Records what is known of a household: the whole of it, in the place of what was known before.
pub(super) fn record(
    tx: &mut Tx<'_>,
    case: &Application,
    before: Option<&CircumstanceRow>,
    known: &Circumstances,
) -> Result<i32, Problem> {
    let version = before.map_or(1, |row| row.version + 1);
    let row = sealed(tx, case, version, known)?;
    must_be_current(store::keep(tx, &row)?)?;
    // What is known is personal; that it was recorded is not.
    tx.record(
        Entry::change("circumstances.recorded")
            .of_case(case.id)
            .about(case.applicant_id)
            .fact("version", version),
    );
    Ok(version)
}

/// What the criteria in force say of a case today.
pub fn assessed(
    tx: &mut Tx<'_>,
    case: &Application,
    adopted: &Adopted,
) -> Result<Vec<CriterionFinding>, Problem> {
    let criteria = &adopted.rules.eligibility;
    if criteria.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let applicant = applicant(tx, case)?;
    Ok(rules::assess(criteria, &applicant, today))
}

/// The last conclusion on each criterion.
pub(super) fn exceptions(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Exceptions, Problem> {
    let rows = store::exceptions(tx, case)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.criterion, row.conclusion))
        .collect())
}

/// Whether a municipal home can be granted or refused to the household of a case by these rules. Tells the criteria that are set
/// aside by granting it.
pub fn may_decide_on_home(
    tx: &mut Tx<'_>,
    case: &Application,
    adopted: &Adopted,
    grants: bool,
) -> Result<Vec<String>, Problem> {
    let findings = assessed(tx, case, adopted)?;
    let exceptions = exceptions(tx, case.id)?;
    let (refusal, criteria) = if grants {
        (
            Refusal::NotEligible,
            rules::hindrances(&findings, &exceptions),
        )
    } else {
        (
            Refusal::ExceptionNotAssessed,
            rules::unassessed(&findings, &exceptions),
        )
    };
    if !criteria.is_empty() {
        return Err(Problem::from(refusal).fact("criteria", criteria));
    }
    Ok(if grants {
        rules::set_aside(&findings, &exceptions)
    } else {
        Vec::new()
    })
}

/// Records that an exception from a criterion was assessed, and why it was or was not made.
pub(super) fn assess_exception(
    tx: &mut Tx<'_>,
    case: &Application,
    (criterion, conclusion, why): (&str, ExceptionConclusion, &Statement),
    by: UserId,
) -> Result<CriterionExceptionId, Problem> {
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    rules::must_know_exception(&adopted.rules.eligibility, criterion)?;
    let id: CriterionExceptionId = tx.new_id();
    let place = place(tx, "exception_assessment", "sealed_why", id.uuid());
    let row = ExceptionRow {
        municipality_id: tx.municipality(),
        id,
        application_id: case.id,
        criterion: criterion.to_owned(),
        rule_set_id: adopted.id,
        conclusion,
        sealed_why: people::seal_text(tx, case.applicant_id, place, &why.to_json()?)?,
        assessed_by: by,
        assessed_at: tx.now(),
    };
    store::insert_exception(tx, &row)?;
    tx.record(
        Entry::change("eligibility.exception_assessed")
            .of_case(case.id)
            .about(case.household_id)
            .about(Subject::policy(adopted.id))
            .fact("criterion", criterion)
            .fact("conclusion", conclusion.code()),
    );
    Ok(id)
}

/// Why an exception was or was not made, opened.
pub(super) fn why_of(
    tx: &mut Tx<'_>,
    case: &Application,
    row: &ExceptionRow,
) -> Result<Statement, Problem> {
    let place = place(tx, "exception_assessment", "sealed_why", row.id.uuid());
    let text = people::open_text(tx, case.applicant_id, place, &row.sealed_why)?;
    Statement::from_json(text.expose_secret())
}
