//! The way of every request: correlation, sign-in and permission, headers, body, transaction, answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};
use futures_util::StreamExt as _;

use super::answer::Reply;
use super::endpoint::{Input, Task, Work};
use super::idempotency::{self, InFlight, Key};
use super::problem::respond;
use super::{Call, Effect, Endpoint, Method};
use crate::audit::{Entry, SubjectKind};
use crate::auth::{Caller, Denied, SignIn};
use crate::correlation::Correlation;
use crate::db::{Db, Tx};
use crate::problem::{
    BAD_HEADER, IF_MATCH_MISSING, METHOD_NOT_ALLOWED, Problem, TIMEOUT, TOO_LARGE, UNAUTHENTICATED,
    UNSUPPORTED_MEDIA_TYPE, URI_TOO_LONG,
};

/// Largest body that is read.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Longest address that is answered.
const URI_BYTES_MAX: usize = 4096;
/// How long a body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(30);
const REPLAYED: &str = "Idempotency-Replayed";

/// What requests are answered with.
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Kernel {
    /// The database.
    pub db: Db,
    /// Signing in.
    pub sign_in: SignIn,
    /// Requests under an idempotency key that are being answered.
    pub in_flight: InFlight,
}

/// Mounts the endpoints below the present scope, grouped by path so that a wrong method is told as such.
pub fn mount(config: &mut ServiceConfig, endpoints: &[Endpoint]) {
    let mut by_path: BTreeMap<&str, Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in endpoints {
        by_path.entry(endpoint.path).or_default().push(endpoint);
    }
    // A longer fixed path goes before a placeholder of the same depth.
    for (path, endpoints) in by_path {
        let mut resource = web::resource(path);
        let mut methods: Vec<&str> = endpoints.iter().map(|it| it.method.name()).collect();
        methods.sort_unstable();
        let allow = methods.join(", ");
        for endpoint in endpoints {
            let endpoint = Arc::new(endpoint.clone());
            let route = match endpoint.method {
                Method::Get => web::get(),
                Method::Post => web::post(),
                Method::Put => web::put(),
            };
            resource = resource.route(route.to(move |request: HttpRequest, payload: Payload| {
                answer(Arc::clone(&endpoint), request, payload)
            }));
        }
        let wrong_method = move |request: HttpRequest| {
            let allow = header::HeaderValue::from_str(&allow);
            async move {
                let problem = Problem::new(&METHOD_NOT_ALLOWED);
                let mut response = respond(&problem, &correlation_of(&request));
                if let Ok(allow) = allow {
                    response.headers_mut().insert(header::ALLOW, allow);
                }
                response
            }
        };
        config.service(resource.default_service(web::to(wrong_method)));
    }
}

/// The request's correlation id: the caller's own where harmless, a new one otherwise; the same whenever asked.
pub(crate) fn correlation_of(request: &HttpRequest) -> Correlation {
    if let Some(known) = request.extensions().get::<Correlation>() {
        return known.clone();
    }
    let text = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let correlation = text("Nav-Call-Id")
        .and_then(Correlation::find_harmless)
        .or_else(|| text("X-Correlation-ID").and_then(Correlation::find_harmless))
        .or_else(|| text("traceparent").and_then(Correlation::find_in_traceparent))
        .unwrap_or_default();
    request.extensions_mut().insert(correlation.clone());
    correlation
}

async fn answer(endpoint: Arc<Endpoint>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let correlation = correlation_of(&request);
    match handle(&endpoint, &request, payload, &correlation).await {
        Ok((reply, replayed)) => send(reply, replayed),
        Err(problem) => respond(&problem, &correlation),
    }
}

/// Tells the correlation id with every answer, also where nothing was found.
pub(crate) async fn echo(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let correlation = correlation_of(response.request());
    let trace = response.request().headers().get("traceparent");
    let trace = trace
        .filter(|trace| trace.to_str().is_ok_and(is_traceparent))
        .cloned();
    let headers = response.headers_mut();
    for name in ["nav-call-id", "x-correlation-id"] {
        if let Ok(value) = header::HeaderValue::from_str(correlation.as_str()) {
            headers.insert(header::HeaderName::from_static(name), value);
        }
    }
    if let Some(trace) = trace {
        headers.insert(header::HeaderName::from_static("traceparent"), trace);
    }
    Ok(response)
}

fn is_traceparent(text: &str) -> bool {
    Correlation::find_in_traceparent(text).is_some()
}

/// Whether the address is longer than any of ours.
pub(crate) fn is_uri_too_long(request: &HttpRequest) -> bool {
    request.uri().to_string().len() > URI_BYTES_MAX
}

