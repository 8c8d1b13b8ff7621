//! Everything that can be refused, as one reviewed table: codes are for ever, and mean one thing.

use std::collections::BTreeMap;

use rettbolig::problem::{KERNEL, Kind};

use super::snapshot::assert_reviewed;
use super::sources;

/// The refusals of everybody who has some.
macro_rules! refusals_of {
    ($($owner:ident),+ $(,)?) => {
        fn refusals() -> Vec<(&'static str, Vec<&'static Kind>)> {
            vec![$((
                stringify!($owner),
                rettbolig::$owner::Refusal::ALL.iter().map(|it| it.kind()).collect(),
            )),+]
        }
    };
}

refusals_of!(
    access,
    appeals,
    applications,
    audit,
    auth,
    deadlines,
    decisions,
    demolitions,
    eligibility,
    evictions,
    exceptions,
    forwarding,
    housing,
    letters,
    matching,
    meetings,
    municipality,
    nav,
    offers,
    parties,
    people,
    policies,
    registers,
    restrictions,
    retention,
    rights,
    rulesets,
    shelters,
    situations,
    tasks,
    tenancies,
    waiting,
    webhooks,
);

fn every_refusal_is_listed_here() {
    let declared: Vec<String> = sources::rust("src")
        .into_iter()
        .filter(|source| source.path != "src/problem.rs")
        .filter(|source| source.code().contains("refusals! {"))
        .map(|source| source.module().to_owned())
        .collect();
    let listed: Vec<&str> = refusals().iter().map(|(owner, _)| *owner).collect();
    for owner in &declared {
        assert!(
            listed.contains(&owner.as_str()),
            "{owner} declares refusals: name it in refusals_of! in tests/it/guards/problems.rs"
        );
    }
    assert_eq!(
        declared.len(),
        listed.len(),
        "more refusals than modules, or fewer: {declared:?}"
    );
}

fn problems_are_as_reviewed() {
    let mut lines = vec![
        "# Every problem that the service answers with\n".to_owned(),
        "| Code | Status | From | Norwegian | English |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    let mut kinds: Vec<_> = all();
    kinds.sort_by_key(|(_, kind)| (kind.code, kind.status));
    lines.extend(kinds.iter().map(|(owner, kind)| {
        format!(
            "| `{}` | {} | {owner} | {} | {} |",
            kind.code, kind.status, kind.nb, kind.en
        )
    }));
    assert_reviewed("tests/it/snapshots/problems.md", &(lines.join("\n") + "\n"));
}

fn a_code_means_one_thing() {
    let mut known: BTreeMap<&str, (&str, &Kind)> = BTreeMap::new();
    for (owner, kind) in all() {
        let (first, before) = known.entry(kind.code).or_insert((owner, kind));
        assert!(
            *before == kind,
            "`{}` means one thing in {first} and another in {owner}: give one of them a code of its own",
            kind.code
        );
    }
}

fn every_problem_is_well_formed() {
    for (owner, kind) in all() {
        let Kind {
            status,
            code,
            nb,
            en,
        } = kind;
        let is_snake_case = code.starts_with(|first: char| first.is_ascii_lowercase())
            && code
                .chars()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
        assert!(
            is_snake_case,
            "{owner}: the code {code:?} is not in snake case"
        );
        assert!(
            (400..600).contains(status),
            "{owner}: {code} has status {status}, which is no refusal"
        );
        for text in [nb, en] {
            assert!(
                text.ends_with('.'),
                "{owner}: {code} needs whole sentences in both languages: {text:?}"
            );
        }
        assert_ne!(nb, en, "{owner}: {code} says the same in both languages");
    }
}

fn all() -> Vec<(&'static str, &'static Kind)> {
    let kernel = KERNEL.iter().map(|kind| ("kernel", *kind));
    let refusals = refusals().into_iter();
    let slices = refusals.flat_map(|(owner, kinds)| kinds.into_iter().map(move |it| (owner, it)));
    kernel.chain(slices).collect()
}

crate::support::cases::plain![
    every_refusal_is_listed_here,
    problems_are_as_reviewed,
    a_code_means_one_thing,
    every_problem_is_well_formed,
];
