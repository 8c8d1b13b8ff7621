//! How fast the whole service is, with sign-in, access check and audit on: `cargo bench --bench service`.
//!
//! On each database the demonstration's municipality is loaded, the service is started as a process of its own, and a closed loop
//! of connections asks it. `PostgreSQL` is left out where none is installed, or where `RETTBOLIG_BENCH_DATABASES` does not name it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a benchmark fails by panicking, and speaks to whoever runs it"
)]

mod applicants;
mod databases;
mod load;
mod opened;
#[allow(dead_code, reason = "the other benchmarks look at more of it")]
mod process;
mod raw;
mod report;

// The integration tests' throw-away server.
#[path = "../it/support/setting.rs"]
mod setting;
#[path = "../it/support/throwaway.rs"]
#[allow(dead_code, reason = "the integration tests look at more of it")]
mod throwaway;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use rettbolig::clock::Clock;
use rettbolig::db::Target;
use rettbolig::ids::HouseholdId;
use serde_json::{Value, json};

use crate::load::{Next, bearer, measure, request};
use crate::process::{Environment, PASSWORD, Service};
use crate::raw::{Case, Raw};
use crate::report::{HEAD, Mark, line, ms};
use crate::setting::find_setting;

/// Connections of every measurement but the last.
const CONNECTIONS: usize = 32;
/// Connections that wait for the writer.
const WRITERS: usize = 64;
/// Households that can apply, each with a person of its own: enough for the seconds measured.
const HOUSEHOLDS: usize = 90_000;
/// The state of a case by which the page is filtered: most of the demonstration's cases are in it.
const STATE: &str = "HOUSED";

fn main() {
    println!("{}\n", report::surroundings());
    let folder = tempfile::TempDir::new().unwrap();
    databases::each(folder.path(), on);
}

/// Measures everything on one database and prints it.
fn on(name: &str, database_url: &str) {
    let environment = process::environment(database_url);
    let begun = Instant::now();
    process::run(&["demo", "--keep", "--no-serve"], &environment).unwrap();
    let loaded = begun.elapsed();
    let service = Service::start(&environment).unwrap();
    println!(
        "{name}: demonstration loaded in {} ms; ready after {} ms; idle {:.1} MiB",
        ms(loaded),
        ms(service.ready_after),
        mib(&service)
    );
    let mut raw = Raw::connect(&database_url.parse::<Target>().unwrap()).unwrap();
    load::on_one_thread(measure_all(&service, &environment, &mut raw));
    println!("\n{name}: {:.1} MiB after the load\n", mib(&service));
}

fn mib(service: &Service) -> f64 {
    service.resident_kib() as f64 / 1024.0
}

async fn measure_all(service: &Service, environment: &Environment, raw: &mut Raw) {
    let tokens = sign_in(service).await;
    let few = &tokens[..CONNECTIONS];
    let cases = raw.cases();
    println!("\n{HEAD}");
    let tell = |what, it: load::Outcome, connections, raw, mark| {
        println!("{}", line(what, connections, &it, raw, &mark));
    };

    let bare = raw.read(&cases);
    let it = measure(service, few, 200, reading(&cases)).await;
    tell(
        "read one case",
        it,
        CONNECTIONS,
        Some(bare),
        Mark::TimesRaw(30.0),
    );

    let bare = raw.page(cases[0].0, STATE);
    let it = measure(
        service,
        few,
        200,
        always(format!("/applications?state={STATE}")),
    )
    .await;
    tell(
        "a filtered page of 50",
        it,
        CONNECTIONS,
        Some(bare),
        Mark::TimesRaw(6.0),
    );

    let home = first_home(service, &tokens[0]).await;
    let it = measure(
        service,
        few,
        200,
        always(format!("/dwellings/{home}/candidates")),
    )
    .await;
    tell(
        "rank the candidates of a home",
        it,
        CONNECTIONS,
        None,
        Mark::None,
    );

    let begun = Instant::now();
    let households = applicants::register(environment, cases[0].0, HOUSEHOLDS).await;
    eprintln!(
        "{HOUSEHOLDS} households registered in {} ms",
        ms(begun.elapsed())
    );
    let households = Rc::new(RefCell::new(households));
    for (tokens, mark) in [(few, Mark::None), (&tokens[..], Mark::PerSecond(5000.0))] {
        let it = measure(service, tokens, 201, applying(&households)).await;
        tell("create an application", it, tokens.len(), None, mark);
    }
}

/// A sign-in for every connection.
async fn sign_in(service: &Service) -> Vec<String> {
    let body = json!({"username": "caseworker", "password": PASSWORD}).to_string();
    let asked = vec![request("POST", "/auth/login", "", &body); WRITERS];
    let answers = load::ask_all(service.address, 2, asked).await;
    answers
        .iter()
        .map(|answer| text(answer, "accessToken"))
        .collect()
}

/// The first home is the demonstration's showcase: vacant, and wanted by many.
async fn first_home(service: &Service, token: &str) -> String {
    let asked = request("GET", "/dwellings?limit=1", &bearer(token), "");
    let answers = load::ask_all(service.address, 1, vec![asked]).await;
    text(&answers[0]["items"][0], "id")
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

/// Reads every case in turn.
fn reading(cases: &[Case]) -> Next {
    let paths: Vec<String> = cases
        .iter()
        .map(|(_, id, _)| format!("/applications/{id}"))
        .collect();
    let turn = Cell::new(0);
    Rc::new(move |token| {
        turn.set((turn.get() + 1) % paths.len());
        Some(request("GET", &paths[turn.get()], &bearer(token), ""))
    })
}

/// Reads the same again and again.
fn always(path: String) -> Next {
    Rc::new(move |token| Some(request("GET", &path, &bearer(token), "")))
}

/// Applies for each household once.
fn applying(households: &Rc<RefCell<Vec<HouseholdId>>>) -> Next {
    let households = Rc::clone(households);
    let today = Clock::System.today();
    Rc::new(move |token| {
        let household = households.borrow_mut().pop()?;
        let headers = format!("{}Idempotency-Key: {household}\r\n", bearer(token));
        let body =
            json!({"householdId": household, "type": "NEW", "receivedOn": today}).to_string();
        Some(request("POST", "/applications", &headers, &body))
    })
}
