//! A file is read while others write: nobody waits for it, and what they wrote meanwhile counts.

use std::io::Cursor;
use std::sync::{Arc, Mutex, mpsc};

use futures_util::future::join;
use rettbolig::auth::{Caller, Role};
use rettbolig::db::Tx;
use rettbolig::housing::{self, ImportOptions, Imported, Staged};
use rettbolig::problem::Problem;
use serde_json::json;

use super::files::{file, row, total};
use crate::support::actor::Actor;
use crate::support::given::home;
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// Takes a file in, and lets somebody else write once it has been read for the first time.
async fn meanwhile(
    town: &Town,
    rows: Vec<String>,
    other: impl Future<Output = ()>,
) -> Result<Imported, Problem> {
    let (read, mut was_read) = tokio::sync::mpsc::unbounded_channel();
    let (go_on, told_to) = mpsc::channel::<()>();
    let told_to = Mutex::new(told_to);
    let bytes = file(rows);
    let reading = move |tx: &mut Tx<'_>| -> Result<Staged, Problem> {
        let mut file = Cursor::new(bytes.clone());
        let staged = housing::read_dwellings(tx, &mut file, ImportOptions::default(), &|_| ());
        // The second time nobody is listening any more, and nothing is waited for.
        read.send(()).ok();
        told_to.lock().unwrap().recv().ok();
        staged
    };
    let caller = Arc::new(Caller::system(STJORDAL));
    let importing = town.db.read_then_write(&caller, reading, housing::take_in);
    let writing = async {
        was_read.recv().await.unwrap();
        other.await;
        drop(go_on);
    };
    join(importing, writing).await.0
}

/// Registers by hand what the second row of the file names, under this supplier id.
async fn register_second(manager: &Actor, supplier_id: Option<&str>) {
    let mut by_hand = home(2, 1);
    by_hand["cadastralId"] = json!("5035-90/2");
    by_hand["supplierId"] = json!(supplier_id);
    manager.post("/dwellings", &by_hand).await.ok();
}

async fn somebody_else_writes_while_a_file_is_read(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let rows = (1..=700).map(row).collect();
    let told = meanwhile(&town, rows, register_second(&manager, None)).await;
    // It was read anew: what was registered meanwhile gets its supplier id, and is not there twice.
    let told = told.unwrap();
    assert_eq!((told.created, told.updated), (699, 1));
    assert_eq!(total(&manager).await, 700);
}

async fn what_stands_in_the_way_by_then_is_named_and_nothing_comes_in(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let rows = (1..=3).map(row).collect();
    let told = meanwhile(&town, rows, register_second(&manager, Some("ANNEN-2"))).await;
    let refused = told.unwrap_err();
    assert_eq!(refused.kind.code, "file_rows");
    let named: Vec<&str> = refused
        .errors
        .iter()
        .map(|it| it.pointer.as_str())
        .collect();
    assert_eq!(named, ["/rows/3/unitNumber"]);
    assert_eq!(total(&manager).await, 1);
}

cases::cases![
    somebody_else_writes_while_a_file_is_read,
    what_stands_in_the_way_by_then_is_named_and_nothing_comes_in,
];
