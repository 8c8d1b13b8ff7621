//! The table of cases.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::lifecycle::ApplicationState;
use super::model::{ApplicationType, Needs, Urgency};
use super::rules::Refusal;
use crate::access::{Part, Reach, Stage};
use crate::clock::{Day, Instant};
use crate::db::schema::{application, application_version, case_unit};
use crate::db::types::Json;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::ids::{ApplicationId, HouseholdId, MunicipalityId, PersonId, UnitId, UserId};
use crate::problem::Problem;

const ONE_OPEN: Unique = Unique {
    name: "application_one_open",
    columns: "application.municipality_id, application.household_id",
};
/// Rows of one insert, well below what either database binds at once.
const CHUNK: usize = 500;

/// A case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = application, treat_none_as_default_value = false)]
pub struct Application {
    /// The municipality that handles it.
    pub municipality_id: MunicipalityId,
    /// The case.
    pub id: ApplicationId,
    /// Rises with every change.
    pub version: i32,
    /// Who needs a home.
    pub household_id: HouseholdId,
    /// Who applied.
    pub applicant_id: PersonId,
    /// What was applied for.
    pub kind: ApplicationType,
    /// Where it stands.
    pub state: ApplicationState,
    /// Since when.
    pub state_since: Instant,
    /// The day on which it reached the municipality.
    pub received_on: Day,
    /// Frozen at receipt: KOSTRA's "new household" is defined by it.
    pub lives_in_municipal_dwelling: bool,
    /// The caseworker.
    pub assigned_to: Option<UserId>,
    /// How soon, as the needs say.
    pub urgency: Option<Urgency>,
    /// What is needed of a home, once assessed.
    pub needs: Option<Json<Needs>>,
    /// When it was recorded.
    pub created_at: Instant,
    /// When this version of it was recorded; versions follow each other in time.
    pub recorded_at: Instant,
    /// When what is needed was last recorded or corrected.
    pub needs_assessed_at: Option<Instant>,
}

