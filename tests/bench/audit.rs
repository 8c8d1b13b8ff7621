//! What the provable history costs, and how fast it answers: `cargo bench --bench audit`.
//!
//! `RETTBOLIG_BENCH_ENTRIES` says how long the log is in which is looked (100,000 when not given), `RETTBOLIG_BENCH_DATABASES` on which
//! databases (`sqlite,postgres`). The log is made through the one door for writes and sealed by the real sealer, so it is as a service
//! would have left it; ten million entries take their time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark fails by panicking, and speaks to whoever runs it"
)]

mod asking;
mod at_rest;
mod databases;
mod founding;
mod history;
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

use std::sync::Arc;
use std::time::{Duration, Instant};

use rettbolig::audit::{LogKey, Sealer};
use rettbolig::auth::Caller;
use rettbolig::db::Db;
use tokio::sync::oneshot;

use crate::history::{History, Kind};
use crate::setting::find_setting;

/// Who write at the same time.
const WRITERS: usize = 64;
/// How long each rate is measured.
const MEASURED: Duration = Duration::from_secs(5);
/// How many entries a second, and for how long, when the lag of sealing is measured.
const PACE: u64 = 1_000;
const PACED: Duration = Duration::from_secs(10);

fn main() {
    println!("{}\n", report::surroundings());
    let folder = tempfile::TempDir::new().unwrap();
    databases::each(folder.path(), on);
}

/// How long the log is.
fn entries() -> u64 {
    let asked = find_setting("RETTBOLIG_BENCH_ENTRIES");
    asked.map_or(100_000, |text| text.replace('_', "").parse().unwrap())
}

fn on(name: &str, database_url: &str) {
    println!("## {name}\n\n| | measured | mark | |\n|---|--:|--:|---|");
    let history = History::begin(database_url);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(writing(&history));
    let entries = entries();
    runtime.block_on(history.grow_to(entries));
    history.settle();
    history.measure_disk();
    runtime.block_on(history.measure_checks());
    history.measure_looks(database_url);
    println!();
}

/// A line of the table.
fn tell(what: &str, measured: &str, mark: &str, is_reached: bool) {
    let reached = if is_reached { "reached" } else { "missed" };
    println!("| {what} | {measured} | {mark} | {reached} |");
}

/// A line of the table whose mark is meant for one of the databases.
fn tell_where(is_meant: bool, what: &str, measured: &str, mark: &str, is_reached: bool) {
    if is_meant {
        tell(what, measured, mark, is_reached);
    } else {
        tell_only(what, measured);
    }
}

fn tell_only(what: &str, measured: &str) {
    println!("| {what} | {measured} | – | |");
}

async fn writing(history: &History) {
    // In turns, so that what the machine does beside falls on all.
    let kinds = [Kind::Nothing, Kind::Entry, Kind::ToldEntry];
    let mut rates = [0.0; 3];
    for _ in 0..2 {
        for (sum, kind) in rates.iter_mut().zip(kinds) {
            *sum += rate(history, kind).await / 2.0;
        }
    }
    let [nothing, entry, told] = rates;
    tell_only(
        "applications stored a second, 64 writers, without an entry",
        &format!("{nothing:.0}"),
    );
    // Held against a create over HTTP, of which `cargo bench --bench service` tells how many a second there are.
    tell_only(
        "with their entries, not sealed, and what an entry adds",
        &format!("{entry:.0}, {:.0} µs", (1.0 / entry - 1.0 / nothing) * 1e6),
    );
    tell_where(
        !history.is_on_postgres(),
        "with their entries, of which subscribers are told, not sealed",
        &format!("{told:.0}"),
        "5,000",
        told >= 5_000.0,
    );
    let (stop, sealing) = start_sealing(history);
    let sealed = rate(history, Kind::ToldEntry).await;
    drop(stop);
    sealing.await.unwrap();
    let share = sealed / told * 100.0;
    tell_where(
        history.is_on_postgres(),
        "the same while the log is sealed",
        &format!("{sealed:.0} ({share:.0} %)"),
        "70 %",
        share >= 70.0,
    );
    let lag = lag(history).await;
    tell(
        "from commit to seal at 1,000 entries a second, p99",
        &format!("{} ms", report::ms(lag)),
        "1,000 ms",
        lag <= Duration::from_secs(1),
    );
}

/// What commits a second.
async fn rate(history: &History, kind: Kind) -> f64 {
    let begun = Instant::now();
    let deadline = begun + MEASURED;
    let writers = (0..WRITERS).map(|_| {
        let history = history.clone();
        tokio::spawn(async move {
            let mut count = 0_u64;
            while Instant::now() < deadline {
                history.store_application(kind).await;
                count += 1;
            }
            count
        })
    });
    let mut count = 0;
    for writer in writers.collect::<Vec<_>>() {
        count += writer.await.unwrap();
    }
    count as f64 / begun.elapsed().as_secs_f64()
}

fn start_sealing(history: &History) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (stop, until) = oneshot::channel();
    let sealer = sealer(&history.db, &history.key);
    (stop, tokio::spawn(sealer.run(until)))
}

fn sealer(db: &Db, key: &LogKey) -> Sealer {
    Sealer::new(db.clone(), key.clone())
}

/// The lag of the slowest hundredth, with entries coming in at an even pace.
async fn lag(history: &History) -> Duration {
    sealer(&history.db, &history.key)
        .seal_waiting()
        .await
        .unwrap();
    let first = history.sealed_size();
    let (stop, sealing) = start_sealing(history);
    let begun = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_secs(1) / PACE as u32);
    let mut tasks = Vec::new();
    while begun.elapsed() < PACED {
        tick.tick().await;
        let history = history.clone();
        tasks.push(tokio::spawn(async move {
            history.store_application(Kind::ToldEntry).await;
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    drop(stop);
    sealing.await.unwrap();
    let mut lags = history.lags_since(first);
    lags.sort_unstable();
    lags[lags.len() * 99 / 100]
}

/// The service itself, acting for the benchmark's municipality.
fn system() -> Arc<Caller> {
    Arc::new(Caller::system(history::TOWN))
}
