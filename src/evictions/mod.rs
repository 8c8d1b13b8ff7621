//! Arrears before a petition for eviction: NAV is told in time, and tells that it pays the rent (husleieloven § 9-11).
//!
//! **Invariants.** Whoever lets tells NAV at least two weeks before a petition, unless the tenant has said no in writing. A tenancy has one open notice.
//! A petition is refused before its day, and once NAV pays directly. NAV learns from an event that there is a notice, and by asking whom it is about.
//!
//! **Not here.** The ledger of rents, and the eviction itself.

mod acts;
mod lifecycle;
mod routes;
mod rules;
mod store;

pub use lifecycle::{NoticeState, NoticeStep};
pub use routes::endpoints;
pub use rules::Refusal;
