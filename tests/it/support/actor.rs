//! Somebody who calls the service, and what is answered.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use uuid::Uuid;

use super::town::Town;

/// Somebody who calls the service.
#[derive(Clone)]
pub(crate) struct Actor {
    base: String,
    http: reqwest::Client,
    pub(crate) token: Option<String>,
}

impl Actor {
    pub(crate) fn new(town: &Town, token: Option<String>) -> Self {
        Self {
            base: town.address.clone(),
            http: town.http.clone(),
            token,
        }
    }

    /// Somebody who calls a service at this address.
    pub(crate) fn at(address: &str, token: Option<String>) -> Self {
        Self {
            base: address.to_owned(),
            http: reqwest::Client::new(),
            token,
        }
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Creates or asks, under a fresh idempotency key.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_once(path, &Uuid::now_v7().to_string(), body)
            .await
    }

    /// Creates under this idempotency key.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("Idempotency-Key", key);
        self.send(request.json(body)).await
    }

    /// Acts on what was seen at this version, under a fresh idempotency key.
    pub(crate) async fn act(&self, path: &str, version: i64, body: &Value) -> Answer {
        self.act_once(path, version, &Uuid::now_v7().to_string(), body)
            .await
    }

    /// Acts on what was seen at this version, under this idempotency key.
    pub(crate) async fn act_once(
        &self,
        path: &str,
        version: i64,
        key: &str,
        body: &Value,
    ) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("Idempotency-Key", key);
        self.send(
            request
                .header("If-Match", format!("\"{version}\""))
                .json(body),
        )
        .await
    }

    /// Replaces what was seen at this version.
    pub(crate) async fn put(&self, path: &str, version: i64, body: &Value) -> Answer {
        let request = self
            .request(Method::PUT, path)
            .header("If-Match", format!("\"{version}\""));
        self.send(request.json(body)).await
    }

    /// A request to be made by hand; the path is below `/api/v1` unless it is one of the service's own.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let own = ["/isalive", "/isready", "/metrics", "/docs", "/openapi.json"];
        let prefix = if own.iter().any(|it| path.starts_with(it)) {
            ""
        } else {
            "/api/v1"
        };
        let request = self
            .http
            .request(method, format!("{}{prefix}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends it.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer {
            status,
            headers,
            body,
            text,
        }
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    /// It went well.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(
            (200..300).contains(&self.status),
            "{} {}",
            self.status,
            self.text
        );
        self
    }

    /// It was refused with this status and code, as a problem.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        self
    }

    /// It was refused because of exactly these fields: pointers and codes.
    #[track_caller]
    pub(crate) fn faults(self, expected: &[(&str, &str)]) -> Self {
        let mut faults: Vec<(&str, &str)> = self.body["errors"]
            .as_array()
            .map(|errors| {
                errors
                    .iter()
                    .map(|e| (text(&e["pointer"]), text(&e["code"])))
                    .collect()
            })
            .unwrap_or_default();
        faults.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(faults, expected, "{}", self.text);
        assert_eq!(self.status, 400);
        self
    }

    /// The problem's code.
    pub(crate) fn code(&self) -> &str {
        text(&self.body["code"])
    }

    /// The id of what was answered.
    #[track_caller]
    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().expect("an id").to_owned()
    }

    /// The version in the entity tag.
    #[track_caller]
    pub(crate) fn version(&self) -> i64 {
        self.header("etag")
            .expect("an ETag")
            .trim_matches('"')
            .parse()
            .unwrap()
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The items of a page.
    pub(crate) fn items(&self) -> &[Value] {
        self.body["items"].as_array().map_or(&[], Vec::as_slice)
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
