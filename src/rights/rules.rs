//! Why a dossier is not handed out.

use crate::refusals;

refusals! {
    /// Why what is kept of a person cannot be handed out by whoever asks.
    pub enum Refusal {
        NotClearedForPerson = 403 "not_cleared_for_person", "Du er ikke klarert for alt som er lagret om personen.", "You are not cleared for everything that is kept of the person.";
    }
}
