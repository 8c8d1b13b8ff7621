//! The real program as a process of its own: started, killed, asked to stop.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use rettbolig::auth::{Role, code_at};
use rettbolig::clock::Clock;
use serde_json::json;

use crate::support::Bench;
use crate::support::actor::Actor;
use crate::support::town::{CODE_SECRET, PASSWORD, find_secret, username};

const START_PATIENCE: Duration = Duration::from_secs(30);

/// A running service. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: String,
}

const SECRETS: [&str; 5] = [
    "RETTBOLIG_KEY_ENCRYPTION_KEY",
    "RETTBOLIG_INDEX_KEY",
    "RETTBOLIG_SIGNING_KEY",
    "RETTBOLIG_LOG_KEY",
    "RETTBOLIG_PEPPER",
];

impl Program {
    /// Starts it over this database and waits until it is ready.
    pub(crate) async fn start(bench: &Bench) -> Self {
        Self::start_with(bench, &[]).await
    }

    /// The same with further settings.
    pub(crate) async fn start_with(bench: &Bench, settings: &[(&str, &str)]) -> Self {
        Self::start_writing(bench, settings, Stdio::null()).await
    }

    /// The same with what it logs in this file.
    pub(crate) async fn start_logged(bench: &Bench, log: &Path, settings: &[(&str, &str)]) -> Self {
        let log = std::fs::File::create(log).unwrap();
        Self::start_writing(bench, settings, log.into()).await
    }

    async fn start_writing(bench: &Bench, settings: &[(&str, &str)], log: Stdio) -> Self {
        let address = format!("127.0.0.1:{}", find_port());
        let child = Command::new(env!("CARGO_BIN_EXE_rettbolig"))
            .arg("serve")
            .env_clear()
            .envs(SECRETS.map(|name| (name, find_secret(name).unwrap())))
            .env("DATABASE_URL", &bench.database_url)
            .env("RETTBOLIG_LISTEN", &address)
            .env("RETTBOLIG_SYNTHETIC_PERSONS", "true")
            .env("RETTBOLIG_REQUESTS_PER_CALLER", "0")
            .env("RETTBOLIG_REQUESTS_PER_ADDRESS", "0")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let address = format!("http://{address}");
        let mut program = Self { child, address };
        program.await_ready().await;
        program
    }

    /// A command of the service on this database, with these settings beside or instead of the usual ones.
    pub(crate) fn command(bench: &Bench, settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rettbolig"));
        command
            .env_clear()
            .envs(SECRETS.map(|name| (name, find_secret(name).unwrap())))
            .env("DATABASE_URL", &bench.database_url)
            .env("RETTBOLIG_LISTEN", "127.0.0.1:0")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    async fn await_ready(&mut self) {
        let deadline = Instant::now() + START_PATIENCE;
        loop {
            let ready = reqwest::get(format!("{}/isready", self.address)).await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the service ended: {ended:?}");
            assert!(Instant::now() < deadline, "the service is not ready");
            actix_web::rt::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What it tells of itself.
    pub(crate) async fn metrics(&self) -> String {
        Actor::at(&self.address, None).get("/metrics").await.text
    }

    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(asked.success());
    }

    /// Waits for its end, and tells how it ended.
    pub(crate) async fn end(&mut self, patience: Duration) -> ExitStatus {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            actix_web::rt::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the service does not end");
    }

    /// Somebody in Stjørdal with this one role, signed in.
    pub(crate) async fn actor(&self, role: Role) -> Actor {
        let mut body = json!({"username": username("stjordal", role, 1), "password": PASSWORD});
        let nobody = Actor::at(&self.address, None);
        let mut answer = None;
        // Each code is good once, and this person may have shown one a moment ago.
        for seconds in [-30, 0, 30] {
            if role.needs_second_factor() {
                let now = Clock::System.now().plus(SignedDuration::from_secs(seconds));
                body["code"] = json!(code_at(CODE_SECRET, now).unwrap());
            }
            let said = nobody.post("/auth/login", &body).await;
            let is_in = said.status == 200;
            answer = Some(said);
            if is_in {
                break;
            }
        }
        let answer = answer.unwrap().ok();
        let token = answer.body["accessToken"].as_str().unwrap().to_owned();
        Actor::at(&self.address, Some(token))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, or be killed already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that no other program of this run is given, below those that the system gives to whoever asks for any.
fn find_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = 20_000 + u16::try_from(std::process::id() % 100).unwrap() * 100;
    (0..100)
        .map(|_| begin + NEXT.fetch_add(1, Ordering::Relaxed) % 100)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}
