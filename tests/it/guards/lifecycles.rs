//! The lives of cases and homes as reviewed tables: what follows each state by each step.

use rettbolig::applications::{ApplicationState, Step};
use rettbolig::housing::{DwellingState, Move};
use rettbolig::nav::{ReferralState, ReferralStep};

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
}

fn the_life_of_a_referral_is_as_reviewed() {
    let rows = ReferralState::ALL.iter().map(|state| {
        let cells = ReferralStep::ALL
            .iter()
            .map(|step| state.after(*step).map(ReferralState::code));
        (state.code(), cells.collect())
    });
    let columns: Vec<_> = ReferralStep::ALL.iter().map(|step| step.code()).collect();
    let table = table(
        "A referral: what follows each state by each step",
        &columns,
        rows.collect(),
    );
    assert_reviewed("tests/it/snapshots/life_of_a_referral.md", &table);
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
    the_life_of_a_home_is_as_reviewed,
    the_life_of_a_referral_is_as_reviewed
];
