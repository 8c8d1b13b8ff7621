//! What somebody who owns the database can do to the log, each deed with how it is undone.

use rettbolig::db::Conn;

use crate::audit_owned::{entry_at, id};
use crate::support::Backend;
use crate::support::town::{OSLO, STJORDAL, Town};

/// What is done, how it is undone, and at which index it shows, where that can be told.
pub(crate) struct Attack {
    pub(crate) deed: String,
    pub(crate) undo: String,
    pub(crate) index: Option<u64>,
}

/// A statement against a table of which a copy is kept.
pub(crate) fn with_copy(table: &str, deed: &str, index: Option<u64>) -> Attack {
    Attack {
        deed: format!("CREATE TABLE kept AS SELECT * FROM {table}; {deed}"),
        undo: format!(
            "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"
        ),
        index,
    }
}

/// On the entries themselves and on the checkpoints.
pub(crate) fn attacks_on_what_was_sealed(town: &Town, conn: &mut Conn, size: u64) -> Vec<Attack> {
    let (own, other) = (id(town, STJORDAL.uuid()), id(town, OSLO.uuid()));
    let of = format!("municipality_id = {own}");
    let seventh = id(town, entry_at(conn, 7).uuid());
    let attack = |deed: String, undo: String, index| Attack { deed, undo, index };
    vec![
        attack(
            format!("UPDATE audit_entry SET body = body || ' ' WHERE {of} AND id = {seventh}"),
            format!("UPDATE audit_entry SET body = rtrim(body) WHERE {of} AND id = {seventh}"),
            Some(7),
        ),
        attack(
            format!(
                "UPDATE audit_entry SET municipality_id = {other} WHERE {of} AND id = {seventh}"
            ),
            format!(
                "UPDATE audit_entry SET municipality_id = {own} WHERE municipality_id = {other} AND id = {seventh}"
            ),
            Some(7),
        ),
        attack(
            format!("UPDATE audit_checkpoint SET size = 1000000 WHERE {of} AND size = {size}"),
            format!("UPDATE audit_checkpoint SET size = {size} WHERE {of} AND size = 1000000"),
            Some(size),
        ),
        attack(
            format!("UPDATE audit_checkpoint SET size = size - 1 WHERE {of} AND size = {size}"),
            format!("UPDATE audit_checkpoint SET size = size + 1 WHERE {of} AND size = {size} - 1"),
            Some(size - 2),
        ),
    ]
}

/// On the hashes of the tree.
pub(crate) fn attacks_on_tiles(town: &Town, size: u64) -> Vec<Attack> {
    let of = format!("municipality_id = {}", id(town, STJORDAL.uuid()));
    let change = |bytes: &str, level: u64, tile: u64, index| {
        let deed = format!(
            "UPDATE audit_tile SET hashes = CAST({bytes} AS {}) WHERE {of} AND level = {level} AND tile_index = {tile}",
            bytes_type(town)
        );
        with_copy("audit_tile", &deed, index)
    };
    let gone = |level: u64, tile: u64, index| {
        let deed = format!(
            "DELETE FROM audit_tile WHERE {of} AND level = {level} AND tile_index = {tile}"
        );
        with_copy("audit_tile", &deed, Some(index))
    };
    let last = (size - 1) / 256;
    vec![
        // A leaf's hash is another's.
        change(
            "substr(hashes, 1, 5632) || substr(hashes, 1, 32) || substr(hashes, 5665)",
            0,
            4,
            Some(4 * 256 + 176),
        ),
        change("substr(hashes, 1, 3200)", 0, 2, Some(2 * 256 + 100)),
        change(
            "substr(hashes, 1, length(hashes) - 32)",
            0,
            last,
            Some(size - 1),
        ),
        change("hashes || substr(hashes, 1, 32)", 0, last, None),
        gone(0, 1, 256),
        // The roots of the first two tiles have changed places; of the fourth there is none.
        change(
            "substr(hashes, 33, 32) || substr(hashes, 1, 32) || substr(hashes, 65)",
            1,
            0,
            Some(0),
        ),
        change("substr(hashes, 1, 96)", 1, 0, Some(3 * 256)),
        gone(1, 0, 0),
        with_copy(
            "audit_tile",
            &format!(
                "UPDATE audit_tile SET tile_index = 1000 WHERE {of} AND level = 0 AND tile_index = 3"
            ),
            Some(3 * 256),
        ),
        with_copy(
            "audit_tile",
            &format!(
                "INSERT INTO audit_tile SELECT municipality_id, 2, 0, substr(hashes, 1, 32) FROM audit_tile WHERE {of} AND level = 1"
            ),
            None,
        ),
    ]
}

