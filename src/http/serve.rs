//! The way of every request: correlation, sign-in and permission, headers, body, transaction, answer.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};
use tokio::time::Instant;

use super::answer::Reply;
use super::endpoint::{Input, Task, Work};
use super::idempotency::{self, InFlight, Key};
use super::incoming;
use super::limits::{RateLimits, Taken};
use super::looking::Look;
use super::problem::respond;
use super::refused::record_refusal;
use super::route::{Route, route_of};
use super::{Call, Endpoint, even};
use crate::auth::{Action, Admission, Bearer, Caller, SignIn, Visitor};
use crate::correlation::Correlation;
use crate::db::{Db, Tx};
use crate::problem::{METHOD_NOT_ALLOWED, NOT_FOUND, Problem, URI_TOO_LONG};
use crate::registers::Registers;

/// Longest address that is answered.
const URI_BYTES_MAX: usize = 4096;
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
    /// The registers that others keep.
    pub registers: Registers,
    /// How often somebody may ask.
    pub limits: RateLimits,
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

/// Answers whatever is asked below the base of all operations.
pub async fn answer(request: HttpRequest, payload: Payload) -> HttpResponse {
    let Some(route) = route_of(&request) else {
        return nowhere(request).await;
    };
    match route.operation(request.method().as_str()) {
        Some(endpoint) => operate(&endpoint, request, payload).await,
        None => wrong_method(&route, &request),
    }
}

/// Answers where there is nothing.
pub async fn nowhere(request: HttpRequest) -> HttpResponse {
    let too_long = is_uri_too_long(&request);
    let kind = if too_long { &URI_TOO_LONG } else { &NOT_FOUND };
    respond(&Problem::new(kind), &correlation_of(&request))
}

fn wrong_method(route: &Route, request: &HttpRequest) -> HttpResponse {
    let problem = Problem::new(&METHOD_NOT_ALLOWED);
    let mut response = respond(&problem, &correlation_of(request));
    if let Ok(allow) = header::HeaderValue::from_str(&route.methods()) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

async fn operate(endpoint: &Endpoint, request: HttpRequest, payload: Payload) -> HttpResponse {
    let correlation = correlation_of(&request);
    let (begun, mut taken) = (Instant::now(), None);
    let answer = handle(endpoint, &request, payload, &correlation, &mut taken).await;
    let sent = answer.and_then(|(reply, replayed)| send(reply, replayed));
    even::wait(begun, &sent).await;
    let mut response = sent.unwrap_or_else(|problem| respond(&problem, &correlation));
    for (name, value) in taken.into_iter().flat_map(Taken::headers) {
        if let Ok(value) = header::HeaderValue::from_str(&value) {
            let name = header::HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        }
    }
    response
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
fn is_uri_too_long(request: &HttpRequest) -> bool {
    request.uri().to_string().len() > URI_BYTES_MAX
}

async fn handle(
    endpoint: &Endpoint,
    request: &HttpRequest,
    payload: Payload,
    correlation: &Correlation,
    taken: &mut Option<Taken>,
) -> Result<(Reply, bool), Problem> {
    if is_uri_too_long(request) {
        return Err(Problem::new(&URI_TOO_LONG));
    }
    let kernel = request
        .app_data::<Data<Kernel>>()
        .map(|kernel| Arc::clone(kernel))
        .ok_or_else(|| Problem::internal("the service is not wired"))?;
    let query = request.query_string().to_owned();
    let visitor = Visitor {
        correlation: correlation.clone(),
        address: kernel.limits.client(request),
    };
    let signs_in = matches!(endpoint.work, Work::Open(_));
    *taken = kernel.limits.of_address(visitor.address, signs_in);
    taken.map_or(Ok(()), Taken::must_be_left)?;
    if let Work::Open(open) = &endpoint.work {
        let body = incoming::body(endpoint, payload).await?;
        incoming::must_be_taken(endpoint, request, &body)?;
        let answering = open(kernel, visitor, &Input { query, body })?;
        return Ok((answering.await?, false));
    }
    let (bearer, named) = (incoming::token(request)?, incoming::municipality(request)?);
    let bearer = kernel.sign_in.recognise(&kernel.db, bearer, named).await?;
    if let Some(of_caller) = kernel.limits.of_caller(bearer.id()) {
        *taken = Some(of_caller);
        of_caller.must_be_left()?;
    }
    let body = if endpoint.takes_body() {
        incoming::body(endpoint, payload).await?
    } else {
        Arc::default()
    };
    let knocking = Knocking {
        bearer,
        action: endpoint.action,
        correlation: correlation.clone(),
    };
    let input = Input { query, body };
    match &endpoint.work {
        Work::Read(prepare) => {
            let call = incoming::must_be_taken(endpoint, request, &input.body)
                .and_then(|()| incoming::call(endpoint, request));
            ask_first(&kernel, &knocking, endpoint, call.as_ref().ok()).await?;
            let task = call.and_then(|call| prepare(call, &input));
            read(&kernel, knocking, task).await
        }
        Work::Write(_) | Work::Look(_) => {
            let sound = incoming::must_be_taken(endpoint, request, &input.body);
            let call = sound.and_then(|()| incoming::call(endpoint, request));
            let doing = call.and_then(|call| {
                let (actor, kept) = (knocking.bearer.id(), kernel.in_flight.lifetimes);
                let key = incoming::key(endpoint, request, actor, &input.body, kept)?;
                Ok((Doing::of(&endpoint.work, call, &input)?, key))
            });
            change(&kernel, knocking, endpoint, request, doing).await
        }
        Work::Own(own) => {
            let caller = let_in(&kernel, knocking).await?;
            Ok((own(kernel, caller, visitor, &input)?.await?, false))
        }
        Work::Outside(reach) => {
            let call = incoming::call(endpoint, request);
            let caller = let_in(&kernel, knocking).await?;
            Ok((reach(kernel, caller, call?, &input)?.await?, false))
        }
        Work::Open(_) => Err(Problem::internal("an open operation came too far")),
    }
}

/// Before some people are shown, a register is asked anew how they are protected.
async fn ask_first(
    kernel: &Arc<Kernel>,
    knocking: &Knocking,
    endpoint: &Endpoint,
    call: Option<&Arc<Call>>,
) -> Result<(), Problem> {
    let is_due = kernel.registers.protection_lasts().is_some();
    if let (Some(first), Some(call), true) = (endpoint.first, call, is_due) {
        let caller = let_in(kernel, knocking.clone()).await?;
        first(Arc::clone(kernel), caller, Arc::clone(call)).await?;
    }
    Ok(())
}

/// Somebody with a token of ours who wants to do something.
#[derive(Clone)]
struct Knocking {
    bearer: Bearer,
    action: Action,
    correlation: Correlation,
}

impl Knocking {
    fn admit(&self, tx: &mut Tx<'_>) -> Result<Admission, Problem> {
        self.bearer.admit(tx, self.action, &self.correlation)
    }
}

/// Lets the caller in, and tells who it is.
async fn let_in(kernel: &Kernel, knocking: Knocking) -> Result<Arc<Caller>, Problem> {
    let asking = knocking.bearer.asking();
    let admit = move |tx: &mut Tx<'_>| {
        knocking.admit(tx)?.must_permit()?;
        Ok(Arc::clone(tx.caller()))
    };
    kernel.db.read(&asking, admit).await
}

/// Lets the caller in and reads, in one transaction. What is wrong with the request is told only to whoever is let in.
async fn read(
    kernel: &Kernel,
    knocking: Knocking,
    task: Result<Task, Problem>,
) -> Result<(Reply, bool), Problem> {
    let asking = knocking.bearer.asking();
    let work = move |tx: &mut Tx<'_>| {
        knocking.admit(tx)?.must_permit()?;
        let task = task.as_ref().map_err(Problem::clone)?;
        task(tx)
    };
    Ok((kernel.db.read(&asking, work).await?, false))
}

