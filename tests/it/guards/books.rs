//! What may commit without an entry in the log is named here, and is little.

use super::sources::rust;

/// Bookkeeping commits without an entry in the log, so whoever adds to it says here that nobody decides on what it writes.
fn nothing_is_written_without_a_trace_but_bookkeeping() {
    let known = [
        ("src/outbox/books.rs", 2),
        ("src/events/placing.rs", 1),
        ("src/webhooks/log.rs", 1),
        ("src/people/following.rs", 1),
        ("src/people/asked.rs", 1),
        ("src/letters/way_store.rs", 1),
        ("src/db/key_checks.rs", 2),
        ("src/auth/throttle.rs", 2),
    ];
    for source in rust("src") {
        let found = source.code().matches("impl Bookkeeping for").count();
        let allowed = known.iter().find(|(path, _)| *path == source.path);
        assert_eq!(
            found,
            allowed.map_or(0, |(_, count)| *count),
            "{} writes without a trace",
            source.path
        );
    }
}

crate::support::cases::plain![nothing_is_written_without_a_trace_but_bookkeeping];
