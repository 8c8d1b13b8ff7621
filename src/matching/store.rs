//! The plans that were made, what the team did with them, and who was chosen by decisions.

use diesel::prelude::*;
use serde_json::Value;

use super::hands::{DepartureReason, Hands, ProposalState};
use super::plan::{Objective, Plan};
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{matching_choice, matching_proposal, matching_run};
use crate::db::types::Json;
use crate::each;
use crate::ids::{
    ApplicationId, DecisionId, DwellingId, HouseholdId, MatchingProposalId, MatchingRunId,
    MunicipalityId, RuleSetId, UserId,
};
use crate::problem::Problem;

/// Rows of one insert, well below what either database binds at once.
const CHUNK: usize = 500;

/// A plan as it is kept.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = matching_run, treat_none_as_default_value = false)]
pub(super) struct Run {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: MatchingRunId,
    pub(super) objective: Objective,
    pub(super) snapshot_sha256: Vec<u8>,
    pub(super) rule_set_id: RuleSetId,
    pub(super) engine_version: String,
    pub(super) plan: Json<Value>,
    pub(super) created_at: Instant,
    /// The version of the pool that it saw.
    pub(super) pool_version: i64,
}

pub(super) fn insert_run(tx: &mut Tx<'_>, run: &Run) -> Result<(), Problem> {
    diesel::insert_into(matching_run::table)
        .values(run)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_run(tx: &mut Tx<'_>, id: MatchingRunId) -> Result<Option<Run>, Problem> {
    let key = (tx.municipality(), id);
    let found = matching_run::table
        .find(key)
        .select(matching_run::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// A plan without its lines.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = matching_run)]
pub(super) struct RunInShort {
    pub(super) id: MatchingRunId,
    pub(super) objective: Objective,
    pub(super) rule_set_id: RuleSetId,
    pub(super) engine_version: String,
    pub(super) created_at: Instant,
    pub(super) pool_version: i64,
}

/// A line of a plan as it is kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = matching_proposal, treat_none_as_default_value = false)]
pub(super) struct Proposal {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: MatchingProposalId,
    pub(super) version: i32,
    pub(super) run_id: MatchingRunId,
    pub(super) place: i32,
    pub(super) application_id: ApplicationId,
    pub(super) household_id: HouseholdId,
    pub(super) dwelling_id: DwellingId,
    pub(super) points: i16,
    pub(super) state: ProposalState,
    pub(super) chosen_dwelling_id: Option<DwellingId>,
    pub(super) reason: Option<DepartureReason>,
    pub(super) handled_by: Option<UserId>,
    pub(super) handled_at: Option<Instant>,
}

/// Keeps the lines of a plan that was just made.
pub(super) fn insert_proposals(
    tx: &mut Tx<'_>,
    run: MatchingRunId,
    plan: &Plan,
) -> Result<(), Problem> {
    let lines = plan.assignments.iter().map(|line| Proposal {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        run_id: run,
        place: i32::try_from(line.place).unwrap_or(i32::MAX),
        application_id: line.application_id,
        household_id: line.household_id,
        dwelling_id: line.dwelling_id,
        points: i16::try_from(line.points).unwrap_or(i16::MAX),
        state: ProposalState::Open,
        chosen_dwelling_id: None,
        reason: None,
        handled_by: None,
        handled_at: None,
    });
    let lines: Vec<Proposal> = lines.collect();
    for chunk in lines.chunks(CHUNK) {
        let insert = diesel::insert_into(matching_proposal::table);
        each!(tx.conn(), c => insert.values(chunk).execute(c))?;
    }
    Ok(())
}

pub(super) fn find_proposal(
    tx: &mut Tx<'_>,
    id: MatchingProposalId,
) -> Result<Option<Proposal>, Problem> {
    let key = (tx.municipality(), id);
    let found = matching_proposal::table
        .find(key)
        .select(matching_proposal::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The lines of a plan in the order of priority.
pub(super) fn proposals_of(
    tx: &mut Tx<'_>,
    run: MatchingRunId,
    after: Option<MatchingProposalId>,
    limit: i64,
) -> Result<Vec<Proposal>, Problem> {
    let municipality = tx.municipality();
    Ok(matching_proposal::table
        .filter(matching_proposal::municipality_id.eq(municipality))
        .filter(matching_proposal::run_id.eq(run))
        .filter(matching_proposal::id.gt(after.unwrap_or(MatchingProposalId::NIL)))
        .order(matching_proposal::id)
        .limit(limit)
        .select(matching_proposal::all_columns)
        .load(tx.conn())?)
}

/// Notes what the team did with a line, if it is still the one that was read and nobody did anything with it.
pub(super) fn handle(
    tx: &mut Tx<'_>,
    line: &Proposal,
    to: ProposalState,
    chosen: Option<DwellingId>,
    reason: Option<DepartureReason>,
    by: UserId,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), line.id), tx.now());
    Ok(diesel::update(matching_proposal::table.find(key))
        .filter(matching_proposal::version.eq(line.version))
        .filter(matching_proposal::state.eq(ProposalState::Open))
        .set((
            matching_proposal::state.eq(to),
            matching_proposal::chosen_dwelling_id.eq(chosen),
            matching_proposal::reason.eq(reason),
            matching_proposal::handled_by.eq(by),
            matching_proposal::handled_at.eq(now),
            matching_proposal::version.eq(line.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Whether a home was taken or chosen in a plan already.
pub(super) fn is_chosen_in_run(
    tx: &mut Tx<'_>,
    run: MatchingRunId,
    home: DwellingId,
) -> Result<bool, Problem> {
    let municipality = tx.municipality();
    let taken = matching_proposal::state
        .eq(ProposalState::Taken)
        .and(matching_proposal::dwelling_id.eq(home));
    let chosen = matching_proposal::chosen_dwelling_id
        .is_not_null()
        .and(matching_proposal::chosen_dwelling_id.eq(home));
    let found: Vec<MatchingProposalId> = matching_proposal::table
        .filter(matching_proposal::municipality_id.eq(municipality))
        .filter(matching_proposal::run_id.eq(run))
        .filter(taken.assume_not_null().or(chosen.assume_not_null()))
        .select(matching_proposal::id)
        .limit(1)
        .load(tx.conn())?;
    Ok(!found.is_empty())
}

/// What the team did with the lines of a plan.
pub(super) fn hands_on(
    tx: &mut Tx<'_>,
    run: MatchingRunId,
    except: &[ApplicationId],
) -> Result<Hands, Problem> {
    let municipality = tx.municipality();
    let lines: Vec<(ProposalState, Option<DepartureReason>)> = matching_proposal::table
        .filter(matching_proposal::municipality_id.eq(municipality))
        .filter(matching_proposal::run_id.eq(run))
        .filter(matching_proposal::application_id.ne_all(except))
        .select((matching_proposal::state, matching_proposal::reason))
        .load(tx.conn())?;
    Ok(counted(lines))
}

/// What the team did with lines of plans in a period, apart from those of these cases.
pub(super) fn hands_between(
    tx: &mut Tx<'_>,
    from: Instant,
    until: Instant,
    except: &[ApplicationId],
) -> Result<Hands, Problem> {
    let municipality = tx.municipality();
    let lines: Vec<(ProposalState, Option<DepartureReason>)> = matching_proposal::table
        .filter(matching_proposal::municipality_id.eq(municipality))
        .filter(matching_proposal::handled_at.ge(from))
        .filter(matching_proposal::handled_at.lt(until))
        .filter(matching_proposal::application_id.ne_all(except))
        .select((matching_proposal::state, matching_proposal::reason))
        .load(tx.conn())?;
    Ok(counted(lines))
}

fn counted(lines: Vec<(ProposalState, Option<DepartureReason>)>) -> Hands {
    let one_each = lines.into_iter().map(|(state, reason)| (state, reason, 1));
    Hands::of(one_each)
}

/// Who was given which home by a decision.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = matching_choice, treat_none_as_default_value = false)]
pub(super) struct Choice {
    pub(super) municipality_id: MunicipalityId,
    pub(super) decision_id: DecisionId,
    pub(super) application_id: ApplicationId,
    pub(super) dwelling_id: DwellingId,
    pub(super) snapshot_sha256: Vec<u8>,
    pub(super) rule_set_id: RuleSetId,
    pub(super) engine_version: String,
    pub(super) chosen_at: Instant,
}

pub(super) fn insert_choice(tx: &mut Tx<'_>, choice: &Choice) -> Result<(), Problem> {
    diesel::insert_into(matching_choice::table)
        .values(choice)
        .execute(tx.conn())?;
    Ok(())
}

/// The choices of a period, oldest first.
pub(super) fn choices_between(
    tx: &mut Tx<'_>,
    from: Instant,
    until: Instant,
    limit: i64,
) -> Result<Vec<Choice>, Problem> {
    let municipality = tx.municipality();
    Ok(matching_choice::table
        .filter(matching_choice::municipality_id.eq(municipality))
        .filter(matching_choice::chosen_at.ge(from))
        .filter(matching_choice::chosen_at.lt(until))
        .order((matching_choice::chosen_at, matching_choice::decision_id))
        .limit(limit)
        .select(matching_choice::all_columns)
        .load(tx.conn())?)
}

/// The plans that were made, newest last.
pub(super) fn page_of_runs(
    tx: &mut Tx<'_>,
    after: Option<MatchingRunId>,
    limit: i64,
) -> Result<Vec<RunInShort>, Problem> {
    let municipality = tx.municipality();
    Ok(matching_run::table
        .filter(matching_run::municipality_id.eq(municipality))
        .filter(matching_run::id.gt(after.unwrap_or(MatchingRunId::NIL)))
        .order(matching_run::id)
        .limit(limit)
        .select(RunInShort::as_select())
        .load(tx.conn())?)
}
