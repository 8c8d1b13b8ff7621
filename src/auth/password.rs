//! Passwords: argon2id with a pepper that can be changed, and never more hashing at once than there are cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use tokio::sync::Semaphore;

use super::password_rules::normal;
use crate::audit::sha256;
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
const OUTPUT_BYTES: usize = 32;
/// A salt and an output of zeros, as a PHC string has them: of no password that anybody knows. To check against them costs what to check
/// against any others does, and they need not be hashed at every start.
const NO_SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const NO_OUTPUT: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is hashed into every password beside it, outside the database's reach: the first is used, the others still check.
#[derive(Debug)]
pub struct Peppers(Vec<Pepper>);

#[derive(Debug)]
struct Pepper {
    id: String,
    secret: SecretSlice<u8>,
}

impl Peppers {
    /// Peppers by their ids, the one in use first. There is one at least.
    #[must_use]
    pub fn new(peppers: Vec<(String, SecretSlice<u8>)>) -> Option<Self> {
        let all = peppers
            .into_iter()
            .map(|(id, secret)| Pepper { id, secret });
        let all: Vec<Pepper> = all.collect();
        (!all.is_empty()).then_some(Self(all))
    }

    fn find(&self, id: &str) -> Option<&Pepper> {
        self.0.iter().find(|pepper| pepper.id == id)
    }

    /// A value that follows from each pepper and tells nothing of it, by id: so that a wrong one is noticed at start.
    #[must_use]
    pub fn checks(&self) -> Vec<(String, [u8; 32])> {
        let check = |pepper: &Pepper| {
            let text = [
                b"rettbolig:pepper-check:v1".as_slice(),
                pepper.secret.expose_secret(),
            ];
            (pepper.id.clone(), sha256(&text.concat()).0)
        };
        self.0.iter().map(check).collect()
    }
}

/// What a password was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Whether it is the one that was hashed.
    pub fits: bool,
    /// Its hash anew, where the stored one is of an older pepper or cost.
    pub anew: Option<String>,
}

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    peppers: Peppers,
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
    /// A hasher with these peppers and this cost.
    pub fn new(peppers: Peppers, cost: Cost) -> Result<Self, PasswordFault> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, Some(OUTPUT_BYTES))
            .map_err(|_| PasswordFault::Cost)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut inner = Inner {
            peppers,
            params,
            permits: Semaphore::new(cores),
            waiting: AtomicUsize::new(0),
            nobody: String::new(),
        };
        inner.nobody = format!("{}{NO_SALT}${NO_OUTPUT}", inner.beginning());
        Ok(Self(Arc::new(inner)))
    }

    /// The pepper's id and the PHC string of a password. Takes tens of milliseconds and much memory: not on an async thread.
    pub fn hash(&self, password: &SecretString) -> Result<String, PasswordFault> {
        self.0.hash(normal(password.expose_secret()).as_bytes())
    }

    /// The same, when it is this request's turn.
    pub async fn hash_in_turn(&self, password: SecretString) -> Result<String, Problem> {
        let hash = move |inner: &Inner| {
            let normal = normal(password.expose_secret());
            let hash = inner.hash(normal.as_bytes());
            hash.map_err(|fault| Problem::internal(fault.to_string()))
        };
        self.in_turn(hash).await
    }

    /// Whether the password is the one hashed. Without a hash the work is the same and the answer is no.
    pub async fn check(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<Checked, Problem> {
        let check = move |inner: &Inner| {
            let password = normal(password.expose_secret());
            let fits = inner.fits(
                password.as_bytes(),
                hash.as_deref().unwrap_or(&inner.nobody),
            )?;
            let Some(hash) = hash.filter(|_| fits) else {
                return Ok(Checked {
                    fits: false,
                    anew: None,
                });
            };
            let outdated = !hash.starts_with(&inner.beginning());
            let anew = outdated
                .then(|| inner.hash(password.as_bytes()))
                .transpose();
            Ok(Checked {
                fits: true,
                anew: anew.map_err(|fault| Problem::internal(fault.to_string()))?,
            })
        };
        self.in_turn(check).await
    }

    /// Does costly work when it is this request's turn, away from the async threads.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let inner = &self.0;
        if inner.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            inner.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Problem::busy("too many sign-ins are waiting"));
        }
        let permit = inner.permits.acquire().await;
        inner.waiting.fetch_sub(1, Ordering::AcqRel);
        let _permit = permit.map_err(|error| Problem::internal(error.to_string()))?;
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner))
            .await
            .map_err(|error| Problem::internal(error.to_string()))?
    }
}

