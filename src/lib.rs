//! *Rett bolig til rett person*: municipal housing allocation that explains every match and proves its own history.
//!
//! # Map
//!
//! **Kernel** (knows no slice): [`http`] the endpoint table, problems, strict input; [`db`] two databases and the only door for
//! transactions; [`auth`] who is calling and what a role may do; [`access`] who may see what; [`audit`] the append-only history;
//! [`policies`] the municipality's own numbers, and [`statutes`] the law's, both with dates; [`crypto`] sealing and blind index; [`outbox`] what must leave the house; [`events`] what the world outside may know and
//! [`webhooks`] who is told; [`outward`] calls to the world outside and [`registers`] those whom others keep; [`kit`] the tools of every act; and small nouns, one a file.
//!
//! **Slices** (business capabilities), in order. A slice uses only those before it, and only their front door (`mod.rs`):
//! [`tasks`], [`people`], [`situations`], [`housing`], [`applications`], [`parties`], [`restrictions`], [`waiting`], [`exceptions`],
//! [`rulesets`], [`tenancies`], [`demolitions`], [`eligibility`], [`matching`], [`offers`], [`meetings`], [`decisions`],
//! [`forwarding`], [`letters`], [`appeals`], [`journal`], [`insight`], [`nav`], [`shelters`], [`rights`], [`evictions`], [`deadlines`], [`retention`].
//!
//! **Shell**: [`server`] puts it together, [`cli`] and [`config`] start it.
//!
//! # Inside a slice
//!
//! `model` (nouns), `rules` (pure: facts and a command give an outcome or a closed refusal), `lifecycle` (the table of permitted
//! moves), `acts` (gather, ask the rules, write, record), `store` (queries on its own tables), `routes` (thin).
//! `model`, `rules`, `lifecycle` and the matching engine know no HTTP, no SQL, no clock and no settings.

pub mod access;
pub mod appeals;
pub mod applications;
pub mod audit;
pub mod auth;
pub mod cadastral;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod code;
pub mod config;
pub mod correlation;
pub mod crypto;
pub mod db;
pub mod deadlines;
pub mod decisions;
pub mod demo;
pub mod demolitions;
pub mod eligibility;
pub mod events;
pub mod evictions;
pub mod exceptions;
pub mod forwarding;
pub mod housing;
pub mod http;
pub mod ids;
pub mod insight;
pub mod journal;
pub mod kit;
pub mod letters;
pub mod matching;
pub mod meetings;
pub mod municipality;
pub mod national_id;
pub mod nav;
pub mod offers;
pub mod organisation_number;
pub mod outbox;
pub mod outward;
pub mod parties;
pub mod people;
pub mod policies;
pub mod problem;
pub mod registers;
pub mod restrictions;
pub mod retention;
pub mod rights;
pub mod rulesets;
pub mod server;
pub mod shelf;
pub mod shelters;
pub mod situations;
pub mod statutes;
pub mod tasks;
pub mod telemetry;
pub mod tenancies;
pub mod text;
pub mod waiting;
pub mod webhooks;

// Made-up towns are shared by unit tests and benchmarks, which name this crate from outside.
#[cfg(test)]
extern crate self as rettbolig;
