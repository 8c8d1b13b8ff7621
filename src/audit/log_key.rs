//! The key that signs an installation's logs: one secret, under a name of its own for each municipality.

use ed25519_dalek::SigningKey;

use super::note_key::{KeyFault, Signer};

/// Signs the checkpoints of every municipality's log. It is in no database, so that who can change rows cannot sign them.
#[derive(Debug, Clone)]
pub struct LogKey(SigningKey);

impl LogKey {
    /// The key from its 32 secret bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// What signs for the municipality with this number.
    pub fn signer(&self, municipality_number: &str) -> Result<Signer, KeyFault> {
        Signer::new(&origin(municipality_number), self.0.clone())
    }
}

/// The name of a municipality's log, which stands in each of its checkpoints (c2sp.org/tlog-checkpoint, "origin").
fn origin(municipality_number: &str) -> String {
    format!("rettbolig/{municipality_number}")
}
