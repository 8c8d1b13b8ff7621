//! The moves that the housing manager makes by hand. The others are made by decisions, offers and tenancies alone.

use serde::Deserialize;
use utoipa::ToSchema;

use super::acts;
use super::dwelling::Dwelling;
use super::lifecycle::Move;
use super::model::{BlockReason, DisposalReason, KeepReason, RepairReason};
use super::routes::seen;
use super::telling::tell;
use crate::auth::Action::{HoldHomes, ManageHousing};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::problem::Problem;

type Moved = Result<Shown<Dwelling>, Problem>;

/// The moves by hand.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::act(
            "/dwellings/{id}/start-construction",
            ManageHousing,
            "Begin to build or buy a planned home",
            start_construction,
        ),
        Endpoint::act(
            "/dwellings/{id}/make-available",
            ManageHousing,
            "Say that a home may be let",
            make_available,
        ),
        Endpoint::act(
            "/dwellings/{id}/start-repair",
            ManageHousing,
            "Begin to repair an empty home",
            start_repair,
        ),
        Endpoint::act(
            "/dwellings/{id}/block",
            ManageHousing,
            "Keep an empty home from being let",
            block,
        ),
        Endpoint::act(
            "/dwellings/{id}/unblock",
            ManageHousing,
            "Lift what kept a home from being let",
            unblock,
        ),
        Endpoint::act(
            "/dwellings/{id}/plan-demolition",
            ManageHousing,
            "Plan that an empty home will be demolished",
            plan_demolition,
        ),
        Endpoint::act(
            "/dwellings/{id}/cancel-demolition",
            ManageHousing,
            "Give a planned demolition up",
            cancel_demolition,
        ),
        Endpoint::act(
            "/dwellings/{id}/reserve",
            HoldHomes,
            "Keep a vacant home without a case, so that nobody is given it",
            reserve,
        ),
        Endpoint::act(
            "/dwellings/{id}/release",
            HoldHomes,
            "Give a home free that was kept without a case",
            release,
        ),
        Endpoint::act(
            "/dwellings/{id}/dispose",
            ManageHousing,
            "Take an empty home out of the stock; its record stays",
            dispose,
        ),
    ]
}

/// Since when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Since {
    /// Since which day: not ahead of today, not before the home's last move; today when not given.
    on: Option<Day>,
}

fn start_construction(tx: &mut Tx<'_>, call: &Call, asked: &Since) -> Moved {
    plainly(tx, call, Move::StartConstruction, asked)
}

fn make_available(tx: &mut Tx<'_>, call: &Call, asked: &Since) -> Moved {
    plainly(tx, call, Move::MakeAvailable, asked)
}

fn unblock(tx: &mut Tx<'_>, call: &Call, asked: &Since) -> Moved {
    plainly(tx, call, Move::Unblock, asked)
}

fn plainly(tx: &mut Tx<'_>, call: &Call, step: Move, since: &Since) -> Moved {
    let home = seen(tx, call)?;
    let home = acts::advance_by_hand(tx, &home, step, since.on, None)?;
    tell(tx, home)
}

/// Why a home is repaired.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartRepair {
    reason: RepairReason,
    /// Since which day: not ahead of today, not before the home's last move; today when not given.
    on: Option<Day>,
}

fn start_repair(tx: &mut Tx<'_>, call: &Call, asked: &StartRepair) -> Moved {
    let (home, reason) = (seen(tx, call)?, Some(asked.reason.code()));
    let home = acts::advance_by_hand(tx, &home, Move::StartRepair, asked.on, reason)?;
    tell(tx, home)
}

/// Why a home must not be let.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Block {
    reason: BlockReason,
    /// Since which day: not ahead of today, not before the home's last move; today when not given.
    on: Option<Day>,
}

fn block(tx: &mut Tx<'_>, call: &Call, asked: &Block) -> Moved {
    let (home, reason) = (seen(tx, call)?, Some(asked.reason.code()));
    let home = acts::advance_by_hand(tx, &home, Move::Block, asked.on, reason)?;
    tell(tx, home)
}

/// From when a home will be demolished.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlanDemolition {
    demolition_from: Day,
}

fn plan_demolition(tx: &mut Tx<'_>, call: &Call, asked: &PlanDemolition) -> Moved {
    let home = seen(tx, call)?;
    let home = acts::plan_demolition(tx, &home, asked.demolition_from)?;
    tell(tx, home)
}

fn cancel_demolition(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Moved {
    let home = seen(tx, call)?;
    let home = acts::cancel_demolition(tx, &home)?;
    tell(tx, home)
}

/// Why a home is kept.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Hold {
    reason: KeepReason,
}

fn reserve(tx: &mut Tx<'_>, call: &Call, asked: &Hold) -> Moved {
    let home = seen(tx, call)?;
    let home = acts::hold(tx, &home, asked.reason)?;
    tell(tx, home)
}

fn release(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Moved {
    let home = seen(tx, call)?;
    let home = acts::give_free(tx, &home)?;
    tell(tx, home)
}

/// How a home leaves the stock.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Dispose {
    reason: DisposalReason,
    /// Since which day: not ahead of today, not before the home's last move; today when not given.
    on: Option<Day>,
}

fn dispose(tx: &mut Tx<'_>, call: &Call, asked: &Dispose) -> Moved {
    let home = seen(tx, call)?;
    let home = acts::dispose(tx, &home, asked.reason, asked.on)?;
    tell(tx, home)
}
