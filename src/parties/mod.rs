//! Who speaks for a party in a case: representatives ("fullmektig", forvaltningsloven § 12) and guardians ("verge", vergemålsloven § 31).
//!
//! **Invariants.** Nobody represents themselves. Each representation names what it covers and from when until when it holds; it is withdrawn,
//! never changed. Where somebody is to have the letters, they go there, and the party is told too (Sivilombudet on Lillehammer).
//!
//! Who is under 18 applies through a guardian, whom the case must name before anything is decided or told; the guardianship that follows from
//! youth ends by itself on the day before the party comes of age (vergemålsloven §§ 8, 9 and 17). An adult with a guardian keeps the right
//! to act: the guardian acts beside, within the scope and the time on record. Drafts are the caseworkers'; other services refer
//! (see [`nav`](crate::nav)), and are told what became of it.
//!
//! **Not here.** What the party may read of the case: see [`insight`](crate::insight).

mod acts;
mod leaving;
mod model;
mod routes;
mod rules;
mod store;

pub use acts::{
    Addressee, SpokenFor, Spokesman, addressees, may_act, must_be_represented, must_live,
    record_guardian, spoken_for, spokesmen,
};
pub use model::{PartyRole, Proof, RepresentationKind, RepresentationScope};
pub use routes::endpoints;
pub use rules::Refusal;
