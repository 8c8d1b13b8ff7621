//! A signed-in auditor who asks one thing after the other.

use std::time::{Duration, Instant};

use rettbolig::ids::ApplicationId;

use crate::load::{Connection, request};
use crate::report::ms;
use crate::{tell, tell_only};

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

    /// Tells what the half and the slowest hundredth of these take, one after the other.
    pub(crate) async fn tell_times(&mut self, what: &str, paths: impl Iterator<Item = String>) {
        let [half, p99] = self.times(paths).await;
        tell(
            &format!("{what}, p50 and p99"),
            &format!("{} and {} ms", ms(half), ms(p99)),
            "5 ms",
            p99 <= Duration::from_millis(5),
        );
    }

    /// What the half of these takes at most, and all but the slowest hundredth.
    async fn times(&mut self, paths: impl Iterator<Item = String>) -> [Duration; 2] {
        let mut took = Vec::new();
        for path in paths {
            let begun = Instant::now();
            self.ask(&path).await;
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        [50, 99].map(|percent| took[took.len() * percent / 100])
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
            let [_, took] = self.times(std::iter::repeat_n(path, 50)).await;
            let shown = question.replace(&case.to_string(), "…");
            tell_only(&format!("`{shown}`, p99"), &format!("{} ms", ms(took)));
        }
    }
}