async fn handle(
    endpoint: &Endpoint,
    request: &HttpRequest,
    payload: Payload,
    correlation: &Correlation,
) -> Result<(Reply, bool), Problem> {
    if is_uri_too_long(request) {
        return Err(Problem::new(&URI_TOO_LONG));
    }
    let kernel = request
        .app_data::<Data<Kernel>>()
        .map(|kernel| Arc::clone(kernel))
        .ok_or_else(|| Problem::internal("the service is not wired"))?;
    let query = request.query_string().to_owned();
    if let Work::Open(open) = &endpoint.work {
        let body = read_body(request, payload).await?;
        let answering = open(kernel, correlation.clone(), &Input { query, body })?;
        return Ok((answering.await?, false));
    }
    let caller = Arc::new(let_through(&kernel, endpoint, request, correlation).await?);
    let expected_version = expected_version(endpoint.effect, request.headers())?;
    let path = request.match_info().iter();
    let path = path
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let call = Arc::new(Call {
        caller: Arc::clone(&caller),
        path,
        expected_version,
    });
    let body = if endpoint.takes_body() {
        read_body(request, payload).await?
    } else {
        Vec::new()
    };
    let key = key_of(endpoint, request, &caller, &body)?;
    let input = Input { query, body };
    match &endpoint.work {
        Work::Read(prepare) => {
            let task = prepare(call, &input)?;
            Ok((kernel.db.read(&caller, move |tx| task(tx)).await?, false))
        }
        Work::Write(prepare) => {
            let task = prepare(Arc::clone(&call), &input)?;
            let outcome = write(&kernel, &caller, key, task).await;
            if let (Err(problem), Effect::Decides) = (&outcome, endpoint.effect) {
                record_refusal(&kernel, endpoint, &caller, &call.path, problem).await;
            }
            outcome
        }
        Work::Open(_) => Err(Problem::internal("an open operation came too far")),
    }
}

/// Does a write once, whatever the client repeats.
async fn write(
    kernel: &Kernel,
    caller: &Arc<Caller>,
    key: Option<Key>,
    task: Task,
) -> Result<(Reply, bool), Problem> {
    let Some(key) = key else {
        return Ok((kernel.db.write(caller, move |tx| task(tx)).await?, false));
    };
    let _claim = kernel.in_flight.claim(&key)?;
    let again = key.clone();
    let once = move |tx: &mut Tx<'_>| {
        if let Some(reply) = idempotency::find(tx, &key)? {
            tx.change_nothing();
            return Ok((reply, true));
        }
        let reply = task(tx)?;
        idempotency::keep(tx, &key, &reply)?;
        Ok((reply, false))
    };
    match kernel.db.write(caller, once).await {
        Err(problem) if !problem.is_fault() => {
            // Another instance may have been quicker. What refuses is then the first effect, and its answer is the answer.
            let find = move |tx: &mut Tx<'_>| idempotency::find(tx, &again);
            match kernel.db.read(caller, find).await? {
                Some(reply) => Ok((reply, true)),
                None => Err(problem),
            }
        }
        outcome => outcome,
    }
}

/// The signed-in caller, who may do this kind of thing.
async fn let_through(
    kernel: &Kernel,
    endpoint: &Endpoint,
    request: &HttpRequest,
    correlation: &Correlation,
) -> Result<Caller, Problem> {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
    let caller =
        kernel
            .sign_in
            .authenticate(&kernel.db, token, endpoint.action, correlation.clone());
    match caller.await {
        Ok(caller) => Ok(caller),
        Err(Denied { problem, caller }) => {
            if let (Some(caller), Effect::Decides) = (caller, endpoint.effect) {
                let path = request.match_info().iter();
                let path: Vec<_> = path
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect();
                record_refusal(kernel, endpoint, &Arc::new(*caller), &path, &problem).await;
            }
            Err(problem)
        }
    }
}

/// Puts a refused attempt to decide or allocate on the record.
async fn record_refusal(
    kernel: &Kernel,
    endpoint: &Endpoint,
    caller: &Arc<Caller>,
    path: &[(String, String)],
    problem: &Problem,
) {
    if problem.is_fault() {
        return;
    }
    let kind = match endpoint.tag() {
        "applications" => SubjectKind::Application,
        "offers" => SubjectKind::Offer,
        _ => SubjectKind::Decision,
    };
    let target = path.iter().find_map(|(_, value)| value.parse().ok());
    let (action, code) = (endpoint.action.code(), problem.kind.code);
    let note = move |tx: &mut Tx<'_>| {
        let entry = Entry::refused(action).fact("refusal", code);
        tx.record(match target {
            Some(id) => entry.about(crate::audit::Subject { kind, id }),
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

fn key_of(
    endpoint: &Endpoint,
    request: &HttpRequest,
    caller: &Caller,
    body: &[u8],
) -> Result<Option<Key>, Problem> {
    let (true, Some(actor)) = (endpoint.effect.needs_key(), caller.actor.user()) else {
        return Ok(None);
    };
    let header = request
        .headers()
        .get("Idempotency-Key")
        .map(|value| value.to_str().unwrap_or(""));
    let route = format!("{} {}", endpoint.method.name(), request.path());
    Key::of(header, actor, route, body).map(Some)
}

async fn read_body(request: &HttpRequest, payload: Payload) -> Result<Vec<u8>, Problem> {
    let body = tokio::time::timeout(BODY_PATIENCE, collect(payload)).await;
    let body = body.map_err(|_| Problem::new(&TIMEOUT))??;
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    if !body.is_empty() && !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(&UNSUPPORTED_MEDIA_TYPE));
    }
    Ok(body)
}

async fn collect(mut payload: Payload) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        // The client went away or sent a broken encoding; nobody will read the answer.
        let chunk = chunk.map_err(|_| Problem::new(&crate::problem::MALFORMED))?;
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(Problem::new(&TOO_LARGE).fact("bytesMax", BODY_BYTES_MAX));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn send(reply: Reply, replayed: bool) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(reply.status);
    let mut response = HttpResponse::build(status.unwrap_or_default());
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(version) = reply.version {
        response.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    if let Some(location) = reply.location {
        response.insert_header((header::LOCATION, location));
    }
    if replayed {
        response.insert_header((REPLAYED, "true"));
    }
    match reply.body {
        Some(body) => response.content_type(reply.media).body(body),
        None => response.finish(),
    }
}
