//! The table of situations.

use diesel::prelude::*;

use super::model::{Situation, SituationKind, SituationReason, Source, Verification};
use super::rules::Held;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::situation;
use crate::ids::{HouseholdId, MunicipalityId, SituationId};
use crate::problem::Problem;
use crate::{each, load_by};

/// Rows or ids in one statement: far below the 32 766 values that `SQLite` takes.
const AT_ONCE: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = situation, treat_none_as_default_value = false)]
struct Row {
    municipality_id: MunicipalityId,
    id: SituationId,
    household_id: HouseholdId,
    kind: SituationKind,
    reason: SituationReason,
    valid_from: Day,
    valid_until: Option<Day>,
    source: Source,
    verification: Verification,
    recorded_at: Instant,
    corrected_at: Option<Instant>,
}

/// The columns of a [`Situation`], in its order.
type Columns = (
    situation::id,
    situation::household_id,
    situation::kind,
    situation::reason,
    situation::valid_from,
    situation::valid_until,
    situation::source,
    situation::verification,
    situation::recorded_at,
    situation::corrected_at,
);

const COLUMNS: Columns = (
    situation::id,
    situation::household_id,
    situation::kind,
    situation::reason,
    situation::valid_from,
    situation::valid_until,
    situation::source,
    situation::verification,
    situation::recorded_at,
    situation::corrected_at,
);

/// Adds situations.
pub(super) fn insert(tx: &mut Tx<'_>, situations: &[Situation]) -> Result<(), Problem> {
    let municipality_id = tx.municipality();
    for situations in situations.chunks(AT_ONCE) {
        let rows: Vec<Row> = situations
            .iter()
            .map(|situation| Row {
                municipality_id,
                id: situation.id,
                household_id: situation.household_id,
                kind: situation.kind,
                reason: situation.reason,
                valid_from: situation.valid_from,
                valid_until: situation.valid_until,
                source: situation.source,
                verification: situation.verification,
                recorded_at: situation.recorded_at,
                corrected_at: situation.corrected_at,
            })
            .collect();
        each!(tx.conn(), c => diesel::insert_into(situation::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// When and why each of these households was, is or will be in a situation.
pub(super) fn held(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, Held)>, Problem> {
    let municipality = tx.municipality();
    let mut held = Vec::new();
    for households in households.chunks(AT_ONCE) {
        held.extend(
            situation::table
                .filter(situation::municipality_id.eq(municipality))
                .filter(situation::household_id.eq_any(households))
                .filter(situation::corrected_at.is_null())
                .select((
                    situation::household_id,
                    (
                        situation::reason,
                        situation::valid_from,
                        situation::valid_until,
                    ),
                ))
                .load::<(HouseholdId, Held)>(tx.conn())?,
        );
    }
    Ok(held)
}

/// The situations of these households that hold on a day, those that were corrected too, in the order of recording.
pub(super) fn holding_on(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    day: Day,
) -> Result<Vec<Situation>, Problem> {
    let municipality = tx.municipality();
    let mut holding = Vec::new();
    for households in households.chunks(AT_ONCE) {
        let theirs = situation::table
            .filter(situation::municipality_id.eq(municipality))
            .select(COLUMNS);
        let rows: Vec<Situation> =
            load_by!(tx.conn(), theirs, situation::household_id, households)?;
        holding.extend(rows);
    }
    // A household has few situations in its life, so the day is looked at here. So is their order, for which `SQLite` would go
    // through all situations there are.
    holding.retain(|situation| situation.holds_on(day));
    holding.sort_unstable_by_key(|situation| situation.id);
    Ok(holding)
}

/// The situations of one household that hold on a day, in the order of recording.
pub(super) fn of_one_holding_on(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    day: Day,
) -> Result<Vec<Situation>, Problem> {
    let theirs = situation::table
        .filter(situation::municipality_id.eq(tx.municipality()))
        .filter(situation::household_id.eq(household))
        .filter(situation::corrected_at.is_null())
        .order(situation::id)
        .select(COLUMNS);
    let mut holding: Vec<Situation> = each!(tx.conn(), c => theirs.load(c))?;
    holding.retain(|situation| situation.holds_on(day));
    Ok(holding)
}

/// A household's situations in the order of recording, after `after`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    after: Option<SituationId>,
    limit: i64,
) -> Result<Vec<Situation>, Problem> {
    let municipality = tx.municipality();
    Ok(situation::table
        .filter(situation::municipality_id.eq(municipality))
        .filter(situation::household_id.eq(household))
        .filter(situation::id.gt(after.unwrap_or(SituationId::NIL)))
        .order(situation::id)
        .limit(limit)
        .select(COLUMNS)
        .load(tx.conn())?)
}

pub(super) fn find(tx: &mut Tx<'_>, id: SituationId) -> Result<Option<Situation>, Problem> {
    let key = (tx.municipality(), id);
    let found = situation::table.find(key).select(COLUMNS).first(tx.conn());
    Ok(found.optional()?)
}

/// Notes that a situation was wrong, unless that is noted already.
pub(super) fn set_corrected(tx: &mut Tx<'_>, id: SituationId) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), id), tx.now());
    Ok(diesel::update(situation::table.find(key))
        .filter(situation::corrected_at.is_null())
        .set(situation::corrected_at.eq(Some(now)))
        .execute(tx.conn())?)
}
