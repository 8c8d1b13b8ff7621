//! The log, as auditors ask it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::questions::{self, Filter, RecordedEntry};
use super::{Entry, EntryKind, Mark, export_csv, proofs, waiting};
use crate::access;
use crate::auth::{Action, Role};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Page, Paging, Shown, cursor_of};
use crate::ids::{ApplicationId, PersonId, UserId};
use crate::problem::{NOT_FOUND, Problem};

/// The operations on the log.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/audit/entries",
            Action::ReadAudit,
            "The audit log, filtered",
            entries,
        ),
        Endpoint::get(
            "/audit/checkpoint",
            Action::ReadAudit,
            "The last signed head of the log",
            proofs::checkpoint,
        ),
        Endpoint::get(
            "/audit/proofs/inclusion",
            Action::ReadAudit,
            "The proof that an entry stands in the log",
            proofs::inclusion,
        ),
        Endpoint::get(
            "/audit/proofs/consistency",
            Action::ReadAudit,
            "The proof that the log only grew between two checkpoints",
            proofs::consistency,
        ),
        Endpoint::get(
            "/audit/export.csv",
            Action::ExportAudit,
            "The same entries as a table: index, id, recordedAt, kind, action, actorId, role, correlation, caseId, caseSeq, subjects, facts, hash",
            export_csv::export_csv,
        ),
        Endpoint::get(
            "/applications/{id}/history",
            Action::ReadHistory,
            "Everything that was done in a case, in the order of the log, each entry with its hash",
            history,
        ),
    ]
}

/// Which entries are asked for; all that are given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// Concerns this case.
    application_id: Option<Uuid>,
    /// Concerns this person.
    person_id: Option<Uuid>,
    /// Concerns this household.
    household_id: Option<Uuid>,
    /// Concerns this home.
    dwelling_id: Option<Uuid>,
    /// Concerns this decision.
    decision_id: Option<Uuid>,
    /// Rests on this version of the rules.
    rule_set_id: Option<Uuid>,
    /// Done by this employee.
    #[param(value_type = Option<Uuid>)]
    actor_id: Option<UserId>,
    /// This action, for example `decision.approved`.
    action: Option<String>,
    /// In this role.
    role: Option<Role>,
    /// Change, refused attempt or access.
    #[param(inline)]
    kind: Option<EntryKind>,
    /// Refused with this code, for example `same_hands`.
    refusal: Option<String>,
    /// Bears this mark: looks at people's data that name no case, decisions that pass over somebody who ranks higher, refused
    /// attempts.
    #[param(inline)]
    mark: Option<Mark>,
    /// Recorded at or after.
    #[param(value_type = Option<Instant>)]
    from: Option<Instant>,
    /// Recorded before.
    #[param(value_type = Option<Instant>)]
    until: Option<Instant>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LogPage {
    /// The sealed entries in the order of the log, then those that still wait for their seal in the order of their ids. An entry that
    /// commits between two pages, and is sealed before others that were told while they waited, may stand on neither page: what is
    /// sealed is told whole.
    items: Vec<RecordedEntry>,
    /// Ask for the next page with this; null on the last page.
    next_cursor: Option<String>,
    /// Every entry that was recorded before this moment, and stands on this or an earlier page, is sealed.
    sealed_up_to: Instant,
}

fn entries(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Shown<LogPage>, Problem> {
    let subjects = [
        asked.application_id,
        asked.person_id,
        asked.household_id,
        asked.dwelling_id,
        asked.decision_id,
        asked.rule_set_id,
    ];
    let filter = Filter {
        subjects: subjects.into_iter().flatten().collect(),
        marks: asked.mark.into_iter().collect(),
        refusal: asked.refusal.clone(),
        actor: asked.actor_id,
        action: asked.action.clone(),
        role: asked.role,
        kind: asked.kind,
        without_access: false,
        from: asked.from,
        until: asked.until,
    };
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let mut items = questions::page(tx, &filter, paging.after()?, limit + 1)?;
    let length = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_last = items.len() <= length;
    items.truncate(length);
    let next = items.last().filter(|_| !is_last);
    // Whoever watches is watched.
    tx.record(Entry::access("audit.read").about_all(asked.person_id.map(PersonId::from_uuid)));
    Ok(Shown::plain(LogPage {
        next_cursor: next.map(|entry| cursor_of(entry.id)),
        items,
        sealed_up_to: waiting::sealed_up_to(tx)?,
    }))
}

fn history(tx: &mut Tx<'_>, call: &Call, paging: &Paging) -> Result<Page<RecordedEntry>, Problem> {
    let case: ApplicationId = call.id()?;
    // Those who control see the log of every case; those who handle cases see the log of what they may see.
    let controls = [Role::Auditor, Role::PrivacyOfficer];
    if !tx.caller().roles.iter().any(|role| controls.contains(role)) {
        access::must_see_case(tx, case)?;
    }
    let filter = Filter {
        subjects: vec![case.uuid()],
        without_access: true,
        ..Filter::default()
    };
    let page = page_of(tx, &filter, paging)?;
    if page.is_empty() && paging.cursor.is_none() {
        return Err(Problem::new(&NOT_FOUND));
    }
    tx.record(Entry::access("history.read").about(case));
    Ok(page)
}

/// A page of the log, as an operation answers with it.
pub fn page_of(
    tx: &mut Tx<'_>,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<RecordedEntry>, Problem> {
    let limit = paging.limit()?;
    let rows = questions::page(tx, filter, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |entry| entry.id))
}
