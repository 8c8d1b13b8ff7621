//! Who speaks for a party in a case: representatives ("fullmektig", forvaltningsloven § 12) and guardians ("verge", vergemålsloven § 31).
//!
//! **Invariants.** Nobody represents themselves. Each representation names what it covers and from when until when it holds; it is withdrawn,
//! never changed. Where somebody is to have the letters, they go there, and the party is told too (Sivilombudet on Lillehammer).
//!
//! **Not here.** What the party may read of the case: see [`insight`](crate::insight).

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use acts::{Addressee, SpokenFor, Spokesman, addressees, may_act, spoken_for, spokesmen};
pub use model::{PartyRole, Proof, RepresentationKind, RepresentationScope};
pub use routes::endpoints;
pub use rules::Refusal;
