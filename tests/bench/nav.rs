//! How fast NAV is answered and the world outside is told: `cargo bench --bench nav`.
//!
//! Referrals come at a steady pace, whether or not the one before is answered, and each is measured from the moment at which it was due. Events are
//! delivered by the service's one worker to a receiver that answers, first alone and then beside one that never does. `RETTBOLIG_BENCH_SECONDS`
//! says for how long referrals come (20), `RETTBOLIG_BENCH_EVENTS` how many events are told (10,000), `RETTBOLIG_BENCH_DATABASES` on which databases
//! (`sqlite,postgres`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a benchmark fails by panicking, and speaks to whoever runs it"
)]

mod databases;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod load;
mod opened;
mod passes;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod process;
#[allow(dead_code, reason = "the benchmark of the service looks at more of it")]
mod report;
#[path = "../it/support/setting.rs"]
mod setting;
#[path = "../it/support/throwaway.rs"]
#[allow(dead_code, reason = "the integration tests look at more of it")]
mod throwaway;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use jiff::civil::date;
use rettbolig::national_id::NationalId;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::load::{Connection, ask_all, bearer, request};
use crate::passes::passes;
use crate::process::{Environment, Service};
use crate::report::ms;
use crate::setting::find_setting;

/// Referrals a second.
const PACE: u32 = 50;
/// Connections over which they come.
const CONNECTIONS: u32 = 16;
/// How long the slowest hundredth of them may take.
const ANSWERED_IN: Duration = Duration::from_millis(50);
/// How long ten thousand events may take.
const TOLD_IN: Duration = Duration::from_mins(1);
const EVENTS: usize = 10_000;
/// Events that one request puts into the outbox again.
const REPLAYED_AT_ONCE: usize = 1_000;

fn main() {
    println!("{}\n", report::surroundings());
    let folder = tempfile::TempDir::new().unwrap();
    databases::each(folder.path(), on);
}

/// A number that is asked for by a setting.
fn asked_for(setting: &str, otherwise: usize) -> usize {
    find_setting(setting).map_or(otherwise, |text| text.replace('_', "").parse().unwrap())
}

/// Measures everything on one database and prints it.
fn on(name: &str, database_url: &str) {
    println!("## {name}\n\n| | measured | mark | |\n|---|--:|--:|---|");
    let mut environment = process::environment(database_url);
    // Receivers on this machine may be told.
    environment.push(("RETTBOLIG_WEBHOOK_NETWORKS", "127.0.0.0/8".to_owned()));
    process::run(&["demo", "--keep", "--no-serve"], &environment).unwrap();
    let service = Service::start(&environment).unwrap();
    load::on_one_thread(async {
        let house = House::enter(&service, &environment).await;
        house.measure_referrals().await;
        house.measure_events().await;
    });
    println!();
}

/// A line of the table.
fn tell(what: &str, took: Duration, most: Duration) {
    let reached = if took <= most { "reached" } else { "missed" };
    let (took, most) = (ms(took), ms(most));
    println!("| {what} | {took} ms | at most {most} ms | {reached} |");
}

/// The service, and tokens of those who work there.
struct House {
    address: SocketAddr,
    adviser: String,
    manager: String,
    admin: String,
}

impl House {
    async fn enter(service: &Service, environment: &Environment) -> Self {
        let who = ["nav-advisor", "housing-manager", "admin"];
        let [adviser, manager, admin] = passes(environment, who).await;
        Self {
            address: service.address,
            adviser,
            manager,
            admin,
        }
    }

    /// Referrals at a steady pace. One that waits for its connection waits on the clock.
    async fn measure_referrals(&self) {
        let seconds = u32::try_from(asked_for("RETTBOLIG_BENCH_SECONDS", 20)).unwrap();
        let count = seconds * PACE;
        let took = Rc::new(RefCell::new(Vec::new()));
        let begin = Instant::now() + Duration::from_millis(100);
        let lines = (0..CONNECTIONS).map(|line| {
            let (took, address, token) = (Rc::clone(&took), self.address, self.adviser.clone());
            tokio::task::spawn_local(async move {
                let mut connection = Connection::open(address).await;
                for number in (line..count).step_by(usize::try_from(CONNECTIONS).unwrap()) {
                    let due = begin + Duration::from_secs(1) / PACE * number;
                    let asked = referral(number, &token);
                    tokio::time::sleep_until(due.into()).await;
                    let (status, body) = connection.ask(&asked).await;
                    let text = String::from_utf8_lossy(body);
                    assert_eq!(status, 201, "{text}");
                    RefCell::<Vec<Duration>>::borrow_mut(&took).push(due.elapsed());
                }
            })
        });
        for line in lines.collect::<Vec<_>>() {
            line.await.unwrap();
        }
        let mut took = took.take();
        took.sort_unstable();
        let what = |share: &str| format!("a referral at {PACE} a second, {share} of {count}");
        tell(&what("p50"), took[took.len() / 2], ANSWERED_IN);
        tell(&what("p99"), took[took.len() * 99 / 100], ANSWERED_IN);
    }

