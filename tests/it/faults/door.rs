//! The door for transactions, without HTTP: what is not recorded is not kept, and no fault outlives its request.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier, LazyLock};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use rettbolig::audit::Entry;
use rettbolig::auth::Caller;
use rettbolig::db::{Conn, Db, Tx};
use rettbolig::each;
use rettbolig::problem::{CONFLICT, Problem};

use super::{at_once, invariants};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// The name of the municipality is the notepad on which these tests write.
fn write_down(tx: &mut Tx<'_>, letter: char) -> Result<(), Problem> {
    let statement =
        format!("UPDATE municipality SET name = name || '{letter}' WHERE number = '5035'");
    execute(tx, &statement)
}

fn execute(tx: &mut Tx<'_>, statement: &str) -> Result<(), Problem> {
    each!(tx.conn(), conn => conn.batch_execute(statement))?;
    Ok(())
}

fn record(tx: &mut Tx<'_>) {
    tx.record(Entry::change("test.written"));
}

static CALLER: LazyLock<Arc<Caller>> = LazyLock::new(|| Arc::new(Caller::system(STJORDAL)));

async fn written_down(db: &Db) -> String {
    let name = db.read(&CALLER, |tx| {
        let statement = "SELECT name FROM municipality WHERE number = '5035'";
        let names: Vec<String> = sql::<Text>(statement).load(tx.conn())?;
        Ok(names.concat())
    });
    name.await.unwrap().replace("stjordal", "")
}

fn recorded(bench: &Bench) -> usize {
    invariants::recorded(bench, &[("action", "test.written")])
}

async fn what_is_not_recorded_is_not_kept(bench: Bench) {
    let town = Town::open(bench).await;
    let unrecorded = town.db.write(&CALLER, |tx| write_down(tx, 'a')).await;
    assert_eq!(unrecorded.unwrap_err().kind.status, 500);
    assert_eq!(written_down(&town.db).await, "");
    let recorded = town.db.write(&CALLER, |tx| {
        write_down(tx, 'b')?;
        record(tx);
        Ok(())
    });
    recorded.await.unwrap();
    assert_eq!(written_down(&town.db).await, "b");
}

/// The candidates of a home are gathered by many statements: they must all see the same moment.
async fn a_read_sees_one_moment_from_beginning_to_end(bench: Bench) {
    let town = Town::open(bench).await;
    let others = town.bench.clone();
    let seen = town.db.read(&CALLER, move |tx| {
        let query = sql::<Text>("SELECT name FROM municipality WHERE number = '5035'");
        let before: Vec<String> = query.clone().load(tx.conn())?;
        let mut conn = invariants::connect(&others);
        let statement = "UPDATE municipality SET name = name || 'x' WHERE number = '5035'";
        each!(&mut conn, conn => conn.batch_execute(statement))?;
        let after: Vec<String> = query.load(tx.conn())?;
        Ok((before, after))
    });
    let (before, after) = seen.await.unwrap();
    assert_eq!(before, after);
    assert_eq!(written_down(&town.db).await, "x");
}

async fn what_a_read_puts_on_the_record_is_kept(bench: Bench) {
    let town = Town::open(bench).await;
    let written = town.db.read(&CALLER, |tx| {
        record(tx);
        Ok(())
    });
    written.await.unwrap();
    assert_eq!(recorded(&town.bench), 1);
}

async fn a_panic_or_a_refusal_leaves_nothing_and_harms_nobody(bench: Bench) {
    let town = Town::open(bench).await;
    for round in 0..20 {
        let panicking = town.db.write(&CALLER, |tx| -> Result<(), Problem> {
            write_down(tx, 'p')?;
            record(tx);
            resume_unwind(Box::new("on purpose"));
        });
        let problem = panicking.await.unwrap_err();
        assert_eq!((problem.kind.status, problem.kind.code), (500, "internal"));
        let refused = town.db.write(&CALLER, |tx| -> Result<(), Problem> {
            write_down(tx, 'r')?;
            record(tx);
            Err(Problem::new(&CONFLICT))
        });
        assert_eq!(refused.await.unwrap_err().kind.code, "conflict", "{round}");
        let reading = town.db.read(&CALLER, |_| -> Result<(), Problem> {
            resume_unwind(Box::new("on purpose"));
        });
        assert_eq!(reading.await.unwrap_err().kind.status, 500);
    }
    // A statement that the database refuses leaves the transaction void, and the connection whole.
    let faulty = town
        .db
        .write(&CALLER, |tx| execute(tx, "SELECT nothing FROM nowhere"));
    assert_eq!(faulty.await.unwrap_err().kind.status, 500);
    let writes = (0..100).map(|_| {
        let db = town.db.clone();
        async move {
            let write = db.write(&CALLER, |tx| {
                record(tx);
                write_down(tx, 'w')
            });
            write.await.unwrap();
        }
    });
    at_once(writes).await;
    assert_eq!(written_down(&town.db).await, "w".repeat(100));
    assert_eq!(recorded(&town.bench), 100);
}

