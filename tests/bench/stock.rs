//! How fast the housing stock comes in and is found again: `cargo bench --bench stock`.
//!
//! On each database the stocks of a small municipality, a city and the whole country come in from a CSV file, once more unchanged, and from
//! a spreadsheet, by the command that operators use; then a housing manager asks the service for pages and counts, one after the other.
//! `RETTBOLIG_BENCH_HOMES` says how many homes (`525,14700,116000` when not given), `RETTBOLIG_BENCH_DATABASES` on which databases.
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
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;
use serde_json::json;

use crate::load::{Connection, bearer, on_one_thread, request};
use crate::process::{Environment, PASSWORD, Service, environment, run};
use crate::report::ms;
use crate::setting::find_setting;

/// How often each question is asked.
const ASKED: usize = 200;
/// How many pages in the page lies that is far down.
const DEEP: usize = 8;
/// What an import of 100,000 rows may take at most, in time and memory.
const MOST: Duration = Duration::from_mins(1);
const MOST_MIB: u64 = 200;

const HEADER: &str = "supplierId;cadastralId;unitNumber;streetAddress;postalCode;postalPlace;area;category;tenure;\
                      bedrooms;usableAreaM2;floor;capacity;rentOre;inspectedOn";

fn main() {
    println!("{}\n", report::surroundings());
    let folder = tempfile::TempDir::new().unwrap();
    databases::each(folder.path(), |name, url| on(name, url, folder.path()));
}

fn sizes() -> Vec<u32> {
    let asked = find_setting("RETTBOLIG_BENCH_HOMES");
    let asked = asked.unwrap_or_else(|| "525,14700,116000".to_owned());
    asked
        .split(',')
        .map(|size| size.trim().parse().unwrap())
        .collect()
}

/// Two municipalities for each size, so that each file comes into an empty stock.
fn on(name: &str, database_url: &str, folder: &Path) {
    println!("## {name}\n");
    let environment = environment(database_url);
    run(&["migrate"], &environment).unwrap();
    let mut managers = Vec::new();
    println!(
        "| homes | file | seconds | rows a second | most memory, MiB | mark |\n|--:|---|--:|--:|--:|---|"
    );
    for (place, homes) in sizes().into_iter().enumerate() {
        let numbers = [5001 + 2 * place, 5002 + 2 * place].map(|number| number.to_string());
        for number in &numbers {
            run(&["municipality", "add", number, "Prøvestad"], &environment).unwrap();
        }
        let manager = format!("manager{place}@bench.example");
        add_manager(&manager, &numbers[0], &environment);
        let rows = rows(homes);
        let csv = folder.join("stock.csv");
        std::fs::write(&csv, &rows).unwrap();
        take_in("CSV", homes, &csv, &numbers[0], &environment);
        take_in("CSV, unchanged", homes, &csv, &numbers[0], &environment);
        let sheet = write_sheet(&rows, folder);
        take_in("XLSX", homes, &sheet, &numbers[1], &environment);
        managers.push((homes, manager));
    }
    println!("\n| homes | question | p50 ms | p99 ms |\n|--:|---|--:|--:|");
    let service = Service::start(&environment).unwrap();
    for (homes, manager) in managers {
        on_one_thread(ask(&service, homes, &manager));
    }
    println!();
}

