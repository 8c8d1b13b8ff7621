//! Bad input and faults: what is refused, what is undone, and what survives.

pub(crate) mod canary;
pub(crate) mod domain;
pub(crate) mod door;

pub(crate) mod idempotency;
pub(crate) mod input;
pub(crate) mod invariants;

pub(crate) mod keys;
pub(crate) mod kill;
pub(crate) mod leaving_races;
pub(crate) mod load;
pub(crate) mod machine_tokens;
pub(crate) mod marker;
pub(crate) mod process;

pub(crate) mod races;
pub(crate) mod tokens;

/// Begins all of these at once and waits for every one.
pub(crate) async fn at_once<F>(all: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let begun: Vec<_> = all.into_iter().map(actix_web::rt::spawn).collect();
    let mut ended = Vec::with_capacity(begun.len());
    for task in begun {
        ended.push(task.await.unwrap());
    }
    ended
}
