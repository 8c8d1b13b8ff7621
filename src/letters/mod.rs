//! Letters in both forms of Norwegian ("brev"): written from versioned templates, sealed, sent, and proved to have arrived.
//!
//! **Invariants.** No letter is written that lacks a part which the law demands, or that denies a right of appeal. What a letter says is
//! kept with checksums, sealed under the applicant's key, and never changed (`letter_content` only grows). A letter leaves
//! through the outbox after its transaction has committed; one that would show an address which is protected meanwhile does not
//! leave. What no channel takes, and what comes back, becomes a task. From the receipt by whoever receives letters for the party, time runs: for an appeal, and for answering an offer.
//!
//! **Templates** are text files in `templates/`, one for each kind, language and version; a version that was used is kept for ever, and
//! what may stand in it is said in [`template`] and tested in `rules`.
//!
//! **Not here.** What was decided, and why.

mod acts;
mod channel;
mod compose;
mod delivery;
mod filing;
mod font;
mod html;
mod layout;
mod lifecycle;
mod model;
mod notices;
mod pdf;
mod routes;
mod rules;
mod sheet;
mod store;
mod svarut;
mod template;
mod way;
mod way_store;
mod words;
mod writing;

pub use acts::of_case;
pub use channel::{Carrier, Carrying, FileDrop, Parcel};
pub use compose::{of_case as values_of_case, with_appeal};
pub use delivery::LetterDelivery;
pub use filing::{Filing, ask_to_file_incoming, unfiled, was_filed};
pub use lifecycle::{LETTER_MOVES, LetterMove, LetterState};
pub use model::{
    Channel, Field, FiledDocument, Language, LetterKind, Part, ProofOfReceipt, Values,
};
pub use routes::endpoints;
pub use rules::Refusal;
pub use sheet::{Sheet, sheet};
pub use store::{Letter, Subject};
pub use svarut::SvarUt;
pub use way::Tracking;
pub use writing::{NewLetter, html_of, write, write_to_appellant, write_to_member};
