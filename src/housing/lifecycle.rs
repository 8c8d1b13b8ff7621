//! The life of a home: every permitted move, in one table.

use super::model::DwellingState;
use super::model::DwellingState::{
    Allocated, Available, Blocked, DemolitionPlanned, Disposed, NoticeGiven, Occupied, Planned,
    Reserved, Turnover, UnderConstruction, UnderRepair,
};
use crate::codes;

codes! {
    /// What happens to a home.
    pub enum Move {
        /// Building or buying begins.
        StartConstruction = "START_CONSTRUCTION",
        /// It may be let from now on.
        MakeAvailable = "MAKE_AVAILABLE",
        /// It is held for one household.
        Reserve = "RESERVE",
        /// It is held no longer.
        Release = "RELEASE",
        /// It is decided for that household.
        Allocate = "ALLOCATE",
        /// The household moves in.
        MoveIn = "MOVE_IN",
        /// The lease is given notice, or ends.
        GiveNotice = "GIVE_NOTICE",
        /// The notice is taken back, or the lease renewed.
        WithdrawNotice = "WITHDRAW_NOTICE",
        /// The household has moved out.
        MoveOut = "MOVE_OUT",
        /// Repair begins.
        StartRepair = "START_REPAIR",
        /// It must not be let.
        Block = "BLOCK",
        /// What barred it is gone.
        Unblock = "UNBLOCK",
        /// It will be demolished, and is not let until then.
        PlanDemolition = "PLAN_DEMOLITION",
        /// It will not be demolished after all.
        CancelDemolition = "CANCEL_DEMOLITION",
        /// It leaves the stock.
        Dispose = "DISPOSE",
    }
}

/// Every permitted move; what does not stand here is refused.
///
/// A home that somebody lives in or waits for cannot be blocked, demolished or disposed of: first the household must have
/// another home, by a decision. What was blocked, or to be demolished, is looked over before it is let again.
pub const MOVES: &[(DwellingState, Move, DwellingState)] = &[
    (Planned, Move::StartConstruction, UnderConstruction),
    // Bought or leased in ready to live in.
    (Planned, Move::MakeAvailable, Available),
    (Planned, Move::Dispose, Disposed),
    (UnderConstruction, Move::MakeAvailable, Available),
    (UnderConstruction, Move::Dispose, Disposed),
    (Available, Move::Reserve, Reserved),
    (Available, Move::StartRepair, UnderRepair),
    (Available, Move::Block, Blocked),
    (Available, Move::PlanDemolition, DemolitionPlanned),
    (Available, Move::Dispose, Disposed),
    (Reserved, Move::Release, Available),
    (Reserved, Move::Allocate, Allocated),
    // The offer was declined or not answered in time.
    (Allocated, Move::Release, Available),
    (Allocated, Move::MoveIn, Occupied),
    (Occupied, Move::GiveNotice, NoticeGiven),
    (Occupied, Move::MoveOut, Turnover),
    (NoticeGiven, Move::WithdrawNotice, Occupied),
    (NoticeGiven, Move::MoveOut, Turnover),
    (Turnover, Move::MakeAvailable, Available),
    (Turnover, Move::StartRepair, UnderRepair),
    (Turnover, Move::Block, Blocked),
    (Turnover, Move::PlanDemolition, DemolitionPlanned),
    (Turnover, Move::Dispose, Disposed),
    (UnderRepair, Move::MakeAvailable, Available),
    (UnderRepair, Move::Block, Blocked),
    (UnderRepair, Move::PlanDemolition, DemolitionPlanned),
    (UnderRepair, Move::Dispose, Disposed),
    (Blocked, Move::StartRepair, UnderRepair),
    (Blocked, Move::Unblock, Turnover),
    (Blocked, Move::PlanDemolition, DemolitionPlanned),
    (Blocked, Move::Dispose, Disposed),
    (DemolitionPlanned, Move::CancelDemolition, Turnover),
    (DemolitionPlanned, Move::Dispose, Disposed),
];

/// The states in which a home may be registered. The others are reached by acts that leave a trace of their reason.
pub(super) const FIRST: &[DwellingState] = &[Planned, UnderConstruction, Turnover, Available];

impl DwellingState {
    /// The state after this move, where it is permitted.
    #[must_use]
    pub fn after(self, step: Move) -> Option<Self> {
        MOVES
            .iter()
            .find(|(from, by, _)| (*from, *by) == (self, step))
            .map(|(_, _, to)| *to)
    }
}

impl Move {
    /// The name by which the log tells of it.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::StartConstruction => "dwelling.construction_started",
            Self::MakeAvailable => "dwelling.made_available",
            Self::Reserve => "dwelling.reserved",
            Self::Release => "dwelling.released",
            Self::Allocate => "dwelling.allocated",
            Self::MoveIn => "dwelling.moved_into",
            Self::GiveNotice => "dwelling.notice_given",
            Self::WithdrawNotice => "dwelling.notice_withdrawn",
            Self::MoveOut => "dwelling.moved_out_of",
            Self::StartRepair => "dwelling.repair_started",
            Self::Block => "dwelling.blocked",
            Self::Unblock => "dwelling.unblocked",
            Self::PlanDemolition => "dwelling.demolition_planned",
            Self::CancelDemolition => "dwelling.demolition_cancelled",
            Self::Dispose => "dwelling.disposed",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_state_has_a_move_twice() {
        let pairs: BTreeSet<_> = MOVES.iter().map(|(from, step, _)| (from, step)).collect();
        assert_eq!(pairs.len(), MOVES.len());
    }

    #[test]
    fn every_state_is_reached_from_a_planned_home() {
        let mut reached = BTreeSet::from([Planned]);
        while MOVES
            .iter()
            .any(|(from, _, to)| reached.contains(from) && reached.insert(*to))
        {}
        assert_eq!(reached, DwellingState::ALL.iter().copied().collect());
    }

    #[test]
    fn only_a_home_that_left_the_stock_has_no_way_out() {
        for state in DwellingState::ALL {
            let has_way_out = MOVES.iter().any(|(from, _, _)| from == state);
            assert_eq!(has_way_out, *state != Disposed, "{state}");
        }
    }

    #[test]
    fn every_move_is_permitted_somewhere() {
        for step in Move::ALL {
            assert!(MOVES.iter().any(|(_, by, _)| by == step), "{step}");
        }
    }

    #[test]
    fn a_home_with_a_household_is_neither_blocked_nor_disposed_of() {
        for state in [Reserved, Allocated, Occupied, NoticeGiven] {
            for step in [Move::Block, Move::PlanDemolition, Move::Dispose] {
                assert_eq!(state.after(step), None, "{state} {step}");
            }
        }
    }
}
