//! Puts the house together: all endpoints, middleware in one place, health, documentation, graceful stop.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use metrics_exporter_prometheus::PrometheusHandle;
use tracing_actix_web::TracingLogger;

use crate::auth::Caller;
use crate::http::{self, Endpoint, Kernel, Routes, respond};
use crate::ids::MunicipalityId;
use crate::journal::Journal;
use crate::kit::Sequel;
use crate::letters::{FileDrop, Filing, LetterDelivery, SvarUt};
use crate::outbox::Deliverer;
use crate::problem::{Problem, STOPPING};
use crate::registers::Registers;
use crate::tasks::Duty;
use crate::telemetry::{RequestSpan, measure};
use crate::webhooks::WebhookDeliverer;

/// How long running requests may take to finish after the service was asked to stop.
const STOP_SECONDS: u64 = 30;

/// Every operation of the service: the one list from which router, permissions, documentation and guards are made.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    [
        crate::auth::endpoints(),
        crate::access::endpoints(),
        crate::audit::endpoints(),
        crate::statutes::endpoints(),
        crate::tasks::endpoints(),
        crate::outbox::endpoints(),
        crate::events::endpoints(),
        crate::webhooks::endpoints(),
        crate::people::endpoints(),
        crate::situations::endpoints(),
        crate::housing::endpoints(),
        crate::rulesets::endpoints(),
        crate::applications::endpoints(),
        crate::parties::endpoints(),
        crate::restrictions::endpoints(),
        crate::waiting::endpoints(),
        crate::exceptions::endpoints(),
        crate::tenancies::endpoints(),
        crate::demolitions::endpoints(),
        crate::eligibility::endpoints(),
        crate::matching::endpoints(),
        crate::offers::endpoints(),
        crate::meetings::endpoints(),
        crate::decisions::endpoints(),
        crate::forwarding::endpoints(),
        crate::letters::endpoints(),
        crate::appeals::endpoints(),
        crate::insight::endpoints(),
        crate::deadlines::endpoints(),
        crate::nav::endpoints(),
        crate::shelters::endpoints(),
        crate::evictions::endpoints(),
        crate::rights::endpoints(),
        crate::retention::endpoints(),
    ]
    .concat()
}

/// Everything that the service does by itself, and when: one line a slice that has duties.
#[must_use]
pub fn duties() -> Vec<Duty> {
    [
        crate::housing::duties(),
        crate::applications::duties(),
        crate::offers::duties(),
        crate::decisions::duties(),
        crate::deadlines::duties(),
        crate::shelters::duties(),
        crate::retention::duties(),
    ]
    .concat()
}

/// What follows when a case has taken a step, in this order: what was offered in it comes back before what was proposed.
pub const SEQUELS: &[Sequel] = &[crate::offers::follow_case, crate::decisions::follow_case];

/// Who delivers what leaves the house: one for each topic of the outbox.
#[must_use]
pub fn deliverers(letter_dir: PathBuf, registers: &Registers) -> Vec<Box<dyn Deliverer>> {
    let folder = FileDrop::new(letter_dir);
    let letters = match registers.dispatch() {
        Ok(dispatch) => LetterDelivery::new(SvarUt::new(dispatch.clone(), folder)),
        Err(_) => LetterDelivery::new(folder),
    };
    let mut deliverers: Vec<Box<dyn Deliverer>> = vec![
        Box::new(WebhookDeliverer),
        Box::new(letters.with_registers(registers.clone())),
        Box::new(Journal::new(registers.archive().ok().cloned())),
    ];
    if let Ok(archive) = registers.archive() {
        deliverers.push(Box::new(Filing::new(archive.clone())));
    }
    deliverers
}

/// Whether the service still takes requests.
#[derive(Debug, Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on `/isready` says no.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A service that listens and has not begun to answer: run it by awaiting `server`.
#[expect(missing_debug_implementations, reason = "a server has nothing to show")]
pub struct Running {
    /// Answers requests when awaited.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
    /// Tells `/isready` that the service is going down.
    pub stopping: Stopping,
}

