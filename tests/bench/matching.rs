//! How fast the matching engine is, on tied and correlated towns: `cargo bench --bench matching`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::format_push_string,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a town that cannot be made or ranked is a mistake in the benchmark"
)]

#[allow(dead_code, reason = "the benchmark of the service uses more of it")]
mod load;
#[allow(dead_code, reason = "the benchmark of the service uses more of it")]
mod process;
mod queue;
mod town;

use std::hint::black_box;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use rettbolig::matching::{Objective, Pool, assign, certify, explain_pair};
use rettbolig::rulesets::RuleSet;

use crate::process::PASSWORD;
use crate::town::{rules, town};

fn main() {
    let rules = rules();
    rank_one_home(&rules);
    rank_every_home(&rules);
    plan_every_home(&rules);
    rank_over_http();
}

/// The queue of 50,000 behind the whole service on `SQLite`: sign-in, access check and audit on.
fn rank_over_http() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("bench.db");
    let environment = process::environment(&format!("sqlite:{}", file.display()));
    process::run(&["demo", "--keep", "--no-serve"], &environment).unwrap();
    for (households, goal) in [(0, None), (50_000, Some(Duration::from_millis(10)))] {
        if households > 0 {
            queue::fill(&file, &town(1, households, 0).households);
        }
        let service = process::Service::start(&environment).unwrap();
        let waiting = households + 150;
        load::on_one_thread(async {
            let sign_in = json!({"username": "caseworker", "password": PASSWORD}).to_string();
            let asked = vec![load::request("POST", "/auth/login", "", &sign_in); 32];
            let answers = load::ask_all(service.address, 2, asked).await;
            let tokens: Vec<String> = answers.iter().map(|it| text(it, "accessToken")).collect();
            let home = most_wanted(service.address, &tokens[0]).await;
            let path = format!("/dwellings/{home}/candidates?limit=50");
            let one = load::request("GET", &path, &load::bearer(&tokens[0]), "");
            let answers = load::ask_all(service.address, 1, vec![one]).await;
            let explained = answers[0]["candidates"].as_array().unwrap().len();
            assert!(goal.is_none() || explained == 50, "too few are explained");
            for connections in [1, 32] {
                let path = path.clone();
                let next: load::Next = Rc::new(move |token| {
                    Some(load::request("GET", &path, &load::bearer(token), ""))
                });
                let it = load::measure(&service, &tokens[..connections], 200, next).await;
                let what =
                    format!("~{waiting} over HTTP, {explained} explained, p50 of {connections}");
                report(&what, it.quantile(500), goal);
                let per_call = it.cpu / u32::try_from(it.count().max(1)).unwrap();
                let per_second = it.count() as f64 / it.elapsed.as_secs_f64();
                say(&format!(
                    "  {per_second:.0} a second, p99 {:.1?}, CPU {per_call:.1?} a call, {} MiB, {} unexpected",
                    it.quantile(990),
                    service.resident_kib() / 1024,
                    it.unexpected
                ));
            }
        });
    }
}

