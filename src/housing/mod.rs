//! The municipal housing stock: what each home is, where it stands in its life, and what the housing plan will add.
//!
//! **Invariants.** A home moves only as [`MOVES`] permits, and two who move it at the same time do not both succeed.
//! No unit of the cadastre stands twice in the stock. A home that left the stock keeps its record.
//!
//! **Not here.** Who a home suits (matching), and for whom it is held or let (decisions, offers, tenancies): they move a home
//! with [`advance`], and what they move it by is no act of the housing manager's.

mod acts;
mod body;
mod dwelling;
mod lifecycle;
mod measure;
mod model;
mod routes;
mod rules;
mod store;
mod veil;

pub use acts::{advance, insert_many, insert_measures, register};
pub use dwelling::{Description, Dwelling, NewDwelling};
pub use lifecycle::{MOVES, Move};
pub use measure::{Measure, NewMeasure, Supply};
pub use model::*;
pub use routes::endpoints;
pub use rules::Refusal;
pub use store::{categories_of, find_dwelling, in_buildings, vacant};
pub use veil::{Veil, veiled};
