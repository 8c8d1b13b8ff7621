//! Completeness: which documents an applicant was asked for, until when, and which came.

use super::model::Document;
use super::rules;
use super::store::{self, Requested};
use crate::applications::acts::advance;
use crate::applications::{Application, Refusal, Step};
use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::{ApplicationId, UserId};
use crate::problem::Problem;
use crate::tasks::{self, NewTask, TaskKind};

/// Asks an applicant for documents. The clock does not stop; on the day by which they are due somebody goes on with what there is.
pub(in crate::applications) fn ask_for(
    tx: &mut Tx<'_>,
    case: &Application,
    documents: &[Document],
    due_on: Day,
    by: UserId,
) -> Result<Application, Problem> {
    if let Some(fault) = rules::fault_of_due_day(due_on, tx.today()) {
        return Err(Problem::invalid(vec![fault]));
    }
    let moved = advance(tx, case, Step::RequestDocuments)?;
    for document in documents {
        let row = Requested {
            municipality_id: tx.municipality(),
            application_id: case.id,
            document: *document,
            due_on,
            asked_by: by,
            asked_at: tx.now(),
            received_on: None,
        };
        store::ask_for(tx, &row)?;
    }
    tasks::open(
        tx,
        NewTask {
            kind: TaskKind::DocumentsDue,
            about: case.id.into(),
            case: Some(case.id),
            household: None,
            due_on: due_on.or_next_working_day(),
            assigned_to: case.assigned_to,
        },
    )?;
    let codes: Vec<&str> = documents.iter().map(|document| document.code()).collect();
    tx.record(
        Entry::change("application.documents_requested")
            .of_case(case.id)
            .about(case.household_id)
            .fact("state", moved.state.code())
            .fact("documents", codes)
            .fact("dueOn", due_on.0.to_string()),
    );
    Ok(moved)
}

/// Notes that documents came. When nothing is lacking any more, nothing is due.
pub(super) fn receive(
    tx: &mut Tx<'_>,
    case: &Application,
    documents: &[Document],
    received_on: Day,
) -> Result<Application, Problem> {
    let asked = store::requested(tx, case.id)?;
    let unasked = documents
        .iter()
        .find(|document| !asked.iter().any(|it| it.document == **document));
    if let Some(document) = unasked {
        return Err(Problem::from(Refusal::DocumentNotAskedFor).fact("document", document.code()));
    }
    let moved = advance(tx, case, Step::ReceiveDocuments)?;
    store::receive(tx, case.id, documents, received_on)?;
    let lacks_more = asked
        .iter()
        .any(|it| it.received_on.is_none() && !documents.contains(&it.document));
    if !lacks_more {
        tasks::close(tx, TaskKind::DocumentsDue, case.id)?;
    }
    let codes: Vec<&str> = documents.iter().map(|document| document.code()).collect();
    tx.record(
        Entry::change("application.documents_received")
            .of_case(case.id)
            .about(case.household_id)
            .fact("documents", codes)
            .fact("isComplete", !lacks_more),
    );
    Ok(moved)
}

/// A case has gone on: its documents are no longer waited for.
pub(in crate::applications) fn is_no_longer_asked(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<(), Problem> {
    tasks::close(tx, TaskKind::DocumentsDue, case)
}

/// The documents that a case still lacks, each with the day by which it was asked for.
pub fn lacking(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<(Document, Day)>, Problem> {
    let asked = store::requested(tx, case)?;
    let lacking = asked.into_iter().filter(|it| it.received_on.is_none());
    Ok(lacking.map(|it| (it.document, it.due_on)).collect())
}
