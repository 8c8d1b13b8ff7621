//! Applications that somebody is still writing, on behalf of the applicant or with them.

use super::model::DraftContent;
use super::rules;
use super::store::{self, Draft};
use crate::access;
use crate::applications::acts::{Receipt, receive};
use crate::applications::{Application, Refusal, faults_of_needs};
use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::must_be_current;
use crate::ids::{DraftId, HouseholdId, UserId};
use crate::people;
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// Begins to write.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    content: DraftContent,
    by: UserId,
) -> Result<Draft, Problem> {
    let mut faults = faults_of(&content);
    let exists = people::applicant_of(tx, household)?.is_some();
    let visible = access::visible_households(tx, &[household])?;
    if !exists || !visible.contains(&household) {
        let (nb, en) = ("Husstanden finnes ikke.", "The household does not exist.");
        faults.push(FieldFault::new("/householdId", "not_found", nb, en));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let draft = Draft {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        household_id: household,
        kind: content.kind,
        lives_in_municipal_dwelling: content.lives_in_municipal_dwelling,
        needs: content.needs.map(Json),
        written_by: by,
        changed_at: tx.now(),
    };
    store::insert_draft(tx, &draft)?;
    tx.record(Entry::change("application_draft.begun").about(household));
    Ok(draft)
}

/// A draft that the caller may see: whoever may see the household.
pub(super) fn load(tx: &mut Tx<'_>, id: DraftId) -> Result<Draft, Problem> {
    let found = store::find_draft(tx, id)?;
    let household = found.as_ref().map(|it| it.household_id);
    access::must_see_household(tx, household.unwrap_or(HouseholdId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Writes on.
pub(super) fn change(
    tx: &mut Tx<'_>,
    draft: &Draft,
    content: DraftContent,
) -> Result<Draft, Problem> {
    let faults = faults_of(&content);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let (kind, lives) = (content.kind, content.lives_in_municipal_dwelling);
    let needs = content.needs.map(Json);
    must_be_current(store::change_draft(tx, draft, kind, lives, needs)?)?;
    tx.record(Entry::change("application_draft.changed").about(draft.household_id));
    load(tx, draft.id)
}

/// Sends it in: from now on it is a case, and the draft is gone.
pub(super) fn submit(
    tx: &mut Tx<'_>,
    draft: &Draft,
    received_on: Day,
) -> Result<Application, Problem> {
    let content = content_of(draft);
    let lacking = rules::lacking_of(&content);
    let (Some(kind), true) = (content.kind, lacking.is_empty()) else {
        return Err(Problem::from(Refusal::DraftIncomplete).fact("lacking", lacking));
    };
    must_be_current(store::delete_draft(tx, draft)?)?;
    let receipt = Receipt {
        household: draft.household_id,
        kind,
        received_on,
        lives_in_municipal_dwelling: content.lives_in_municipal_dwelling.unwrap_or_default(),
        needs: content.needs,
    };
    receive(tx, &receipt)
}

/// Throws it away: nothing of it remains but that there was one.
pub(super) fn discard(tx: &mut Tx<'_>, draft: &Draft) -> Result<(), Problem> {
    must_be_current(store::delete_draft(tx, draft)?)?;
    tx.record(Entry::change("application_draft.discarded").about(draft.household_id));
    Ok(())
}

/// What a draft says so far.
pub(super) fn content_of(draft: &Draft) -> DraftContent {
    DraftContent {
        kind: draft.kind,
        lives_in_municipal_dwelling: draft.lives_in_municipal_dwelling,
        needs: draft.needs.as_ref().map(|needs| needs.0.clone()),
    }
}

fn faults_of(content: &DraftContent) -> Vec<FieldFault> {
    let needs = content.needs.as_ref();
    needs.map_or_else(Vec::new, |needs| faults_of_needs(needs, "/needs"))
}
