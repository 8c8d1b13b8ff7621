//! A short text in both languages that the service speaks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The same words in Norwegian ("bokmål") and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Text {
    /// Norwegian.
    #[schema(min_length = 1, max_length = 400)]
    pub nb: String,
    /// English.
    #[schema(min_length = 1, max_length = 400)]
    pub en: String,
}

impl Text {
    /// The text in both languages.
    pub fn new(nb: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            nb: nb.into(),
            en: en.into(),
        }
    }

    /// A text that reads the same in both languages, such as a number.
    pub fn same(words: impl Into<String>) -> Self {
        let nb = words.into();
        Self { en: nb.clone(), nb }
    }

    /// Whether a language is missing.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.nb.trim().is_empty() || self.en.trim().is_empty()
    }
}
