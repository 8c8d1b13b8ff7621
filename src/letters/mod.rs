//! Letters.
mod font;
mod html;
mod layout;
mod model;
mod pdf;
mod rules;
mod template;
pub use model::*;
