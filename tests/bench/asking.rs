//! A signed-in auditor who asks one thing after the other.

use std::time::{Duration, Instant};

use rettbolig::ids::ApplicationId;

use crate::load::{Connection, request};
use crate::report::ms;
use crate::tell_only;

/// A signed-in auditor's connection.
pub(crate) struct Asking {
    pub(crate) connection: Connection,
    pub(crate) header: String,
}

impl Asking {
    pub(crate) async fn ask(&mut self, path: &str) -> String {
        let asked = request("GET", path, &self.header, "");
        let (status, body) = self.connection.ask(&asked).await;
        let text = String::from_utf8_lossy(body).into_owned();
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// What the slowest hundredth of these takes, one after the other.
    pub(crate) async fn p99(&mut self, paths: impl Iterator<Item = String>) -> Duration {
        let mut took = Vec::new();
        for path in paths {
            let begun = Instant::now();
            self.ask(&path).await;
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        took[took.len() * 99 / 100]
    }

    /// What auditors ask besides.
    pub(crate) async fn questions(&mut self, cases: &[ApplicationId]) {
        let case = cases[cases.len() / 2];
        for question in [
            format!("applicationId={case}"),
            "mark=OVERRIDE".to_owned(),
            "mark=DEVIATION&role=CASEWORKER".to_owned(),
            "kind=REFUSED".to_owned(),
            "action=decision.approved".to_owned(),
            "role=STATISTICIAN".to_owned(),
            "action=bench.case&from=2099-01-01T00:00:00Z".to_owned(),
            "from=2099-01-01T00:00:00Z&until=2099-02-01T00:00:00Z".to_owned(),
        ] {
            let path = format!("/audit/entries?{question}");
            let took = self.p99(std::iter::repeat_n(path, 50)).await;
            let shown = question.replace(&case.to_string(), "…");
            tell_only(&format!("`{shown}`, p99"), &format!("{} ms", ms(took)));
        }
    }
}
