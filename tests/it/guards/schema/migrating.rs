//! Bringing a database up: by many instances at once, after a kill, and never with an older release.

use diesel_migrations::MigrationHarness as _;
use rettbolig::db::{MigrateFault, Purpose, migrate};
use rettbolig::each;

use super::migrations::describe;
use super::{empty, execute, files, names, target};
use crate::support::{Bench, cases};

const INSTANCES: usize = 8;

async fn instances_that_start_at_once_run_each_migration_once(bench: Bench) {
    let target = empty(&bench);
    let started: Vec<_> = (0..INSTANCES)
        .map(|_| {
            let target = target.clone();
            std::thread::spawn(move || migrate(&target))
        })
        .collect();
    let mut ran = Vec::new();
    for instance in started {
        let own = instance.join().unwrap();
        ran.extend(own.expect("an instance that starts beside others must start all the same"));
    }
    // Whoever comes first runs them all, in order.
    assert_eq!(ran, versions(&bench), "each migration runs exactly once");
}

async fn a_database_whose_migrating_was_killed_is_brought_up(bench: Bench) {
    let target = empty(&bench);
    let mut conn = target.connect(Purpose::Migrate).unwrap();
    for _ in 0..3 {
        each!(&mut conn, c => c.run_next_migration(files(bench.backend)).map(|_| ())).unwrap();
    }
    assert_eq!(migrate(&target).unwrap(), versions(&bench)[3..]);
    let whole = describe(&mut super::connect(&bench, Purpose::Migrate));
    assert_eq!(describe(&mut conn), whole);
    assert_eq!(migrate(&target).unwrap(), Vec::<String>::new());
}

async fn a_database_of_a_newer_release_is_refused_and_left_alone(bench: Bench) {
    let mut conn = super::connect(&bench, Purpose::Migrate);
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    execute(&mut conn, newer).unwrap();
    let before = describe(&mut conn);
    let refused = migrate(&target(&bench)).unwrap_err();
    assert!(
        matches!(&refused, MigrateFault::NewerSchema(name) if name == "9999"),
        "{refused}"
    );
    assert_eq!(describe(&mut conn), before);
}

/// The migrations as the database remembers them: by their numbers.
fn versions(bench: &Bench) -> Vec<String> {
    let names = names(bench.backend);
    names
        .iter()
        .map(|name| name.split('_').next().unwrap().to_owned())
        .collect()
}

cases::cases![
    instances_that_start_at_once_run_each_migration_once,
    a_database_whose_migrating_was_killed_is_brought_up,
    a_database_of_a_newer_release_is_refused_and_left_alone,
];
