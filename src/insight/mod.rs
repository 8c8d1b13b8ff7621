//! What a party may read of the case ("partsinnsyn", forvaltningsloven §§ 18 and 19), put together for being handed out.
//!
//! **Invariants.** What is internal (proposals, recommendations of the team, what was returned) and what is about others (who was ranked
//! before, who lives where) is left out, and it is said what was left out and by which provision. Only a party, or somebody who may
//! see the documents for a party, is told anything. Each view is on the record.
//!
//! **Not here.** Who has looked at a person's data: that is the access log's.

mod routes;
mod view;

pub use routes::endpoints;
