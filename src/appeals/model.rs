//! The nouns of appeals.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::lifecycle::AppealMove;
use crate::access::Statement;
use crate::codes;

codes! {
    /// In which form an appeal came in (forvaltningsloven § 32).
    pub enum AppealForm {
        /// A letter.
        Letter = "LETTER",
        /// Digitally.
        Digital = "DIGITAL",
        /// Spoken, and written down by the municipality (§ 11 d).
        OralRecorded = "ORAL_RECORDED",
    }
}

codes! {
    /// Why a late appeal is taken up (forvaltningsloven § 31).
    pub enum LateGround {
        /// The appellant cannot be blamed for the delay.
        Excusable = "EXCUSABLE",
        /// Special reasons speak for trying it.
        SpecialReasons = "SPECIAL_REASONS",
    }
}

codes! {
    /// What the body of appeal decided.
    pub enum AppealOutcome {
        /// The decision stands ("stadfestet").
        Upheld = "UPHELD",
        /// Another decision ("omgjort").
        Changed = "CHANGED",
        /// The decision falls, and the first instance decides anew ("opphevet").
        Returned = "RETURNED",
    }
}

impl AppealOutcome {
    pub(super) const fn as_move(self) -> AppealMove {
        match self {
            Self::Upheld => AppealMove::Uphold,
            Self::Changed => AppealMove::Change,
            Self::Returned => AppealMove::Return,
        }
    }
}

/// What an appeal says, and what was said to it. Sealed under the applicant's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Words {
    /// What the appellant wants, and why.
    pub grounds: Statement,
    /// Why it is taken up late, or not taken up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admissibility: Option<Statement>,
    /// What the first instance says to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Statement>,
    /// Why the body of appeal decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Statement>,
}

impl Words {
    /// What an appellant says; nothing was said to it yet.
    pub(super) const fn of(grounds: Statement) -> Self {
        Self {
            grounds,
            admissibility: None,
            assessment: None,
            outcome: None,
        }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(redacted)")
    }
}
