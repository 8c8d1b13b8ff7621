//! How fast the matching engine is, on tied and correlated towns: `cargo bench --bench matching`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a town that cannot be made or ranked is a mistake in the benchmark"
)]

mod town;

use std::hint::black_box;
use std::time::{Duration, Instant};

use rettbolig::matching::{Objective, Pool, assign, certify, explain_pair};
use rettbolig::rulesets::RuleSet;

use crate::town::{rules, town};

fn main() {
    let rules = rules();
    rank_one_home(&rules);
    rank_every_home(&rules);
    plan_every_home(&rules);
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
        (500, 100, None),
        (2_000, 500, None),
        (10_000, 2_000, Some(2)),
    ] {
        let mut town = town(3, households, homes);
        // As many places as the name says, so that figures compare.
        town.homes.iter_mut().for_each(|home| home.places = 1);
        for objective in [Objective::Suitability, Objective::OwnWishes] {
            let taken = best_of(2, || assign(&town, rules, objective));
            let what = format!("{households} x {homes} planned, {objective}");
            report(&what, taken, goal.map(Duration::from_secs));
        }
        let plan = assign(&town, rules, Objective::Suitability);
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
