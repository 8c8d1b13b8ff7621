//! The migrations themselves: twins on both databases, each undone by its own `down.sql`.

use diesel_migrations::MigrationHarness as _;
use rettbolig::db::{Conn, Purpose};
use rettbolig::each;

use super::{empty, files, folder, lines, names};
use crate::guards::snapshot::{difference, project};
use crate::support::{Backend, Bench, cases};

fn every_migration_has_a_twin() {
    let (sqlite, postgres) = (names(Backend::Sqlite), names(Backend::Postgres));
    assert_eq!(
        sqlite, postgres,
        "migrations/sqlite and migrations/postgres must have the same names: write the twin of the one that is alone"
    );
    for name in &sqlite {
        for backend in Backend::ALL {
            for file in ["up.sql", "down.sql"] {
                let path = project()
                    .join("migrations")
                    .join(folder(*backend))
                    .join(name)
                    .join(file);
                assert!(path.is_file(), "{} is missing", path.display());
            }
        }
    }
}

async fn each_migration_is_undone_by_its_own_down(bench: Bench) {
    let count = names(bench.backend).len();
    let mut conn = empty(&bench).connect(Purpose::Migrate).unwrap();
    let mut seen = vec![describe(&mut conn)];
    for _ in 0..count {
        each!(&mut conn, c => c.run_next_migration(files(bench.backend)).map(|_| ())).unwrap();
        seen.push(describe(&mut conn));
    }
    for before in (0..count).rev() {
        let undone = each!(&mut conn, c => c.revert_last_migration(files(bench.backend)))
            .unwrap_or_else(|fault| panic!("down.sql of migration {} fails: {fault}", before + 1));
        let left = describe(&mut conn);
        assert!(
            left == seen[before],
            "down.sql of migration {undone} does not take back what its up.sql did:\n{}",
            difference(&seen[before].join("\n"), &left.join("\n"))
        );
    }
    for after in &seen[1..] {
        each!(&mut conn, c => c.run_next_migration(files(bench.backend)).map(|_| ())).unwrap();
        assert_eq!(
            &describe(&mut conn),
            after,
            "up, down and up again is not up"
        );
    }
}

const OF_SQLITE: &str = "
    SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS line FROM sqlite_schema
    WHERE name NOT LIKE 'sqlite%' AND tbl_name <> '__diesel_schema_migrations'";

const OF_POSTGRES: &str = "
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
        || coalesce(column_default, '') AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
    FROM pg_policies WHERE schemaname = 'public'
    UNION ALL SELECT 'grant ' || table_name || ' ' || grantee || ' ' || privilege_type
    FROM information_schema.role_table_grants WHERE table_schema = 'public'
    UNION ALL SELECT 'security ' || relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL SELECT 'function ' || proname || ' ' || pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace";

/// Everything that the migrations can change, as text.
pub(super) fn describe(conn: &mut Conn) -> Vec<String> {
    let question = match conn {
        Conn::Sqlite(_) => OF_SQLITE,
        Conn::Pg(_) => OF_POSTGRES,
    };
    // Diesel's own table comes with the first migration and stays.
    let mut lines = lines(conn, question);
    lines.retain(|line| !line.contains("__diesel_schema_migrations"));
    match conn {
        Conn::Sqlite(_) => lines.iter().map(|line| with_checks_last(line)).collect(),
        Conn::Pg(_) => lines,
    }
}

/// `SQLite` keeps a table as the text of its statement, in which a check that was dropped and added again stands in another place:
/// what counts is that it is there. So all checks are told after the rest, in order.
fn with_checks_last(statement: &str) -> String {
    const CHECK: &str = "CONSTRAINT ";
    let (mut rest, mut checks) = (String::new(), Vec::new());
    let mut left = statement;
    while let Some((before, after)) = left.split_once(CHECK) {
        rest.push_str(before);
        let end = end_of_check(after);
        checks.push(words(&after[..end]));
        left = &after[end..];
    }
    rest.push_str(left);
    checks.sort();
    let rest = words(&rest.replace(',', " , ").replace(['(', ')'], " "));
    let rest: Vec<&str> = rest.split(' ').filter(|word| *word != ",").collect();
    format!("{} {}", rest.join(" "), checks.join(" "))
}

/// Where `name CHECK (…)` ends: behind the parenthesis that closes the one that it opens.
fn end_of_check(text: &str) -> usize {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

cases::plain![every_migration_has_a_twin];
cases::cases![each_migration_is_undone_by_its_own_down];
