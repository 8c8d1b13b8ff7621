//! Bringing a database up: by many instances at once, after a kill, and never with an older release.

use diesel_migrations::MigrationHarness as _;
use rettbolig::db::{MigrateFault, Purpose, migrate};
use rettbolig::each;

use super::migrations::describe;
use super::{empty, execute, files, lines, names, target};
use crate::support::{Backend, Bench, cases};

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

/// What stood there before versions were kept has them afterwards.
async fn a_database_that_is_in_use_is_brought_up(bench: Bench) {
    let target = empty(&bench);
    let mut conn = target.connect(Purpose::Migrate).unwrap();
    let before = versions(&bench)
        .into_iter()
        .filter(|it| it.as_str() < "0013");
    for _ in before {
        each!(&mut conn, c => c.run_next_migration(files(bench.backend)).map(|_| ())).unwrap();
    }
    let (id, bytes) = match bench.backend {
        Backend::Sqlite => ("X'0190000000007000800000000000000", "X'00'"),
        Backend::Postgres => ("'01900000-0000-7000-8000-00000000000", "'\\x00'"),
    };
    let id = |number: u8| format!("{id}{number}'");
    let (town, person, household, case) = (id(1), id(2), id(3), id(4));
    let (rules, decision, user, at) = (id(5), id(6), id(7), "'2026-01-01T00:00:00.000000Z'");
    let rows = [
        format!(
            "INSERT INTO municipality (id, number, name, created_at) VALUES ({town}, '5035', 'n', {at});"
        ),
        format!(
            "INSERT INTO user_account (municipality_id, id, username, display_name, password_hash, created_at) VALUES ({town}, {user}, 'u', 'n', 'h', {at});"
        ),
        format!(
            "INSERT INTO person (municipality_id, id, born_on, protection, sealed_key, sealed, national_id_index, created_at) VALUES ({town}, {person}, '1990-01-01', 'UNGRADED', 'k', 's', {bytes}, {at});"
        ),
        format!(
            "INSERT INTO household (municipality_id, id, created_at) VALUES ({town}, {household}, {at});"
        ),
        format!(
            "INSERT INTO application (municipality_id, id, household_id, applicant_id, type, state, state_since, received_on, lives_in_municipal_dwelling, created_at) VALUES ({town}, {case}, {household}, {person}, 'NEW', 'SUBMITTED', {at}, '2026-01-01', 1 = 0, {at});"
        ),
        format!(
            "INSERT INTO rule_set (municipality_id, id, number, name, valid_from, content, sha256, created_at) VALUES ({town}, {rules}, 1, 'n', '2026-01-01', '{{}}', {bytes}, {at});"
        ),
        format!(
            "INSERT INTO decision (municipality_id, id, application_id, household_id, outcome, legal_basis, state, sealed_reasons, basis, rule_set_id, proposed_by, proposed_at) VALUES ({town}, {decision}, {case}, {household}, 'REFUSED', 'MUNICIPAL_DWELLING', 'PROPOSED', 's', '{{}}', {rules}, {user}, {at});"
        ),
        format!(
            "INSERT INTO audit_entry (municipality_id, id, body) VALUES ({town}, {}, '{{}}');",
            id(8)
        ),
    ];
    execute(&mut conn, &rows.join("\n")).unwrap();
    migrate(&target).unwrap();
    let told = |conn: &mut _, question: &str| lines(conn, question);
    let versions = "SELECT 'case ' || state AS line FROM application_version UNION ALL SELECT 'decision ' || state FROM decision_version";
    let mut versions = told(&mut conn, versions);
    versions.sort();
    assert_eq!(versions, ["case SUBMITTED", "decision PROPOSED"]);
    // An entry of before is found once it is sealed, like any other: that it waited for its seal, it was told by the database.
    let waiting = "SELECT CAST(count(*) AS text) AS line FROM audit_unsealed";
    assert_eq!(told(&mut conn, waiting), ["1"]);
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
    a_database_that_is_in_use_is_brought_up,
    a_database_of_a_newer_release_is_refused_and_left_alone,
];
