//! Asks how far letters have come: `SvarUt` climbs its ladder of states, and the archive sends receipts, of what came in too.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::acts;
use super::filing;
use super::lifecycle::LetterState;
use super::model::{FiledDocument, ProofOfReceipt};
use super::notices;
use super::way_store::{self, Asked, FilingRow, ShipmentRow};
use super::writing::entry_of;
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::http::must_be_current;
use crate::ids::{Id, MunicipalityId};
use crate::municipality;
use crate::problem::Problem;
use crate::registers::{ArchiveReceipt, DispatchState, RegisterFault, Registers, Rounds};

/// Follows letters on their way.
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Tracking {
    db: Db,
    registers: Registers,
}

impl Tracking {
    /// With the registers and the database of this service.
    #[must_use]
    pub const fn new(db: Db, registers: Registers) -> Self {
        Self { db, registers }
    }

    /// Begins to ask, with this pause between the rounds, until told to stop.
    #[must_use]
    pub fn start(self, pause: Duration) -> Rounds {
        let tracking = Rc::new(self);
        Rounds::start(pause, move || {
            let tracking = Rc::clone(&tracking);
            async move {
                if let Err(problem) = tracking.ask().await {
                    let (code, cause) = (problem.kind.code, problem.cause);
                    tracing::warn!(code, cause, "letters could not be followed");
                }
            }
        })
    }

    /// Asks about every letter of which more is to be told, once.
    pub async fn ask(&self) -> Result<(), Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        for (id, _) in self.db.read(&nobody, municipality::all).await? {
            let caller = Arc::new(Caller::system(id));
            self.ask_of_shipments(&caller).await?;
            self.ask_of_filings(&caller).await?;
        }
        Ok(())
    }

    async fn ask_of_shipments(&self, caller: &Arc<Caller>) -> Result<(), Problem> {
        let Ok(dispatch) = self.registers.dispatch() else {
            return Ok(());
        };
        let under_way = self.db.read(caller, way_store::shipments_under_way);
        for shipment in under_way.await? {
            let told = dispatch.state(&shipment.reference, &caller.correlation);
            match told.await {
                Ok(told) if told.or_later(shipment.state) != shipment.state => {
                    let asked = Asked::Shipment(shipment.clone());
                    let learn = move |tx: &mut Tx<'_>| learn(tx, &shipment, told);
                    let learnt = self.db.write(caller, learn).await;
                    self.go_on(caller, learnt, asked).await?;
                }
                Ok(_) | Err(RegisterFault::Unknown | RegisterFault::Nonsense) => {
                    let asked = Asked::Shipment(shipment);
                    self.db.keep_books(caller.municipality, asked).await?;
                }
                // It is down: the rest is asked about in the next round.
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// What cannot follow from an answer, because the decision was replaced for example, is no reason not to ask about the others.
    async fn go_on(
        &self,
        caller: &Caller,
        learnt: Result<(), Problem>,
        asked: Asked,
    ) -> Result<(), Problem> {
        match learnt {
            Err(problem) if !problem.is_fault() => {
                tracing::warn!(
                    code = problem.kind.code,
                    "what was told of a letter was not taken up"
                );
                self.db.keep_books(caller.municipality, asked).await
            }
            learnt => learnt,
        }
    }

    async fn ask_of_filings(&self, caller: &Arc<Caller>) -> Result<(), Problem> {
        let Ok(archive) = self.registers.archive() else {
            return Ok(());
        };
        let under_way = self.db.read(caller, way_store::filings_under_way);
        for filing in under_way.await? {
            let id = filing.document_id.to_string();
            let told = archive.receipt(&id, &caller.correlation).await;
            match told {
                Ok(told) if told != ArchiveReceipt::after([filing.state]) => {
                    let asked = Asked::Filing(filing.clone());
                    let learn = move |tx: &mut Tx<'_>| learn_filed(tx, &filing, told);
                    let learnt = self.db.write(caller, learn).await;
                    self.go_on(caller, learnt, asked).await?;
                }
                Ok(_) | Err(RegisterFault::Unknown | RegisterFault::Nonsense) => {
                    let asked = Asked::Filing(filing);
                    self.db.keep_books(caller.municipality, asked).await?;
                }
                Err(_) => break,
            }
        }
        Ok(())
    }
}

/// Writes down how far a letter has come, and what follows.
fn learn(tx: &mut Tx<'_>, of: &ShipmentRow, told: DispatchState) -> Result<(), Problem> {
    let known = told.or_later(of.state);
    must_be_current(way_store::set_shipment(tx, of, known)?)?;
    let letter = acts::load(tx, of.letter_id)?;
    tx.record(entry_of("letter.way_told", &letter).fact("shipment", known.code()));
    if letter.state != LetterState::Sent {
        // By another way it came further already.
        return Ok(());
    }
    let now = tx.now();
    match known {
        DispatchState::Read => {
            notices::prove(tx, &letter, now, ProofOfReceipt::ReadDigitally)?;
        }
        DispatchState::Delivered => {
            notices::prove(tx, &letter, now, ProofOfReceipt::DeliveredDigitally)?;
        }
        DispatchState::Rejected | DispatchState::NotDelivered => {
            acts::send_back(tx, &letter)?;
        }
        DispatchState::Received
        | DispatchState::Accepted
        | DispatchState::OnItsWay
        | DispatchState::SentToPrint
        | DispatchState::Printed
        | DispatchState::HandledByHand => {}
    }
    Ok(())
}

/// Writes down what the archive told of a document, and what follows.
fn learn_filed(tx: &mut Tx<'_>, of: &FilingRow, told: ArchiveReceipt) -> Result<(), Problem> {
    let known = ArchiveReceipt::after([of.state, told]);
    must_be_current(way_store::set_filing(tx, of, known)?)?;
    let is_refused = known == ArchiveReceipt::Refused;
    if of.document != FiledDocument::Letter {
        let (case, document) = (of.application_id, of.document);
        let entry = filing::entry_of_incoming("incoming.filing_told", case, document);
        tx.record(entry.fact("filing", known.code()));
        if is_refused {
            filing::ask_to_file_incoming(tx, case, document)?;
        }
        return Ok(());
    }
    let letter = acts::load(tx, Id::from_uuid(of.document_id.uuid()))?;
    tx.record(entry_of("letter.filing_told", &letter).fact("filing", known.code()));
    if is_refused {
        filing::ask_to_file(tx, letter.id)?;
    }
    Ok(())
}
