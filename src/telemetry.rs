//! Structured logs and metrics; neither holds personal data, nor a query string, nor a client's address.

use std::time::Duration;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;
use tracing_subscriber::EnvFilter;

use crate::correlation::Correlation;
use crate::http::{correlation_of, pattern_of};

/// Starts logging to standard output: JSON lines, or plain text for people. `RETTBOLIG_LOG` filters, for example `info,rettbolig=debug`.
pub fn start_logging(filter: Option<&str>, plain: bool) {
    let filter = EnvFilter::try_new(filter.unwrap_or("info")).unwrap_or_else(|_| "info".into());
    let logs = tracing_subscriber::fmt().with_env_filter(filter);
    if plain {
        logs.with_target(false).init();
    } else {
        logs.json().flatten_event(true).init();
    }
    // The default hook prints the panic's message, which may repeat input.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

/// Starts counting, for `/metrics`.
pub fn start_metrics() -> Result<PrometheusHandle, BuildError> {
    let buckets = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    ];
    PrometheusBuilder::new()
        .set_buckets(&buckets)?
        .install_recorder()
}

/// How often measurements are folded into the histograms.
const UPKEEP: Duration = Duration::from_secs(5);

/// Folds measurements into the histograms, for as long as it is awaited. Without it, every request's duration would be kept until
/// somebody asks for `/metrics`.
pub async fn keep_up(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}

/// One span a request, by route and correlation id.
#[derive(Debug)]
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = pattern_of(request.request()).unwrap_or_default();
        let correlation = correlation_of(request.request());
        let consumer = request.headers().get("Nav-Consumer-Id");
        let consumer = consumer
            .and_then(|it| it.to_str().ok())
            .and_then(Correlation::find_harmless);
        tracing::info_span!(
            "request",
            http.method = %request.method(),
            http.route = %route,
            correlation.id = %correlation,
            consumer.id = consumer.as_ref().map(Correlation::as_str),
            http.status = tracing::field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        if let Ok(response) = outcome {
            span.record("http.status", response.status().as_u16());
        }
    }
}

/// Counts and times every request by method, route and status.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let begun = std::time::Instant::now();
    let method = request.method().as_str().to_owned();
    let response = next.call(request).await?;
    // The route's pattern, never the address itself, so that metrics stay few and hold no ids.
    let route = pattern_of(response.request()).unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16().to_string();
    let labels = [("method", method), ("route", route), ("status", status)];
    metrics::histogram!("http_server_request_duration_seconds", &labels).record(begun.elapsed());
    Ok(response)
}
