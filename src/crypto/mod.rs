//! Field encryption and blind indexes: personal data is unreadable to whoever holds only the
//! database.
//!
//! A person's fields are sealed with a data key of that person's own, and the data key is wrapped
//! with the installation's key-encryption key. Destroying one wrapped key therefore erases one
//! person, and a new key-encryption key means wrapping keys anew, not fields. What must be found
//! again by its exact value stands beside its ciphertext as a keyed hash, under a key that encrypts
//! nothing.
//!
//! Deliberately not here: passwords, tokens and the signatures of the audit log, which have keys
//! and rules of their own; and where keys and ciphertexts are stored, which is the business of
//! their slice.

mod blind_index;
mod keys;
mod seal;

pub use blind_index::{BlindIndex, IndexKey, MunicipalityIndexKey, name_tokens};
pub use keys::{KeyFault, KeyRing, KeySettingFault, SecretKey};
pub use seal::{
    Context, CryptoFault, SubjectKey, open, open_for_house, prefix_of_active, seal, seal_for_house,
    unwrap_key, wrap_key,
};
