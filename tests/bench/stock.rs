//! How a stock comes in from a file and is looked through, at three sizes: `cargo bench --bench stock`.
//!
//! On each database the demonstration's accounts are made, a file of so many homes is taken in by the command line, and one
//! connection asks for pages. `PostgreSQL` is left out where none is installed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking, and speaks to whoever runs it"
)]

#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod load;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod process;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod report;

#[path = "../it/support/setting.rs"]
mod setting;
#[path = "../it/support/throwaway.rs"]
#[allow(dead_code, reason = "the integration tests look at more of it")]
mod throwaway;

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::json;

use crate::load::{Connection, bearer, request};
use crate::process::{Environment, Service};
use crate::report::ms;
use crate::setting::find_setting;
use crate::throwaway::{Durability, Programs, ThrowAway};

/// The stocks of a small municipality, of a city, and of the whole country.
const SIZES: [u32; 3] = [525, 14_700, 116_000];
/// How often each question is asked.
const ASKED: usize = 200;
const PASSWORD: &str = "correct horse battery staple";

fn main() {
    println!("{}\n", report::surroundings());
    println!(
        "| database | homes | import s | first page ms | filtered, by rent ms | deep page ms | counts ms |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let programs = Programs::find();
    for homes in SIZES {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("homes.csv");
        std::fs::write(&file, stock(homes)).unwrap();
        let url = format!("sqlite:{}", folder.path().join("bench.db").display());
        on("SQLite", &url, homes, &file);
        if let Some(programs) = &programs {
            let server = ThrowAway::start(programs, Durability::Full).unwrap();
            on("PostgreSQL", &server.url(), homes, &file);
        }
    }
}

/// A file of so many homes, fifty to a property, every tenth vacant.
fn stock(homes: u32) -> String {
    let mut file = "supplierId;cadastralId;unitNumber;extraReference;streetAddress;postalCode;postalPlace;area;category;tenure;bedrooms;usableAreaM2;floor;capacity;rentOre;features;state\n".to_owned();
    for number in 0..homes {
        let (property, unit) = (number / 50 + 1, number % 50);
        let (floor, state) = (
            unit / 10 + 1,
            if number % 10 == 0 {
                "AVAILABLE"
            } else {
                "TURNOVER"
            },
        );
        let (farm, title) = (property / 9_000 + 100, property % 9_000 + 1);
        writeln!(
            file,
            "FDV-{number};0301-{farm}/{title};H{floor:02}{:02};;Storgata {property};7500;Stjørdal;AREA_{};{};OWNED;{};60;{floor};4;{};STEP_FREE|LIFT;{state}",
            unit % 10 + 1,
            property % 20,
            if number % 7 == 0 { "CARE" } else { "ORDINARY" },
            number % 4,
            700_000 + 100 * (number % 5_000),
        )
        .unwrap();
    }
    file
}

fn on(name: &str, database_url: &str, homes: u32, file: &Path) {
    let environment = environment(database_url);
    process::run(&["demo", "--keep", "--no-serve"], &environment).unwrap();
    let begun = Instant::now();
    let path = file.to_str().unwrap();
    let import = ["import", "dwellings", path, "--municipality", "5035"];
    process::run(&import, &environment).unwrap();
    let taken = begun.elapsed();
    let service = Service::start(&environment).unwrap();
    let [first, filtered, deep, counts] = load::on_one_thread(ask(&service));
    println!(
        "| {name} | {homes} | {:.2} | {} | {} | {} | {} |",
        taken.as_secs_f64(),
        ms(first),
        ms(filtered),
        ms(deep),
        ms(counts)
    );
}

/// The median time of each question.
async fn ask(service: &Service) -> [Duration; 4] {
    let mut connection = Connection::open(service.address).await;
    let body = json!({"username": "caseworker", "password": PASSWORD}).to_string();
    let signed_in = connection
        .ask_json(&request("POST", "/auth/login", "", &body))
        .await;
    let token = bearer(signed_in["accessToken"].as_str().unwrap());
    let mut cursor = String::new();
    for _ in 0..10 {
        let page = connection
            .ask_json(&request(
                "GET",
                &format!("/dwellings?sort=RENT&limit=50{cursor}"),
                &token,
                "",
            ))
            .await;
        let next = page["nextCursor"].as_str().expect("there are more pages");
        cursor = format!("&cursor={next}");
    }
    let deep = format!("/dwellings?sort=RENT&limit=50{cursor}");
    let questions = [
        "/dwellings?limit=50",
        "/dwellings?state=AVAILABLE&minBedrooms=2&sort=RENT&limit=50",
        &deep,
        "/dwellings/counts",
    ];
    let mut medians = [Duration::ZERO; 4];
    for (median, question) in medians.iter_mut().zip(questions) {
        let mut times = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            let begun = Instant::now();
            connection
                .ask_json(&request("GET", question, &token, ""))
                .await;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        *median = times[ASKED / 2];
    }
    medians
}

/// The service's settings, with fresh keys.
fn environment(database_url: &str) -> Environment {
    let fresh = || {
        let mut random = [0; 32];
        getrandom::fill(&mut random).unwrap();
        base64::engine::general_purpose::STANDARD.encode(random)
    };
    vec![
        ("DATABASE_URL", database_url.to_owned()),
        ("RETTBOLIG_KEY_ENCRYPTION_KEY", format!("bench:{}", fresh())),
        ("RETTBOLIG_INDEX_KEY", fresh()),
        ("RETTBOLIG_SIGNING_KEY", fresh()),
        ("RETTBOLIG_LOG_KEY", fresh()),
        ("RETTBOLIG_PEPPER", fresh()),
        ("RETTBOLIG_DEMO_PASSWORD", PASSWORD.to_owned()),
    ]
}
