//! The order of the house: who may use whom, who owns which table, what rules may know, and how long a file may be.

use std::collections::BTreeMap;

use super::owners::OWNERS;
use super::schema::tables::tables;
use super::snapshot::project;
use super::sources::{Source, rust};

/// The slices in the order of the map in `src/lib.rs`: each uses only those before it.
const SLICES: [&str; 28] = [
    "tasks",
    "people",
    "situations",
    "housing",
    "applications",
    "parties",
    "restrictions",
    "waiting",
    "exceptions",
    "rulesets",
    "tenancies",
    "demolitions",
    "eligibility",
    "matching",
    "offers",
    "meetings",
    "decisions",
    "forwarding",
    "letters",
    "appeals",
    "journal",
    "insight",
    "nav",
    "shelters",
    "rights",
    "evictions",
    "deadlines",
    "retention",
];
/// What puts the house together; nothing else may use it.
const SHELL: [&str; 5] = ["cli", "config", "demo", "main", "server"];
/// The files of a slice that are pure.
const PURE: [&str; 5] = [
    "collector.rs",
    "faults.rs",
    "lifecycle.rs",
    "model.rs",
    "rules.rs",
];
/// The engine is pure throughout, but for these files of its slice.
const NOT_ENGINE: [&str; 16] = [
    "acts.rs",
    "asking.rs",
    "clock.rs",
    "gather.rs",
    "mod.rs",
    "proposals.rs",
    "reporting.rs",
    "routes.rs",
    "runs.rs",
    "sight.rs",
    "snapshots.rs",
    "standing.rs",
    "steps.rs",
    "store.rs",
    "waiting.rs",
    "waiting_routes.rs",
];
const LINES_MAX: usize = 400;
/// Files that are longer, and how long they may be: this list only shrinks.
const LONGER: [(&str, usize); 1] = [("src/db/schema.rs", 1600)];

fn the_order_of_slices_is_that_of_the_map() {
    let map: String = std::fs::read_to_string(project().join("src/lib.rs"))
        .unwrap()
        .lines()
        .skip_while(|line| !line.contains("**Slices**"))
        .take_while(|line| !line.contains("**Shell**"))
        .skip(1)
        .collect();
    let named: Vec<&str> = map
        .split("[`")
        .skip(1)
        .filter_map(|it| it.split('`').next())
        .collect();
    assert_eq!(
        named, SLICES,
        "the map in src/lib.rs and the order in tests/it/guards/tidy.rs differ"
    );
}

fn a_slice_uses_only_those_before_it_and_the_kernel_none() {
    for source in rust("src") {
        let module = source.module();
        if SHELL.contains(&module) || module == "lib" {
            continue;
        }
        // The kernel comes before all slices.
        let place = SLICES.iter().position(|it| *it == module);
        for path in source.crate_paths() {
            let used = path.split("::").next().unwrap_or_default();
            assert!(
                !SHELL.contains(&used),
                "{}: `crate::{path}` is of the shell, which nothing else uses",
                source.path
            );
            let Some(of_used) = SLICES
                .iter()
                .position(|it| *it == used)
                .filter(|_| used != module)
            else {
                continue;
            };
            assert!(
                place.is_some_and(|place| of_used < place),
                "{}: `crate::{path}` is used too early; a slice uses only those before it, and the kernel none. \
                 Two that need each other lack a third noun",
                source.path
            );
        }
    }
}

fn slices_meet_at_the_front_door() {
    for source in rust("src") {
        for path in source.crate_paths() {
            let mut names = path.split("::");
            let (first, second, third) = (names.next(), names.next(), names.next());
            let is_foreign = first.is_some_and(|it| SLICES.contains(&it) && it != source.module());
            let is_inner = second.is_some_and(|it| it.starts_with(|c: char| c.is_lowercase()))
                && third.is_some();
            assert!(
                !(is_foreign && is_inner),
                "{}: `crate::{path}` reaches behind the front door; `pub use` it in mod.rs, or ask its owner to act",
                source.path
            );
        }
        let opens_a_room = source.name() == "mod.rs"
            && source
                .code()
                .lines()
                .any(|line| line.starts_with("pub mod "));
        assert!(
            !(opens_a_room && SLICES.contains(&source.module())),
            "{}: a slice keeps its modules to itself and says with `pub use` what others may use",
            source.path
        );
    }
}

