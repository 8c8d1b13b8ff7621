//! Token issuers outside the house: whose tokens are believed, by which keys, and never by anything that a token brings along.
//!
//! **Invariants.** A token's header names an algorithm of a short list and a key by its id, and nothing else that could choose a key
//! (`jku`, `jwk`, `x5u`, `x5c`, `crit`). What it claims is read before any key is asked for, so that only a token that could be meant for us leads
//! to a call; and an unknown key leads to at most one call in half a minute. Keys are fetched outside of every transaction.

mod fetch;
mod jose;
mod keys;
mod trusted;

pub(super) use jose::{issuer_and_audiences_of, issuer_of};
pub use trusted::{Issuer, IssuerAddress};