impl Inner {
    fn argon2<'p>(&self, pepper: &'p Pepper) -> Result<Argon2<'p>, PasswordFault> {
        let secret = pepper.secret.expose_secret();
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        Argon2::new_with_secret(secret, algorithm, version, self.params.clone())
            .map_err(|_| PasswordFault::Hash)
    }

    /// How a hash of the pepper and the cost in use begins.
    fn beginning(&self) -> String {
        let id = self.peppers.0.first().map_or("", |pepper| &pepper.id);
        let (memory, passes) = (self.params.m_cost(), self.params.t_cost());
        format!("{id}$argon2id$v=19$m={memory},t={passes},p=1$")
    }

    fn hash(&self, password: &[u8]) -> Result<String, PasswordFault> {
        let pepper = self.peppers.0.first().ok_or(PasswordFault::Hash)?;
        let hash: PasswordHash = self
            .argon2(pepper)?
            .hash_password(password)
            .map_err(|_| PasswordFault::Hash)?;
        Ok(format!("{}{hash}", pepper.id))
    }

    fn fits(&self, password: &[u8], stored: &str) -> Result<bool, Problem> {
        let unreadable = || Problem::internal("a stored password hash cannot be read");
        let (id, _) = stored.split_once('$').ok_or_else(unreadable)?;
        let pepper = self.peppers.find(id);
        let pepper = pepper.ok_or_else(|| Problem::internal("a password's pepper is unknown"))?;
        let hash = PasswordHash::new(stored.trim_start_matches(id)).map_err(|_| unreadable())?;
        let argon2 = self
            .argon2(pepper)
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

    const CHEAP: Cost = Cost {
        memory_kib: 8,
        passes: 1,
    };

    fn passwords(peppers: &[&str], cost: Cost) -> Passwords {
        let pepper = |id: &&str| ((*id).to_owned(), id.as_bytes().to_vec().into());
        let peppers = Peppers::new(peppers.iter().map(pepper).collect()).unwrap();
        Passwords::new(peppers, cost).unwrap()
    }

    async fn check(passwords: &Passwords, password: &str, hash: &str) -> Checked {
        let checking = passwords.check(password.to_owned().into(), Some(hash.to_owned()));
        checking.await.unwrap()
    }

    #[actix_web::test]
    async fn a_password_fits_only_its_own_hash() {
        let passwords = passwords(&["a"], CHEAP);
        let hash = passwords.hash(&"correct horse".to_owned().into()).unwrap();
        assert!(hash.starts_with("a$argon2id$v=19$m=8,t=1,p=1$"));
        let right = check(&passwords, "correct horse", &hash).await;
        assert_eq!((right.fits, right.anew), (true, None));
        assert!(!check(&passwords, "wrong horse", &hash).await.fits);
        let nobody = passwords.check("nobody's password".to_owned().into(), None);
        assert!(!nobody.await.unwrap().fits);
    }

    #[actix_web::test]
    async fn a_new_pepper_or_cost_takes_over_password_by_password() {
        let old = passwords(&["a"], CHEAP);
        let hash = old.hash(&"correct horse".to_owned().into()).unwrap();
        let dearer = Cost {
            memory_kib: 16,
            ..CHEAP
        };
        for changed in [passwords(&["b", "a"], CHEAP), passwords(&["a"], dearer)] {
            assert_eq!(check(&changed, "wrong horse", &hash).await.anew, None);
            let anew = check(&changed, "correct horse", &hash).await.anew.unwrap();
            let again = check(&changed, "correct horse", &anew).await;
            assert_eq!((again.fits, again.anew), (true, None));
        }
        let without = passwords(&["b"], CHEAP);
        let problem = without.check("correct horse".to_owned().into(), Some(hash));
        assert!(problem.await.unwrap_err().is_fault());
    }

    #[test]
    fn the_floor_is_owasps() {
        assert!(Cost::OWASP_FLOOR.reaches_floor());
        let below = Cost {
            memory_kib: 19_455,
            passes: 2,
        };
        assert!(!below.reaches_floor());
    }
}
