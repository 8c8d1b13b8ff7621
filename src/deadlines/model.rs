//! The nouns of the clock.

use crate::codes;

codes! {
    /// What the applicant is told while nothing is decided.
    pub enum ReplyKind {
        /// The first word: why it takes longer, and when a decision can be expected ("foreløpig svar", forvaltningsloven § 11 a).
        Interim = "INTERIM",
        /// That the promised day slips, and the new one ("forsinkelsesmelding").
        Delay = "DELAY",
    }
}

codes! {
    /// Why a decision takes longer.
    pub enum DelayReason {
        /// Documents are missing.
        DocumentsMissing = "DOCUMENTS_MISSING",
        /// Others, such as the health service, must be heard.
        OthersMustBeHeard = "OTHERS_MUST_BE_HEARD",
        /// The case needs a longer assessment.
        LongerAssessment = "LONGER_ASSESSMENT",
        /// There are more cases than people.
        Capacity = "CAPACITY",
    }
}