/// The vacant home that most of those who wait may have: of it there is most to rank and to explain.
async fn most_wanted(address: SocketAddr, token: &str) -> String {
    let ask = |path: &str| load::request("GET", path, &load::bearer(token), "");
    // The first call that ranks gathers the pool, all others find it in memory.
    let listed = vec![ask("/dwellings?state=AVAILABLE&limit=50")];
    let listed = load::ask_all(address, 1, listed).await;
    let homes = listed[0]["items"].as_array().unwrap().iter();
    let homes: Vec<String> = homes.map(|home| text(home, "id")).collect();
    let mut wanted = Vec::new();
    for home in homes {
        let path = format!("/dwellings/{home}/candidates?limit=1");
        let begin = Instant::now();
        let answers = load::ask_all(address, 1, vec![ask(&path)]).await;
        if wanted.is_empty() {
            report("  the first call over HTTP", begin.elapsed(), None);
        }
        wanted.push((answers[0]["eligibleCount"].as_u64(), home));
    }
    wanted.into_iter().max().unwrap().1
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

fn rank_one_home(rules: &RuleSet) {
    let town = town(1, 50_000, 40);
    let made = best_of(5, || Pool::of(&town, rules));
    report("50,000 households into columns", made, None);
    let pool = Pool::of(&town, rules);
    let homes: Vec<_> = town
        .homes
        .iter()
        .filter(|home| !pool.rank(home).candidates.is_empty())
        .collect();
    let per_home =
        |work: &dyn Fn() -> usize| best_of(20, work) / u32::try_from(homes.len()).unwrap();
    let ranked = per_home(&|| {
        homes
            .iter()
            .map(|home| pool.rank(home).candidates.len())
            .sum()
    });
    report(
        "50,000 households ranked for one home",
        ranked,
        Some(Duration::from_millis(2)),
    );
    let mut sorted: Vec<_> = town.households.iter().collect();
    sorted.sort_by_key(|facts| facts.application_id);
    let explained = per_home(&|| {
        let explain = |home| {
            let ranking = pool.rank(home);
            let top = ranking.candidates.iter().take(50).filter_map(|candidate| {
                let place =
                    sorted.binary_search_by_key(&candidate.application_id, |f| f.application_id);
                Some(explain_pair(sorted[place.ok()?], home, rules, town.as_of))
            });
            top.map(|explanation| explanation.checks.len())
                .sum::<usize>()
        };
        homes.iter().map(|home| explain(home)).sum()
    });
    report(
        "  the same, the first 50 explained",
        explained,
        Some(Duration::from_millis(2)),
    );
}

fn rank_every_home(rules: &RuleSet) {
    let town = town(2, 10_000, 2_000);
    let pool = Pool::of(&town, rules);
    let taken = best_of(5, || {
        town.homes
            .iter()
            .map(|home| pool.fitting(home).len())
            .sum::<usize>()
    });
    report(
        "10,000 x 2,000 pairs judged and scored",
        taken,
        Some(Duration::from_millis(150)),
    );
}

fn plan_every_home(rules: &RuleSet) {
    for (households, homes, goal) in [
        (150, 20, Some(Duration::from_millis(1))),
        (500, 100, None),
        (2_000, 500, None),
        (10_000, 2_000, Some(Duration::from_secs(2))),
    ] {
        let mut town = town(3, households, homes);
        // As many places as the name says, so that figures compare.
        town.homes.iter_mut().for_each(|home| home.places = 1);
        for objective in [Objective::Suitability, Objective::OwnWishes] {
            let taken = best_of(2, || assign(&town, rules, objective));
            let what = format!("{households} x {homes} planned, {objective}");
            report(&what, taken, goal);
        }
        let before = peak_mib(true);
        let plan = assign(&town, rules, Objective::Suitability);
        if let (Some(before), Some(peak)) = (before, peak_mib(false)) {
            say(&format!(
                "  peak memory {} MiB above the town",
                peak.saturating_sub(before)
            ));
        }
        let left_out = plan
            .unhoused
            .iter()
            .rev()
            .find(|unhoused| unhoused.fits_some_home)
            .unwrap();
        let proof = certify(&town, rules, &plan, left_out.application_id).unwrap();
        let taken = best_of(2, || certify(&town, rules, &plan, left_out.application_id));
        report("  one certificate made", taken, None);
        let taken = best_of(2, || proof.check(&town, rules, &plan).unwrap());
        report("  the certificate checked", taken, None);
        for (name, outcome) in [
            ("this plan", &plan.comparison.plan),
            ("without priority", &plan.comparison.without_priority),
            ("one home at a time", &plan.comparison.one_home_at_a_time),
        ] {
            let groups: Vec<_> = outcome.by_group.iter().map(|group| group.housed).collect();
            say(&format!(
                "  {name:<20} {:>5} housed, {:>8} points, {groups:?}",
                outcome.housed, outcome.points
            ));
        }
    }
}

/// The most memory that this process occupied since it was last asked to begin anew, in MiB, where the system tells (Linux).
fn peak_mib(begins_anew: bool) -> Option<u64> {
    if begins_anew {
        std::fs::write("/proc/self/clear_refs", "5").ok()?;
    }
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024)
}

/// The best of several runs, in time of the processor: what the code needs, without what else the machine was doing.
///
/// Systems count that time in ticks, so what is short is done many times over.
fn best_of<T>(runs: u32, work: impl Fn() -> T) -> Duration {
    let begin = Instant::now();
    black_box(work());
    let once = begin.elapsed().max(Duration::from_micros(1));
    let times = u32::try_from(60_000 / once.as_micros()).unwrap_or(1).max(1);
    let measured = (0..runs).map(|_| {
        let start = spent(begin);
        (0..times).for_each(|_| drop(black_box(work())));
        spent(begin).saturating_sub(start) / times
    });
    measured.min().unwrap_or_default()
}

/// What this thread has spent on a processor, where the system tells (Linux), and else what the clock shows.
fn spent(begin: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn report(what: &str, taken: Duration, goal: Option<Duration>) {
    let goal = goal.map_or_else(String::new, |goal| format!("  (goal {goal:?})"));
    say(&format!("{what:<45} {taken:>12.3?}{goal}"));
}

#[expect(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]
fn say(line: &str) {
    println!("{line}");
}
