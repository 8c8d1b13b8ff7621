//! Whether the time of an answer tells what the answer does not: `cargo bench --bench sign_in`.
//!
//! A wrong password beside an unknown name, and a case that is hidden beside one that does not exist: asked by turns, so that both meet the
//! same machine, and compared by their medians and by how often the one was slower than its neighbour (half the time, where nothing can be
//! told). `RETTBOLIG_BENCH_PAIRS` says how many pairs of cases (2,000), `RETTBOLIG_BENCH_DATABASES` on which databases (`sqlite,postgres`).
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

mod databases;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod load;
mod opened;
mod passes;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod process;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod report;
#[path = "../it/support/setting.rs"]
mod setting;
#[path = "../it/support/throwaway.rs"]
#[allow(dead_code, reason = "the integration tests look at more of it")]
mod throwaway;

use std::time::{Duration, Instant};

use rettbolig::auth::Role;
use rettbolig::ids::ApplicationId;
use serde_json::json;

use crate::load::{Connection, bearer, request};
use crate::passes::passes;
use crate::process::{Environment, Service};
use crate::report::ms;
use crate::setting::find_setting;

/// How far the medians may lie apart.
const APART: Duration = Duration::from_millis(1);
/// How far from a half the share may lie of pairs in which the first was slower: three standard deviations, and a little for what one
/// machine does beside it.
fn share_off(pairs: usize) -> f64 {
    1.5 / (pairs as f64).sqrt() + 0.03
}
/// Tries of one name before it is made to wait.
const TRIES: usize = 4;

fn main() {
    println!("{}\n", report::surroundings());
    let folder = tempfile::TempDir::new().unwrap();
    databases::each(folder.path(), on);
}

/// Measures everything on one database and prints it.
fn on(name: &str, database_url: &str) {
    println!("## {name}\n\n| | medians | apart | first slower in | |\n|---|--:|--:|--:|---|");
    let mut environment = process::environment(database_url);
    // What this machine says of where a request comes from is believed.
    environment.push(("RETTBOLIG_TRUSTED_PROXIES", "127.0.0.0/8".to_owned()));
    process::run(&["demo", "--keep", "--no-serve"], &environment).unwrap();
    let service = Service::start(&environment).unwrap();
    load::on_one_thread(async {
        sign_ins(&service).await;
        cases(&service, &environment).await;
    });
    println!();
}

/// A wrong password of somebody known beside a name that nobody has.
async fn sign_ins(service: &Service) {
    let mut connection = Connection::open(service.address).await;
    let mut pairs = Vec::new();
    for round in 0..TRIES {
        for (number, role) in Role::ALL.iter().enumerate() {
            let known = role.code().to_ascii_lowercase().replace('_', "-");
            let mut took = [Duration::ZERO; 2];
            // Which of both goes first changes from pair to pair.
            for place in [number % 2, 1 - number % 2] {
                let username = [known.clone(), format!("no-{known}")][place].clone();
                let body = json!({"username": username, "password": "wrong horse"});
                let from = format!(
                    "X-Forwarded-For: 198.51.100.{}\r\n",
                    1 + round * 50 + number
                );
                let asked = request("POST", "/auth/login", &from, &body.to_string());
                let begun = Instant::now();
                let (status, _) = connection.ask(&asked).await;
                took[place] = begun.elapsed();
                assert_eq!(status, 401, "{username}");
            }
            pairs.push(took);
        }
    }
    tell("a wrong password, an unknown name", &pairs);
}

/// A case that is there and out of sight beside one that is not there.
async fn cases(service: &Service, environment: &Environment) {
    let [caseworker, adviser] = passes(environment, ["caseworker", "nav-advisor"]).await;
    let mut connection = Connection::open(service.address).await;
    let headers = bearer(&caseworker);
    let list = request("GET", "/applications?limit=200", &headers, "");
    let list = connection.ask_json(&list).await;
    let ids = list["items"].as_array().unwrap().iter();
    let ids: Vec<&str> = ids.map(|it| it["id"].as_str().unwrap()).collect();
    let headers = bearer(&adviser);
    let mut hidden = Vec::new();
    for id in ids {
        let asked = request("GET", &format!("/applications/{id}"), &headers, "");
        if connection.ask(&asked).await.0 == 404 {
            hidden.push(asked);
        }
    }
    assert!(!hidden.is_empty(), "nothing is hidden from the adviser");
    let count = find_setting("RETTBOLIG_BENCH_PAIRS");
    let count = count.map_or(2_000, |text| text.replace('_', "").parse().unwrap());
    let mut pairs = Vec::with_capacity(count);
    for number in 0..count {
        let absent = format!("/applications/{}", ApplicationId::new());
        let both = [
            hidden[number % hidden.len()].clone(),
            request("GET", &absent, &headers, ""),
        ];
        let mut took = [Duration::ZERO; 2];
        for place in [number % 2, 1 - number % 2] {
            let begun = Instant::now();
            let (status, _) = connection.ask(&both[place]).await;
            took[place] = begun.elapsed();
            assert_eq!(status, 404);
        }
        pairs.push(took);
    }
    tell("a hidden case, an absent one", &pairs);
}

/// A line of the table.
fn tell(what: &str, pairs: &[[Duration; 2]]) {
    let median = |place: usize| {
        let mut took: Vec<Duration> = pairs.iter().map(|pair| pair[place]).collect();
        took.sort_unstable();
        took[took.len() / 2]
    };
    let (first, second) = (median(0), median(1));
    let slower = pairs.iter().filter(|pair| pair[0] > pair[1]).count();
    let share = slower as f64 / pairs.len() as f64;
    let apart = first.abs_diff(second);
    let is_alike = apart <= APART && (share - 0.5).abs() <= share_off(pairs.len());
    let reached = if is_alike { "reached" } else { "missed" };
    let (first, second, apart) = (ms(first), ms(second), ms(apart));
    let count = pairs.len();
    println!(
        "| {what} ({count} pairs) | {first}, {second} ms | {apart} ms | {:.1} % | alike: {reached} |",
        share * 100.0
    );
}
