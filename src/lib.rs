//! x
pub mod applications;
pub mod clock;
pub mod code;
pub mod db;
pub mod housing;
pub mod ids;
pub mod matching;
pub mod people;
pub mod rulesets;
pub mod situations;
pub mod text;

// Made-up towns are shared by unit tests and benchmarks, which name this crate from outside.
#[cfg(test)]
extern crate self as rettbolig;
