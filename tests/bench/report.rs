//! Tells the measurements as a Markdown table, and on what they were taken.

use std::time::Duration;

use crate::load::Outcome;

/// What a measurement is held against.
pub(crate) enum Mark {
    /// At most so many times the CPU time of the bare statement.
    TimesRaw(f64),
    /// At least so many requests a second.
    PerSecond(f64),
    None,
}

pub(crate) const HEAD: &str = "\
| | connections | req/s | p50 ms | p99 ms | CPU ms per 1,000 | raw SQL, CPU ms per 1,000 | ratio | mark |
|---|--:|--:|--:|--:|--:|--:|--:|---|";

/// A line of the table.
pub(crate) fn line(
    what: &str,
    connections: usize,
    it: &Outcome,
    raw: Option<Duration>,
    mark: &Mark,
) -> String {
    let count = it.count().max(1) as f64;
    let per_second = count / it.elapsed.as_secs_f64();
    let cpu = it.cpu.div_f64(count / 1000.0);
    let ratio = raw.map(|raw| cpu.as_secs_f64() / raw.as_secs_f64());
    let mark = match (mark, ratio) {
        (Mark::TimesRaw(most), Some(ratio)) => format!("at most {most}: {}", told(ratio <= *most)),
        (Mark::PerSecond(least), _) => format!("at least {least}: {}", told(per_second >= *least)),
        _ => "–".to_owned(),
    };
    let raw = raw.map_or("–".to_owned(), ms);
    let ratio = ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.1}"));
    let (p50, p99) = (ms(it.quantile(500)), ms(it.quantile(990)));
    let cpu = ms(cpu);
    let failed = match it.unexpected {
        0 => String::new(),
        count => format!(" ({count} answers of another kind)"),
    };
    format!(
        "| {what}{failed} | {connections} | {per_second:.0} | {p50} | {p99} | {cpu} | {raw} | {ratio} | {mark} |"
    )
}

const fn told(is_reached: bool) -> &'static str {
    if is_reached { "reached" } else { "missed" }
}

/// A duration in milliseconds.
pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1000.0)
}

/// The machine, without its name, and how busy it is.
pub(crate) fn surroundings() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown CPU", |rest| {
        rest.trim_start_matches([':', '\t', ' '])
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let release = read("/etc/os-release");
    let system = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let system = system.unwrap_or("unknown system").trim_matches('"');
    let load = read("/proc/loadavg");
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let compiler = std::process::Command::new("rustc")
        .arg("--version")
        .output();
    let compiler = compiler.map_or_else(|_| Vec::new(), |it| it.stdout);
    let compiler = String::from_utf8_lossy(&compiler);
    format!(
        "{model}, {cores} cores (shared with the load generator); {system}; {}; load average {}",
        compiler.trim(),
        load.join(" ")
    )
}
