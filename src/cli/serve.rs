//! `rettbolig serve`.

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;

use crate::audit::{CheckpointFolder, Couriers, LogKey, Publisher, Sealer};
use crate::auth::{Passwords, SignIn, Tokens};
use crate::config::{self, Options, Secrets};
use crate::db::{self, Db, KeyChecks, Target};
use crate::events::Placing;
use crate::http::{self, InFlight, Kernel};
use crate::kit::Kit;
use crate::letters::Tracking;
use crate::outbox::Worker;
use crate::people::Following;
use crate::registers::Registers;
use crate::tasks::Scheduler;
use crate::{retention, server, telemetry};

/// Serves until a signal.
pub(super) fn serve(options: &Options) -> Result<(), Box<dyn Error>> {
    options.check()?;
    let target = config::target(&config::environment)?;
    let secrets = Secrets::read(&config::environment)?;
    let plain = config::environment("RETTBOLIG_LOG_FORMAT").is_some_and(|format| format == "plain");
    telemetry::start_logging(config::environment("RETTBOLIG_LOG").as_deref(), plain);
    let ran = db::migrate(&target)?;
    tracing::info!(
        database = target.name(),
        migrations = ran.len(),
        "the schema is up to date"
    );
    let checks = secrets.checks();
    let Secrets {
        keys,
        index_key,
        signing_key,
        retired_signing_keys,
        log_key,
        pepper,
    } = secrets;
    let kit = config::kit(keys, index_key, options.guard(), options.synthetic_persons);
    let tokens = Tokens::new(options.issuer.clone(), &signing_key);
    let tokens = tokens.map_err(|problem| problem.cause.unwrap_or_default())?;
    let tokens = tokens.taking_also(&retired_signing_keys);
    let sign_in = options.sign_in(tokens, Passwords::new(pepper, options.cost())?)?;
    answer(options, &target, kit, sign_in, (log_key, checks), |_| ())
}

/// Answers requests over this database until a signal; `announce` is told the service's address once it listens.
pub(super) fn answer(
    options: &Options,
    target: &Target,
    kit: Arc<Kit>,
    sign_in: SignIn,
    (log_key, checks): (LogKey, KeyChecks),
    announce: impl FnOnce(std::net::SocketAddr),
) -> Result<(), Box<dyn Error>> {
    let metrics = telemetry::start_metrics()?;
    let db = Db::open(target, options.connections, kit)?;
    let kernel = Kernel {
        db: db.clone(),
        sign_in,
        in_flight: InFlight::keeping(options.lifetimes()),
        limits: options.limits(),
        registers: Registers::default(),
    };
    let outlets = options.outlets();
    let sealer = Sealer::new(db.clone(), log_key.clone());
    let listener = TcpListener::bind(options.listen)?;
    let workers = options.workers;
    let open = db.clone();
    actix_web::rt::System::new().block_on(async move {
        actix_web::rt::spawn(telemetry::keep_up(metrics.clone()));
        let fit = super::must_fit(&db, checks).await;
        fit.map_err(|fault| std::io::Error::other(fault.to_string()))?;
        actix_web::rt::spawn(http::keep_clear(db.clone()));
        actix_web::rt::spawn(retention::keep_proposing(db.clone()));
        let mut checked = sealer.check_before_serving().await;
        if let (Ok(()), Some(folder)) = (&checked, &outlets.checkpoints) {
            let folder = CheckpointFolder::new(folder.clone());
            let mut publisher = Publisher::new(db.clone(), log_key.clone(), folder);
            checked = publisher.check_before_serving().await;
        }
        checked.map_err(|problem| std::io::Error::other(problem.cause.unwrap_or_default()))?;
        let registers = options.registers.connect();
        let registers = registers.map_err(std::io::Error::other)?;
        let following = Following::new(db.clone(), registers.clone()).start();
        let tracking = Tracking::new(db.clone(), registers.clone());
        let tracking = tracking.start(options.registers.asks_every());
        let deliverers = server::deliverers(options.letter_dir.clone(), &registers);
        let kernel = Kernel {
            registers,
            ..kernel
        };
        let placing = Placing::new(db.clone()).start();
        let working = Worker::new(db.clone(), deliverers).start();
        let couriers = Couriers::start(&db, &log_key, &outlets);
        let running = server::start(listener, workers, kernel, metrics)?;
        tracing::info!(address = %running.address, "listening");
        announce(running.address);
        let stop = server::stop_on_signal(running.server.handle(), running.stopping);
        actix_web::rt::spawn(stop);
        let (stop_duties, until) = tokio::sync::oneshot::channel();
        let duties = Scheduler::new(db.clone(), server::duties());
        let doing = actix_web::rt::spawn(duties.run(until));
        let (stop_sealing, until) = tokio::sync::oneshot::channel();
        let sealing = actix_web::rt::spawn(sealer.run(until));
        let served = running.server.await;
        drop(stop_duties);
        doing.await.map_err(std::io::Error::other)?;
        // The last requests have written their entries: one more seal covers them.
        drop(stop_sealing);
        sealing.await.map_err(std::io::Error::other)?;
        // What that seal published goes out as well.
        couriers.stop().await;
        following.stop().await;
        tracking.stop().await;
        placing.stop().await;
        working.stop().await;
        served
    })?;
    open.close();
    tracing::info!("stopped");
    Ok(())
}
