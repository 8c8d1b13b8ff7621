//! The lives of cases and homes as reviewed tables: what follows each state by each step.

use rettbolig::appeals::{AppealMove, AppealState};
use rettbolig::applications::{ApplicationState, Step};
use rettbolig::decisions::{DecisionMove, DecisionState};
use rettbolig::housing::{DwellingState, Move};
use rettbolig::letters::{LetterMove, LetterState};
use rettbolig::nav::{ReferralState, ReferralStep};
use rettbolig::offers::{OfferMove, OfferState};

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

fn the_life_of_a_decision_is_as_reviewed() {
    let rows = DecisionState::ALL.iter().map(|state| {
        let cells = DecisionMove::ALL
            .iter()
            .map(|by| state.after(*by).map(DecisionState::code));
        (state.code(), cells.collect())
    });
    let columns: Vec<_> = DecisionMove::ALL.iter().map(|by| by.code()).collect();
    let table = table(
        "A decision: what follows each state by each move",
        &columns,
        rows.collect(),
    );
    assert_reviewed("tests/it/snapshots/life_of_a_decision.md", &table);
}

fn the_life_of_an_offer_is_as_reviewed() {
    let rows = OfferState::ALL.iter().map(|state| {
        let cells = OfferMove::ALL
            .iter()
            .map(|step| state.after(*step).map(OfferState::code));
        (state.code(), cells.collect())
    });
    let columns: Vec<_> = OfferMove::ALL.iter().map(|step| step.code()).collect();
    let table = table(
        "An offer: what follows each state by each move",
        &columns,
        rows.collect(),
    );
    assert_reviewed("tests/it/snapshots/life_of_an_offer.md", &table);
}

fn the_life_of_a_letter_is_as_reviewed() {
    let rows = LetterState::ALL.iter().map(|state| {
        let cells = LetterMove::ALL
            .iter()
            .map(|step| state.after(*step).map(LetterState::code));
        (state.code(), cells.collect())
    });
    let columns: Vec<_> = LetterMove::ALL.iter().map(|step| step.code()).collect();
    let table = table(
        "A letter: what follows each state by each move",
        &columns,
        rows.collect(),
    );
    assert_reviewed("tests/it/snapshots/life_of_a_letter.md", &table);
}

fn the_life_of_an_appeal_is_as_reviewed() {
    let rows = AppealState::ALL.iter().map(|state| {
        let cells = AppealMove::ALL
            .iter()
            .map(|step| state.after(*step).map(AppealState::code));
        (state.code(), cells.collect())
    });
    let columns: Vec<_> = AppealMove::ALL.iter().map(|step| step.code()).collect();
    let table = table(
        "An appeal: what follows each state by each move",
        &columns,
        rows.collect(),
    );
    assert_reviewed("tests/it/snapshots/life_of_an_appeal.md", &table);
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
    the_life_of_an_offer_is_as_reviewed,
    the_life_of_a_letter_is_as_reviewed,
    the_life_of_an_appeal_is_as_reviewed,
    the_life_of_a_case_is_as_reviewed,
    the_life_of_a_home_is_as_reviewed,
    the_life_of_a_decision_is_as_reviewed,
    the_life_of_a_referral_is_as_reviewed,
];
