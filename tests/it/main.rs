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

mod access;
mod accounts;
mod appeals;
mod application_types;
mod applications;
mod as_of;
mod audit;
mod audit_attacks;
mod audit_chains;
mod audit_deeds;
mod audit_export;
mod audit_index;
mod audit_keys;
mod audit_owned;
mod audit_plans;
mod audit_questions;
mod audit_second;
mod audit_segments;
mod audit_spans;
mod deaths;
mod deaths_reckoned;
mod decisions;
mod disclosure;
mod edge_cases;
mod events;
mod falling;
mod faults;
mod federation;
mod guards;
mod households;
mod housing;
mod housing_stock;
mod incoming;
mod independent_issuer;
mod intake;
mod letters;
mod letters_on_their_way;
mod limits;
mod machines;
mod matching;
mod matching_plans;
mod matching_pool;
mod matching_team;
mod matching_what_if;
mod merging;
mod offers;
mod outbox;
mod outlets;
mod people;
mod receiver;
mod referrals;
mod referrals_followed;
mod referrals_of_minors;
mod restrictions;
mod retention;
mod retention_disk;
mod retention_races;
mod role_requests;
mod rule_sets;
mod second_factor;
mod shelters;
mod shelters_in_writing;
mod sign_in;
mod situations;
mod stock;
mod stories;
mod support;
mod task_terms;
mod tasks;
mod team;
mod webhooks;

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
    faults::canary::CASES,
    faults::domain::CASES,
    faults::input::CASES,
    faults::machine_tokens::CASES,
    faults::marker::CASES,
    faults::tokens::CASES,
    faults::idempotency::CASES,
    faults::races::CASES,
    faults::leaving_races::CASES,
    falling::CASES,
    faults::door::CASES,
    faults::door::POSTGRES_ONLY,
    faults::keys::CASES,
    faults::kill::CASES,
    access::addresses::CASES,
    access::closeness::CASES,
    access::compartments::CASES,
    access::compartments::PLAIN,
    access::exceptions::CASES,
    access::hidden_homes::CASES,
    access::hidden_people::CASES,
    access::kept_answers::CASES,
    access::likeness::CASES,
    access::need_to_know::CASES,
    access::need_to_know::PLAIN,
    access::rights::CASES,
    access::rights_of_household::CASES,
    access::texts::CASES,
    accounts::CASES,
    applications::CASES,
    as_of::CASES,
    audit::CASES,
    audit::POSTGRES_ONLY,
    audit_attacks::CASES,
    audit_chains::CASES,
    audit_spans::CASES,
    audit_export::CASES,
    audit_index::CASES,
    audit_keys::CASES,
    audit_plans::CASES,
    audit_questions::CASES,
    audit_questions::PLAIN,
    audit_second::CASES,
    audit_segments::CASES,
    deaths::CASES,
    deaths_reckoned::CASES,
    incoming::CASES,
    merging::CASES,
    decisions::CASES,
    disclosure::CASES,
    events::CASES,
    federation::CASES,
    stories::generated_client::CASES,
    households::CASES,
    housing::CASES,
    housing_stock::CASES,
    independent_issuer::CASES,
    limits::CASES,
    machines::CASES,
    matching::CASES,
    matching_plans::CASES,
    matching_pool::CASES,
    matching_team::CASES,
    matching_what_if::CASES,
    outbox::CASES,
    outlets::cef::CASES,
    outlets::folder::CASES,
    outlets::protocol::PLAIN,
    outlets::service::CASES,
    outlets::tls::CASES,
    outlets::witness::CASES,
    people::CASES,
    restrictions::CASES,
    retention::CASES,
    retention_disk::CASES,
    retention_races::CASES,
    role_requests::CASES,
    rule_sets::CASES,
    stories::registers::CASES,
    stories::registers_used::CASES,
    stories::evictions::CASES,
    referrals::CASES,
    referrals_followed::CASES,
    referrals_of_minors::CASES,
    shelters::CASES,
    shelters_in_writing::CASES,
    sign_in::CASES,
    second_factor::CASES,
    situations::CASES,
    stock::command::CASES,
    stock::duties::CASES,
    stock::facilities::CASES,
    stock::files::CASES,
    stock::history::CASES,
    stock::letting::CASES,
    stock::properties::CASES,
    stock::reading::CASES,
    stock::search::CASES,
    stock::sheets::CASES,
    stock::terms::CASES,
    stories::demolition::CASES,
    task_terms::CASES,
    tasks::CASES,
    appeals::CASES,
    edge_cases::CASES,
    intake::CASES,
    application_types::CASES,
    letters::CASES,
    letters_on_their_way::CASES,
    offers::CASES,
    team::CASES,
    stories::appeal::CASES,
    stories::main_job::CASES,
    stories::rules_and_exceptions::CASES,
    stories::a_month_without_a_decision::CASES,
    stories::offer::CASES,
    webhooks::CASES,
    stories::webhooks_killed::CASES,
    guards::books::PLAIN,
    guards::events::PLAIN,
    guards::audit_coverage::PLAIN,
    guards::audit_coverage::CASES,
    guards::callers::CASES,
    guards::beside_path::CASES,
    guards::beside_path::PLAIN,
    guards::leftovers::PLAIN,
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
    guards::tenants::CASES,
    guards::tenants::PLAIN,
    guards::tidy::PLAIN,
];

/// The run's arguments. Where several names are given, a case runs that has any of them: the library itself knows one name only.
fn asked() -> (Arguments, Vec<String>) {
    let (mut options, mut names) = (Vec::new(), Vec::new());
    let mut given = std::env::args();
    options.extend(given.next());
    while let Some(argument) = given.next() {
        if argument.starts_with('-') {
            let takes_value = [
                "--skip",
                "--test-threads",
                "--color",
                "--format",
                "--logfile",
            ];
            let is_alone = !takes_value.contains(&argument.as_str());
            options.push(argument);
            options.extend(if is_alone { None } else { given.next() });
        } else {
            names.push(argument);
        }
    }
    if names.len() == 1 {
        options.append(&mut names);
    }
    (Arguments::from_iter(options), names)
}

fn main() -> ExitCode {
    let (arguments, names) = asked();
    let workshop = Arc::new(Workshop::open(town::furnish));
    let trials = CASES
        .iter()
        .copied()
        .flatten()
        .flat_map(|case| case.trials(&workshop))
        .filter(|trial| names.is_empty() || names.iter().any(|name| trial.name().contains(name)))
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
