//! The nouns of offers.

use crate::codes;

codes! {
    /// Why the municipality takes an offer back. It never counts against the household.
    pub enum WithdrawnReason {
        /// The home did not pass its inspection.
        FailedInspection = "FAILED_INSPECTION",
        /// What is known of home and household has changed, and the home may no longer be given to it.
        NoLongerSuitable = "NO_LONGER_SUITABLE",
        /// The home is needed for something else, for example after a fire.
        HomeNeededOtherwise = "HOME_NEEDED_OTHERWISE",
        /// It should not have been made.
        MadeInError = "MADE_IN_ERROR",
        /// The case has ended, for example because the application was withdrawn. Nobody says so by hand.
        CaseEnded = "CASE_ENDED",
    }
}
