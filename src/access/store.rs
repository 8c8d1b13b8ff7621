//! Units, clearances and relations: the tables of need to know, and the few columns of cases and people by which it is decided.
//!
//! The tables of other slices are read here and never written: who may see what is asked across all of them, in one place.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::Stage;
use super::protection::Clearance;
use crate::clock::Instant;
use crate::db::schema::{
    application, case_unit, decision, declared_relation, emergency_access, employee,
    household_member, impartiality_exception, nav_client, person, person_name, unit_member,
    user_account,
};
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{ApplicationId, HouseholdId, MunicipalityId, PersonId, UnitId, UserId};
use crate::load_by;
use crate::problem::Problem;

/// Ids in one statement, well below what either database binds at once.
const AT_ONCE: usize = 500;
/// The code of a decision that was proposed and sent back.
const SENT_BACK: &str = "RETURNED";

/// How an employee stands among colleagues.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    pub(super) person: Option<Vec<u8>>,
    pub(super) leader: Option<UserId>,
    pub(super) clearance: Option<Clearance>,
    pub(super) units: Vec<UnitId>,
}

type StandingRow = (
    Option<Vec<u8>>,
    Option<UserId>,
    Option<Clearance>,
    Option<UnitId>,
);

pub(super) fn standing(tx: &mut Tx<'_>, user: UserId) -> Result<Standing, Problem> {
    let mine = user_account::table
        .left_join(
            employee::table.on(employee::municipality_id
                .eq(user_account::municipality_id)
                .and(employee::user_id.eq(user_account::id))),
        )
        .left_join(
            unit_member::table.on(unit_member::municipality_id
                .eq(user_account::municipality_id)
                .and(unit_member::user_id.eq(user_account::id))),
        )
        .filter(user_account::municipality_id.eq(tx.municipality()))
        .filter(user_account::id.eq(user))
        .select((
            user_account::person_index,
            employee::leader_id.nullable(),
            employee::clearance.nullable(),
            unit_member::unit_id.nullable(),
        ));
    let rows: Vec<StandingRow> = each!(tx.conn(), c => mine.load(c))?;
    let units = rows.iter().filter_map(|(.., unit)| *unit).collect();
    let first = rows.into_iter().next();
    let (person, leader, clearance, _) = first.unwrap_or_default();
    Ok(Standing {
        person,
        leader,
        clearance,
        units,
    })
}

