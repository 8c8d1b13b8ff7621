//! Records to the archive by KS Fiks Arkiv: an `arkivmelding` (Noark 5) out, receipts back, in whatever order and number they come.

use reqwest::Method;
use serde::Deserialize;

use super::fault::RegisterFault;
use super::line::Line;
use crate::codes;
use crate::correlation::Correlation;

codes! {
    /// What the archive has told of a message.
    pub enum ArchiveReceipt {
        /// Nothing yet.
        None = "NONE",
        /// "Mottatt": it has it.
        Received = "RECEIVED",
        /// "Kvittering": it is archived.
        Archived = "ARCHIVED",
        /// "Feilmelding": it will not be archived so.
        Refused = "REFUSED",
    }
}

impl ArchiveReceipt {
    fn of(kind: &str) -> Option<Self> {
        if kind.starts_with("no.ks.fiks.arkiv.v1.feilmelding.") {
            return Some(Self::Refused);
        }
        match kind {
            "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.mottatt" => Some(Self::Received),
            "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.kvittering" => {
                Some(Self::Archived)
            }
            _ => None,
        }
    }

    /// Whether nothing more will be told of it.
    #[must_use]
    pub const fn is_last(self) -> bool {
        matches!(self, Self::Archived | Self::Refused)
    }

    /// What is known after all these receipts: once archived it is archived, whatever else comes.
    #[must_use]
    pub fn after(receipts: impl IntoIterator<Item = Self>) -> Self {
        receipts
            .into_iter()
            .fold(Self::None, |known, told| match (known, told) {
                (Self::Archived, _) | (_, Self::Archived) => Self::Archived,
                (Self::Refused, _) | (_, Self::Refused) => Self::Refused,
                (Self::Received, _) | (_, Self::Received) => Self::Received,
                (Self::None, Self::None) => Self::None,
            })
    }
}

/// The port to the archive.
#[derive(Debug, Clone)]
pub struct Archive(Line);

/// A record to be archived.
#[derive(Clone)]
pub struct JournalEntry {
    /// By which the archive knows what it has got already: the same whenever it is sent.
    pub client_message_id: String,
    /// The case, as this service knows it.
    pub case_reference: String,
    /// What outsiders may read.
    pub public_title: String,
    /// Noark's kind: I for what came in, U for what goes out, X for what stays.
    pub kind: char,
    /// Name and content of the document.
    pub document: (String, Vec<u8>),
}

impl std::fmt::Debug for JournalEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JournalEntry({})", self.client_message_id)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    meldingstype: String,
}

#[derive(Deserialize)]
struct Sent {
    status: String,
}

impl Archive {
    /// Over this line.
    #[must_use]
    pub const fn new(line: Line) -> Self {
        Self(line)
    }

    /// Hands a record over. The archive knows by its id whether it has got it before, so it may be sent again.
    pub async fn send(
        &self,
        entry: &JournalEntry,
        correlation: &Correlation,
    ) -> Result<(), RegisterFault> {
        let message = arkivmelding(entry);
        let fill = |request: reqwest::RequestBuilder| {
            let form = reqwest::multipart::Form::new()
                .text("klientMeldingId", entry.client_message_id.clone())
                .text(
                    "meldingstype",
                    "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett",
                )
                .part(
                    "arkivmelding.xml",
                    reqwest::multipart::Part::text(message.clone()).file_name("arkivmelding.xml"),
                )
                .part(
                    "dokument",
                    reqwest::multipart::Part::bytes(entry.document.1.clone())
                        .file_name(entry.document.0.clone()),
                );
            request.multipart(form)
        };
        let sent: Sent = self
            .0
            .ask(Method::POST, "/fiks-io/api/v1/send", correlation, fill)
            .await?;
        if sent.status == "MOTTATT" {
            Ok(())
        } else {
            Err(RegisterFault::Nonsense)
        }
    }

    /// What the archive has told of a message until now.
    pub async fn receipt(
        &self,
        client_message_id: &str,
        correlation: &Correlation,
    ) -> Result<ArchiveReceipt, RegisterFault> {
        let path = format!("/fiks-io/api/v1/mottak/{client_message_id}");
        let told: Vec<Message> = self.0.ask(Method::GET, &path, correlation, |it| it).await?;
        let receipts = told
            .iter()
            .map(|it| ArchiveReceipt::of(&it.meldingstype).ok_or(RegisterFault::Nonsense));
        Ok(ArchiveReceipt::after(
            receipts.collect::<Result<Vec<_>, _>>()?,
        ))
    }
}

/// The message by the schema `arkivmelding` of Fiks Arkiv, version 1.
fn arkivmelding(entry: &JournalEntry) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<arkivmelding xmlns="https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/v1">
  <system>rettbolig</system>
  <antallFiler>1</antallFiler>
  <registrering>
    <journalpost>
      <referanseForelderMappe><referanseEksternNoekkel><fagsystem>rettbolig</fagsystem><noekkel>{case}</noekkel></referanseEksternNoekkel></referanseForelderMappe>
      <offentligTittel>{title}</offentligTittel>
      <journalposttype><kodeProperty>{kind}</kodeProperty></journalposttype>
      <journalstatus><kodeProperty>F</kodeProperty></journalstatus>
      <dokumentbeskrivelse>
        <dokumentstatus><kodeProperty>F</kodeProperty></dokumentstatus>
        <dokumentobjekt><variantformat><kodeProperty>A</kodeProperty></variantformat><filnavn>{file}</filnavn></dokumentobjekt>
      </dokumentbeskrivelse>
    </journalpost>
  </registrering>
</arkivmelding>"#,
        case = escaped(&entry.case_reference),
        title = escaped(&entry.public_title),
        kind = entry.kind,
        file = escaped(&entry.document.0),
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            it if it.is_control() => {}
            it => safe.push(it),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::ArchiveReceipt::{Archived, None, Received, Refused};
    use super::*;

    #[test]
    fn receipts_may_come_in_any_order_and_twice() {
        assert_eq!(ArchiveReceipt::after([]), None);
        assert_eq!(ArchiveReceipt::after([Received, Received]), Received);
        assert_eq!(ArchiveReceipt::after([Archived, Received]), Archived);
        assert_eq!(ArchiveReceipt::after([Received, Refused]), Refused);
        assert_eq!(ArchiveReceipt::after([Refused, Archived]), Archived);
    }

    #[test]
    fn a_title_cannot_break_the_message() {
        let entry = JournalEntry {
            client_message_id: "1".into(),
            case_reference: "2026/1".into(),
            public_title: "</offentligTittel><x> & \"y\"\u{0}".into(),
            kind: 'U',
            document: ("vedtak.pdf".into(), Vec::new()),
        };
        let message = arkivmelding(&entry);
        assert!(message.contains("&lt;/offentligTittel&gt;&lt;x&gt; &amp; &quot;y&quot;<"));
        assert_eq!(message.matches("</offentligTittel>").count(), 1);
    }
}
