//! x
pub mod audit;
pub mod auth;
pub mod cadastral;
pub mod clock;
pub mod code;
pub mod crypto;
pub mod db;
pub mod ids;
pub mod kit;
pub mod national_id;
pub mod organisation_number;
pub mod problem;
pub mod people;
pub mod situations;
pub mod housing;
pub mod applications;