fn a_table_is_named_by_its_owner_alone() {
    let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, tables) in OWNERS {
        for table in *tables {
            owners.entry(table).or_default().push(file);
        }
    }
    for table in tables() {
        assert!(
            owners.contains_key(table.as_str()),
            "who owns {table}? Say it in tests/it/guards/owners.rs"
        );
    }
    for source in rust("src") {
        let without_columns = Source {
            text: without_derives(&source),
            path: source.path.clone(),
        };
        for path in without_columns.crate_paths() {
            let Some(table) = path
                .strip_prefix("db::schema::")
                .and_then(|it| it.split("::").next())
            else {
                continue;
            };
            let is_owner = owners
                .get(table)
                .is_some_and(|files| files.contains(&source.path.as_str()));
            assert!(
                is_owner,
                "{} names the table {table}, which is another's: ask its owner for what you need",
                source.path
            );
        }
    }
}

/// Which columns a noun is kept in is said where the noun is, and is no query.
fn without_derives(source: &Source) -> String {
    let mut parts = source.text.split("#[diesel(");
    let mut text = parts.next().unwrap_or_default().to_owned();
    text.extend(
        parts
            .filter_map(|part| part.split_once(")]"))
            .map(|(_, after)| after),
    );
    text
}

fn is_pure(source: &Source) -> bool {
    match source.module() {
        "matching" => !NOT_ENGINE.contains(&source.name()),
        module => SLICES.contains(&module) && PURE.contains(&source.name()),
    }
}

fn rules_and_nouns_know_no_http_no_sql_no_clock_and_no_settings() {
    for source in rust("src") {
        if !is_pure(&source) {
            continue;
        }
        let text = without_derives(&source);
        let pure = Source {
            path: source.path,
            text,
        };
        for path in pure.crate_paths() {
            let is_outside = ["db", "http", "kit", "config"]
                .contains(&path.split("::").next().unwrap())
                || path == "clock::Clock";
            assert!(
                !is_outside,
                "{}: `crate::{path}` has no place in pure rules: hand in what it gives",
                pure.path
            );
        }
        for line in pure.code().lines() {
            let names = [
                "actix_web",
                "diesel",
                "tokio",
                "reqwest",
                "getrandom",
                "std::env",
                "std::fs",
                "std::time",
            ];
            let known = names
                .iter()
                .find(|name| line.contains(*name) && !imports_derives(line));
            assert!(
                known.is_none(),
                "{}: `{}` has no place in pure rules: hand in what it gives",
                pure.path,
                line.trim()
            );
        }
    }
}

/// Whether the line imports nothing of Diesel but what says in which columns a noun is kept.
fn imports_derives(line: &str) -> bool {
    let derives = ["AsChangeset", "Insertable", "Queryable", "Selectable"];
    line.strip_prefix("use diesel::").is_some_and(|names| {
        let mut names = names.split(|it: char| !it.is_alphanumeric());
        names.all(|name| name.is_empty() || derives.contains(&name))
    })
}

fn every_file_says_what_it_is_for() {
    for source in ours() {
        let first = source.text.lines().next().unwrap_or_default();
        let says = first.strip_prefix("//! ").is_some_and(|it| it.len() > 10);
        assert!(
            says,
            "{} begins with {first:?}: its first line says in a sentence what it is for",
            source.path
        );
    }
}

fn no_file_is_too_long() {
    for source in ours() {
        let lines = source.text.lines().count();
        let may = LONGER.iter().find(|(path, _)| *path == source.path);
        let most = may.map_or(LINES_MAX, |(_, most)| *most);
        assert!(
            lines <= most,
            "{} has {lines} lines, at most {most}: give a part of it a file of its own",
            source.path
        );
        assert!(
            may.is_none() || lines > LINES_MAX,
            "{} is as short as any other: take it out of LONGER in tests/it/guards/tidy.rs",
            source.path
        );
    }
}

/// All Rust of the project.
pub(super) fn ours() -> impl Iterator<Item = Source> {
    rust("src").into_iter().chain(rust("tests"))
}

crate::support::cases::plain![
    the_order_of_slices_is_that_of_the_map,
    a_slice_uses_only_those_before_it_and_the_kernel_none,
    slices_meet_at_the_front_door,
    a_table_is_named_by_its_owner_alone,
    rules_and_nouns_know_no_http_no_sql_no_clock_and_no_settings,
    every_file_says_what_it_is_for,
    no_file_is_too_long,
];
