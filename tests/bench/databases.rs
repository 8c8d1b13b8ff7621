//! The databases on which is measured: `RETTBOLIG_BENCH_DATABASES` chooses among `sqlite` and `postgres`.

use std::path::Path;

use crate::setting::find_setting;
use crate::throwaway::{Durability, Programs, ThrowAway};

/// Measures on each database that is asked for, with its name and its address. `SQLite`'s file lies in the folder.
pub(crate) fn each(folder: &Path, measure: impl Fn(&str, &str)) {
    let asked = find_setting("RETTBOLIG_BENCH_DATABASES");
    let asked = asked.unwrap_or_else(|| "sqlite,postgres".to_owned());
    if asked.contains("sqlite") {
        let file = folder.join("bench.db");
        measure(
            "SQLite, synchronous=FULL",
            &format!("sqlite:{}", file.display()),
        );
    }
    match Programs::find().filter(|_| asked.contains("postgres")) {
        None => println!("PostgreSQL: not installed, or not asked for"),
        Some(programs) => {
            let server = ThrowAway::start(&programs, Durability::Full).unwrap();
            measure("PostgreSQL", &server.url());
        }
    }
}
