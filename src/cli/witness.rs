//! `rettbolig audit witness`: a small server for the machine of whoever audits the log. It needs no database and no secrets of the service.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, Data, PayloadConfig};
use actix_web::{App, HttpResponse, HttpServer};
use clap::Args;

use crate::audit::{SIZE_TYPE, Verdict, Verifier, Witness};
use crate::clock::Clock;
use crate::config;
use crate::telemetry;

/// Enough for a checkpoint with all the signatures and hashes that it may have.
const BODY_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug, Args)]
pub(super) struct WitnessOptions {
    /// The folder that holds the witness's key and what it cosigned last: both are made at the first start. Never restore it from a
    /// backup: a witness that forgets what it said is no witness
    #[arg(long, value_name = "FOLDER")]
    dir: PathBuf,
    /// The name it signs under, for example revisjon.example/witness; it cannot be changed later
    #[arg(long)]
    name: String,
    /// The key of a log that it watches, as `rettbolig audit key` prints it; again for each further key or log
    #[arg(long = "log", value_name = "KEY", required = true)]
    logs: Vec<String>,
    /// Address and port to listen on. It speaks plain HTTP, which cannot be forged here, since all that is said is signed; for
    /// confidentiality put a TLS proxy before it
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

/// Serves until a signal.
#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
pub(super) fn witness(options: &WitnessOptions) -> Result<(), Box<dyn Error>> {
    telemetry::start_logging(config::environment("RETTBOLIG_LOG").as_deref(), false);
    let logs = options.logs.iter().map(|key| Verifier::parse(key));
    let logs = logs.collect::<Result<Vec<_>, _>>()?;
    let witness = Witness::open(&options.dir, &options.name, logs, Clock::System)?;
    let listener = TcpListener::bind(options.listen)?;
    println!("key {}", witness.key());
    println!("listening on http://{}", listener.local_addr()?);
    let witness = Data::from(Arc::new(witness));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(witness.clone())
            .app_data(PayloadConfig::new(BODY_BYTES_MAX))
            .service(web::resource("/add-checkpoint").route(web::post().to(add_checkpoint)))
    })
    .workers(1)
    .client_request_timeout(Duration::from_secs(5))
    .listen(listener)?
    .run();
    actix_web::rt::System::new().block_on(server)?;
    Ok(())
}

async fn add_checkpoint(witness: Data<Witness>, body: Bytes) -> HttpResponse {
    let judged = web::block(move || match std::str::from_utf8(&body) {
        Ok(request) => witness.add_checkpoint(request),
        Err(_) => Verdict::Malformed,
    });
    let Ok(verdict) = judged.await else {
        return HttpResponse::InternalServerError().finish();
    };
    match verdict {
        Verdict::Cosigned(line) => HttpResponse::Ok()
            .insert_header(ContentType::plaintext())
            .body(line),
        Verdict::Malformed => HttpResponse::BadRequest().finish(),
        Verdict::UnknownLog => HttpResponse::NotFound().finish(),
        Verdict::NotByTheLog => HttpResponse::Forbidden().finish(),
        Verdict::Conflict(size) => {
            tracing::warn!(size, "a checkpoint does not begin where this witness is");
            HttpResponse::Conflict()
                .content_type(SIZE_TYPE)
                .body(format!("{size}\n"))
        }
        Verdict::Inconsistent => {
            tracing::error!("a log signed a checkpoint that does not continue the last one");
            HttpResponse::UnprocessableEntity().finish()
        }
        Verdict::NotKept(error) => {
            tracing::error!(%error, "a checkpoint could not be kept, and is not cosigned");
            HttpResponse::InternalServerError().finish()
        }
    }
}