    /// As many events as homes are registered, told by one worker.
    async fn measure_events(&self) {
        let events = asked_for("RETTBOLIG_BENCH_EVENTS", EVENTS);
        let homes = (0..events).map(|number| {
            let headers = format!(
                "{}Idempotency-Key: home-{number}\r\n",
                bearer(&self.manager)
            );
            request("POST", "/dwellings", &headers, &home(number).to_string())
        });
        ask_all(self.address, 32, homes.collect()).await;
        // Every event has its place before the first is told.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let most = TOLD_IN * u32::try_from(events).unwrap() / u32::try_from(EVENTS).unwrap();
        let alone = self.told_to(&Receiver::open(true).await, events).await;
        tell(
            &format!("{events} events to a receiver that answers"),
            alone,
            most,
        );
        let sick = Receiver::open(false).await;
        self.ask_for(&sick, events).await;
        let beside = self.told_to(&Receiver::open(true).await, events).await;
        // What a receiver that never answers costs another is noise, or it is a fault.
        let what = format!("{events} events beside a receiver that never answers");
        tell(&what, beside, alone.mul_f64(1.5).max(most / 4));
        assert!(sick.told() > 0, "the sick receiver was not asked at all");
    }

    /// How long it takes until a new receiver was told of so many events.
    async fn told_to(&self, receiver: &Receiver, events: usize) -> Duration {
        let begun = Instant::now();
        self.ask_for(receiver, events).await;
        while receiver.told() < events {
            assert!(begun.elapsed() < 10 * TOLD_IN, "told {}", receiver.told());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        begun.elapsed()
    }

    /// Subscribes a receiver and asks for all that happened to homes.
    async fn ask_for(&self, receiver: &Receiver, events: usize) {
        let body = json!({
            "name": "FDV", "url": format!("http://{}/", receiver.address), "audience": "FACILITIES",
            "eventTypes": ["no.rettbolig.dwelling.registered.v1"],
        });
        let key = format!("Idempotency-Key: {}\r\n", receiver.address);
        let headers = format!("{}{key}", bearer(&self.admin));
        let mut connection = Connection::open(self.address).await;
        let asked = request("POST", "/webhooks", &headers, &body.to_string());
        let hook = connection.ask_json(&asked).await;
        let (id, version) = (hook["id"].as_str().unwrap(), &hook["version"]);
        let (mut after, mut put) = (json!(0), 0);
        while put < events {
            let headers = format!("{}If-Match: \"{version}\"\r\n", bearer(&self.admin));
            let path = format!("/webhooks/{id}/replay");
            let body = json!({"after": after}).to_string();
            let replayed = connection
                .ask_json(&request("POST", &path, &headers, &body))
                .await;
            let count = replayed["events"].as_u64().unwrap();
            put += usize::try_from(count).unwrap();
            assert!(replayed["last"] != after, "{put} of {events} events");
            after = replayed["last"].clone();
        }
        assert!(
            put < events + REPLAYED_AT_ONCE,
            "more was told than is measured"
        );
    }
}

/// A referral of somebody whom nobody referred before.
fn referral(number: u32, token: &str) -> String {
    // About four hundred people are born on a day in the test register.
    let (day, serial) = (number / 300, number % 300);
    let born = date(1970, 1, 1)
        .checked_add(jiff::Span::new().days(day))
        .unwrap();
    let ids = (0..500).filter_map(|it| NationalId::synthetic(born, it));
    let id = ids
        .skip(usize::try_from(serial).unwrap())
        .take(1)
        .next()
        .unwrap();
    let body = json!({
        "reference": format!("NAV-{number}"),
        "person": {
            "nationalId": id.expose_digits(), "givenName": "Prøve", "familyName": "Henvist",
            "bornOn": born.to_string(), "phone": "400 00 000",
        },
        "situation": {"reason": "WITH_FRIENDS_OR_RELATIVES", "since": "2026-02-01"},
        "urgency": "HIGH", "legalBasis": "SOCIAL_SERVICES_ACT",
        "contact": {"name": "NAV", "phone": "550 00 000"},
        "summary": "Trenger bolig i nærheten av arbeidet.",
    });
    let headers = format!("{}Idempotency-Key: nav-{number}\r\n", bearer(token));
    request("POST", "/nav/referrals", &headers, &body.to_string())
}

fn home(number: usize) -> Value {
    json!({
        "cadastralId": format!("5035-{}/{}", 900 + number / 9000, 1 + number % 9000),
        "unitNumber": "H0101", "streetAddress": format!("Prøvegata {number}"), "postalCode": "7500",
        "postalPlace": "Stjørdal", "area": "SENTRUM", "category": "ORDINARY", "tenure": "OWNED",
        "bedrooms": 1, "usableAreaM2": 55, "floor": 1, "capacity": 2, "rentOre": 850_000,
    })
}

/// Somebody who is told of events: says that all is well, or nothing at all.
#[derive(Clone)]
struct Receiver {
    address: SocketAddr,
    got: Rc<RefCell<BTreeSet<String>>>,
}

impl Receiver {
    async fn open(is_well: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            got: Rc::default(),
        };
        let mine = receiver.clone();
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let receiver = mine.clone();
                tokio::task::spawn_local(async move { receiver.serve(stream, is_well).await });
            }
        });
        receiver
    }

    /// How many events came, each counted once.
    fn told(&self) -> usize {
        self.got.borrow().len()
    }

    async fn serve(&self, mut stream: TcpStream, is_well: bool) {
        let mut read = Vec::new();
        loop {
            while let Some((id, length)) = whole(&read) {
                read.drain(..length);
                self.got.borrow_mut().insert(id);
                if is_well {
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                    if stream.write_all(answer).await.is_err() {
                        return;
                    }
                }
            }
            if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
                return;
            }
        }
    }
}

/// The message's id and the length of a request, once all of it is there.
fn whole(read: &[u8]) -> Option<(String, usize)> {
    let end = read.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&read[..end]).ok()?;
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned())
    };
    let length = end + header("content-length")?.parse::<usize>().ok()?;
    (read.len() >= length).then_some((header("webhook-id")?, length))
}
