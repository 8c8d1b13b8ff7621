//! The tables of appeals.

use diesel::prelude::*;

use super::lifecycle::AppealState;
use super::model::{AppealForm, AppealOutcome, LateGround};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::{appeal, appeal_package};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::decisions::AppealBody;
use crate::each;
use crate::ids::{AppealId, ApplicationId, DecisionId, MunicipalityId, PersonId, UserId};
use crate::problem::Problem;

const ONE_OPEN: Unique = Unique {
    name: "appeal_one_open",
    columns: "appeal.municipality_id, appeal.decision_id",
};

/// An appeal against a decision.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = appeal, primary_key(municipality_id, id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Appeal {
    /// The municipality that decided.
    pub municipality_id: MunicipalityId,
    /// The appeal.
    pub id: AppealId,
    /// Rises with every change.
    pub version: i32,
    /// The case.
    pub application_id: ApplicationId,
    /// Against which decision.
    pub decision_id: DecisionId,
    /// By whom.
    pub appellant_id: PersonId,
    /// Where it stands.
    pub state: AppealState,
    /// Who decides on it.
    pub body: AppealBody,
    /// In which form it came.
    pub form: AppealForm,
    /// The day on which it was sent.
    pub sent_on: Day,
    /// The day on which it arrived.
    pub received_on: Day,
    /// Who proposed the decision.
    pub first_proposer: UserId,
    /// Who made it.
    pub first_decider: UserId,
    /// Who received the appeal.
    pub received_by: UserId,
    /// When that was recorded.
    pub received_at: Instant,
    /// Whether it is in time, once that was looked at.
    pub in_time: Option<bool>,
    /// Why it is taken up though late.
    pub late_ground: Option<LateGround>,
    /// Who looked whether it is admissible.
    pub checked_by: Option<UserId>,
    /// Who reviewed it for the first instance.
    pub reviewed_by: Option<UserId>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// The decision by which the first instance replaced its own.
    pub new_decision_id: Option<DecisionId>,
    /// SHA-256 of what was handed over.
    pub package_sha256: Option<Vec<u8>>,
    /// When it was handed over.
    pub forwarded_at: Option<Instant>,
    /// What the body of appeal decided.
    pub outcome: Option<AppealOutcome>,
    /// The priority group to which the outcome raised the household.
    pub raised_to: Option<String>,
    /// Who wrote down the outcome.
    pub concluded_by: Option<UserId>,
    /// When.
    pub concluded_at: Option<Instant>,
    /// What was said, sealed under the applicant's key.
    pub sealed: String,
}

/// What was handed over.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = appeal_package, treat_none_as_default_value = false)]
pub(super) struct PackageRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) appeal_id: AppealId,
    pub(super) body: String,
    pub(super) sha256: Vec<u8>,
    pub(super) made_at: Instant,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Appeal) -> Result<(), Problem> {
    let insert = diesel::insert_into(appeal::table).values(row);
    each!(tx.conn(), c => insert.execute(c)).or_refuse(&ONE_OPEN, Refusal::AlreadyAppealed)?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: AppealId) -> Result<Option<Appeal>, Problem> {
    let one = appeal::table
        .find((tx.municipality(), id))
        .select(appeal::all_columns);
    Ok(each!(tx.conn(), c => one.first(c)).optional()?)
}

pub(super) fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Appeal>, Problem> {
    let theirs = appeal::table
        .filter(appeal::municipality_id.eq(tx.municipality()))
        .filter(appeal::application_id.eq(case))
        .order(appeal::id)
        .select(appeal::all_columns);
    Ok(each!(tx.conn(), c => theirs.load(c))?)
}

/// Writes an appeal down as it is now, if it is still at the version that was read.
pub(super) fn change(tx: &mut Tx<'_>, of: &Appeal, to: &Appeal) -> Result<usize, Problem> {
    let update = diesel::update(appeal::table.find((tx.municipality(), of.id)))
        .filter(appeal::version.eq(of.version))
        .set(to);
    Ok(each!(tx.conn(), c => update.execute(c))?)
}

pub(super) fn insert_package(tx: &mut Tx<'_>, row: &PackageRow) -> Result<(), Problem> {
    diesel::insert_into(appeal_package::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn package(tx: &mut Tx<'_>, id: AppealId) -> Result<Option<PackageRow>, Problem> {
    let key = (tx.municipality(), id);
    let found = appeal_package::table
        .find(key)
        .select(appeal_package::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}
