//! People and the households in which they will live together.
//!
//! **Invariants.** A person is registered once per national id in a municipality (`person_one_per_national_id`). Name, national
//! id and contact are sealed under a key of the person's own and found by keyed digests only; the full national id leaves for the registers
//! that know the person by it, and for nobody else.
//! What locates a person with a protected address is absent from every answer to whoever is not cleared for it, and the grade from
//! all; without clearance such a person is found by national id only. A household has exactly one applicant.
//!
//! **Not here.** A household's housing situation, and the page that shows a household with it: see [`situations`](crate::situations).
//! Whether a child's days in several households add up to a fortnight: households are recorded per application and stay on
//! record, so the sum over all of them says nothing of today and would bar a family from being registered again.

mod acts;
mod asked;
mod correcting;
mod correcting_member;
mod correcting_rules;
mod correcting_store;
mod deaths;
mod deaths_store;
mod disclosure;
mod erasing;
mod erasing_store;
mod extract;
mod following;
mod kept;
mod model;
mod register_check;
mod reindexing;
mod rewrapping;
mod routes;
mod rules;
mod seal;
mod store;
mod strangers;

pub use acts::{
    addressed, applicant_of, find_by_national_id, find_household, has_protected, households_of,
    index_of, living_in, members_of, name_of, names, open_addresses, register_household,
    register_households, register_people, register_person, renew_households, size_of_household,
};
pub use correcting::{CorrectableField, Correction, CorrectionReason, correct, refuse_correction};
pub use correcting_member::{MemberCorrection, correct_member};
pub use deaths::{bereaved, days_of_death, has_died};
pub use disclosure::segment;
pub use erasing::{
    Registered, erase, find_registration, hold, must_not_be_erased, not_erased_after,
};
pub use following::Following;
pub use kept::{KeptOfPerson, kept_of};
pub use model::*;
pub use register_check::{FollowFault, number_at_registers, refresh_household, refresh_protection};
pub use reindexing::reindex;
pub use rewrapping::rewrap_keys;
pub use routes::endpoints;
pub use rules::{OF_AGE_YEARS, Refusal, read_national_id};
pub use seal::{open_text, seal_text};
pub use strangers::faults_of_stranger;
