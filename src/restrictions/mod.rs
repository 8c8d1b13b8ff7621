//! Restriction of processing ("begrensning av behandlingen", personvernforordningen art. 18): of a person whose data may be stored and
//! read for a while, but not decided on.
//!
//! **Invariants.** A person is restricted once at a time (`processing_restriction_one`). Meanwhile a case of the person's is neither
//! decided nor matched, unless one of the grounds of art. 18 no. 2 is recorded. Nobody's restriction is lifted before the person has been
//! told (art. 18 no. 3).
//!
//! **Not here.** What is erased (`retention`), and what is corrected.

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use acts::{must_be_free, restricted_at};
pub use model::{AllowedGround, RestrictionGround};
pub use routes::endpoints;
pub use rules::Refusal;
