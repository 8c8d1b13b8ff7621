//! Two databases behind one code base, and the only door through which a transaction begins.
mod conn;
pub mod types;

pub use conn::{Conn, MultiBackend};
