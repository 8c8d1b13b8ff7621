//! A closed loop of connections that costs little itself, since it shares the cores with what it measures.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use crate::process::Service;

const WARM_UP: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(5);

/// Makes the next request for a caller with this token, or none when there is nothing left to ask.
pub(crate) type Next = Rc<dyn Fn(&str) -> Option<String>>;

/// What was measured.
pub(crate) struct Outcome {
    pub(crate) elapsed: Duration,
    /// The service's CPU time.
    pub(crate) cpu: Duration,
    /// How long each answer took, in order of length.
    latencies: Vec<Duration>,
    /// Answers of another kind than expected.
    pub(crate) unexpected: usize,
}

impl Outcome {
    /// How many requests were answered as expected.
    pub(crate) fn count(&self) -> usize {
        self.latencies.len()
    }

    /// The latency that this share of the answers stayed below, in thousandths.
    pub(crate) fn quantile(&self, thousandths: usize) -> Duration {
        let place = self.latencies.len() * thousandths / 1000;
        self.latencies.get(place).copied().unwrap_or_default()
    }
}

/// What all connections of one run share.
struct Run {
    /// When requests begin to count; none while warming up.
    counts_from: Cell<Option<Instant>>,
    is_over: Cell<bool>,
    latencies: RefCell<Vec<Duration>>,
    unexpected: Cell<usize>,
}

/// Asks over one connection for each token, again and again: first to warm up, then measured.
pub(crate) async fn measure(
    service: &Service,
    tokens: &[String],
    status: u16,
    next: Next,
) -> Outcome {
    let run = Rc::new(Run {
        counts_from: Cell::new(None),
        is_over: Cell::new(false),
        latencies: RefCell::new(Vec::with_capacity(1 << 18)),
        unexpected: Cell::new(0),
    });
    let mut loops = Vec::with_capacity(tokens.len());
    for token in tokens {
        let connection = Connection::open(service.address).await;
        let (run, token, next) = (Rc::clone(&run), token.clone(), Rc::clone(&next));
        loops.push(tokio::task::spawn_local(ask_on(
            connection, run, token, status, next,
        )));
    }
    tokio::time::sleep(WARM_UP).await;
    let (cpu, begun) = (service.cpu(), Instant::now());
    run.counts_from.set(Some(begun));
    let deadline = begun + MEASURED;
    // It also ends when every loop has run out of things to ask.
    while Instant::now() < deadline && !loops.iter().all(tokio::task::JoinHandle::is_finished) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (cpu, elapsed) = (service.cpu().saturating_sub(cpu), begun.elapsed());
    run.is_over.set(true);
    for each in loops {
        each.await.unwrap();
    }
    let mut latencies = run.latencies.take();
    latencies.sort_unstable();
    Outcome {
        elapsed,
        cpu,
        latencies,
        unexpected: run.unexpected.get(),
    }
}

async fn ask_on(mut connection: Connection, run: Rc<Run>, token: String, status: u16, next: Next) {
    while let (false, Some(request)) = (run.is_over.get(), next(&token)) {
        let asked = Instant::now();
        let answered = connection.ask(&request).await.0;
        let counts = run.counts_from.get().is_some_and(|from| asked >= from);
        if answered != status {
            run.unexpected.set(run.unexpected.get() + 1);
        } else if counts && !run.is_over.get() {
            run.latencies.borrow_mut().push(asked.elapsed());
        }
    }
}

/// Asks each of these requests once, over so many connections, and returns the answers in any order.
pub(crate) async fn ask_all(
    address: SocketAddr,
    connections: usize,
    requests: Vec<String>,
) -> Vec<Value> {
    let (waiting, answers) = (Rc::new(RefCell::new(requests)), Rc::new(RefCell::default()));
    let loops = (0..connections).map(|_| {
        let (waiting, answers) = (Rc::clone(&waiting), Rc::clone(&answers));
        tokio::task::spawn_local(async move {
            let mut connection = Connection::open(address).await;
            let take = || waiting.borrow_mut().pop();
            while let Some(request) = take() {
                let answer = connection.ask_json(&request).await;
                RefCell::<Vec<Value>>::borrow_mut(&answers).push(answer);
            }
        })
    });
    for each in loops.collect::<Vec<_>>() {
        each.await.unwrap();
    }
    answers.take()
}

/// Runs everything on one thread: the load generator may not take a core of its own.
pub(crate) fn on_one_thread<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, work)
}

/// A request with or without a JSON body, as it travels.
pub(crate) fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: bench\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// The header by which a signed-in caller is known.
pub(crate) fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// A connection that is kept alive: just enough HTTP for what the service answers.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let received = Vec::with_capacity(1 << 14);
        Self { stream, received }
    }

    /// Status and body of the answer.
    pub(crate) async fn ask(&mut self, request: &str) -> (u16, &[u8]) {
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.received.clear();
        loop {
            let read = self.stream.read_buf(&mut self.received).await.unwrap();
            assert_ne!(read, 0, "the service closed the connection");
            if let Some((status, body)) = find_end(&self.received) {
                return (status, &self.received[body..]);
            }
        }
    }

    /// The body of an answer that tells success.
    pub(crate) async fn ask_json(&mut self, request: &str) -> Value {
        let (status, body) = self.ask(request).await;
        let text = String::from_utf8_lossy(body);
        assert!((200..300).contains(&status), "{status}: {text}");
        serde_json::from_slice(body).unwrap()
    }
}

/// The status, and where the body begins, once all of the answer is there.
fn find_end(received: &[u8]) -> Option<(u16, usize)> {
    let head = received.windows(4).position(|end| end == b"\r\n\r\n")?;
    let body = head + 4;
    let head = std::str::from_utf8(&received[..head]).unwrap();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let status = head.split(' ').nth(1)?.parse().unwrap();
    (received.len() >= body + length).then_some((status, body))
}
