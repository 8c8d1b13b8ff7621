//! The registers and services that others keep: the population register, cadastre, income, contact, letters and archive.
//!
//! **Invariants.** Each has a port of its own in the words of this house; behind it an adapter written to the public contract. A call is bounded in
//! time and size, is tried again only where that does no harm, and is not made while the register is known to be down ([`Breaker`]).
//! Whatever a register answers that is not its contract is a fault of the register, never one of ours, and the work goes on by hand. National ids
//! travel in bodies. What registers tell later is asked for in [`Rounds`]. No transaction is open while a register is asked; who asks puts on record of whom, and for what.
//!
//! **Not here.** What follows from an answer; the slices know.

mod archive;
mod breaker;
mod cadastre;
mod contacts;
mod dispatch;
mod fake;
mod fault;
mod income;
mod line;
mod options;
mod population;
mod rounds;
mod settings;
mod token;

pub use archive::{Archive, ArchiveReceipt, JournalEntry};
pub use breaker::Breaker;
pub use cadastre::{Cadastre, Unit};
pub use contacts::{ContactInfo, Contacts, PreferredLanguage};
pub use dispatch::{Dispatch, DispatchState, Shipment};
pub use fake::{Fake, MadeUp, Mood};
pub use fault::{Refusal, RegisterFault};
pub use income::{Income, IncomeYear};
pub use line::Line;
pub use options::RegisterOptions;
pub use population::{Death, EventKind, Grade, Population, RegisterEvent, RegisteredPerson};
pub use rounds::Rounds;
pub use settings::{BadRegister, Integration, RegisterAddress, Registers};
pub use token::{Grantee, TokenSource};
