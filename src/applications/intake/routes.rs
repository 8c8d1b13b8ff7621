//! What was known at receipt, what is lacking, and which other case may be the same, over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Document, Frozen, FrozenMember, MergeReason, Overlap};
use super::{acts, documents, duplicates, store};
use crate::access::{self, Open, Openings};
use crate::applications::acts::load;
use crate::applications::routes::{QueuedApplication, queued};
use crate::applications::{Application, ApplicationType, OpenNeeds, rules as of_cases};
use crate::audit::Entry;
use crate::auth::Action::{HandleCase, ReadCases};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::ids::ApplicationId;
use crate::problem::Problem;
use crate::situations::SituationReason;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/applications/{id}/intake",
            ReadCases,
            "What was known at receipt, which documents are lacking, and with which other cases it was merged",
            show,
        ),
        Endpoint::get(
            "/applications/{id}/duplicates",
            ReadCases,
            "Other open cases of the same people, as far as you may see them",
            list_duplicates,
        ),
        Endpoint::act(
            "/applications/{id}/receive-documents",
            HandleCase,
            "Note that documents came",
            receive_documents,
        ),
        Endpoint::act(
            "/applications/{id}/merge",
            HandleCase,
            "Let a case go on in an older one of the same people",
            merge,
        ),
    ]
}

/// How a case came in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IntakeShown {
    /// What was known on the day of receipt; null for a case from before the municipality used this service.
    at_receipt: Option<FrozenShown>,
    /// The documents that the applicant was asked for.
    documents: Vec<DocumentShown>,
    /// Whether all that was asked for is here.
    is_complete: bool,
    /// The case in which this one goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<MergeShown>,
    /// The cases that go on in this one, as far as you may see them.
    took_in: Vec<MergeShown>,
}

/// What was known of a case on the day of its receipt.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FrozenShown {
    #[serde(rename = "type")]
    kind: ApplicationType,
    received_on: Day,
    lives_in_municipal_dwelling: bool,
    members: Vec<FrozenMember>,
    /// Why the household was in its situations, as far as you may look into the compartments in which that lies.
    situations: Vec<SituationReason>,
    /// What was said to be needed; without areas where the household has a protected address and the caller is not cleared for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<OpenNeeds>,
}

impl FrozenShown {
    fn to(openings: &Openings, mut frozen: Frozen) -> Self {
        let reasons = &mut frozen.situations;
        reasons.retain(|reason| openings.contains(reason.compartment()));
        Self {
            kind: frozen.kind,
            received_on: frozen.received_on,
            lives_in_municipal_dwelling: frozen.lives_in_municipal_dwelling,
            members: frozen.members,
            situations: frozen.situations,
            needs: frozen.needs.map(|it| Open::to(openings.clone(), it)),
        }
    }
}

/// A document that the applicant was asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DocumentShown {
    document: Document,
    due_on: Day,
    /// The day on which it came; null as long as it is lacking.
    received_on: Option<Day>,
}

/// A merger, told from one side.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MergeShown {
    application_id: ApplicationId,
    reason: MergeReason,
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<IntakeShown>, Problem> {
    let case = load(tx, call.id()?)?;
    let openings = access::openings(tx, case.id)?;
    let at_receipt = acts::frozen(tx, &case)?;
    let at_receipt = at_receipt.map(|it| FrozenShown::to(&openings, it));
    let asked = store::requested(tx, case.id)?;
    let merges = store::merges(tx, case.id)?;
    let others: Vec<ApplicationId> = merges
        .iter()
        .flat_map(|it| [it.application_id, it.into_id])
        .collect();
    let visible = access::visible_cases(tx, &others)?;
    let seen =
        |it: &&store::Merge| visible.contains(&it.application_id) && visible.contains(&it.into_id);
    let told = |application_id, reason| MergeShown {
        application_id,
        reason,
    };
    let merged_into = merges.iter().filter(seen);
    let merged_into = merged_into
        .filter(|it| it.application_id == case.id)
        .map(|it| told(it.into_id, it.reason))
        .next();
    let took_in = merges.iter().filter(seen);
    let took_in = took_in
        .filter(|it| it.into_id == case.id)
        .map(|it| told(it.application_id, it.reason))
        .collect();
    tx.record(
        Entry::access("application.intake_read")
            .about(case.id)
            .about(case.household_id)
            .about(case.applicant_id),
    );
    Ok(Shown::plain(IntakeShown {
        at_receipt,
        is_complete: asked.iter().all(|it| it.received_on.is_some()),
        documents: asked
            .into_iter()
            .map(|it| DocumentShown {
                document: it.document,
                due_on: it.due_on,
                received_on: it.received_on,
            })
            .collect(),
        merged_into,
        took_in,
    }))
}

/// Other open cases of the same people.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DuplicatesShown {
    items: Vec<DuplicateShown>,
}

/// Another open case of the same people.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DuplicateShown {
    application_id: ApplicationId,
    received_on: Day,
    /// What they have in common.
    overlap: Overlap,
    /// Whether it came first, so that this one can go on in it.
    is_older: bool,
}

fn list_duplicates(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<DuplicatesShown>, Problem> {
    let case = load(tx, call.id()?)?;
    let found = duplicates::of_case(tx, &case)?;
    tx.record(
        Entry::access("application.duplicates_read")
            .about(case.id)
            .about(case.applicant_id)
            .about_all(found.iter().map(|it| it.case)),
    );
    let items = found.into_iter().map(|it| DuplicateShown {
        application_id: it.case,
        received_on: it.received_on,
        overlap: it.overlap,
        is_older: (it.received_on, it.case) < (case.received_on, case.id),
    });
    Ok(Shown::plain(DuplicatesShown {
        items: items.collect(),
    }))
}

/// Which documents came, and when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReceiveDocuments {
    #[schema(min_items = 1, max_items = 6)]
    documents: Vec<Document>,
    received_on: Day,
}

fn receive_documents(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ReceiveDocuments,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    let faults = of_cases::faults_of_receipt(asked.received_on, tx.today());
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let moved = documents::receive(tx, &case, &asked.documents, asked.received_on)?;
    Ok(Shown::at_version(moved.version, queued(&moved)))
}

/// In which case this one goes on, and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MergeInto {
    /// The older case.
    into_id: ApplicationId,
    reason: MergeReason,
}

fn merge(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &MergeInto,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    let by = tx.user()?;
    let moved = duplicates::merge(tx, &case, asked.into_id, asked.reason, by)?;
    Ok(Shown::at_version(moved.version, queued(&moved)))
}

/// The case in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Application, Problem> {
    let case = load(tx, call.id()?)?;
    call.has_seen(case.version)?;
    Ok(case)
}
