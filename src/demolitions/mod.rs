//! Demolitions ("riving"), and the right of those who live there to a permanent home first ("erstatningsbolig").
//!
//! **Invariants.** A home is in one plan that stands at most. From the plan on no home of it can be let beyond its end. A plan is
//! carried out only when nobody lives there any more and every resident with the right has a permanent home elsewhere.
//!
//! **Not here.** Who is given which home: residents apply, rank first by the rules, and are given homes by decisions like anybody else.

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use model::PlanState;
pub use routes::endpoints;
pub use rules::Refusal;
