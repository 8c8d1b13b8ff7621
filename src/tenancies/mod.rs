//! Homes held for households ("tildeling") and the leases that follow ("leieforhold").
//!
//! **Invariants.** No home and no household ever has two active allocations (`allocation_one_per_dwelling`,
//! `allocation_one_per_household`), and no home two active tenancies: by constraint, whatever the code does. A home is lived in
//! exactly while a tenancy is active.
//!
//! A household that moves from one of our homes to another has two tenancies until the first is handed back. Its allocation is the
//! new one from the decision on; the former rests, and holds again when the new home is not taken.
//!
//! A lease that is renewed runs on from the day on which it would have ended; each time is on record with its decision.
//!
//! **Not here.** Why somebody is given a home: that is a decision.

mod acts;
mod model;
mod renewals;
mod routes;
mod rules;
mod sight;
mod store;

pub use acts::{
    Ground, Lease, TakenOver, active_in, allocate, annul, ending_until, held_by, homes_of,
    lived_in_our_home, lives_in_our_home, of_allocation, of_household, of_households, release,
    start, take_over,
};
pub use model::{AllocationState, TenancyState};
pub use renewals::{Course, course, must_be_tenant, open_ended_from, renew};
pub use routes::endpoints;
pub use rules::Refusal;
pub use sight::find;
pub use store::Tenancy;
