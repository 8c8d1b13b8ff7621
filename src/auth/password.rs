//! Passwords: argon2id with a pepper, and never more hashing at once than there are cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// How costly a hash is. The floor is OWASP's minimum for argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// OWASP's minimum: 19 MiB, two passes.
    pub const OWASP_FLOOR: Self = Self {
        memory_kib: 19_456,
        passes: 2,
    };

    /// Whether this is at least as costly as the floor.
    #[must_use]
    pub const fn reaches_floor(self) -> bool {
        self.memory_kib >= Self::OWASP_FLOOR.memory_kib && self.passes >= Self::OWASP_FLOOR.passes
    }
}

/// Hashing requests that may wait; beyond that the answer is 503, so that memory stays bounded.
const QUEUE: usize = 64;
/// Longest password taken, in bytes.
pub const PASSWORD_BYTES_MAX: usize = 256;
const OUTPUT_BYTES: usize = 32;

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    pepper: SecretSlice<u8>,
    params: Params,
    permits: Semaphore,
    waiting: AtomicUsize,
    /// What an unknown user's password is checked against, so that the answer takes as long.
    nobody: String,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

/// Why no hasher could be made, or no hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// The cost is outside what argon2 knows.
    #[error("the cost of password hashing is not valid")]
    Cost,
    /// Hashing failed.
    #[error("a password could not be hashed")]
    Hash,
}

impl Passwords {
    /// A hasher with this pepper and cost.
    pub fn new(pepper: SecretSlice<u8>, cost: Cost) -> Result<Self, PasswordFault> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, Some(OUTPUT_BYTES))
            .map_err(|_| PasswordFault::Cost)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut inner = Inner {
            pepper,
            params,
            permits: Semaphore::new(cores),
            waiting: AtomicUsize::new(0),
            nobody: String::new(),
        };
        inner.nobody = inner.hash(b"nobody's password")?;
        Ok(Self(Arc::new(inner)))
    }

    /// The PHC string of a password. Takes tens of milliseconds and much memory: not on an async thread.
    pub fn hash(&self, password: &SecretString) -> Result<String, PasswordFault> {
        self.0.hash(password.expose_secret().as_bytes())
    }

    /// Whether the password is the one hashed. Without a hash the work is the same and the answer is no.
    pub async fn check(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, Problem> {
        let inner = &self.0;
        if inner.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            inner.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Problem::busy("too many sign-ins are waiting"));
        }
        let permit = inner.permits.acquire().await;
        inner.waiting.fetch_sub(1, Ordering::AcqRel);
        let _permit = permit.map_err(|error| Problem::internal(error.to_string()))?;
        let inner = Arc::clone(&self.0);
        let checking = tokio::task::spawn_blocking(move || {
            let known = hash.is_some();
            let fits = inner.fits(password.expose_secret().as_bytes(), hash.as_deref())?;
            Ok(known && fits)
        });
        checking
            .await
            .map_err(|error| Problem::internal(error.to_string()))?
    }
}

impl Inner {
    fn argon2(&self) -> Result<Argon2<'_>, PasswordFault> {
        let pepper = self.pepper.expose_secret();
        Argon2::new_with_secret(
            pepper,
            Algorithm::Argon2id,
            Version::V0x13,
            self.params.clone(),
        )
        .map_err(|_| PasswordFault::Hash)
    }

    fn hash(&self, password: &[u8]) -> Result<String, PasswordFault> {
        let hash: PasswordHash = self
            .argon2()?
            .hash_password(password)
            .map_err(|_| PasswordFault::Hash)?;
        Ok(hash.to_string())
    }

    fn fits(&self, password: &[u8], hash: Option<&str>) -> Result<bool, Problem> {
        let hash = PasswordHash::new(hash.unwrap_or(&self.nobody))
            .map_err(|_| Problem::internal("a stored password hash cannot be read"))?;
        let argon2 = self
            .argon2()
            .map_err(|fault| Problem::internal(fault.to_string()))?;
        match argon2.verify_password(password, &hash) {
            Ok(()) => Ok(true),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(Problem::internal(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_only_its_own_hash_and_only_with_the_pepper() {
        let cheap = Cost {
            memory_kib: 8,
            passes: 1,
        };
        let passwords = Passwords::new(b"pepper".to_vec().into(), cheap).unwrap();
        let others = Passwords::new(b"another".to_vec().into(), cheap).unwrap();
        let hash = passwords.hash(&"correct horse".to_owned().into()).unwrap();
        assert!(passwords.0.fits(b"correct horse", Some(&hash)).unwrap());
        assert!(!passwords.0.fits(b"wrong horse", Some(&hash)).unwrap());
        assert!(!others.0.fits(b"correct horse", Some(&hash)).unwrap());
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    }

    #[test]
    fn the_floor_is_owasps() {
        assert!(Cost::OWASP_FLOOR.reaches_floor());
        assert!(
            !Cost {
                memory_kib: 19_455,
                passes: 2
            }
            .reaches_floor()
        );
    }
}
