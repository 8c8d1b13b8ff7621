//! What NAV may ask of a person: whether there is a case, a decision, a home; and how the person lives on a day, for KOSTRA.

mod acts;
mod model;
mod routes;
mod rules;

pub use model::{HousingCode, Question};

pub(super) use routes::endpoints;
