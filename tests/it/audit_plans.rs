//! Every question that auditors ask goes by an index, on both databases: no plan reads the whole log.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use rettbolig::audit::{EntryKind, Filter, Mark, page_of};
use rettbolig::auth::{Caller, Role};
use rettbolig::clock::Instant;
use rettbolig::db::Conn;
use rettbolig::each;
use rettbolig::http::Paging;
use rettbolig::ids::{EntryId, UserId};

use crate::audit::{connect, execute};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Backend, Bench, cases};

/// A question, and the index by which it goes: its name on `PostgreSQL`, and the columns bound on `SQLite`.
struct Question {
    filter: Filter,
    index: &'static str,
    bound: &'static str,
}

/// By the lists of what entries have in common.
const BY_LISTS: (&str, &str) = (
    "audit_posting_pkey",
    "audit_posting USING PRIMARY KEY (municipality_id=? AND key=? AND upto>?)",
);

fn questions() -> Vec<Question> {
    let question = |(index, bound), filter| Question {
        filter,
        index,
        bound,
    };
    let all = Filter::default;
    let moment = Instant::from_micros(1_772_449_200_000_000);
    let by_time = (
        "audit_span_",
        "audit_span USING COVERING INDEX audit_span_by_time (municipality_id=? AND span_index>?)",
    );
    let in_order = (
        "audit_span_",
        "audit_span USING PRIMARY KEY (municipality_id=? AND span_index=?)",
    );
    let of = |filter| question(BY_LISTS, filter);
    vec![
        of(Filter {
            subjects: vec![UserId::new().uuid()],
            ..all()
        }),
        of(Filter {
            kind: Some(EntryKind::Refused),
            ..all()
        }),
        of(Filter {
            marks: vec![Mark::Override],
            from: Some(moment),
            ..all()
        }),
        of(Filter {
            refusal: Some("same_hands".to_owned()),
            ..all()
        }),
        of(Filter {
            actor: Some(UserId::new()),
            without_access: true,
            ..all()
        }),
        of(Filter {
            action: Some("test".to_owned()),
            from: Some(moment),
            ..all()
        }),
        of(Filter {
            role: Some(Role::Auditor),
            ..all()
        }),
        question(
            by_time,
            Filter {
                from: Some(moment),
                until: Some(moment),
                ..all()
            },
        ),
        question(in_order, all()),
    ]
}

async fn every_question_goes_by_an_index(bench: Bench) {
    let town = Town::open(bench).await;
    crate::audit::record(&town, 300).await;
    town.seal().await;
    crate::audit::record(&town, 1).await;
    let mut conn = connect(&town.bench.database_url);
    for Question {
        filter,
        index,
        bound,
    } in questions()
    {
        let told = format!("{filter:?}");
        let statements = statements(&town, filter).await;
        assert!(!statements.is_empty(), "{told}");
        let expected = match town.bench.backend {
            Backend::Sqlite => bound,
            Backend::Postgres => index,
        };
        let (mut goes_by_it, mut plans) = (false, Vec::new());
        for statement in &statements {
            let plan = plan(&mut conn, statement);
            let reads_all = ["Seq Scan", "SCAN "].iter().any(|it| plan.contains(it));
            assert!(!reads_all, "{told}: {statement}\n{plan}");
            goes_by_it |= plan.contains(expected);
            plans.push(plan);
        }
        assert!(goes_by_it, "{told}: {plans:#?}");
    }
}

/// What a question asks of the database.
async fn statements(town: &Town, filter: Filter) -> Vec<String> {
    let caller = Arc::new(Caller::system(STJORDAL));
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let listener = Arc::clone(&heard);
    let asked = town.db.read(&caller, move |tx| {
        let listener = Arc::clone(&listener);
        let listen = move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                listener.lock().unwrap().push(query.to_string());
            }
        };
        each!(tx.conn(), c => c.set_instrumentation(listen));
        let paging = Paging {
            limit: None,
            cursor: None,
        };
        let page = page_of(tx, &filter, &paging).map(|_| ());
        each!(tx.conn(), c => c.set_instrumentation(|_: InstrumentationEvent<'_>| ()));
        page
    });
    asked.await.unwrap();
    let heard = heard.lock().unwrap();
    let selects = heard.iter().filter(|it| it.starts_with("SELECT"));
    selects
        .map(|it| it.split(" -- binds").next().unwrap().to_owned())
        .collect()
}

#[derive(QueryableByName)]
struct OnSqlite {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct OnPostgres {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

fn plan(conn: &mut Conn, statement: &str) -> String {
    match conn {
        Conn::Sqlite(conn) => {
            let plan: Vec<OnSqlite> = sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
                .load(conn)
                .unwrap();
            let lines: Vec<String> = plan.into_iter().map(|it| it.detail).collect();
            lines.join("\n")
        }
        Conn::Pg(_) => {
            // The tables are small here; with these settings the plan is what it is once they are not.
            let prepare = format!(
                "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off;
                 DEALLOCATE ALL; PREPARE asked AS {statement}"
            );
            execute(conn, &prepare).unwrap();
            let values = statement.matches('$').count();
            let values = vec!["NULL"; values].join(", ");
            let values = if values.is_empty() {
                values
            } else {
                format!("({values})")
            };
            let explain = sql_query(format!("EXPLAIN EXECUTE asked{values}"));
            let plan: Vec<OnPostgres> = explain.load(conn).unwrap();
            let lines: Vec<String> = plan.into_iter().map(|it| it.line).collect();
            lines.join("\n")
        }
    }
}

async fn a_question_of_a_late_period_begins_there(bench: Bench) {
    let town = Town::open(bench).await;
    crate::audit::record(&town, 3).await;
    town.wait_days(1);
    let since = town.clock.now();
    crate::audit::record(&town, 2).await;
    // A clock that is set back makes ids that are later than their time: they must not be passed over.
    town.clock.advance(jiff::SignedDuration::from_hours(-12));
    crate::audit::record(&town, 1).await;
    let auditor = town.actor(Role::Auditor).await;
    let until = since.timestamp();
    let half = since
        .plus(jiff::SignedDuration::from_hours(-12))
        .timestamp();
    for (question, count) in [
        (format!("action=test&from={until}"), 2),
        (format!("action=test&from={half}"), 3),
        (format!("action=test&from={half}&until={until}"), 1),
        (format!("action=test&until={half}"), 3),
    ] {
        let page = auditor
            .get(&format!("/audit/entries?{question}"))
            .await
            .ok();
        assert_eq!(page.items().len(), count, "{question}");
    }
    assert!(EntryId::NIL < EntryId::new());
}

cases::cases![
    every_question_goes_by_an_index,
    a_question_of_a_late_period_begins_there,
];
