//! What the log is told of attempts to decide or allocate that were refused.

use std::sync::Arc;

use actix_web::HttpRequest;

use super::Endpoint;
use super::route::route_of;
use super::serve::Kernel;
use crate::audit::{Entry, Subject, SubjectKind};
use crate::auth::Caller;
use crate::db::Tx;
use crate::problem::Problem;

/// Puts a refused attempt to decide or allocate on the record.
pub(super) async fn record_refusal(
    kernel: &Kernel,
    endpoint: &Endpoint,
    caller: &Arc<Caller>,
    request: &HttpRequest,
    problem: &Problem,
) {
    if problem.is_fault() {
        return;
    }
    let kind = match endpoint.tag() {
        "applications" => SubjectKind::Application,
        "offers" => SubjectKind::Offer,
        "people" => SubjectKind::Person,
        "erasures" => SubjectKind::Policy,
        _ => SubjectKind::Decision,
    };
    let route = route_of(request);
    let target = route.and_then(|route| route.id.as_ref()?.parse().ok());
    let (action, code) = (endpoint.action.code(), problem.kind.code);
    let note = move |tx: &mut Tx<'_>| {
        let entry = Entry::refused(action).fact("refusal", code);
        tx.record(match target {
            Some(id) => entry.about(Subject { kind, id }),
            None => entry,
        });
        Ok(())
    };
    if let Err(fault) = kernel.db.write(caller, note).await {
        tracing::error!(
            cause = fault.cause,
            "a refused attempt could not be recorded"
        );
    }
}
