//! Homes held for households ("tildeling") and the leases that follow ("leieforhold").
//!
//! **Invariants.** No home and no household ever has two active allocations (`allocation_one_per_dwelling`,
//! `allocation_one_per_household`), and no home two active tenancies: by constraint, whatever the code does. A home is lived in
//! exactly while a tenancy is active.
//!
//! **Not here.** Why somebody is given a home: that is a decision.

mod acts;
mod model;
mod routes;
mod store;

pub use acts::{Ground, Lease, TakenOver, allocate, homes_of, release, start, take_over};
pub use model::{AllocationState, TenancyState};
pub use routes::endpoints;
pub use store::Tenancy;

crate::refusals! {
    /// Why a home cannot be held, or a tenancy not ended.
    pub enum Refusal {
        DwellingTaken = 409 "dwelling_taken", "Boligen er allerede tildelt en annen.", "The home is allocated to somebody else already.";
        HouseholdHasHome = 409 "household_has_allocation", "Husstanden er allerede tildelt en bolig.", "The household has been allocated a home already.";
        AlreadyEnded = 409 "tenancy_ended", "Leieforholdet er avsluttet.", "The tenancy has ended.";
        EndOutsideTenancy = 422 "end_outside_tenancy", "Sluttdatoen må ligge i leieforholdet og ikke fram i tid.", "The end must lie within the tenancy and not ahead of today.", at "/endedOn";
    }
}
