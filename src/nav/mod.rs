//! NAV: referrals to the allocation team and what becomes of them, and what NAV may ask.
//!
//! **Invariants.** What NAV sends is a referral until a caseworker has accepted it as a case, or returned it with a reason. Sending it says nothing of
//! whether the person is known here: nothing is looked up, and the answer is the same. NAV's own reference makes it one referral, however
//! often and by however many it is sent. What is told afterwards is bounded by the legal basis on which it was sent. Each
//! answer about a person is written down with its purpose.
//!
//! **Not here.** The events by which NAV follows what happens: see [`events`](crate::events).

mod lookups;
mod referrals;

pub use lookups::{HousingCode, Question};
pub use referrals::{
    KeptReferral, ReferralBasis, ReferralReturn, ReferralState, ReferralStep, Refusal,
    referrals_about, reindex_referrals, rewrap_referrals,
};

use crate::http::Endpoint;

/// The operations for NAV and on what NAV has sent.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    [referrals::endpoints(), lookups::endpoints()].concat()
}