impl Application {
    /// What is needed of a home, once assessed.
    #[must_use]
    pub fn needs(&self) -> Option<&Needs> {
        self.needs.as_ref().map(|needs| &needs.0)
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Application) -> Result<(), Problem> {
    let insert = diesel::insert_into(application::table).values(row);
    each!(tx.conn(), c => insert.execute(c))
        .or_refuse(&ONE_OPEN, Refusal::OpenApplicationExists)?;
    Ok(())
}

pub(super) fn insert_many(tx: &mut Tx<'_>, rows: &[Application]) -> Result<(), Problem> {
    for chunk in rows.chunks(CHUNK) {
        let insert = diesel::insert_into(application::table);
        each!(tx.conn(), c => insert.values(chunk).execute(c))
            .or_refuse(&ONE_OPEN, Refusal::OpenApplicationExists)?;
    }
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Option<Application>, Problem> {
    let key = (tx.municipality(), id);
    let one = application::table
        .find(key)
        .select(application::all_columns);
    Ok(each!(tx.conn(), c => one.first(c)).optional()?)
}

/// A case as it was at a moment; nothing before it was recorded.
pub(super) fn find_as_of(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    at: Instant,
) -> Result<Option<Application>, Problem> {
    let municipality = tx.municipality();
    Ok(application_version::table
        .filter(application_version::municipality_id.eq(municipality))
        .filter(application_version::id.eq(id))
        .filter(application_version::recorded_at.le(at))
        .order(application_version::version.desc())
        .select(application_version::all_columns)
        .first(tx.conn())
        .optional()?)
}

/// Every case of a household, oldest first.
pub(super) fn of_household(
    tx: &mut Tx<'_>,
    household: HouseholdId,
) -> Result<Vec<Application>, Problem> {
    Ok(application::table
        .filter(application::municipality_id.eq(tx.municipality()))
        .filter(application::household_id.eq(household))
        .order(application::id)
        .select(application::all_columns)
        .load(tx.conn())?)
}

/// Which cases are asked for; all that are given must hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) state: Option<ApplicationState>,
    pub(super) assigned_to: Option<UserId>,
    pub(super) urgency: Option<Urgency>,
    pub(super) kind: Option<ApplicationType>,
    pub(super) household: Option<HouseholdId>,
}

/// Cases that are asked for and within reach, in the order of their ids: each part by its own index, then put together.
pub(super) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    reach: &Reach,
    after: Option<ApplicationId>,
    limit: i64,
) -> Result<Vec<Application>, Problem> {
    let after = after.unwrap_or(ApplicationId::NIL);
    let mut found: BTreeMap<ApplicationId, Application> = BTreeMap::new();
    for part in &reach.parts {
        let rows = match part {
            Part::OfUnit(unit) => of_unit(tx, *unit, (filter, reach), after, limit)?,
            part => of_part(tx, part, (filter, reach), after, limit)?,
        };
        found.extend(rows.into_iter().map(|case| (case.id, case)));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(found.into_values().take(limit).collect())
}

/// Adds to a boxed query all that a filter and a reach ask of a case.
macro_rules! narrowed {
    ($query:ident, $filter:expr, $reach:expr) => {
        if let Some(state) = $filter.state {
            $query = $query.filter(application::state.eq(state));
        }
        if let Some(user) = $filter.assigned_to {
            $query = $query.filter(application::assigned_to.eq(user));
        }
        if let Some(urgency) = $filter.urgency {
            $query = $query.filter(application::urgency.eq(urgency));
        }
        if let Some(kind) = $filter.kind {
            $query = $query.filter(application::kind.eq(kind));
        }
        if let Some(household) = $filter.household {
            $query = $query.filter(application::household_id.eq(household));
        }
        if !$reach.barred.is_empty() {
            let others = application::household_id.ne_all($reach.barred.clone());
            let excepted = application::id.eq_any($reach.excepted.clone());
            $query = $query.filter(others.or(excepted));
        }
    };
}

fn of_part(
    tx: &mut Tx<'_>,
    part: &Part,
    (filter, reach): (&Filter, &Reach),
    after: ApplicationId,
    limit: i64,
) -> Result<Vec<Application>, Problem> {
    let mut query = application::table
        .filter(application::municipality_id.eq(tx.municipality()))
        .filter(application::id.gt(after))
        .order(application::id)
        .limit(limit)
        .select(application::all_columns)
        .into_boxed();
    query = match part {
        Part::All | Part::OfUnit(_) => query,
        Part::AssignedTo(user) => query.filter(application::assigned_to.eq(*user)),
        Part::InStages(stages) => {
            let mut come_so_far = ApplicationState::ALL.to_vec();
            come_so_far.retain(|state| stages.contains(&Stage::of_state(state.code())));
            query.filter(application::state.eq_any(come_so_far))
        }
        Part::OfHouseholds(households) => {
            query.filter(application::household_id.eq_any(households.clone()))
        }
        Part::Cases(cases) => query.filter(application::id.eq_any(cases.clone())),
    };
    narrowed!(query, filter, reach);
    Ok(query.load(tx.conn())?)
}

/// The cases of these households.
pub(super) fn of_households(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<Application>, Problem> {
    let municipality = tx.municipality();
    Ok(application::table
        .filter(application::municipality_id.eq(municipality))
        .filter(application::household_id.eq_any(households.to_vec()))
        .select(application::all_columns)
        .load(tx.conn())?)
}

/// The cases that a unit handles: the unit's own list gives them in order.
fn of_unit(
    tx: &mut Tx<'_>,
    unit: UnitId,
    (filter, reach): (&Filter, &Reach),
    after: ApplicationId,
    limit: i64,
) -> Result<Vec<Application>, Problem> {
    let mut query = case_unit::table
        .inner_join(
            application::table.on(application::municipality_id
                .eq(case_unit::municipality_id)
                .and(application::id.eq(case_unit::application_id))),
        )
        .filter(case_unit::municipality_id.eq(tx.municipality()))
        .filter(case_unit::unit_id.eq(unit))
        .filter(case_unit::application_id.gt(after))
        .order(case_unit::application_id)
        .limit(limit)
        .select(application::all_columns)
        .into_boxed();
    narrowed!(query, filter, reach);
    Ok(query.load(tx.conn())?)
}

/// The cases of an applicant, in the order in which they were received.
pub(super) fn of_applicant(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Application>, Problem> {
    let municipality = tx.municipality();
    Ok(application::table
        .filter(application::municipality_id.eq(municipality))
        .filter(application::applicant_id.eq(person))
        .order(application::id)
        .select(application::all_columns)
        .load(tx.conn())?)
}

/// Every case in one of these states.
pub(super) fn in_states(
    tx: &mut Tx<'_>,
    states: &[ApplicationState],
) -> Result<Vec<Application>, Problem> {
    let municipality = tx.municipality();
    let mut cases: Vec<Application> = application::table
        .filter(application::municipality_id.eq(municipality))
        .filter(application::state.eq_any(states.to_vec()))
        .select(application::all_columns)
        .load(tx.conn())?;
    // Ordered here: for the order `SQLite` would go through all cases there ever were.
    cases.sort_unstable_by_key(|case| case.id);
    Ok(cases)
}

/// Every case that was in a state at a moment, as it was then.
pub(super) fn in_state_as_of(
    tx: &mut Tx<'_>,
    state: ApplicationState,
    at: Instant,
) -> Result<Vec<Application>, Problem> {
    let municipality = tx.municipality();
    let mut versions: Vec<Application> = application_version::table
        .filter(application_version::municipality_id.eq(municipality))
        .filter(application_version::state.eq(state))
        .filter(application_version::recorded_at.le(at))
        .order((application_version::id, application_version::version.desc()))
        .select(application_version::all_columns)
        .load(tx.conn())?;
    versions.dedup_by_key(|version| version.id);
    // A case that had moved on by then has a later version in another state.
    let later: Vec<(ApplicationId, i32)> = application_version::table
        .filter(application_version::municipality_id.eq(municipality))
        .filter(application_version::state.ne(state))
        .filter(application_version::recorded_at.le(at))
        .order((application_version::id, application_version::version.desc()))
        .select((application_version::id, application_version::version))
        .load(tx.conn())?;
    let mut newest = BTreeMap::new();
    for (id, version) in later {
        newest.entry(id).or_insert(version);
    }
    versions.retain(|it| newest.get(&it.id).is_none_or(|other| *other < it.version));
    Ok(versions)
}

/// Those of these households' cases that are in one of these states.
pub(super) fn in_states_of(
    tx: &mut Tx<'_>,
    states: &[ApplicationState],
    households: &[HouseholdId],
) -> Result<Vec<Application>, Problem> {
    let municipality = tx.municipality();
    let mut cases = Vec::new();
    for chunk in households.chunks(CHUNK) {
        let some: Vec<Application> = application::table
            .filter(application::municipality_id.eq(municipality))
            .filter(application::household_id.eq_any(chunk.to_vec()))
            .filter(application::state.eq_any(states.to_vec()))
            .select(application::all_columns)
            .load(tx.conn())?;
        cases.extend(some);
    }
    Ok(cases)
}

/// Moves a case on, if it is still at the version that was read.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    case: &Application,
    to: ApplicationState,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), case.id), tx.now());
    let since = if case.state == to {
        case.state_since
    } else {
        now
    };
    Ok(diesel::update(application::table.find(key))
        .filter(application::version.eq(case.version))
        .set((
            application::state.eq(to),
            application::state_since.eq(since),
            application::version.eq(case.version + 1),
            application::recorded_at.eq(now.max(case.recorded_at)),
        ))
        .execute(tx.conn())?)
}

/// Gives a case to a caseworker, if it is still at the version that was read.
pub(super) fn assign(
    tx: &mut Tx<'_>,
    case: &Application,
    to: ApplicationState,
    user: UserId,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), case.id), tx.now());
    let since = if case.state == to {
        case.state_since
    } else {
        now
    };
    Ok(diesel::update(application::table.find(key))
        .filter(application::version.eq(case.version))
        .set((
            application::assigned_to.eq(user),
            application::state.eq(to),
            application::state_since.eq(since),
            application::version.eq(case.version + 1),
            application::recorded_at.eq(now.max(case.recorded_at)),
        ))
        .execute(tx.conn())?)
}

/// Records the needs, if the case is still at the version that was read.
pub(super) fn set_needs(
    tx: &mut Tx<'_>,
    case: &Application,
    needs: &Needs,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), case.id), tx.now());
    Ok(diesel::update(application::table.find(key))
        .filter(application::version.eq(case.version))
        .set((
            application::needs.eq(Json(needs.clone())),
            application::urgency.eq(needs.urgency),
            application::needs_assessed_at.eq(now),
            application::version.eq(case.version + 1),
            application::recorded_at.eq(now.max(case.recorded_at)),
        ))
        .execute(tx.conn())?)
}
