//! Remembers which tokens carry our signature, so that it is verified once and not with every request.
//!
//! Only what never changes about a token is remembered. Its times are checked on every use, and session and roles are read for
//! every request, so a sign-in that is ended ends at once all the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::audit::{Hash, sha256};

/// Tokens that are remembered at most: every employee of a large municipality signed in at once.
const TOKENS_MAX: usize = 4096;

/// Tokens by their digest, so that none of them can be read out of memory from here.
pub(super) struct Verified<C>(Mutex<HashMap<Hash, Arc<C>>>);

impl<C> Verified<C> {
    /// Knows none yet.
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// What the token says, if its signature was verified before; else what `verify` finds, which is remembered.
    pub(super) fn claims<E>(
        &self,
        token: &str,
        verify: impl FnOnce() -> Result<C, E>,
    ) -> Result<Arc<C>, E> {
        let digest = sha256(token.as_bytes());
        if let Some(claims) = self.lock().get(&digest) {
            return Ok(Arc::clone(claims));
        }
        let claims = Arc::new(verify()?);
        let mut known = self.lock();
        if known.len() >= TOKENS_MAX {
            // Rare, and cheap to get over: each token that is still in use is verified once more.
            known.clear();
        }
        known.insert(digest, Arc::clone(&claims));
        Ok(claims)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, Arc<C>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_verified_once_and_memory_stays_bounded() {
        let verified = Verified::new();
        assert_eq!(verified.claims("forged", || Err(())), Err(()));
        assert_eq!(verified.claims("forged", || Err(())), Err(()));
        for number in 0..=TOKENS_MAX {
            let claims = verified.claims(&number.to_string(), || Ok::<_, ()>(number));
            assert_eq!(claims, Ok(Arc::new(number)));
        }
        let last = verified.claims(&TOKENS_MAX.to_string(), || Err(()));
        assert_eq!(last, Ok(Arc::new(TOKENS_MAX)));
        assert_eq!(verified.lock().len(), 1);
    }
}