/// On what tells which entry stands where, and between which ids and times.
pub(crate) fn attacks_on_spans(town: &Town, size: u64) -> Vec<Attack> {
    let of = format!("municipality_id = {}", id(town, STJORDAL.uuid()));
    let change = |what: &str, span: u64, index| {
        let deed = format!("UPDATE audit_span SET {what} WHERE {of} AND span_index = {span}");
        with_copy("audit_span", &deed, Some(index))
    };
    let bytes = |bytes: &str| format!("entries = CAST({bytes} AS {})", bytes_type(town));
    let (last, ends) = (
        (size - 1) / 256,
        bytes("substr(entries, 1, length(entries) - 16)"),
    );
    // The ids of places 7 and 8 have changed places.
    let swapped = "substr(entries, 1, 112) || substr(entries, 129, 16) || substr(entries, 113, 16) || substr(entries, 145)";
    vec![
        change(&bytes(swapped), 0, 7),
        change(&ends, last, size - 1),
        change(&ends, 2, 3 * 256 - 1),
        change("span_index = 1000", 3, 3 * 256),
        // As many places as before, but the last are not where the log ends.
        change("span_index = 1000", last, last * 256),
        with_copy(
            "audit_span",
            &format!("DELETE FROM audit_span WHERE {of} AND span_index = {last}"),
            Some(last * 256),
        ),
        // What an entry is looked for by is narrowed, so that a question would pass it over.
        change("latest = '2000-01-01T00:00:00.000000Z'", 1, 256),
        change("earliest = '2100-01-01T00:00:00.000000Z'", 1, 256),
        change("greatest_id = least_id", 1, 256),
        change("least_id = greatest_id", 1, 256),
        change("latest = '2100-01-01T00:00:00.000000Z'", 1, 256),
    ]
}

/// The type that bytes have on this database: some functions on them make text.
pub(crate) fn bytes_type(town: &Town) -> &'static str {
    match town.bench.backend {
        Backend::Postgres => "bytea",
        Backend::Sqlite => "BLOB",
    }
}

/// On what entries are found by: places taken away, added and changed, wherever they stand.
pub(crate) fn attacks_on_postings(town: &Town) -> Vec<Attack> {
    let own = id(town, STJORDAL.uuid());
    let of = format!("municipality_id = {own}");
    let open = format!("{of} AND upto = 9223372036854775807");
    // What no entry is found by.
    let none = id(town, uuid::Uuid::from_u128(7));
    let key = format!(
        "(SELECT key FROM (SELECT * FROM audit_posting) p WHERE {open} ORDER BY length(leaves) DESC, key LIMIT 1)"
    );
    let bytes = |place: &str| match town.bench.backend {
        Backend::Postgres => format!("'\\x{place}'::bytea"),
        Backend::Sqlite => format!("X'{place}'"),
    };
    let change = |leaves: &str| {
        format!(
            "UPDATE audit_posting SET leaves = CAST({leaves} AS {}) WHERE {open} AND key = {key}",
            bytes_type(town)
        )
    };
    let add = |place: &str| {
        format!(
            "INSERT INTO audit_posting (municipality_id, key, upto, leaves) VALUES ({own}, {none}, 9223372036854775807, {})",
            bytes(place)
        )
    };
    let deeds = [
        format!("DELETE FROM audit_posting WHERE {of}"),
        format!("DELETE FROM audit_posting WHERE {open} AND key = {key}"),
        format!(
            "DELETE FROM audit_posting WHERE {of} AND upto = (SELECT min(upto) FROM audit_posting p)"
        ),
        change("substr(leaves, 1, length(leaves) - 8)"),
        change("substr(leaves, 9)"),
        change(&format!(
            "{} || substr(leaves, 9)",
            bytes("0000000000000000")
        )),
        change("substr(leaves, 9, 8) || substr(leaves, 1, 8) || substr(leaves, 17)"),
        format!("UPDATE audit_posting SET key = {none} WHERE {open} AND key = {key}"),
        add("0000000000000007"),
        add("00000000000f4240"),
    ];
    let attacks = deeds.iter();
    attacks
        .map(|deed| with_copy("audit_posting", deed, None))
        .collect()
}
