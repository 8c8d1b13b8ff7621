//! Letters by KS `SvarUt`. What is handed over by hand goes to the folder, as all does where `SvarUt` is not connected.

use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::channel::{Carrier, Carrying, FileDrop, Parcel};
use super::model::Channel;
use crate::outbox::Undelivered;
use crate::registers::{Dispatch, RegisterFault, Shipment};

/// Hands letters to `SvarUt`.
#[derive(Debug)]
pub struct SvarUt {
    dispatch: Dispatch,
    by_hand: FileDrop,
}

impl SvarUt {
    /// Hands letters to `SvarUt`, and those that go from hand to hand to this folder.
    #[must_use]
    pub const fn new(dispatch: Dispatch, by_hand: FileDrop) -> Self {
        Self { dispatch, by_hand }
    }
}

impl Carrier for SvarUt {
    fn patience(&self) -> Duration {
        self.dispatch.patience()
    }

    fn goes_by_national_id(&self) -> bool {
        true
    }

    fn carry(&self, parcel: Parcel) -> Carrying<'_> {
        if parcel.channel == Channel::InPerson {
            return self.by_hand.carry(parcel);
        }
        Box::pin(async move {
            let shipment = shipment(&parcel);
            let sent = self.dispatch.send(&shipment, &parcel.correlation);
            sent.await.map(Some).map_err(undelivered)
        })
    }
}

fn shipment(parcel: &Parcel) -> Shipment {
    let line = |place: usize| parcel.recipient.get(place).cloned().unwrap_or_default();
    let place = line(2);
    let (postal_code, postal_place) = place.split_once(' ').unwrap_or_default();
    let national_id = parcel.national_id.as_ref();
    Shipment {
        national_id: national_id.map(|it| it.expose_secret().to_owned()),
        name: line(0),
        street: line(1),
        postal_code: postal_code.to_owned(),
        postal_place: postal_place.to_owned(),
        title: parcel.title.clone(),
        is_digital_only: line(1).is_empty(),
        reference: parcel.letter_id.to_string(),
        documents: vec![(format!("{}.pdf", parcel.letter_id), parcel.pdf.clone())],
    }
}

/// What surely did not arrive is tried again. What may have arrived is not sent twice by itself: it comes back to whoever sent it.
fn undelivered(fault: RegisterFault) -> Undelivered {
    match fault {
        RegisterFault::NotConnected
        | RegisterFault::Down
        | RegisterFault::Unreached
        // The account, or its owner, is not known: for whoever runs the service to mend.
        | RegisterFault::Unknown
        | RegisterFault::Status(401 | 403 | 429 | 503) => Undelivered::down("svarut_down"),
        RegisterFault::Status(400..500) => Undelivered::never("svarut_refused"),
        RegisterFault::NoAnswer
        | RegisterFault::Status(_)
        | RegisterFault::Nonsense
        | RegisterFault::TooLong => Undelivered::never("svarut_unclear"),
    }
}
