//! The way to one register: time, size, another try, and whether it is down.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method, RequestBuilder, Url};
use serde::de::DeserializeOwned;

use super::breaker::Breaker;
use super::fault::RegisterFault;
use super::token::TokenSource;
use crate::correlation::Correlation;
use crate::outward::{self, Unread};

/// How long a register may take to answer a question.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Tries of what does no harm when it is done twice.
const TRIES: u32 = 2;

/// The way to one register. Cheap to clone; all clones know whether it is down.
#[derive(Clone)]
pub struct Line(Arc<Inner>);

struct Inner {
    name: &'static str,
    base: Url,
    client: Client,
    headers: HeaderMap,
    token: Option<TokenSource>,
    breaker: Mutex<Breaker>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({})", self.0.name)
    }
}

/// What a register answered, whole.
struct Answered {
    content_type: String,
    bytes: Vec<u8>,
}

impl Answered {
    /// The answer as JSON of this form; anything else is nonsense, such as a page of HTML from something in between.
    fn json<T: DeserializeOwned>(&self) -> Result<T, RegisterFault> {
        if !self.content_type.contains("json") {
            return Err(RegisterFault::Nonsense);
        }
        serde_json::from_slice(&self.bytes).map_err(|_| RegisterFault::Nonsense)
    }
}

impl Line {
    /// The way to the register at this address.
    pub fn new(
        name: &'static str,
        base: Url,
        headers: HeaderMap,
        token: Option<TokenSource>,
        patience: Option<Duration>,
    ) -> reqwest::Result<Self> {
        Ok(Self(Arc::new(Inner {
            name,
            base,
            client: outward::builder(patience.unwrap_or(PATIENCE)).build()?,
            headers,
            token,
            breaker: Mutex::default(),
        })))
    }

    /// Its name, for those who are told that it is down.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// Whether it counts as down.
    #[must_use]
    pub fn is_down(&self) -> bool {
        self.breaker(|breaker| breaker.is_down())
    }

    /// Asks something that does no harm when it is asked twice.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        correlation: &Correlation,
        fill: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<T, RegisterFault> {
        let mut tries = 1;
        loop {
            let asked = self.once(method.clone(), path, correlation, &fill).await;
            let again = matches!(
                asked,
                Err(RegisterFault::Unreached
                    | RegisterFault::NoAnswer
                    | RegisterFault::Status(502..=504))
            );
            if !again || tries == TRIES {
                return asked;
            }
            tries += 1;
            let jitter = getrandom::u32().unwrap_or(0) % 100;
            tokio::time::sleep(Duration::from_millis(u64::from(50 + jitter))).await;
        }
    }

    /// Does something once; whether to try again is for whoever asked to know.
    pub(super) async fn once<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        correlation: &Correlation,
        fill: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<T, RegisterFault> {
        if !self.breaker(|breaker| breaker.lets_through(Instant::now())) {
            return Err(RegisterFault::Down);
        }
        let begun = Instant::now();
        let answered = self.send(method, path, correlation, fill).await;
        let answered = answered.and_then(|it| it.json());
        let name = self.0.name;
        metrics::histogram!("register_seconds", "register" => name)
            .record(begun.elapsed().as_secs_f64());
        match &answered {
            Err(fault) if fault.is_of_register() => {
                metrics::counter!("register_faults_total", "register" => name).increment(1);
                tracing::warn!(register = name, %fault, "a register did not answer as it should");
                self.breaker(|breaker| breaker.failed(Instant::now()));
            }
            _ => self.breaker(Breaker::succeeded),
        }
        answered
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        correlation: &Correlation,
        fill: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answered, RegisterFault> {
        let inner = &self.0;
        // The address may end within a path, as that of a rights package does.
        let url = format!("{}{path}", inner.base.as_str().trim_end_matches('/'));
        let mut request = inner
            .client
            .request(method, url)
            .headers(inner.headers.clone())
            .header("Nav-Call-Id", correlation.as_str())
            .header("X-Correlation-ID", correlation.as_str());
        if let Some(token) = &inner.token {
            request = request.bearer_auth(token.get().await?);
        }
        let response = fill(request).send().await.map_err(|error| {
            if error.is_connect() {
                RegisterFault::Unreached
            } else {
                RegisterFault::NoAnswer
            }
        })?;
        let status = response.status().as_u16();
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes =
            outward::read(response, ANSWER_BYTES_MAX)
                .await
                .map_err(|unread| match unread {
                    Unread::TooLong => RegisterFault::TooLong,
                    Unread::CutOff => RegisterFault::NoAnswer,
                })?;
        match status {
            200..300 => Ok(Answered {
                content_type,
                bytes,
            }),
            404 => Err(RegisterFault::Unknown),
            status => Err(RegisterFault::Status(status)),
        }
    }

    fn breaker<T>(&self, look: impl FnOnce(&mut Breaker) -> T) -> T {
        look(
            &mut self
                .0
                .breaker
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}
