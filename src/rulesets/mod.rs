//! A municipality's allocation rules ("tildelingskriterier"), as versioned data that the matching engine reads.
//!
//! Nothing here ranks anybody: the rules are read by `matching`.

mod faults;
mod model;

pub use faults::{Fault, FaultCode, RESERVED_CODE};
pub use model::*;
