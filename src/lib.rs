//! x
pub mod applications;
pub mod clock;
pub mod code;
pub mod db;
pub mod demo;
pub mod housing;
pub mod ids;
pub mod people;
pub mod situations;
