//! The lives of cases and homes as reviewed tables: what follows each state by each step.

use rettbolig::applications::{self, ApplicationState, Step};
use rettbolig::housing::{self, DwellingState, Move};

use super::snapshot::assert_reviewed;

fn the_life_of_a_case_is_as_reviewed() {
    let rows = ApplicationState::ALL.iter().map(|state| {
        let cells = Step::ALL
            .iter()
            .map(|step| state.after(*step).map(ApplicationState::code));
        (state.code(), cells.collect())
    });
    let columns: Vec<_> = Step::ALL.iter().map(|step| step.code()).collect();
    let table = table(
        "A case: what follows each state by each step",
        &columns,
        rows.collect(),
    );
    assert_reviewed("tests/it/snapshots/life_of_a_case.md", &table);
    let pairs = applications::MOVES
        .iter()
        .map(|(from, by, _)| (from.code(), by.code()));
    assert_is_whole(&table, pairs.collect());
}

fn the_life_of_a_home_is_as_reviewed() {
    let rows = DwellingState::ALL.iter().map(|state| {
        let cells = Move::ALL
            .iter()
            .map(|step| state.after(*step).map(DwellingState::code));
        (state.code(), cells.collect())
    });
    let columns: Vec<_> = Move::ALL.iter().map(|step| step.code()).collect();
    let table = table(
        "A home: what follows each state by each move",
        &columns,
        rows.collect(),
    );
    assert_reviewed("tests/it/snapshots/life_of_a_home.md", &table);
    let pairs = housing::MOVES
        .iter()
        .map(|(from, by, _)| (from.code(), by.code()));
    assert_is_whole(&table, pairs.collect());
}

/// Every move of the table of moves has a cell of its own; one that stands twice would be hidden by the first.
fn assert_is_whole(table: &str, pairs: Vec<(&str, &str)>) {
    let filled = |line: &&str| {
        line.split('|')
            .skip(2)
            .filter(|cell| !cell.trim().is_empty())
            .count()
    };
    let shown: usize = table
        .lines()
        .filter(|line| line.starts_with("| **"))
        .map(|line| filled(&line))
        .sum();
    assert_eq!(
        shown,
        pairs.len(),
        "a state has a step twice in MOVES: {pairs:?}"
    );
}

type Row = (&'static str, Vec<Option<&'static str>>);

fn table(title: &str, columns: &[&str], rows: Vec<Row>) -> String {
    let mut lines = vec![
        format!("# {title}\n"),
        format!("| | {} |", columns.join(" | ")),
        format!("|---|{}", "---|".repeat(columns.len())),
    ];
    for (state, cells) in rows {
        let cells: Vec<_> = cells.into_iter().map(Option::unwrap_or_default).collect();
        lines.push(format!("| **{state}** | {} |", cells.join(" | ")));
    }
    lines.join("\n") + "\n"
}

crate::support::cases::plain![
    the_life_of_a_case_is_as_reviewed,
    the_life_of_a_home_is_as_reviewed
];