async fn a_refused_write_does_not_undo_its_neighbours(bench: Bench) {
    let town = Town::open(bench).await;
    // Held back until all are waiting, so that on SQLite they share a commit.
    let writes = (0..90).map(|number| {
        let db = town.db.clone();
        async move {
            let write = db.write(&CALLER, move |tx| {
                write_down(tx, 'n')?;
                record(tx);
                match number % 3 {
                    0 => Err(Problem::new(&CONFLICT)),
                    _ => Ok(()),
                }
            });
            write.await.is_ok()
        }
    });
    let kept = at_once(writes).await.into_iter().filter(|kept| *kept);
    assert_eq!(kept.count(), 60);
    assert_eq!(written_down(&town.db).await, "n".repeat(60));
    assert_eq!(recorded(&town.bench), 60);
}

async fn a_commit_that_fails_is_told_and_leaves_nothing(bench: Bench) {
    let town = Town::open(bench).await;
    if let Conn::Pg(conn) = &mut invariants::connect(&town.bench) {
        let refusing = "CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.name LIKE '%x' THEN RAISE EXCEPTION 'too late'; END IF; RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER refuse_late AFTER UPDATE ON municipality
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_late()";
        conn.batch_execute(refusing).unwrap();
    }
    let failing = |tx: &mut Tx<'_>| {
        write_down(tx, 'x')?;
        record(tx);
        if matches!(tx.conn(), Conn::Sqlite(_)) {
            // A user in no municipality: refused when the transaction ends.
            execute(
                tx,
                "PRAGMA defer_foreign_keys = ON; \
                 UPDATE sign_in_name SET municipality_id = zeroblob(16) WHERE username LIKE 'admin1%'",
            )?;
        }
        Ok(())
    };
    for _ in 0..3 {
        let failed = town.db.write(&CALLER, failing).await;
        assert!(failed.unwrap_err().is_fault());
        let kept = town.db.write(&CALLER, |tx| {
            record(tx);
            write_down(tx, 'k')
        });
        kept.await.unwrap();
    }
    assert_eq!(written_down(&town.db).await, "kkk");
    // Among neighbours: whoever was told that it is kept finds it kept, and nobody else's is.
    let writes = (0..30).map(|number| {
        let db = town.db.clone();
        async move {
            if number == 10 {
                return db.write(&CALLER, failing).await.is_ok();
            }
            let write = db.write(&CALLER, |tx| {
                record(tx);
                write_down(tx, 'n')
            });
            write.await.is_ok()
        }
    });
    let kept = at_once(writes).await.into_iter().filter(|kept| *kept);
    let expected = format!("kkk{}", "n".repeat(kept.count()));
    assert_eq!(written_down(&town.db).await, expected);
}

