//! Every file of ours: it says what it is for, leaves nothing for later, and knows no machine.

use super::snapshot::project;
use super::sources::below;
use super::tidy::ours;

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
    every_file_says_what_it_is_for,
    nothing_is_left_for_later,
    no_file_knows_where_it_was_written,
];
