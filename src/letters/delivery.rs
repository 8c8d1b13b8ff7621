//! Brings letters from the outbox to their carrier.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::acts::{self, Taken};
use super::channel::{Carrier, Parcel};
use super::model::Channel;
use super::rules::Refusal;
use super::store::Letter;
use super::writing;
use crate::auth::Caller;
use crate::correlation::Correlation;
use crate::db::{Db, Tx};
use crate::ids::LetterId;
use crate::outbox::{Deliverer, Delivering, Message, Topic, Undelivered};
use crate::people;
use crate::problem::Problem;
use crate::registers::Registers;

/// Delivers the letters of the outbox.
#[derive(Debug)]
pub struct LetterDelivery {
    carrier: Box<dyn Carrier>,
    registers: Registers,
}

impl LetterDelivery {
    /// Delivers to this carrier.
    #[must_use]
    pub fn new(carrier: impl Carrier + 'static) -> Self {
        Self {
            carrier: Box::new(carrier),
            registers: Registers::default(),
        }
    }

    /// Asks these registers how the recipient's address is protected and whether digital letters are wanted, and files what was sent.
    #[must_use]
    pub fn with_registers(mut self, registers: Registers) -> Self {
        self.registers = registers;
        self
    }

    async fn bring(&self, db: &Db, message: &Message) -> Result<(), Undelivered> {
        let id: LetterId = message.reference();
        let correlation = Correlation::find_harmless(&message.correlation_id).unwrap_or_default();
        let caller = Arc::new(Caller {
            correlation: correlation.clone(),
            ..Caller::system(message.municipality_id)
        });
        let under_way = db.read(&caller, move |tx| acts::under_way(tx, id)).await?;
        let Some(letter) = under_way else {
            return Ok(());
        };
        let recipient = vec![letter.recipient_id];
        people::refresh_protection(db, &self.registers, &caller, recipient).await?;
        if self.must_go_on_paper(db, &caller, &letter).await? {
            let turn = db.write(&caller, move |tx| acts::turn_to_paper(tx, id));
            turn.await?;
        }
        let by_number = self.carrier.goes_by_national_id();
        let read = db.read(&caller, move |tx| parcel(tx, id, by_number));
        let Some(parcel) = read.await.map_err(held)? else {
            return Ok(());
        };
        let parcel = Parcel {
            correlation,
            ..parcel
        };
        let reference = self.carrier.carry(parcel).await?;
        let is_filed = self.registers.archive().is_ok();
        let taken = Taken {
            reference,
            is_filed,
        };
        let sent = db.write(&caller, move |tx| acts::mark_sent(tx, id, &taken));
        Ok(sent.await?)
    }

    /// Whether somebody who is to be reached digitally has said no to that, or cannot be notified (eForvaltningsforskriften §§ 8 and 9). Where
    /// the contact register does not answer, the letter goes as it was asked to: `SvarUt` prints what cannot be delivered.
    async fn must_go_on_paper(
        &self,
        db: &Db,
        caller: &Arc<Caller>,
        letter: &Letter,
    ) -> Result<bool, Problem> {
        let (Ok(contacts), Some(Channel::Digital)) = (self.registers.contacts(), letter.channel)
        else {
            return Ok(false);
        };
        let recipient = letter.recipient_id;
        let number =
            move |tx: &mut Tx<'_>| people::number_at_registers(tx, recipient, "LETTER_CHANNEL");
        let number = db.read(caller, number).await?;
        let told = contacts.of(&number, &caller.correlation).await;
        Ok(told.is_ok_and(|it| it.is_reserved || !it.can_be_notified))
    }
}

/// What is handed to the carrier, unless the letter is on its way no longer.
fn parcel(tx: &mut Tx<'_>, id: LetterId, by_number: bool) -> Result<Option<Parcel>, Problem> {
    let Some((letter, set)) = acts::parcel(tx, id)? else {
        return Ok(None);
    };
    let (_, pdf_sha256) = writing::checksums(tx, letter.id)?;
    let channel = letter.channel.unwrap_or(Channel::Digital);
    let national_id = if by_number && channel == Channel::Digital {
        let number = people::number_at_registers(tx, letter.recipient_id, "LETTER")?;
        Some(SecretString::from(number.expose_digits().to_owned()))
    } else {
        None
    };
    Ok(Some(Parcel {
        letter_id: letter.id,
        municipality_id: letter.municipality_id,
        application_id: letter.application_id,
        kind: letter.kind,
        channel,
        language: letter.language.tag(),
        recipient_role: letter.recipient_role,
        pdf_sha256,
        pdf: set.pdf()?,
        title: set.title,
        recipient: set.recipient,
        html: set.html,
        national_id,
        correlation: Correlation::default(),
    }))
}

/// A letter to somebody who has died never leaves, nor one that would show where somebody lives whose address is protected now.
fn held(problem: Problem) -> Undelivered {
    let held = [
        Refusal::AddressHidden.kind(),
        Refusal::NoAddress.kind(),
        Refusal::RecipientDied.kind(),
    ];
    if held.contains(&problem.kind) {
        return Undelivered::never(problem.kind.code);
    }
    problem.into()
}

impl Deliverer for LetterDelivery {
    fn topic(&self) -> Topic {
        Topic::Letter
    }

    fn patience(&self) -> Duration {
        self.carrier.patience()
    }

    fn deliver<'d>(&'d self, db: &'d Db, message: &'d Message) -> Delivering<'d> {
        Box::pin(self.bring(db, message))
    }

    /// What no channel takes comes back to whoever handles the case, to be sent in another way.
    fn gave_up<'d>(
        &'d self,
        db: &'d Db,
        message: &'d Message,
    ) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + 'd>> {
        let letter: LetterId = message.reference();
        let caller = Arc::new(Caller::system(message.municipality_id));
        Box::pin(async move {
            let back = db.write(&caller, move |tx| acts::give_back(tx, letter));
            back.await
        })
    }
}
