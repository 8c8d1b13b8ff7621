//! Brings letters from the outbox to their carrier.

use std::sync::Arc;

use super::acts;
use super::channel::{Carrier, Parcel};
use super::rules::Refusal;
use super::writing;
use crate::auth::Caller;
use crate::db::Db;
use crate::ids::LetterId;
use crate::outbox::{Deliverer, Delivering, Message, Topic, Undelivered};
use crate::problem::Problem;

/// Delivers the letters of the outbox.
#[derive(Debug)]
pub struct LetterDelivery {
    carrier: Box<dyn Carrier>,
}

impl LetterDelivery {
    /// Delivers to this carrier.
    #[must_use]
    pub fn new(carrier: impl Carrier + 'static) -> Self {
        Self {
            carrier: Box::new(carrier),
        }
    }

    async fn bring(&self, db: &Db, message: &Message) -> Result<(), Undelivered> {
        let letter: LetterId = message.reference();
        let caller = Arc::new(Caller::system(message.municipality_id));
        let read = db.read(&caller, move |tx| {
            let Some((letter, set)) = acts::parcel(tx, letter)? else {
                return Ok(None);
            };
            let (_, pdf_sha256) = writing::checksums(tx, letter.id)?;
            Ok(Some(Parcel {
                letter_id: letter.id,
                municipality_id: letter.municipality_id,
                application_id: letter.application_id,
                kind: letter.kind,
                channel: letter.channel.unwrap_or(super::model::Channel::Digital),
                language: letter.language.tag(),
                recipient_role: letter.recipient_role,
                pdf_sha256,
                pdf: set.pdf()?,
                title: set.title,
                recipient: set.recipient,
                html: set.html,
            }))
        });
        let Some(parcel) = read.await.map_err(hidden)? else {
            return Ok(());
        };
        self.carrier.carry(parcel).await?;
        let sent = db.write(&caller, move |tx| acts::mark_sent(tx, letter));
        Ok(sent.await?)
    }
}

/// A letter that would show where somebody lives whose address is protected now never leaves.
fn hidden(problem: Problem) -> Undelivered {
    if problem.kind == Refusal::AddressHidden.kind() || problem.kind == Refusal::NoAddress.kind() {
        return Undelivered::never(problem.kind.code);
    }
    problem.into()
}

impl Deliverer for LetterDelivery {
    fn topic(&self) -> Topic {
        Topic::Letter
    }

    fn deliver<'d>(&'d self, db: &'d Db, message: &'d Message) -> Delivering<'d> {
        Box::pin(self.bring(db, message))
    }
}
