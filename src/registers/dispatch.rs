//! Letters by KS `SvarUt`: digitally where that may be, on paper otherwise. Written to `SvarUt`'s REST API version 2.

use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde_json::json;

use super::fault::RegisterFault;
use super::line::Line;
use crate::codes;
use crate::correlation::Correlation;

/// How long `SvarUt` recommends to wait when large files are sent.
pub(super) const PATIENCE: Duration = Duration::from_mins(16);

codes! {
    /// Where a letter is on its way: `SvarUt`'s ladder of states.
    pub enum DispatchState {
        /// "Mottatt".
        Received = "RECEIVED",
        /// "Akseptert".
        Accepted = "ACCEPTED",
        /// "Avvist".
        Rejected = "REJECTED",
        /// "Klar for mottak", "varslet", "sendt digitalt", "sendt SDP".
        OnItsWay = "ON_ITS_WAY",
        /// "Levert SDP".
        Delivered = "DELIVERED",
        /// "Lest".
        Read = "READ",
        /// "Sendt print".
        SentToPrint = "SENT_TO_PRINT",
        /// "Printet".
        Printed = "PRINTED",
        /// "Ikke levert".
        NotDelivered = "NOT_DELIVERED",
        /// "Manuelt håndtert".
        HandledByHand = "HANDLED_BY_HAND",
    }
}

impl DispatchState {
    fn of(status: &str) -> Option<Self> {
        Some(match status {
            "MOTTATT" => Self::Received,
            "AKSEPTERT" => Self::Accepted,
            "AVVIST" => Self::Rejected,
            "KLAR_FOR_MOTTAK" | "VARSLET" | "SENDT_DIGITALT" | "SENDT_SDP" => Self::OnItsWay,
            "LEVERT_SDP" => Self::Delivered,
            "LEST" => Self::Read,
            "SENDT_PRINT" => Self::SentToPrint,
            "PRINTET" => Self::Printed,
            "IKKE_LEVERT" => Self::NotDelivered,
            "MANUELT_HANDTERT" => Self::HandledByHand,
            _ => return None,
        })
    }

    /// How far up the ladder it stands: states that arrive late or twice do not lead down again.
    #[must_use]
    pub const fn rung(self) -> u8 {
        match self {
            Self::Received => 0,
            Self::Accepted => 1,
            Self::OnItsWay => 2,
            Self::SentToPrint => 3,
            Self::Delivered | Self::Printed => 4,
            Self::Read | Self::Rejected | Self::NotDelivered | Self::HandledByHand => 5,
        }
    }

    /// Whether nothing more will be told of it.
    #[must_use]
    pub const fn is_last(self) -> bool {
        matches!(
            self,
            Self::Read | Self::Printed | Self::Rejected | Self::NotDelivered | Self::HandledByHand
        )
    }

    /// What is known after this state was told, whatever was known before.
    #[must_use]
    pub const fn or_later(self, known: Self) -> Self {
        if known.rung() > self.rung() {
            known
        } else {
            self
        }
    }
}

/// The port to `SvarUt`.
#[derive(Debug, Clone)]
pub struct Dispatch {
    line: Line,
    account: String,
}

/// A letter to be sent.
#[derive(Clone)]
pub struct Shipment {
    /// The recipient's national id, for digital delivery; none sends it on paper.
    pub national_id: Option<String>,
    /// The recipient's name.
    pub name: String,
    /// The lines of the postal address, the last one postal code and place.
    pub street: String,
    /// Four digits.
    pub postal_code: String,
    /// "Poststed".
    pub postal_place: String,
    /// The heading.
    pub title: String,
    /// Whether it must not go on paper: nobody may print where somebody with a protected address lives.
    pub is_digital_only: bool,
    /// By which `SvarUt` knows what it has got already.
    pub reference: String,
    /// File names and contents, in order.
    pub documents: Vec<(String, Vec<u8>)>,
}

impl std::fmt::Debug for Shipment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shipment({})", self.reference)
    }
}

#[derive(Deserialize)]
struct Sent {
    id: String,
}

#[derive(Deserialize)]
struct Told {
    status: String,
}

impl Dispatch {
    /// Over this line, in the name of this account.
    #[must_use]
    pub const fn new(line: Line, account: String) -> Self {
        Self { line, account }
    }

    /// How long handing a letter over may take.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        PATIENCE
    }

    /// Hands a letter over; gives `SvarUt`'s id of it. Not tried again by itself: a letter that may have arrived is not sent twice.
    pub async fn send(
        &self,
        shipment: &Shipment,
        correlation: &Correlation,
    ) -> Result<String, RegisterFault> {
        let names: Vec<_> = shipment
            .documents
            .iter()
            .map(|(name, _)| json!({"filnavn": name, "mimeType": "application/pdf"}))
            .collect();
        let metadata = json!({
            "mottaker": {
                "digitalId": shipment.national_id, "navn": shipment.name,
                "adresselinje1": shipment.street, "postnummer": shipment.postal_code,
                "poststed": shipment.postal_place,
            },
            "kunDigitalLevering": shipment.is_digital_only,
            "avgivendeSystem": "rettbolig",
            "eksternReferanse": shipment.reference,
            "tittel": shipment.title,
            "utskriftskonfigurasjon": {"utskriftMedFarger": false, "tosidig": true},
            "dokumenter": names,
        });
        let path = format!("/api/v2/kontoer/{}/forsendelser/", self.account);
        let fill = |request: reqwest::RequestBuilder| {
            let first = Part::text(metadata.to_string()).mime_str("application/json;charset=UTF-8");
            let mut form = Form::new();
            if let Ok(first) = first {
                form = form.part("forsendelse", first);
            }
            for (number, (name, content)) in shipment.documents.iter().enumerate() {
                let file = Part::bytes(content.clone()).file_name(name.clone());
                form = form.part(format!("dokument{number}"), file);
            }
            request.multipart(form)
        };
        let sent: Sent = self
            .line
            .once(Method::POST, &path, correlation, fill)
            .await?;
        Ok(sent.id)
    }

    /// Where a letter is on its way.
    pub async fn state(
        &self,
        id: &str,
        correlation: &Correlation,
    ) -> Result<DispatchState, RegisterFault> {
        let path = format!("/api/v2/kontoer/{}/forsendelser/{id}/status", self.account);
        let told: Told = self
            .line
            .ask(Method::GET, &path, correlation, |it| it)
            .await?;
        DispatchState::of(&told.status).ok_or(RegisterFault::Nonsense)
    }
}

#[cfg(test)]
mod tests {
    use super::DispatchState::{Accepted, NotDelivered, Printed, Read, Received};

    #[test]
    fn a_state_that_comes_late_or_twice_leads_nowhere() {
        assert_eq!(Received.or_later(Accepted), Accepted);
        assert_eq!(Accepted.or_later(Accepted), Accepted);
        assert_eq!(Read.or_later(Accepted), Read);
        assert_eq!(Printed.or_later(Read), Read);
        assert_eq!(NotDelivered.or_later(Printed), NotDelivered);
    }
}
