//! A municipality's allocation rules ("tildelingskriterier"), as versioned data that the matching engine reads.
//!
//! **Invariants.** A version is never changed, only followed by the next; everything decided by it names it. Rules that could
//! say something prohibited do not parse. Employees propose rules and somebody else approves them (`rule_set_four_eyes`); they never
//! reach back in time.
//!
//! **Not here.** Nothing here ranks anybody: the rules are read by `matching`.

mod acts;
mod basic_amount;
mod collector;
mod condition_shape;
mod criteria;
mod criteria_faults;
mod diff;
mod faults;
mod model;
mod offer_rules;
mod prohibited;
mod proposing;
mod referral;
mod routes;
mod store;

pub use acts::{Adopted, adopt, find, find_in_force, in_force, load};
pub use basic_amount::basic_amount;
pub use criteria::*;
pub use faults::{Fault, FaultCode, RESERVED_CODE};
pub use model::*;
pub use offer_rules::{DeclineConsequence, DeclineReason, DeclineRule, OfferRules};
pub use referral::ReferralRules;
pub use routes::endpoints;
pub use store::RuleSetState;

crate::refusals! {
    /// Why nothing can be decided by rules.
    pub enum Refusal {
        NoRules = 409 "no_rule_set", "Kommunen har ingen gjeldende regler.", "The municipality has no rules in force.";
        OwnProposal = 403 "own_rule_set", "Den som har foreslått reglene, kan ikke godkjenne dem.", "Whoever proposed the rules may not approve them.";
        NotProposed = 409 "rule_set_not_proposed", "Det er allerede tatt stilling til reglene.", "The rules have been decided on already.";
        DayHasPassed = 409 "rule_set_day_passed", "Dagen reglene skulle gjelde fra, er passert.", "The day from which the rules were to hold has passed.";
    }
}
