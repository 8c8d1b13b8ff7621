//! What leaves the house: checkpoints for a folder and for witnesses, looks at personal data for a log collector.

pub(crate) mod cef;
pub(crate) mod folder;
pub(crate) mod protocol;
pub(crate) mod service;
pub(crate) mod tls;
mod watcher;
pub(crate) mod witness;

use rettbolig::audit::OutletFault;

/// What is wrong outside.
#[track_caller]
fn outside(outcome: Result<(), OutletFault>) -> String {
    match outcome {
        Err(OutletFault::Outside(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// What shows that the log is not what it was.
#[track_caller]
fn unsound(outcome: Result<(), OutletFault>) -> String {
    match outcome {
        Err(OutletFault::Unsound(finding)) => finding.to_string(),
        other => panic!("{other:?}"),
    }
}
