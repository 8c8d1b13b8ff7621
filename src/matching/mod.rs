//! The right home for the right household: a pure engine that ranks, plans and explains.
//!
//! It is told a [`Snapshot`] and a [`RuleSet`](crate::rulesets::RuleSet) and nothing else. It proposes; people decide.
//!
//! **Invariants.** The same snapshot and rules give the same result to the byte, in whatever order the snapshot lists its
//! households and homes. No score outweighs a hard constraint, and no suitability outweighs priority. Every
//! household that is passed over can be told why.
//!
//! **Not here.** No clock, no database, no randomness, no configuration, no name of any person.

mod assignment;
mod board;
mod certificate;
mod changes;
mod checks;
mod clock;
mod columns;
mod comparison;
mod constraints;
mod explanation;
mod gather;
mod home_checks;
mod housed;
mod model;
mod norm;
mod own_wishes;
mod parts;
mod places;
mod plan;
mod pool;
mod priority;
mod ranking;
mod routes;
mod runs;
mod shortlist;
mod snapshots;
mod standing;
mod store;
mod suitability;
mod terms;
mod waiting;
mod waiting_list;
mod waiting_routes;
mod words;

#[cfg(test)]
mod oracles;
#[cfg(test)]
#[path = "../../tests/bench/town.rs"]
mod town;

pub use certificate::{Certificate, CertificateFault, certify};
pub use changes::Change;
pub use checks::Check;
pub use comparison::{Comparison, GroupCount, Outcome};
pub use constraints::{Constraint, ConstraintSet};
pub use explanation::{Explanation, explain, explain_pair};
pub use model::{AgeWindow, HomeFacts, HouseholdFacts, MemberFacts, ReferralFacts, Snapshot};
pub use plan::{Assignment, Objective, Plan, Unhoused, assign};
pub use pool::Pool;
pub use priority::{DecidedBy, PriorityReasons, TieBreakerValue};
pub use ranking::{Candidate, Distance, Ineligible, Obstacle, Obstacles, Ranking, obstacles, rank};
pub use routes::endpoints;
pub use shortlist::Shortlist;
pub use snapshots::load_snapshot;
pub use standing::{
    Standing, StillHolds, explain_held, first_for, keep_pool, standing, still_holds,
};
pub use suitability::{FULL, NEUTRAL};
pub use terms::{Suitability, TermPoints};
pub use waiting_list::{Before, WaitingPlace, WaitingReasons, waiting_list, waiting_reasons};

/// The version of this engine, kept with every result. It must rise with any change that can give another result for the
/// same snapshot and rules, be it only another tie-break: a decision is replayed with the version that made it.
pub const ENGINE_VERSION: &str = "1";

crate::refusals! {
    /// Why nothing can be said of a household.
    pub enum Refusal {
        NothingToPlan = 409 "nothing_to_plan", "Det er ingen ledige boliger eller ingen som venter.", "There is no vacant home, or nobody waits.";
        NotLeftOver = 409 "not_left_over", "Husstanden fikk bolig i forslaget, eller var ikke med.", "The household was given a home by the plan, or was not in it.";
        NotOnList = 409 "not_on_waiting_list", "Husstanden står eller sto ikke på ventelisten.", "The household is or was not on the waiting list.";
        NotAssessed = 409 "needs_not_assessed", "Husstandens behov er ikke vurdert.", "What the household needs has not been assessed.";
    }
}