fn command(arguments: &[&str], environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rettbolig"));
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (*name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn add_manager(username: &str, number: &str, environment: &Environment) {
    let arguments = [
        "user",
        "add",
        username,
        "--municipality",
        number,
        "--name",
        "Forvalter",
        "--role",
        "HOUSING_MANAGER",
    ];
    let mut adding = command(&arguments, environment)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    adding
        .stdin
        .take()
        .unwrap()
        .write_all(PASSWORD.as_bytes())
        .unwrap();
    assert!(adding.wait().unwrap().success());
}

/// Takes a file in by the command line, and tells how long that took and the most memory that it occupied.
fn take_in(what: &str, homes: u32, file: &Path, number: &str, environment: &Environment) {
    let path = file.display().to_string();
    let begun = Instant::now();
    let mut importing = command(
        &["import", "dwellings", &path, "--municipality", number],
        environment,
    )
    .stdin(Stdio::null())
    .spawn()
    .unwrap();
    let mut peak = 0;
    while importing.try_wait().unwrap().is_none() {
        peak = peak.max(peak_mib(importing.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = begun.elapsed();
    let done = importing.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success() && told.contains(&homes.to_string()),
        "{told}"
    );
    let rate = f64::from(homes) / took.as_secs_f64();
    let mark = if homes < 100_000 {
        "–"
    } else if took.mul_f64(100_000.0 / f64::from(homes)) <= MOST && peak <= MOST_MIB {
        "60 s and 200 MiB for 100,000: reached"
    } else {
        "60 s and 200 MiB for 100,000: missed"
    };
    println!(
        "| {homes} | {what} | {:.2} | {rate:.0} | {peak} | {mark} |",
        took.as_secs_f64()
    );
}

/// The most memory that a process occupied so far, where the system tells (Linux).
fn peak_mib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024)
}

/// A stock of so many homes, as a table between semicolons.
fn rows(homes: u32) -> String {
    let mut rows = format!("{HEADER}\r\n");
    for number in 0..homes {
        let (farm, holding) = (number / 1_000 + 1, number % 1_000 + 1);
        let (street, area) = (number / 12, number % 9);
        let category = ["ORDINARY", "ORDINARY", "ORDINARY", "CARE", "ROBUST"][number as usize % 5];
        let (bedrooms, rent) = (number % 4 + 1, 600_000 + number % 97 * 10_000);
        let (usable, capacity) = (35 + 15 * bedrooms, 2 * bedrooms);
        writeln!(
            rows,
            "FDV-{number};5035-{farm}/{holding};H0101;Prøvegata {street};7500;Stjørdal;OMRADE_{area};{category};OWNED;\
             {bedrooms};{usable};1;{capacity};{rent};2026-01-15\r"
        )
        .unwrap();
    }
    rows
}

fn write_sheet(rows: &str, folder: &Path) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    for (row, line) in (0..).zip(rows.lines()) {
        for (column, cell) in (0..).zip(line.split(';')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    let path = folder.join("stock.xlsx");
    book.save(&path).unwrap();
    path
}

/// What a housing manager asks.
async fn ask(service: &Service, homes: u32, manager: &str) {
    let mut connection = Connection::open(service.address).await;
    let body = json!({"username": manager, "password": PASSWORD}).to_string();
    let signed_in = connection
        .ask_json(&request("POST", "/auth/login", "", &body))
        .await;
    let header = bearer(signed_in["accessToken"].as_str().unwrap());
    let mut deep = "/dwellings?limit=50&sort=RENT".to_owned();
    for _ in 0..DEEP {
        let page = connection
            .ask_json(&request("GET", &deep, &header, ""))
            .await;
        if let Some(cursor) = page["nextCursor"].as_str() {
            deep = format!("/dwellings?limit=50&sort=RENT&cursor={cursor}");
        }
    }
    for (what, path) in [
        ("a page of 50", "/dwellings?limit=50"),
        ("… by rent", "/dwellings?limit=50&sort=RENT"),
        ("… by rent, far down", deep.as_str()),
        (
            "… vacant robust homes of an area",
            "/dwellings?limit=50&state=AVAILABLE&category=ROBUST&area=OMRADE_3",
        ),
        (
            "… of a street",
            "/dwellings?limit=50&sort=ADDRESS&address=Prøvegata%201",
        ),
        ("one by its supplier id", "/dwellings?supplierId=FDV-500"),
        ("counts by state and category", "/dwellings/counts"),
    ] {
        let asked = request("GET", &path.replace('ø', "%C3%B8"), &header, "");
        let mut took = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            let begun = Instant::now();
            connection.ask_json(&asked).await;
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        let (p50, p99) = (took[ASKED / 2], took[ASKED * 99 / 100]);
        println!("| {homes} | {what} | {} | {} |", ms(p50), ms(p99));
    }
}