async fn nobody_waits_for_a_connection_for_long(bench: Bench) {
    let town = Town::open(bench).await;
    let release = Arc::new(AtomicBool::new(false));
    let occupied = Arc::new(AtomicU32::new(0));
    let slow: Vec<_> = (0..8)
        .map(|_| {
            let (db, release) = (town.db.clone(), Arc::clone(&release));
            let occupied = Arc::clone(&occupied);
            actix_web::rt::spawn(async move {
                let read = db.read(&CALLER, move |_| {
                    occupied.fetch_add(1, Ordering::SeqCst);
                    while !release.load(Ordering::SeqCst) {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    Ok(())
                });
                read.await.unwrap();
            })
        })
        .collect();
    while occupied.load(Ordering::SeqCst) < 8 {
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
    let begun = Instant::now();
    let nobody = town.nobody();
    let ready = actix_web::rt::spawn(async move { nobody.get("/isready").await });
    let read = town.db.read(&CALLER, |_| Ok(())).await;
    let ready = ready.await.unwrap();
    let problem = read.unwrap_err();
    assert_eq!((problem.kind.status, problem.kind.code), (503, "busy"));
    assert_eq!(problem.retry_after_seconds, Some(1));
    assert_eq!(ready.refused(503, "busy").header("retry-after"), Some("1"));
    let waited = begun.elapsed();
    assert!(
        (Duration::from_millis(1900)..Duration::from_secs(4)).contains(&waited),
        "{waited:?}"
    );
    release.store(true, Ordering::SeqCst);
    for read in slow {
        read.await.unwrap();
    }
    town.db.read(&CALLER, |_| Ok(())).await.unwrap();
}

/// Somebody else holds what all writes need: they are refused together, not one after the other.
async fn a_database_that_is_held_by_another_refuses_everybody_soon(bench: Bench) {
    let town = Town::open(bench).await;
    let hold = match invariants::connect(&town.bench) {
        Conn::Pg(_) => "BEGIN; UPDATE municipality SET name = name; SELECT 1",
        Conn::Sqlite(_) => "BEGIN IMMEDIATE",
    };
    let mut other = invariants::connect(&town.bench);
    each!(&mut other, conn => conn.batch_execute(hold)).unwrap();
    let begun = Instant::now();
    let writes = (0..6).map(|_| {
        let db = town.db.clone();
        async move {
            let write = db.write(&CALLER, |tx| {
                record(tx);
                write_down(tx, 'h')
            });
            write.await.unwrap_err()
        }
    });
    for problem in at_once(writes).await {
        assert_eq!(problem.kind.code, "busy", "{:?}", problem.cause);
        assert_eq!(problem.retry_after_seconds, Some(1));
    }
    let waited = begun.elapsed();
    assert!(waited < Duration::from_secs(9), "{waited:?}");
    each!(&mut other, conn => conn.batch_execute("ROLLBACK")).unwrap();
    let write = town.db.write(&CALLER, |tx| {
        record(tx);
        write_down(tx, 'k')
    });
    write.await.unwrap();
    assert_eq!(written_down(&town.db).await, "k");
}

async fn two_writes_that_block_each_other_both_succeed(bench: Bench) {
    let town = Town::open(bench).await;
    let meeting = Arc::new(Barrier::new(2));
    let tries = Arc::new(AtomicU32::new(0));
    let crossing = [("admin1", "auditor1"), ("auditor1", "admin1")].map(|(first, second)| {
        let (db, meeting) = (town.db.clone(), Arc::clone(&meeting));
        let tries = Arc::clone(&tries);
        async move {
            let is_first_try = AtomicBool::new(true);
            let write = db.write(&CALLER, move |tx| {
                tries.fetch_add(1, Ordering::SeqCst);
                let touch = |tx: &mut Tx<'_>, user: &str| {
                    let statement = format!(
                        "UPDATE user_account SET version = version + 1 WHERE username LIKE '{user}@%'"
                    );
                    execute(tx, &statement)
                };
                touch(tx, first)?;
                if is_first_try.swap(false, Ordering::SeqCst) {
                    meeting.wait();
                }
                touch(tx, second)?;
                record(tx);
                Ok(())
            });
            write.await
        }
    });
    for written in at_once(crossing).await {
        written.unwrap();
    }
    assert_eq!(tries.load(Ordering::SeqCst), 3);
    let twice = "SELECT 1 FROM user_account WHERE version = 3";
    assert_eq!(invariants::count(&town.bench, twice), 2);
    assert_eq!(recorded(&town.bench), 2);
}

async fn a_write_that_cannot_be_serialised_is_tried_again_and_not_for_ever(bench: Bench) {
    let town = Town::open(bench).await;
    let fail = "DO $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END $$";
    for (failures, expected_tries) in [(3, 4), (99, 5)] {
        let tries = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&tries);
        let write = town.db.write(&CALLER, move |tx| {
            record(tx);
            write_down(tx, 's')?;
            if counted.fetch_add(1, Ordering::SeqCst) < failures {
                execute(tx, fail)?;
            }
            Ok(())
        });
        let outcome = write.await;
        assert_eq!(tries.load(Ordering::SeqCst), expected_tries);
        match outcome {
            Ok(()) => assert_eq!(failures, 3),
            Err(problem) => assert_eq!((problem.kind.code, failures), ("busy", 99)),
        }
    }
    assert_eq!(written_down(&town.db).await, "s");
    assert_eq!(recorded(&town.bench), 1);
}

async fn a_server_that_was_restarted_is_found_again(bench: Bench) {
    let town = Town::open(bench).await;
    let reads = (0..8).map(|_| {
        let db = town.db.clone();
        async move {
            let pausing = |tx: &mut Tx<'_>| execute(tx, "SELECT pg_sleep(0.1)");
            db.read(&CALLER, pausing).await.unwrap();
        }
    });
    at_once(reads).await;
    let Conn::Pg(conn) = &mut invariants::connect(&town.bench) else {
        panic!("only PostgreSQL has a server");
    };
    conn.batch_execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .unwrap();
    let mut refused = 0;
    while let Err(problem) = town.db.read(&CALLER, |tx| execute(tx, "SELECT 1")).await {
        assert_eq!(problem.kind.code, "busy", "{:?}", problem.cause);
        refused += 1;
        assert!(refused <= 8);
    }
    town.nobody().get("/isready").await.ok();
}

cases::cases![
    what_is_not_recorded_is_not_kept,
    a_read_sees_one_moment_from_beginning_to_end,
    what_a_read_puts_on_the_record_is_kept,
    a_panic_or_a_refusal_leaves_nothing_and_harms_nobody,
    a_refused_write_does_not_undo_its_neighbours,
    a_commit_that_fails_is_told_and_leaves_nothing,
    nobody_waits_for_a_connection_for_long,
    a_database_that_is_held_by_another_refuses_everybody_soon,
];
cases::postgres_only![
    two_writes_that_block_each_other_both_succeed,
    a_write_that_cannot_be_serialised_is_tried_again_and_not_for_ever,
    a_server_that_was_restarted_is_found_again,
];
