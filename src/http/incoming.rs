//! What is taken from a request before anything is done: token, path, version, key and body.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Payload;
use futures_util::StreamExt as _;

use super::idempotency::{Key, Lifetimes};
use super::route::route_of;
use super::{Call, Effect, Endpoint};
use crate::auth::MUNICIPALITY_HEADER;
use crate::cadastral::MunicipalityNumber;
use crate::ids::ActorId;
use crate::problem::{
    BAD_HEADER, IF_MATCH_MISSING, MALFORMED, Problem, TIMEOUT, TOO_LARGE, UNAUTHENTICATED,
    UNSUPPORTED_MEDIA_TYPE,
};

/// Largest body that is read, but where an endpoint says otherwise.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Largest file that is taken.
pub const FILE_BYTES_MAX: usize = 48 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(30);

/// The access token.
pub(super) fn token(request: &HttpRequest) -> Result<&str, Problem> {
    request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| Problem::new(&UNAUTHENTICATED))
}

/// The municipality for which a program says that it calls, by its number.
pub(super) fn municipality(request: &HttpRequest) -> Result<Option<MunicipalityNumber>, Problem> {
    let Some(named) = request.headers().get(MUNICIPALITY_HEADER) else {
        return Ok(None);
    };
    let number = named.to_str().ok().and_then(|text| text.parse().ok());
    let wrong = || Problem::new(&BAD_HEADER).at(format!("/header/{MUNICIPALITY_HEADER}"));
    number.map(Some).ok_or_else(wrong)
}

/// Which resource is asked for, and which version of it was seen.
pub(super) fn call(endpoint: &Endpoint, request: &HttpRequest) -> Result<Arc<Call>, Problem> {
    Ok(Arc::new(Call {
        id: route_of(request).and_then(|route| route.id.clone()),
        expected_version: expected_version(endpoint.effect, request.headers())?,
    }))
}

fn expected_version(effect: Effect, headers: &HeaderMap) -> Result<Option<i32>, Problem> {
    if !effect.needs_match() {
        return Ok(None);
    }
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Err(Problem::new(&IF_MATCH_MISSING));
    };
    // One strong tag, as we gave it. `*` would mean "whatever it has become".
    let version = value
        .to_str()
        .ok()
        .and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
    match version.and_then(|text| text.parse().ok()) {
        Some(version) => Ok(Some(version)),
        None => Err(Problem::new(&BAD_HEADER).at("/header/If-Match")),
    }
}

/// The key under which the answer is kept, where the operation needs one.
pub(super) fn key(
    endpoint: &Endpoint,
    request: &HttpRequest,
    actor: ActorId,
    body: &[u8],
    lifetimes: Lifetimes,
) -> Result<Option<Key>, Problem> {
    if !endpoint.effect.needs_key() {
        return Ok(None);
    }
    let header = request
        .headers()
        .get("Idempotency-Key")
        .map(|value| value.to_str().unwrap_or(""));
    let query = request.query_string();
    let route = format!("{} {}", endpoint.method.name(), request.path());
    let route = if query.is_empty() {
        route
    } else {
        format!("{route}?{query}")
    };
    let lifetime = lifetimes.of(endpoint.effect);
    Key::of(header, actor, route, body, lifetime).map(Some)
}

/// The body, if it arrives in time and is not larger than the operation takes.
pub(super) async fn body(endpoint: &Endpoint, payload: Payload) -> Result<Arc<[u8]>, Problem> {
    let bytes_max = endpoint.body_bytes_max;
    let body = tokio::time::timeout(BODY_PATIENCE, collect(payload, bytes_max)).await;
    Ok(body.map_err(|_| Problem::new(&TIMEOUT))??.into())
}

/// Refuses a body of another kind than the operation takes.
pub(super) fn must_be_taken(
    endpoint: &Endpoint,
    request: &HttpRequest,
    body: &[u8],
) -> Result<(), Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    let taken = endpoint.media();
    let is_taken = taken
        .iter()
        .any(|media| media_type.eq_ignore_ascii_case(media));
    if body.is_empty() || is_taken {
        return Ok(());
    }
    Err(Problem::new(&UNSUPPORTED_MEDIA_TYPE).fact("mediaTypes", taken))
}

async fn collect(mut payload: Payload, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        // The client went away or sent a broken encoding; nobody will read the answer.
        let chunk = chunk.map_err(|_| Problem::new(&MALFORMED))?;
        if body.len() + chunk.len() > bytes_max {
            return Err(Problem::new(&TOO_LARGE).fact("bytesMax", bytes_max));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
