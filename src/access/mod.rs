//! Who may see what: need to know, impartiality, clearance.
//!
//! **How to use it.** Where something about people is loaded for a caller, ask once: [`must_see_case`], [`must_see_household`] or
//! [`must_see_person`]; for many at once [`visible_cases`] and its like; for a list of cases [`reach`]. `applications::load`,
//! `people::find_household` and the `load` of decisions, offers and tenancies ask already, so whatever goes through them is safe.
//! What tells where somebody is goes about as [`Located`] and is unwrapped for the reader by
//! [`shown_to`](Located::shown_to) with [`locating`].
//!
//! What is health, economy, crime or child welfare is shown as [`Open`] to the reader's [`openings`] of the case; what is said of it in
//! words is a [`Statement`], which says where it lies.
//!
//! **Invariants.** What may not be seen is answered like what does not exist, after the same look-ups. Which role sees which case by
//! which relation stands in one table, [`SIGHTS`](crate::auth::SIGHTS); [`may_see`] speaks it and [`reach`] says the same to a
//! database. Closeness (forvaltningsloven § 6) hides a case from everybody whom it makes partial, before anything else is asked.
//! Today's grade of protection holds for what was written down before it. Every case has a unit, every employee one at least.
//!
//! **Not here.** What a role may do: `auth/policy.rs`. Whether the state of a case permits it: the slices' rules.

mod ask;
mod compartments;
mod homes;
mod households;
mod model;
mod opening;
mod protection;
mod reader;
mod routes;
mod rules;
mod sights;
mod statement;
mod store;
mod units;

pub use ask::{
    beyond_reach, concealed_among, concealed_homes, grades, impartial_to, is_barred, is_locatable,
    located, locating, must_be_impartial, must_be_impartial_to, must_see_case, must_see_household,
    must_see_person, newest_case_of, protected_people, reach, secret_homes, unlocatable,
    visible_cases, visible_households, visible_people,
};
pub use compartments::{Compartment, Compartmented, Open, Openings};
pub use model::*;
pub use opening::{
    Seen, openings, openings_in_log, openings_of, openings_of_newcomers, seen_among,
};
pub use protection::{AddressProtection, Clearance, Located, Locating};
pub use reader::{forget, is_partial, is_same_person, own_person, reader};
pub use routes::endpoints;
pub use rules::{Refusal, Sight, may_see};
pub use sights::{sees_no_less, sights};
pub use statement::{Rooms, Statement, TextKind};
pub use units::{
    Declared, Post, Unit, clear, employ, follow_caseworker, found, found_intake, place, post_of,
    take_in, take_on, unit_for_new_cases,
};
