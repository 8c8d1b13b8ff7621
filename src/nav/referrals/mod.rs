//! Referrals: sent by NAV, accepted or returned by a caseworker.

mod acts;
mod batch;
mod content;
mod kept;
mod lifecycle;
mod model;
mod rotating;
mod routes;
mod rules;
mod store;

pub use kept::{KeptReferral, referrals_about};
pub use lifecycle::{ReferralState, ReferralStep};
pub use model::{ReferralBasis, ReferralReturn};
pub use rotating::{reindex_referrals, rewrap_referrals};
pub use rules::Refusal;

pub(super) use routes::endpoints;
