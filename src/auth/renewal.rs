//! Renewing a sign-in with its one-time token. A token used twice was stolen, or its answer was lost on the way.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;

use super::caller::Caller;
use super::sessions::{self, Proof};
use super::sign_in::{Pass, SignIn};
use super::visitor::Visitor;
use crate::audit::{Entry, sha256};
use crate::db::{Db, Tx};
use crate::ids::{MunicipalityId, SessionId, UserId};
use crate::problem::{Problem, UNAUTHENTICATED};

const SECRET_BYTES: usize = 32;
/// For so long after its first use a token gives the same successor again: the answer may have been lost.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// What a one-time token came to.
enum Renewed {
    /// The sign-in goes on under this token.
    Goes((UserId, SessionId), Proof, String),
    /// It ended.
    Ended,
}

impl SignIn {
    /// Renews a sign-in. A second use of the token, but for a lost answer, ends the sign-in with all its tokens.
    pub async fn refresh(
        &self,
        db: &Db,
        token: String,
        visitor: &Visitor,
    ) -> Result<Pass, Problem> {
        let refused = || Problem::new(&UNAUTHENTICATED);
        let municipality = municipality_in(&token).ok_or_else(refused)?;
        let caller = Arc::new(Caller {
            correlation: visitor.correlation.clone(),
            ..Caller::system(municipality)
        });
        let (fresh, idle) = (new_secret()?, self.limits.idle);
        let work = move |tx: &mut Tx<'_>| renew(tx, &token, fresh, idle);
        match db.write(&caller, work).await? {
            Renewed::Goes(who, proof, next) => self.pass(db, municipality, who, &proof, &next),
            Renewed::Ended => Err(refused()),
        }
    }
}

fn renew(
    tx: &mut Tx<'_>,
    token: &str,
    fresh: [u8; SECRET_BYTES],
    idle: SignedDuration,
) -> Result<Renewed, Problem> {
    let refused = || Problem::new(&UNAUTHENTICATED);
    let digest = sha256(token.as_bytes()).0;
    let known = sessions::find_refresh(tx, &digest)?.ok_or_else(refused)?;
    let session = known.session_id;
    let running = sessions::find_running(tx, session)?.ok_or_else(refused)?;
    let (user, proof) = sessions::find_proof(tx, session)?.ok_or_else(refused)?;
    let who = (running.user, session);
    if known.issued_at.plus(idle) < tx.now() {
        sessions::end(tx, session)?;
        tx.record(Entry::change("session.idle").about(user));
        return Ok(Renewed::Ended);
    }
    let next = token_of(tx.municipality(), &fresh);
    if sessions::use_refresh(tx, &digest, &masked(token, &fresh))? {
        sessions::insert_refresh(tx, &sha256(next.as_bytes()).0, session)?;
        sessions::renewed(tx, session)?;
        tx.record(Entry::change("session.renewed").about(user));
        return Ok(Renewed::Goes(who, proof, next));
    }
    if let Some(next) = find_successor(tx, token, &digest)? {
        tx.change_nothing();
        return Ok(Renewed::Goes(who, proof, next));
    }
    sessions::end(tx, session)?;
    tx.record(Entry::refused("session.token_reused").about(user));
    Ok(Renewed::Ended)
}

/// The token that followed, if that was a moment ago and nobody has used it yet.
fn find_successor(tx: &mut Tx<'_>, token: &str, digest: &[u8]) -> Result<Option<String>, Problem> {
    let used = sessions::find_refresh(tx, digest)?;
    let recent = used.filter(|it| it.used_at.is_some_and(|at| at.plus(GRACE) >= tx.now()));
    let Some(Ok(kept)) = recent.and_then(|it| it.successor).map(TryInto::try_into) else {
        return Ok(None);
    };
    let next = token_of(tx.municipality(), &masked(token, &kept));
    let following = sessions::find_refresh(tx, &sha256(next.as_bytes()).0)?;
    Ok(following.filter(|it| it.used_at.is_none()).map(|_| next))
}

/// A secret under a mask that only whoever has the token can take off: the token is as random as the secret, and masks once.
fn masked(token: &str, secret: &[u8; SECRET_BYTES]) -> [u8; SECRET_BYTES] {
    let mask = sha256(format!("rettbolig:refresh-successor:v1:{token}").as_bytes()).0;
    std::array::from_fn(|at| {
        secret.get(at).copied().unwrap_or(0) ^ mask.get(at).copied().unwrap_or(0)
    })
}

/// A one-time token: the municipality, so that its row can be found, and 256 random bits.
pub(super) fn new_token(municipality: MunicipalityId) -> Result<String, Problem> {
    Ok(token_of(municipality, &new_secret()?))
}

fn new_secret() -> Result<[u8; SECRET_BYTES], Problem> {
    let mut random = [0; SECRET_BYTES];
    getrandom::fill(&mut random).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(random)
}

fn token_of(municipality: MunicipalityId, secret: &[u8; SECRET_BYTES]) -> String {
    let secret = URL_SAFE_NO_PAD.encode(secret);
    format!("{}.{secret}", municipality.uuid().simple())
}

fn municipality_in(token: &str) -> Option<MunicipalityId> {
    token.split_once('.')?.0.parse().ok()
}
