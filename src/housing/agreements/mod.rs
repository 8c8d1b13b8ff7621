//! Agreements under which homes are let that the municipality does not own.
//!
//! A **referral agreement** ("tilvisningsavtale"): a private owner lets to those whom the municipality refers, at most 40 % of the
//! units at a time, of fewer than five all; for 20 years; leases of three years at least. A **nomination agreement**
//! ("tildelingsavtale"): all units, for 30 years. A **contract of lease** ("innleieavtale") ends on its day, and warns ahead. (Husbanken's terms;
//! the numbers are data of the municipality, `stock_rules`; each agreement keeps its own.)
//!
//! **Invariants.** A home is let under one agreement at most. No more units are in use than the agreement allows: the count stands in
//! the agreement's row, is raised by whoever holds a home and lowered by whoever gives it back, and the database refuses a count above
//! the quota. Two who take the last unit at once meet there, and one is refused.
//!
//! A home that stands blocked keeps its place under the quota until it is let again or taken from under the agreement. So what is told
//! and refused is the same whether a home is blocked or only said to be, because somebody lives there whom the reader may not locate.

mod acts;
mod model;
mod routes;
mod rules;
mod store;
mod warning;

pub(super) use acts::{count_in, may_be_held};
pub use model::AgreementKind;
pub(super) use routes::endpoints;
pub(super) use store::{blocked_under, terms_of};
pub(super) use warning::look_for_ending;
