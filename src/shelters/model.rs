//! The nouns of temporary accommodation.

use crate::clock::Day;
use crate::codes;

codes! {
    /// What kind of place is offered.
    pub enum ProviderKind {
        /// The municipality's own.
        Municipal = "MUNICIPAL",
        /// "Hospits".
        Hostel = "HOSTEL",
        /// Hotel or guest house.
        Hotel = "HOTEL",
        /// "Campingplass".
        Campsite = "CAMPSITE",
        /// A private let by the day.
        PrivateLet = "PRIVATE_LET",
        /// A place to sleep without a room of one's own ("natthjem"); not temporary accommodation in KOSTRA.
        NightShelter = "NIGHT_SHELTER",
    }
}

codes! {
    /// What was decided.
    pub enum ShelterOutcome {
        /// Granted.
        Granted = "GRANTED",
        /// Refused.
        Refused = "REFUSED",
    }
}

codes! {
    /// What was found when a stay was looked at: it must be defensible for those who live there.
    pub enum CheckOutcome {
        /// Good enough.
        Satisfactory = "SATISFACTORY",
        /// Something must be mended.
        ToBeMended = "TO_BE_MENDED",
        /// Not defensible: they must move.
        NotDefensible = "NOT_DEFENSIBLE",
    }
}

codes! {
    /// What somebody must look at.
    pub enum Warning {
        /// The household has stayed for as long as temporary accommodation is granted at a time: it is meant to be short.
        LongStay = "LONG_STAY",
        /// Children stay there.
        Children = "CHILDREN",
        /// Children stay there and nobody has looked at it since they moved in.
        ChildrenUnchecked = "CHILDREN_UNCHECKED",
        /// It was found not defensible.
        NotDefensible = "NOT_DEFENSIBLE",
        /// There is no plan for what comes after.
        NoExitPlan = "NO_EXIT_PLAN",
        /// The decision has run out.
        DecisionRunOut = "DECISION_RUN_OUT",
    }
}

/// A place that is offered, as rules see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) kind: ProviderKind,
    pub(super) suits_children: bool,
    pub(super) checked_on: Option<Day>,
    pub(super) is_open: bool,
}

/// A stay, as rules see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Staying {
    pub(super) began_on: Day,
    pub(super) children: i32,
    pub(super) checked_on: Option<Day>,
    pub(super) check_outcome: Option<CheckOutcome>,
    pub(super) has_exit_plan: bool,
    pub(super) decided_until: Day,
}
