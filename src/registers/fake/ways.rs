//! How letters and records go their way, once they were taken.

use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use serde_json::{Value, json};

use super::{INTEGRATION, Known, text};

/// A letter that was taken.
#[derive(Debug)]
pub(super) struct Shipped {
    pub(super) said: Value,
    taken: Instant,
    /// The state that it was moved to.
    pub(super) moved_to: Option<&'static str>,
}

/// A record that was taken.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) said: String,
    taken: Instant,
    pub(super) receipts: Vec<&'static str>,
}

/// How far a letter has come so many seconds after it was taken, the last step first.
const DIGITAL: &[(u64, &str)] = &[
    (30, "LEST"),
    (10, "VARSLET"),
    (5, "AKSEPTERT"),
    (0, "MOTTATT"),
];
const ON_PAPER: &[(u64, &str)] = &[
    (30, "PRINTET"),
    (10, "SENDT_PRINT"),
    (5, "AKSEPTERT"),
    (0, "MOTTATT"),
];
/// After how long a record is archived.
const ARCHIVED_AFTER: Duration = Duration::from_secs(10);
const TAKEN: &str = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.mottatt";
const ARCHIVED: &str = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.kvittering";

/// A letter must come as its contract says: multipart, and first of all what it is.
pub(super) fn ship(known: &mut Known, request: &HttpRequest, body: &[u8]) -> Option<Value> {
    let kind = request.headers().get("content-type")?.to_str().ok()?;
    let first = String::from_utf8_lossy(body.get(..400.min(body.len()))?).into_owned();
    let is_contract =
        kind.starts_with("multipart/form-data") && first.contains("name=\"forsendelse\"");
    let integration = request.headers().get("integrasjonid")?.to_str().ok()?;
    if !is_contract || integration != INTEGRATION {
        return None;
    }
    let said = String::from_utf8_lossy(body);
    let said = said.split("\r\n\r\n").nth(1)?.split("\r\n--").next()?;
    let said = serde_json::from_str(said).ok()?;
    known.shipments.push(Shipped {
        said,
        taken: Instant::now(),
        moved_to: None,
    });
    Some(json!({"id": format!("forsendelse-{}", known.shipments.len() - 1)}))
}

pub(super) fn shipment(known: &Known, id: &str) -> Option<Value> {
    let number: usize = id.strip_prefix("forsendelse-")?.parse().ok()?;
    let shipment = known.shipments.get(number)?;
    let after = if known.moves {
        shipment.taken.elapsed()
    } else {
        Duration::ZERO
    };
    let recipient = text(&shipment.said, "/mottaker/digitalId");
    let is_digital = !recipient.is_empty() && !known.reserved.contains(recipient);
    let state = shipment
        .moved_to
        .or_else(|| state_after(after, is_digital))?;
    Some(json!({"status": state}))
}

/// Where a letter is, so long after it was taken.
fn state_after(after: Duration, is_digital: bool) -> Option<&'static str> {
    let ladder = if is_digital { DIGITAL } else { ON_PAPER };
    let reached = ladder.iter().find(|(from, _)| *from <= after.as_secs());
    reached.map(|(_, state)| *state)
}

impl Recorded {
    pub(super) fn now() -> Self {
        Self {
            said: String::new(),
            taken: Instant::now(),
            receipts: Vec::new(),
        }
    }
}

/// A record that comes twice under one id is one record.
pub(super) fn record(known: &mut Known, body: &[u8]) -> Option<Value> {
    let said = String::from_utf8_lossy(body).into_owned();
    let id = said
        .split("name=\"klientMeldingId\"")
        .nth(1)?
        .split("\r\n\r\n")
        .nth(1)?;
    let id = id.split("\r\n").next()?.to_owned();
    if !said.contains("<arkivmelding ") {
        return None;
    }
    known.records.entry(id).or_insert_with(|| Recorded {
        said,
        receipts: vec![TAKEN],
        ..Recorded::now()
    });
    Some(json!({"status": "MOTTATT"}))
}

pub(super) fn receipts(known: &Known, id: &str) -> Option<Value> {
    let record = known.records.get(id)?;
    let is_archived = known.moves && record.taken.elapsed() >= ARCHIVED_AFTER;
    let told = record
        .receipts
        .iter()
        .chain(is_archived.then_some(&ARCHIVED));
    Some(told.map(|kind| json!({"meldingstype": kind})).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_climbs_the_ladder_of_its_way() {
        let states = |is_digital| {
            [0, 5, 12, 29, 30, 900]
                .map(|seconds| state_after(Duration::from_secs(seconds), is_digital).unwrap())
        };
        let digital = ["MOTTATT", "AKSEPTERT", "VARSLET", "VARSLET", "LEST", "LEST"];
        assert_eq!(states(true), digital);
        let on_paper = [
            "MOTTATT",
            "AKSEPTERT",
            "SENDT_PRINT",
            "SENDT_PRINT",
            "PRINTET",
            "PRINTET",
        ];
        assert_eq!(states(false), on_paper);
    }
}
