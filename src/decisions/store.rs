//! The table of decisions.

use diesel::prelude::*;

use super::lifecycle::DecisionState;
use super::model::{Basis, LegalBasis, Outcome};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::{decision, decision_version};
use crate::db::types::Json;
use crate::db::{OrRefuse, Tx, Unique, violates};
use crate::ids::{
    ApplicationId, DecisionId, DwellingId, HouseholdId, MunicipalityId, RuleSetId, UserId,
};
use crate::problem::Problem;

const ONE_PER_CASE: Unique = Unique {
    name: "decision_one_proposal_per_application",
    columns: "decision.municipality_id, decision.application_id, decision.legal_basis",
};
const ONE_PER_HOME: Unique = Unique {
    name: "decision_one_proposal_per_dwelling",
    columns: "decision.municipality_id, decision.dwelling_id",
};

/// An administrative decision ("enkeltvedtak"), from proposal on.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = decision, treat_none_as_default_value = false)]
pub struct Decision {
    /// The municipality that decides.
    pub municipality_id: MunicipalityId,
    /// The decision.
    pub id: DecisionId,
    /// Rises with every change.
    pub version: i32,
    /// The case.
    pub application_id: ApplicationId,
    /// About whom.
    pub household_id: HouseholdId,
    /// Which home, when one is named.
    pub dwelling_id: Option<DwellingId>,
    /// What.
    pub outcome: Outcome,
    /// By which law.
    pub legal_basis: LegalBasis,
    /// Where it stands.
    pub state: DecisionState,
    /// Why, sealed under the applicant's key.
    pub sealed_reasons: String,
    /// By what it was reached.
    pub basis: Json<Basis>,
    /// By which rules.
    pub rule_set_id: RuleSetId,
    /// How long the lease runs, when a home is named.
    pub lease_months: Option<i16>,
    /// Who proposed.
    pub proposed_by: UserId,
    /// When.
    pub proposed_at: Instant,
    /// Who decided, or sent it back; nobody where it fell with what became of the case.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// When this version of it was recorded; versions follow each other in time.
    pub recorded_at: Instant,
    /// The first day on which it no longer holds, where it names one.
    pub valid_until: Option<Day>,
    /// The decision that it takes the place of.
    pub replaces: Option<DecisionId>,
    /// When the party was notified.
    pub notified_at: Option<Instant>,
    /// The last day for an appeal, once the party was notified.
    pub appeal_until: Option<Day>,
}