/// Makes the service on a bound listener.
pub fn start(
    listener: TcpListener,
    workers: usize,
    kernel: Kernel,
    metrics: PrometheusHandle,
) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let routes = Data::new(Routes::of(endpoints()));
    let document = Data::new(Document::default());
    let kernel = Data::new(kernel);
    let metrics = Data::new(metrics);
    let stopping = Stopping::default();
    let ready = Data::new(stopping.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(routes.clone())
            .app_data(kernel.clone())
            .app_data(metrics.clone())
            .app_data(document.clone())
            .app_data(ready.clone())
            .wrap(from_fn(http::echo))
            .wrap(from_fn(measure))
            .wrap(TracingLogger::<RequestSpan>::new())
            .service(web::scope(http::BASE).default_service(web::to(http::answer)))
            .route("/isalive", web::get().to(is_alive))
            .route("/isready", web::get().to(is_ready))
            .route("/metrics", web::get().to(show_metrics))
            .route("/openapi.json", web::get().to(show_document))
            .route("/docs", web::get().to(to_docs))
            .route("/docs/{file:.*}", web::get().to(show_docs))
            .default_service(web::to(http::nowhere))
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(STOP_SECONDS)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Running {
        server,
        address,
        stopping,
    })
}

/// Stops gracefully on SIGTERM or SIGINT: not ready, no new connections, running requests finish; a second signal ends at once.
pub async fn stop_on_signal(handle: ServerHandle, stopping: Stopping) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    stopping.begin();
    tokio::select! {
        () = handle.stop(true) => {}
        _ = terminate.recv() => handle.stop(false).await,
        _ = interrupt.recv() => handle.stop(false).await,
    }
    Ok(())
}

async fn is_alive() -> HttpResponse {
    HttpResponse::Ok().body("alive")
}

async fn is_ready(
    request: HttpRequest,
    kernel: Data<Kernel>,
    stopping: Data<Stopping>,
) -> HttpResponse {
    let problem = if stopping.has_begun() {
        Some(Problem::new(&STOPPING))
    } else {
        // Any municipality will do: what counts is that the database answers.
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        kernel
            .db
            .read(&nobody, crate::municipality::is_reachable)
            .await
            .and_then(|()| kernel.db.takes_changes())
            .err()
    };
    match problem {
        None => HttpResponse::Ok().body("ready"),
        Some(problem) => respond(&problem, &http::correlation_of(&request)),
    }
}

async fn show_metrics(metrics: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(metrics.render())
}

/// `openapi.json`, made when it is first asked for: to describe everything takes more memory than to serve it.
#[derive(Default)]
struct Document(OnceLock<Result<Bytes, Problem>>);

impl Document {
    fn whole(&self) -> &Result<Bytes, Problem> {
        self.0.get_or_init(|| {
            let document = http::document(&endpoints()).to_pretty_json();
            let document = document.map_err(|fault| Problem::internal(fault.to_string()))?;
            Ok(document.into())
        })
    }
}

async fn show_document(request: HttpRequest, document: Data<Document>) -> HttpResponse {
    match document.whole() {
        Ok(document) => HttpResponse::Ok()
            .content_type("application/json")
            .body(document.clone()),
        Err(problem) => respond(problem, &http::correlation_of(&request)),
    }
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header(("Location", "/docs/"))
        .finish()
}

/// The interactive page, from inside the binary: nothing is fetched from elsewhere.
async fn show_docs(request: HttpRequest, file: web::Path<String>) -> HttpResponse {
    let config = Arc::new(utoipa_swagger_ui::Config::new(["/openapi.json"]));
    match utoipa_swagger_ui::serve(&file, config) {
        Ok(Some(file)) => HttpResponse::Ok()
            .content_type(file.content_type)
            .body(file.bytes.to_vec()),
        _ => http::nowhere(request).await,
    }
}
