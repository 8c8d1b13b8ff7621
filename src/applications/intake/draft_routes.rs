//! Drafts over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::drafts;
use super::model::DraftContent;
use super::rules;
use super::store::{self, Draft};
use crate::access;
use crate::applications::routes::{QueuedApplication, queued};
use crate::audit::Entry;
use crate::auth::Action::ReceiveApplication;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Done, Endpoint, Nothing, Shown};
use crate::ids::{DraftId, HouseholdId, UserId};
use crate::problem::Problem;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/application-drafts",
            ReceiveApplication,
            "Begin to write an application, which may lack anything",
            begin,
        ),
        Endpoint::get(
            "/application-drafts",
            ReceiveApplication,
            "What you are still writing",
            list,
        ),
        Endpoint::get(
            "/application-drafts/{id}",
            ReceiveApplication,
            "An application that is still being written, and what it lacks",
            show,
        ),
        Endpoint::replace(
            "/application-drafts/{id}",
            ReceiveApplication,
            "Write on",
            change,
        ),
        Endpoint::act(
            "/application-drafts/{id}/submit",
            ReceiveApplication,
            "Send it in: it is received, and the clock runs",
            submit,
        ),
        Endpoint::act(
            "/application-drafts/{id}/discard",
            ReceiveApplication,
            "Throw it away",
            discard,
        ),
    ]
}

/// An application as far as it is written.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BeginDraft {
    /// Who needs a home.
    household_id: HouseholdId,
    /// What is written already.
    #[serde(default)]
    content: Option<DraftContent>,
}

/// An application that is still being written. It is not received, and no clock runs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DraftShown {
    id: DraftId,
    version: i32,
    household_id: HouseholdId,
    /// Without areas where the household has a protected address and the caller is not cleared for it.
    content: DraftContent,
    /// What it lacks to be received, as JSON pointers.
    lacking: Vec<String>,
    written_by: UserId,
    changed_at: Instant,
}

fn begin(tx: &mut Tx<'_>, _: &Call, asked: &BeginDraft) -> Result<Created<DraftShown>, Problem> {
    let by = tx.user()?;
    let nothing = DraftContent {
        kind: None,
        lives_in_municipal_dwelling: None,
        needs: None,
    };
    let content = asked.content.clone().unwrap_or(nothing);
    let draft = drafts::begin(tx, asked.household_id, content, by)?;
    Ok(Created {
        location: format!("/application-drafts/{}", draft.id),
        version: Some(draft.version),
        body: told(tx, &draft)?,
    })
}

/// What somebody is still writing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DraftsShown {
    items: Vec<DraftShown>,
}

fn list(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<DraftsShown>, Problem> {
    let by = tx.user()?;
    let mut drafts = store::drafts_of(tx, by)?;
    let households: Vec<HouseholdId> = drafts.iter().map(|draft| draft.household_id).collect();
    let visible = access::visible_households(tx, &households)?;
    drafts.retain(|draft| visible.contains(&draft.household_id));
    let mut items = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        items.push(told(tx, draft)?);
    }
    tx.record(Entry::access("application_draft.listed").about_all(visible));
    Ok(Shown::plain(DraftsShown { items }))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<DraftShown>, Problem> {
    let draft = drafts::load(tx, call.id()?)?;
    tx.record(Entry::access("application_draft.read").about(draft.household_id));
    shown(tx, &draft)
}

fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &DraftContent,
) -> Result<Shown<DraftShown>, Problem> {
    let draft = seen(tx, call)?;
    let changed = drafts::change(tx, &draft, asked.clone())?;
    shown(tx, &changed)
}

/// When it reached the municipality.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Submit {
    /// The day on which it reached the municipality, by whatever unit.
    received_on: Day,
}

fn submit(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Submit,
) -> Result<Shown<QueuedApplication>, Problem> {
    let draft = seen(tx, call)?;
    let case = drafts::submit(tx, &draft, asked.received_on)?;
    Ok(Shown::at_version(case.version, queued(&case)))
}

fn discard(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Done, Problem> {
    let draft = seen(tx, call)?;
    drafts::discard(tx, &draft)?;
    Ok(Done)
}

/// The draft in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Draft, Problem> {
    let draft = drafts::load(tx, call.id()?)?;
    call.has_seen(draft.version)?;
    Ok(draft)
}

fn shown(tx: &mut Tx<'_>, draft: &Draft) -> Result<Shown<DraftShown>, Problem> {
    Ok(Shown::at_version(draft.version, told(tx, draft)?))
}

fn told(tx: &mut Tx<'_>, draft: &Draft) -> Result<DraftShown, Problem> {
    let mut content = drafts::content_of(draft);
    let lacking = rules::lacking_of(&content);
    if !access::unlocatable(tx, &[draft.household_id])?.is_empty() {
        content.needs = content
            .needs
            .map(crate::applications::Needs::without_places);
    }
    Ok(DraftShown {
        id: draft.id,
        version: draft.version,
        household_id: draft.household_id,
        content,
        lacking: lacking.into_iter().map(str::to_owned).collect(),
        written_by: draft.written_by,
        changed_at: draft.changed_at,
    })
}
