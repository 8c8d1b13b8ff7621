//! What must not be left in the text of the project: work put off, and places on somebody's machine.

use super::snapshot::project;
use super::sources::below;
use super::tidy::ours;

fn nothing_is_left_for_later() {
    // Put together here, so that this file does not hold them.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[", "ignore"),
        concat!("dbg", "!("),
    ];
    for source in ours() {
        for (number, line) in source.text.lines().enumerate() {
            let mark = marks.iter().find(|mark| line.contains(*mark));
            assert!(
                mark.is_none(),
                "{}:{}: `{}` is work left for later: do it now",
                source.path,
                number + 1,
                line.trim()
            );
        }
    }
}

fn no_file_knows_where_it_was_written() {
    let here = project();
    let folders = [Some(here.as_path()), here.parent()].into_iter().flatten();
    let mut places: Vec<String> = folders
        .map(|it| format!("{}/", it.display()))
        .filter(|it| it.len() > 1)
        .collect();
    places.extend(["home", "Users", "root"].map(|it| format!("/{it}/")));
    for source in below("") {
        for place in &places {
            assert!(
                !source.text.contains(place),
                "{} names {place}, a folder of one machine",
                source.path
            );
        }
    }
}

crate::support::cases::plain![
    nothing_is_left_for_later,
    no_file_knows_where_it_was_written,
];