/// A change that is about to be made.
enum Doing {
    /// In one transaction.
    AtOnce(Task),
    /// After what it comes to was found out in another.
    AfterALook(Look),
}

impl Doing {
    fn of(work: &Work, call: Arc<Call>, input: &Input) -> Result<Self, Problem> {
        match work {
            Work::Write(prepare) => Ok(Self::AtOnce(prepare(call, input)?)),
            Work::Look(prepare) => Ok(Self::AfterALook(prepare(input)?)),
            _ => Err(Problem::internal("an operation that changes nothing")),
        }
    }
}

/// Lets the caller in, and does a change once, whatever the client repeats.
async fn change(
    kernel: &Kernel,
    knocking: Knocking,
    endpoint: &Endpoint,
    request: &HttpRequest,
    doing: Result<(Doing, Option<Key>), Problem>,
) -> Result<(Reply, bool), Problem> {
    let key = doing.as_ref().ok().and_then(|(_, key)| key.clone());
    let _claim = key
        .as_ref()
        .map(|key| kernel.in_flight.claim(key))
        .transpose()?;
    let asking = knocking.bearer.asking();
    let let_in = move |tx: &mut Tx<'_>| {
        let admission = knocking.admit(tx)?;
        let before = match (admission, &key) {
            (Admission::Permitted, Some(key)) => idempotency::find(tx, key),
            _ => admission.must_permit().map(|()| None),
        };
        Ok((Arc::clone(tx.caller()), before))
    };
    let (caller, before) = kernel.db.read(&asking, let_in).await?;
    let outcome = match before {
        Ok(Some(reply)) => return Ok((reply, true)),
        Ok(None) => {
            let (doing, key) = doing?;
            write(kernel, &caller, key, doing).await
        }
        Err(problem) => Err(problem),
    };
    if let (Err(problem), true) = (&outcome, endpoint.effect.records_refusals()) {
        record_refusal(kernel, endpoint, &caller, request, problem).await;
    }
    outcome
}

/// Does a write and keeps its answer under its key.
async fn write(
    kernel: &Kernel,
    caller: &Arc<Caller>,
    key: Option<Key>,
    doing: Doing,
) -> Result<(Reply, bool), Problem> {
    let again = key.clone();
    let do_and_keep = move |tx: &mut Tx<'_>, task: &Task| {
        let reply = task(tx)?;
        if let Some(key) = &key {
            idempotency::keep(tx, key, &reply)?;
        }
        Ok((reply, false))
    };
    let outcome = match doing {
        Doing::AtOnce(task) => {
            let once = move |tx: &mut Tx<'_>| do_and_keep(tx, &task);
            kernel.db.write(caller, once).await
        }
        Doing::AfterALook(look) => kernel.db.read_then_write(caller, look, do_and_keep).await,
    };
    match (outcome, again) {
        (Err(problem), Some(again)) if !problem.is_fault() => {
            // Another instance may have been quicker. What refuses is then the first effect, and its answer is the answer.
            let find = move |tx: &mut Tx<'_>| idempotency::find(tx, &again);
            match kernel.db.read(caller, find).await? {
                Some(reply) => Ok((reply, true)),
                None => Err(problem),
            }
        }
        (outcome, _) => outcome,
    }
}

fn send(reply: Reply, replayed: bool) -> Result<HttpResponse, Problem> {
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
    let Some(content) = reply.body else {
        return Ok(response.finish());
    };
    let body = content.into_body();
    let body = body.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(response.content_type(reply.media).body(body))
}
