//! How a problem is sent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};

use crate::correlation::Correlation;
use crate::problem::{Kind, Problem};

/// The answer that tells a problem. A fault of ours is logged here, once, with its cause.
#[must_use]
pub fn respond(problem: &Problem, correlation: &Correlation) -> HttpResponse {
    let kind = problem.kind;
    if problem.is_fault() {
        tracing::error!(code = kind.code, cause = problem.cause, correlation.id = %correlation, "failed");
    } else {
        tracing::debug!(code = kind.code, correlation.id = %correlation, "refused");
    }
    let status = StatusCode::from_u16(kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response
        .content_type("application/problem+json")
        .insert_header((CACHE_CONTROL, "no-store"));
    if let Some(seconds) = problem.retry_after_seconds {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if let Some(challenge) = challenge(kind) {
        response.insert_header((WWW_AUTHENTICATE, challenge));
    }
    response.body(problem.body(correlation.as_str()).to_string())
}

/// What a client must bring along, in the words of RFC 6750.
fn challenge(kind: &Kind) -> Option<&'static str> {
    match kind.code {
        "insufficient_scope" => Some("Bearer error=\"insufficient_scope\""),
        // RFC 9470.
        "step_up_needed" => Some("Bearer error=\"insufficient_user_authentication\", max_age=300"),
        _ => (kind.status == 401).then_some("Bearer"),
    }
}
