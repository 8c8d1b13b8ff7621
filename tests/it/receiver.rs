//! Somebody who is told of events: a small web server that answers as a test wants, and keeps what it got.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(name));
        found.map_or("", |it| it.1.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// A status with these further header lines, without a body.
    Status(u16, &'static str),
    /// This, byte for byte, and the end.
    Raw(Vec<u8>),
    /// Nothing, for this long.
    Hang(Duration),
}

type Answering = Arc<Mutex<Box<dyn FnMut(&Got) -> Reply + Send>>>;

/// The server.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    pub(crate) got: Arc<Mutex<Vec<Got>>>,
    answering: Answering,
}

impl Receiver {
    /// Listens on this machine and says that all is well.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            got: Arc::default(),
            answering: Arc::new(Mutex::new(Box::new(|_| Reply::Status(200, "")))),
        };
        let mine = receiver.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let receiver = mine.clone();
                actix_web::rt::spawn(async move { receiver.serve(stream).await });
            }
        });
        receiver
    }

    /// From now on this is answered.
    pub(crate) fn answers(&self, answer: impl FnMut(&Got) -> Reply + Send + 'static) {
        *self.answering.lock().unwrap() = Box::new(answer);
    }

    /// What came since this was last asked.
    pub(crate) fn take(&self) -> Vec<Got> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }

    async fn serve(&self, mut stream: TcpStream) {
        let mut read = Vec::new();
        while let Some(got) = next_request(&mut stream, &mut read).await {
            let reply = (self.answering.lock().unwrap())(&got);
            self.got.lock().unwrap().push(got);
            match reply {
                Reply::Status(status, headers) => {
                    let head = format!("HTTP/1.1 {status} x\r\n{headers}content-length: 0\r\n\r\n");
                    if stream.write_all(head.as_bytes()).await.is_err() {
                        return;
                    }
                }
                Reply::Raw(bytes) => {
                    drop(stream.write_all(&bytes).await);
                    return;
                }
                Reply::Hang(time) => {
                    actix_web::rt::time::sleep(time).await;
                    return;
                }
            }
        }
    }
}

async fn next_request(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<Got> {
    loop {
        if let Some((got, length)) = parse(read) {
            read.drain(..length);
            return Some(got);
        }
        if stream.read_buf(read).await.ok()? == 0 {
            return None;
        }
    }
}

fn parse(read: &[u8]) -> Option<(Got, usize)> {
    let end = read.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|it| it.0.eq_ignore_ascii_case("content-length"))
        .map_or(0, |it| it.1.parse().unwrap());
    let body = read.get(end..end + length)?;
    let body = String::from_utf8_lossy(body).into_owned();
    Some((
        Got {
            path,
            headers,
            body,
        },
        end + length,
    ))
}
