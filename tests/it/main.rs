//! The one integration test binary: every case on `SQLite` and on `PostgreSQL`, each on a database of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a test fails by panicking, a story is told in one piece, and the run prints what it ran on"
)]

mod applications;
mod as_of;
mod audit;
mod audit_attacks;
mod audit_export;
mod audit_keys;
mod audit_questions;
mod disclosure;
mod faults;
mod guards;
mod households;
mod housing;
mod housing_stock;
mod machines;
mod matching;
mod matching_pool;
mod matching_team;
mod outbox;
mod outlets;
mod people;
mod sign_in;
mod situations;
mod stories;
mod support;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::Arguments;
use support::cases::Case;
use support::workshop::Workshop;
use support::{selftest, town};

/// The cases of every module. A module that is forgotten here is dead code, which CI refuses.
const CASES: &[&[Case]] = &[
    selftest::CASES,
    selftest::PLAIN,
    selftest::POSTGRES_ONLY,
    faults::domain::CASES,
    faults::input::CASES,
    faults::machine_tokens::CASES,
    faults::marker::CASES,
    faults::tokens::CASES,
    faults::idempotency::CASES,
    faults::races::CASES,
    faults::door::CASES,
    faults::door::POSTGRES_ONLY,
    faults::kill::CASES,
    applications::CASES,
    as_of::CASES,
    audit::CASES,
    audit::POSTGRES_ONLY,
    audit_attacks::CASES,
    audit_export::CASES,
    audit_keys::CASES,
    audit_questions::CASES,
    audit_questions::PLAIN,
    disclosure::CASES,
    households::CASES,
    housing::CASES,
    housing_stock::CASES,
    machines::CASES,
    matching::CASES,
    matching_pool::CASES,
    matching_team::CASES,
    outbox::CASES,
    outlets::cef::CASES,
    outlets::folder::CASES,
    outlets::protocol::PLAIN,
    outlets::service::CASES,
    outlets::witness::CASES,
    people::CASES,
    sign_in::CASES,
    situations::CASES,
    stories::main_job::CASES,
    guards::audit_coverage::PLAIN,
    guards::audit_coverage::CASES,
    guards::lifecycles::PLAIN,
    guards::openapi::PLAIN,
    guards::permissions::PLAIN,
    guards::permissions::CASES,
    guards::problems::PLAIN,
    guards::schema::append_only::CASES,
    guards::schema::append_only::POSTGRES_ONLY,
    guards::schema::codes::PLAIN,
    guards::schema::isolation::POSTGRES_ONLY,
    guards::schema::migrating::CASES,
    guards::schema::migrations::PLAIN,
    guards::schema::migrations::CASES,
    guards::schema::tables::CASES,
    guards::tidy::PLAIN,
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let workshop = Arc::new(Workshop::open(town::furnish));
    let trials = CASES
        .iter()
        .copied()
        .flatten()
        .flat_map(|case| case.trials(&workshop))
        .collect();
    if arguments.list {
        return libtest_mimic::run(&arguments, trials).exit_code();
    }
    if let Some(complaint) = workshop.find_complaint() {
        eprintln!("error: {complaint}");
        return ExitCode::FAILURE;
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    println!("{}\n", workshop.closing_line());
    conclusion.exit_code()
}
