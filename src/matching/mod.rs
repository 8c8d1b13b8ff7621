//! The right home for the right household: a pure engine that ranks, plans and explains.
//!
//! It is told a [`Snapshot`] and a [`RuleSet`](crate::rulesets::RuleSet) and nothing else. It proposes; people decide.
//!
//! **Invariants.** The same snapshot and rules give the same result to the byte, in whatever order the snapshot lists its
//! households and homes. No score outweighs a hard constraint, and no suitability outweighs priority. No plan makes neighbours of two
//! of whom one must not live near the other. Every household that is passed over can be told why.
//!
//! **Not here.** No clock, no database, no randomness, no configuration, no name of any person.

mod apart;
mod asking;
mod assignment;
mod board;
mod certificate;
mod changes;
mod checks;
mod clock;
mod columns;
mod compared;
mod comparison;
mod constraints;
mod engines;
mod explanation;
mod fairness;
mod gather;
mod hands;
mod home_checks;
mod housed;
mod model;
mod norm;
mod own_wishes;
mod parts;
mod passed_over;
mod places;
mod plan;
mod pool;
mod priority;
mod proposals;
mod ranking;
mod reporting;
mod routes;
mod runs;
mod shortlist;
mod sight;
mod snapshots;
mod standing;
mod store;
mod suitability;
mod terms;
mod traits;
mod veil;
mod waiting;
mod waiting_list;
mod waiting_routes;
mod what_if;
mod words;

#[cfg(test)]
mod oracles;
#[cfg(test)]
#[path = "../../tests/bench/town.rs"]
mod town;

pub use apart::{Exclusions, KeptApart};
pub use certificate::{Barred, Certificate, CertificateFault, certify};
pub use changes::Change;
pub use checks::Check;
pub use compared::{Compared, ComparedHousehold, ComparedMember, compared};
pub use comparison::{Comparison, GroupCount, Outcome};
pub use constraints::{Constraint, ConstraintSet};
pub use engines::{Engine, engine};
pub use explanation::{Explanation, explain, explain_pair};
pub use hands::{DepartureReason, ProposalState};
pub use model::{
    AgeWindow, HomeFacts, HouseholdFacts, MemberFacts, Neighbours, ReferralFacts, Snapshot,
};
pub use plan::{Assignment, Objective, Plan, Unhoused, assign};
pub use pool::Pool;
pub use priority::{DecidedBy, PriorityReasons, TieBreakerValue};
pub use ranking::{Candidate, Distance, Ineligible, Obstacle, Obstacles, Ranking, obstacles, rank};
pub use routes::endpoints;
pub use shortlist::Shortlist;
pub use snapshots::load_snapshot;
pub use standing::{
    Chosen, Standing, StillHolds, chosen, explain_held, first_for, keep_pool, standing, still_holds,
};
pub use suitability::{FULL, NEUTRAL};
pub use terms::{Suitability, TermPoints};
pub use waiting_list::{Before, WaitingPlace, WaitingReasons, waiting_list, waiting_reasons};

/// The version of this engine, kept with every result. It must rise with any change that can give another result for the
/// same snapshot and rules, be it only another tie-break: a decision is replayed with the version that made it.
pub const ENGINE_VERSION: &str = "3";

crate::refusals! {
    /// Why nothing can be said of a household.
    pub enum Refusal {
        NothingToPlan = 409 "nothing_to_plan", "Det er ingen ledige boliger eller ingen som venter.", "There is no vacant home, or nobody waits.";
        NotLeftOver = 409 "not_left_over", "Husstanden fikk bolig i forslaget, eller var ikke med.", "The household was given a home by the plan, or was not in it.";
        ProposalHandled = 409 "proposal_handled", "Forslaget er behandlet allerede.", "The proposal was handled already.";
        PlannedFactsChanged = 409 "planned_facts_changed", "Opplysningene er endret siden planen ble laget.", "Facts have changed since the plan was made.";
        ChosenHomeDoesNotFit = 409 "chosen_home_does_not_fit", "Husstanden kan ikke få den valgte boligen.", "The household may not have the chosen home.", at "/dwellingId";
        HomeChosenAlready = 409 "home_chosen_already", "Boligen er valgt for en annen husstand i planen.", "The home was chosen for another household of the plan.";
        EngineGone = 409 "engine_not_callable", "Resultatet er laget av en motorversjon som ikke kan kjøres her.", "The result was made by an engine version that cannot be run here.";
        NotOnList = 409 "not_on_waiting_list", "Husstanden står eller sto ikke på ventelisten.", "The household is or was not on the waiting list.";
        NotAssessed = 409 "needs_not_assessed", "Husstandens behov er ikke vurdert.", "What the household needs has not been assessed.";
    }
}
