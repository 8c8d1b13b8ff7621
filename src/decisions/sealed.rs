//! What a decision says in words, sealed under the applicant's key.

use secrecy::ExposeSecret as _;

use super::model::Content;
use super::store::Decision;
use crate::applications::{self, Application};
use crate::crypto::Context;
use crate::db::Tx;
use crate::ids::DecisionId;
use crate::people;
use crate::problem::{ERASED, Problem};

/// Where the words stand: they open nowhere else.
fn place(tx: &Tx<'_>, decision: DecisionId) -> Context {
    let municipality = tx.municipality().uuid();
    Context {
        municipality,
        table: "decision",
        column: "sealed_reasons",
        row: decision.uuid(),
    }
}

/// Seals the words under the applicant's key.
pub(super) fn seal(
    tx: &mut Tx<'_>,
    case: &Application,
    decision: DecisionId,
    content: &Content,
) -> Result<String, Problem> {
    let text = serde_json::to_string(content);
    let text = text.map_err(|_| Problem::internal("a decision cannot be written as JSON"))?;
    let place = place(tx, decision);
    people::seal_text(tx, case.applicant_id, place, &text)
}

/// The words of a decision, opened. Whoever asks records that they were shown.
pub fn content_of(tx: &mut Tx<'_>, decision: &Decision) -> Result<Content, Problem> {
    let applicant = applications::applicant_of(tx, decision.application_id)?;
    let place = place(tx, decision.id);
    let text = people::open_text(tx, applicant, place, &decision.sealed_reasons)?;
    serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("the sealed words of a decision are not JSON"))
}

/// The same, or nothing once the applicant has been erased.
pub(super) fn find_content(
    tx: &mut Tx<'_>,
    decision: &Decision,
) -> Result<Option<Content>, Problem> {
    match content_of(tx, decision) {
        Ok(content) => Ok(Some(content)),
        Err(problem) if problem.kind == &ERASED => Ok(None),
        Err(problem) => Err(problem),
    }
}
