//! The municipal housing stock: what each home is, where it stands in its life, and what the housing plan will add.
//!
//! **Invariants.** A home moves only as [`MOVES`] permits, and two who move it at the same time do not both succeed.
//! No unit of the cadastre stands twice in the stock. A home that left the stock keeps its record.
//!
//! **Not here.** Who a home suits (matching), and for whom it is held or let (decisions, offers, tenancies): they move a home
//! with [`advance`], and what they move it by is no act of the housing manager's.

mod acts;
mod agreements;
mod body;
mod cadastre_check;
mod change;
mod details;
mod duties;
mod dwelling;
mod exchange;
mod history;
mod letting;
mod lifecycle;
mod measures;
mod model;
mod moves;
mod properties;
mod routes;
mod rules;
mod search;
mod stock_rules;
mod store;
mod telling;
mod traces;
mod upkeep;
mod vacancy;
mod veil;

pub use acts::{
    advance, advance_on, cancel_demolition, dispose, insert_many, plan_demolition, plan_end,
    register,
};
pub use agreements::AgreementKind;
pub use change::ChangeKind;
pub use details::{
    ConditionClass, Details, DwellingKind, EnergyClass, Neighbourhood, RentPart, RentPartKind,
};
pub use duties::duties;
pub use dwelling::{Description, Dwelling, NewDwelling};
pub use exchange::{ImportOptions, Imported, ReadSeek, Staged, read_dwellings, take_in};
pub use letting::{Letting, Quota, facts as letting_facts};
pub use lifecycle::{MOVES, Move};
pub use measures::{Measure, NewMeasure, Supply, has_measure, insert_measures};
pub use model::*;
pub use properties::OwnerKind;
pub use routes::endpoints;
pub use rules::Refusal;
pub use store::{categories_of, find_dwelling, in_buildings, vacant};
pub use upkeep::{
    ClearedHow, FindingArea, InspectionKind, LettingObstacle, OverrideReason, Severity,
};
pub use vacancy::{Trace, Vacancy, VacancyIn};
pub use veil::{Veil, veiled};
