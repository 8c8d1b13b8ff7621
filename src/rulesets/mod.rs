//! A municipality's allocation rules ("tildelingskriterier"), as versioned data that the matching engine reads.
//!
//! **Invariants.** A version is never changed, only followed by the next; everything decided by it names it. Rules that could
//! say something prohibited do not parse.
//!
//! **Not here.** Nothing here ranks anybody: the rules are read by `matching`.

mod acts;
mod collector;
mod faults;
mod model;
mod offer_rules;
mod routes;
mod store;

pub use acts::{Adopted, adopt, find, in_force, load};
pub use faults::{Fault, FaultCode, RESERVED_CODE};
pub use model::*;
pub use offer_rules::{DeclineReason, OfferRules};
pub use routes::endpoints;

crate::refusals! {
    /// Why nothing can be decided by rules.
    pub enum Refusal {
        NoRules = 409 "no_rule_set", "Kommunen har ingen gjeldende regler.", "The municipality has no rules in force.";
    }
}
