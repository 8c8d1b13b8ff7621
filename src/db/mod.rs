//! Two databases behind one code base, and the only door through which a transaction begins.
//!
//! **Invariants.** Queries are written once, against [`Conn`]. A transaction begins and ends in [`Db`] alone; what happens in between
//! is done at a [`Tx`]. On `PostgreSQL` the service works under a role that owns nothing and is bound by row-level security;
//! on `SQLite` every query of a store names the municipality.

mod conn;
mod door;
mod fault;
mod key_checks;
mod migrate;
mod prepared;
mod read_first;
pub mod schema;
mod target;
mod tx;
pub mod types;
mod write_back;
mod writer;

pub use conn::{Conn, MultiBackend};
pub use door::Db;
pub use fault::{OrRefuse, Unique, violates};
pub use key_checks::{KeyCheck, KeyChecks, KeysInUse};
pub use migrate::{MigrateFault, migrate};
pub use prepared::{LIST_SHORT, Prepared, load_listed};
pub use target::{BadTarget, ConnectFault, Purpose, Target};
pub use tx::Tx;