/// The digest of an employee's own national id, where it is known.
pub(super) fn person_of(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Vec<u8>>, Problem> {
    let key = (tx.municipality(), user);
    let found: Option<Option<Vec<u8>>> = user_account::table
        .find(key)
        .select(user_account::person_index)
        .first(tx.conn())
        .optional()?;
    Ok(found.flatten())
}

/// The digests of those to whom these employees have said that they are close.
pub(super) fn declared(tx: &mut Tx<'_>, users: &[UserId]) -> Result<Vec<Vec<u8>>, Problem> {
    let theirs = declared_relation::table
        .filter(declared_relation::municipality_id.eq(tx.municipality()))
        .filter(declared_relation::ended_at.is_null())
        .select(declared_relation::person_index);
    Ok(load_by!(
        tx.conn(),
        theirs,
        declared_relation::user_id,
        users
    )?)
}

/// The digests of those who work in these units, as far as they are known.
pub(super) fn colleagues(tx: &mut Tx<'_>, units: &[UnitId]) -> Result<Vec<Vec<u8>>, Problem> {
    let theirs = unit_member::table
        .inner_join(
            user_account::table.on(user_account::municipality_id
                .eq(unit_member::municipality_id)
                .and(user_account::id.eq(unit_member::user_id))),
        )
        .filter(unit_member::municipality_id.eq(tx.municipality()))
        .filter(user_account::person_index.is_not_null())
        .select(user_account::person_index);
    let found: Vec<Option<Vec<u8>>> = load_by!(tx.conn(), theirs, unit_member::unit_id, units)?;
    Ok(found.into_iter().flatten().collect())
}

/// The registered people with these digests.
pub(super) fn people_with(
    tx: &mut Tx<'_>,
    indexes: &[Vec<u8>],
) -> Result<Vec<(PersonId, Vec<u8>)>, Problem> {
    let municipality = tx.municipality();
    let mut found = Vec::new();
    for indexes in indexes.chunks(AT_ONCE) {
        let theirs = person::table
            .filter(person::municipality_id.eq(municipality))
            .select((person::id, person::national_id_index));
        let rows: Vec<(PersonId, Vec<u8>)> =
            load_by!(tx.conn(), theirs, person::national_id_index, indexes)?;
        found.extend(rows);
    }
    // While one index key takes over from another, people stand under the digest by the other among the words of their names.
    let key = tx.kit().index_key.of_municipality(municipality.uuid());
    if key.is_changing() {
        for indexes in indexes.chunks(AT_ONCE) {
            found.extend(
                person_name::table
                    .filter(person_name::municipality_id.eq(municipality))
                    .filter(person_name::token.eq_any(indexes))
                    .select((person_name::person_id, person_name::token))
                    .load::<(PersonId, Vec<u8>)>(tx.conn())?,
            );
        }
    }
    Ok(found)
}

/// The households of these people.
pub(super) fn households_of(
    tx: &mut Tx<'_>,
    people: &[PersonId],
) -> Result<Vec<(PersonId, HouseholdId)>, Problem> {
    let municipality = tx.municipality();
    let mut found = Vec::new();
    for people in people.chunks(AT_ONCE) {
        let theirs = household_member::table
            .filter(household_member::municipality_id.eq(municipality))
            .select((household_member::person_id, household_member::household_id));
        let rows: Vec<(PersonId, HouseholdId)> =
            load_by!(tx.conn(), theirs, household_member::person_id, people)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The people of these households.
pub(super) fn people_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, PersonId)>, Problem> {
    let municipality = tx.municipality();
    let mut found = Vec::new();
    for households in households.chunks(AT_ONCE) {
        let theirs = household_member::table
            .filter(household_member::municipality_id.eq(municipality))
            .select((household_member::household_id, household_member::person_id));
        let rows: Vec<(HouseholdId, PersonId)> = load_by!(
            tx.conn(),
            theirs,
            household_member::household_id,
            households
        )?;
        found.extend(rows);
    }
    Ok(found)
}

/// A case as it stands here.
pub(super) struct CaseRow {
    pub(super) id: ApplicationId,
    pub(super) household: HouseholdId,
    pub(super) assigned_to: Option<UserId>,
    pub(super) stage: Stage,
    pub(super) unit: Option<UnitId>,
    /// Whether a decision in it is proposed or made, as far as that was asked.
    pub(super) is_proposed: bool,
}

type CaseColumns = (
    ApplicationId,
    HouseholdId,
    Option<UserId>,
    String,
    Option<UnitId>,
);

impl From<CaseColumns> for CaseRow {
    fn from((id, household, assigned_to, state, unit): CaseColumns) -> Self {
        Self {
            id,
            household,
            assigned_to,
            stage: Stage::of_state(&state),
            unit,
            is_proposed: false,
        }
    }
}

/// The cases with these ids, or of these households.
macro_rules! cases_by {
    ($tx:ident, $ids:ident, $column:expr) => {{
        let municipality = $tx.municipality();
        let mut found: Vec<CaseRow> = Vec::new();
        for ids in $ids.chunks(AT_ONCE) {
            let theirs = application::table
                .left_join(
                    case_unit::table.on(case_unit::municipality_id
                        .eq(application::municipality_id)
                        .and(case_unit::application_id.eq(application::id))),
                )
                .filter(application::municipality_id.eq(municipality))
                .select((
                    application::id,
                    application::household_id,
                    application::assigned_to,
                    application::state,
                    case_unit::unit_id.nullable(),
                ));
            let rows: Vec<CaseColumns> = load_by!($tx.conn(), theirs, $column, ids)?;
            found.extend(rows.into_iter().map(CaseRow::from));
        }
        Ok(found)
    }};
}

/// The cases with these ids.
pub(super) fn cases(tx: &mut Tx<'_>, ids: &[ApplicationId]) -> Result<Vec<CaseRow>, Problem> {
    cases_by!(tx, ids, application::id)
}

/// The cases of these households.
pub(super) fn cases_of(tx: &mut Tx<'_>, ids: &[HouseholdId]) -> Result<Vec<CaseRow>, Problem> {
    cases_by!(tx, ids, application::household_id)
}

/// The cases that have come so far, and no further, in which a decision is proposed or made.
pub(super) fn proposed(tx: &mut Tx<'_>, stages: &[Stage]) -> Result<Vec<ApplicationId>, Problem> {
    let come_so_far: Vec<&str> = stages.iter().flat_map(|stage| stage.states()).collect();
    let standing = decision::table
        .filter(decision::municipality_id.eq(application::municipality_id))
        .filter(decision::application_id.eq(application::id))
        .filter(decision::state.ne(SENT_BACK));
    let those = application::table
        .filter(application::municipality_id.eq(tx.municipality()))
        .filter(application::state.eq_any(come_so_far))
        .filter(exists(standing))
        .order(application::id)
        .select(application::id);
    Ok(those.load(tx.conn())?)
}

/// Those of these cases in which a decision is proposed or made.
pub(super) fn proposed_among(
    tx: &mut Tx<'_>,
    cases: &[ApplicationId],
) -> Result<Vec<ApplicationId>, Problem> {
    let mut found = Vec::new();
    for cases in cases.chunks(AT_ONCE) {
        let theirs = decision::table
            .filter(decision::municipality_id.eq(tx.municipality()))
            .filter(decision::state.ne(SENT_BACK))
            .select(decision::application_id);
        let rows: Vec<ApplicationId> =
            load_by!(tx.conn(), theirs, decision::application_id, cases)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The cases that a leader has given an employee in spite of being partial.
pub(super) fn excepted(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<ApplicationId>, Problem> {
    let theirs = impartiality_exception::table
        .filter(impartiality_exception::municipality_id.eq(tx.municipality()))
        .filter(impartiality_exception::user_id.eq(user))
        .filter(impartiality_exception::withdrawn_at.is_null())
        .select(impartiality_exception::application_id);
    Ok(each!(tx.conn(), c => theirs.load(c))?)
}

/// The cases that an employee has opened in an emergency and may still see.
pub(super) fn opened(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<ApplicationId>, Problem> {
    let theirs = emergency_access::table
        .filter(emergency_access::municipality_id.eq(tx.municipality()))
        .filter(emergency_access::user_id.eq(user))
        .filter(emergency_access::expires_at.gt(tx.now()))
        .select(emergency_access::application_id);
    Ok(each!(tx.conn(), c => theirs.load(c))?)
}

/// The clients of an adviser at NAV.
pub(super) fn clients_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<PersonId>, Problem> {
    let theirs = nav_client::table
        .filter(nav_client::municipality_id.eq(tx.municipality()))
        .filter(nav_client::user_id.eq(user))
        .select(nav_client::person_id);
    Ok(each!(tx.conn(), c => theirs.load(c))?)
}

#[derive(Insertable)]
#[diesel(table_name = nav_client)]
struct ClientRow {
    municipality_id: MunicipalityId,
    user_id: UserId,
    person_id: PersonId,
    since: Instant,
}

/// Makes people the clients of an adviser; those who are already, stay so.
pub(super) fn insert_clients(
    tx: &mut Tx<'_>,
    user: UserId,
    people: &[PersonId],
) -> Result<(), Problem> {
    let (municipality_id, since) = (tx.municipality(), tx.now());
    for person_id in people {
        let row = ClientRow {
            municipality_id,
            user_id: user,
            person_id: *person_id,
            since,
        };
        each!(tx.conn(), c => diesel::insert_into(nav_client::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Says which unit handles each of these new cases.
pub(super) fn insert_case_units(
    tx: &mut Tx<'_>,
    cases: &[ApplicationId],
    unit: UnitId,
) -> Result<(), Problem> {
    let (municipality, since) = (tx.municipality(), tx.now());
    let row = |case: &ApplicationId| {
        (
            case_unit::municipality_id.eq(municipality),
            case_unit::application_id.eq(*case),
            case_unit::unit_id.eq(unit),
            case_unit::since.eq(since),
        )
    };
    match tx.conn() {
        // Many travel together; a single one is sent by the statement that is prepared already.
        Conn::Pg(conn) if cases.len() > 1 => {
            for cases in cases.chunks(AT_ONCE) {
                let rows: Vec<_> = cases.iter().map(row).collect();
                let insert = diesel::insert_into(case_unit::table).values(rows);
                insert.execute(conn)?;
            }
        }
        conn => {
            for case in cases {
                let insert = diesel::insert_into(case_unit::table).values(row(case));
                each!(&mut *conn, c => insert.execute(c))?;
            }
        }
    }
    Ok(())
}

/// Lets another unit handle a case.
pub(super) fn move_case(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    unit: UnitId,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), case), tx.now());
    Ok(diesel::update(case_unit::table.find(key))
        .set((case_unit::unit_id.eq(unit), case_unit::since.eq(now)))
        .execute(tx.conn())?)
}
