//! Why the log's proofs and exports are refused.

use crate::refusals;

refusals! {
    /// Why something of the log cannot be given now.
    pub enum Refusal {
        NotSealed = 409 "not_sealed", "Oppføringen er ikke forseglet ennå. Prøv igjen straks.", "The entry is not sealed yet. Try again shortly.";
        ExportTooLarge = 422 "export_too_large", "Utdraget har over 10 000 oppføringer. Velg en kortere periode.", "The export has more than 10,000 entries. Choose a shorter period.";
        NotCleared = 403 "not_cleared", "Du er ikke klarert for alt i utdraget.", "You are not cleared for everything in the export.";
        ReadOnly = 503 "history_unsound", "Historikken stemmer ikke med forseglingen. Tjenesten tar ikke imot endringer.", "The history does not agree with its seals. The service takes no changes.";
    }
}