impl Decision {
    /// The same, silent about the home: for households that nobody must be able to locate.
    pub(super) fn without_home(mut self) -> Self {
        self.dwelling_id = None;
        self.basis.0.explanation = None;
        self
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Decision) -> Result<(), Problem> {
    let inserted = diesel::insert_into(decision::table)
        .values(row)
        .execute(tx.conn());
    match inserted {
        Err(error) if violates(&error, &ONE_PER_HOME) => Err(Refusal::DwellingNotAvailable.into()),
        other => {
            other.or_refuse(&ONE_PER_CASE, Refusal::ProposalExists)?;
            Ok(())
        }
    }
}

pub(super) fn find(tx: &mut Tx<'_>, id: DecisionId) -> Result<Option<Decision>, Problem> {
    let key = (tx.municipality(), id);
    let found = decision::table
        .find(key)
        .select(decision::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// What changes of a decision.
type Version = (
    (i32, DecisionState, Option<UserId>, Option<Instant>, Instant),
    (Option<Instant>, Option<Day>),
);

/// A decision as it was at a moment; nothing before it was recorded.
pub(super) fn find_as_of(
    tx: &mut Tx<'_>,
    id: DecisionId,
    at: Instant,
) -> Result<Option<Decision>, Problem> {
    let municipality = tx.municipality();
    let then: Option<Version> = decision_version::table
        .filter(decision_version::municipality_id.eq(municipality))
        .filter(decision_version::id.eq(id))
        .filter(decision_version::recorded_at.le(at))
        .order(decision_version::version.desc())
        .select((
            (
                decision_version::version,
                decision_version::state,
                decision_version::decided_by,
                decision_version::decided_at,
                decision_version::recorded_at,
            ),
            (
                decision_version::notified_at,
                decision_version::appeal_until,
            ),
        ))
        .first(tx.conn())
        .optional()?;
    let Some((decided, (notified_at, appeal_until))) = then else {
        return Ok(None);
    };
    let (version, state, decided_by, decided_at, recorded_at) = decided;
    Ok(find(tx, id)?.map(|decision| Decision {
        version,
        state,
        decided_by,
        decided_at,
        recorded_at,
        notified_at,
        appeal_until,
        ..decision
    }))
}

pub(super) fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Decision>, Problem> {
    let municipality = tx.municipality();
    Ok(decision::table
        .filter(decision::municipality_id.eq(municipality))
        .filter(decision::application_id.eq(case))
        .order(decision::id)
        .select(decision::all_columns)
        .load(tx.conn())?)
}

/// The proposals of a case that wait for somebody to decide, oldest first.
pub(super) fn proposed_in(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Decision>, Problem> {
    let municipality = tx.municipality();
    Ok(decision::table
        .filter(decision::municipality_id.eq(municipality))
        .filter(decision::application_id.eq(case))
        .filter(decision::state.eq(DecisionState::Proposed.named()))
        .order(decision::id)
        .select(decision::all_columns)
        .load(tx.conn())?)
}

/// Decides or sends back, if it is still the proposal that was read; by nobody where it fell with the case.
pub(super) fn conclude(
    tx: &mut Tx<'_>,
    of: &Decision,
    state: DecisionState,
    by: Option<UserId>,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(decision::table.find(key))
        .filter(decision::version.eq(of.version))
        .filter(decision::state.eq(DecisionState::Proposed.named()))
        .set((
            decision::state.eq(state),
            decision::decided_by.eq(by),
            decision::decided_at.eq(now),
            decision::version.eq(of.version + 1),
            decision::recorded_at.eq(now.max(of.recorded_at)),
        ))
        .execute(tx.conn())?)
}

/// Lets a decision that was made be replaced, if it is still as it was read.
pub(super) fn replace(tx: &mut Tx<'_>, of: &Decision) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(decision::table.find(key))
        .filter(decision::version.eq(of.version))
        .filter(decision::state.eq(DecisionState::Approved.named()))
        .set((
            decision::state.eq(DecisionState::Replaced),
            decision::version.eq(of.version + 1),
            decision::recorded_at.eq(now.max(of.recorded_at)),
        ))
        .execute(tx.conn())?)
}

/// Notes when the party was notified, and until when it can appeal, if the decision is still as it was read.
pub(super) fn notify(tx: &mut Tx<'_>, of: &Decision, appeal_until: Day) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(decision::table.find(key))
        .filter(decision::version.eq(of.version))
        .filter(decision::notified_at.is_null())
        .set((
            decision::notified_at.eq(now),
            decision::appeal_until.eq(appeal_until),
            decision::version.eq(of.version + 1),
            decision::recorded_at.eq(now.max(of.recorded_at)),
        ))
        .execute(tx.conn())?)
}

/// The decisions in force that end on this day or before.
pub(super) fn ending_until(tx: &mut Tx<'_>, until: Day) -> Result<Vec<Decision>, Problem> {
    let municipality = tx.municipality();
    Ok(decision::table
        .filter(decision::municipality_id.eq(municipality))
        .filter(decision::state.eq(DecisionState::Approved.named()))
        .filter(decision::valid_until.le(until))
        .order(decision::id)
        .select(decision::all_columns)
        .load(tx.conn())?)
}

/// The cases in which assistance was decided on.
pub(super) fn cases_with_assistance(tx: &mut Tx<'_>) -> Result<Vec<ApplicationId>, Problem> {
    let municipality = tx.municipality();
    Ok(decision::table
        .filter(decision::municipality_id.eq(municipality))
        .filter(decision::state.eq(DecisionState::Approved.named()))
        .filter(decision::legal_basis.eq(LegalBasis::HousingAssistanceAct))
        .select(decision::application_id)
        .load(tx.conn())?)
}
