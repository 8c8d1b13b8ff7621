//! How fast the matching engine is, on tied and correlated towns: `cargo bench --bench matching`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a town that cannot be made or ranked is a mistake in the benchmark"
)]

mod town;

use std::hint::black_box;
use std::time::{Duration, Instant};

use rettbolig::matching::{Pool, explain_pair};
use rettbolig::rulesets::RuleSet;

use crate::town::{rules, town};

fn main() {
    let rules = rules();
    rank_one_home(&rules);
    rank_every_home(&rules);
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

/// The best of several runs: what the code needs, without what else the machine was doing.
fn best_of<T>(runs: u32, work: impl Fn() -> T) -> Duration {
    let timed = (0..runs).map(|_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    });
    timed.min().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]
fn report(what: &str, taken: Duration, goal: Option<Duration>) {
    let goal = goal.map_or_else(String::new, |goal| format!("  (goal {goal:?})"));
    println!("{what:<45} {taken:>12.3?}{goal}");
}
