//! Signing in, renewing, and knowing the caller of every request.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use secrecy::SecretString;

use super::caller::{Actor, Caller};
use super::issuer::Issuer;
use super::password::Passwords;
use super::policy::Role;
use super::store;
use super::token::Tokens;
use crate::audit::{Entry, sha256};
use crate::correlation::Correlation;
use crate::db::{Db, Tx};
use crate::ids::{MunicipalityId, SessionId, UserId};
use crate::problem::{BAD_CREDENTIALS, Problem, UNAUTHENTICATED};

/// A sign-in ends after this even when it is renewed all the time (NIST SP 800-63B asks for at most 24 hours).
const SESSION_HOURS_MAX: i64 = 12;
const SECRET_BYTES: usize = 32;

/// A sign-in, as the client gets it.
#[derive(Debug)]
pub struct Pass {
    /// The access token.
    pub access: String,
    /// The one-time token that renews it.
    pub refresh: String,
}

/// What signing in needs.
#[derive(Debug)]
pub struct SignIn {
    pub(super) tokens: Tokens,
    passwords: Passwords,
    /// Whose tokens programs of other organisations bring; without it no program is let in.
    pub(super) machines: Option<Issuer>,
}

impl SignIn {
    /// Signing in with these tokens and passwords.
    #[must_use]
    pub const fn new(tokens: Tokens, passwords: Passwords) -> Self {
        Self {
            tokens,
            passwords,
            machines: None,
        }
    }

    /// Lets programs in whose tokens this issuer signed.
    #[must_use]
    pub fn with_machines(self, issuer: Option<Issuer>) -> Self {
        Self {
            machines: issuer,
            ..self
        }
    }

    /// Signs in with user name and password. An unknown user gets the same answer after the same work.
    pub async fn log_in(
        &self,
        db: &Db,
        username: String,
        password: SecretString,
        correlation: Correlation,
    ) -> Result<Pass, Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let named = db
            .read(&nobody, move |tx| store::find_username(tx, &username))
            .await?;
        let Some(named) = named else {
            self.passwords.check(password, None).await?;
            return Err(Problem::new(&BAD_CREDENTIALS));
        };
        let user = named.user;
        let caller = Arc::new(signing(named.municipality, user, correlation));
        let account = db
            .read(&caller, move |tx| store::find_user(tx, user))
            .await?;
        let account = account.filter(|account| account.disabled_at.is_none());
        let hash = account.map(|account| account.password_hash);
        if !self.passwords.check(password, hash).await? {
            let refused = |tx: &mut Tx<'_>| {
                tx.record(Entry::refused("session.refused").about_all(tx.caller().actor.user()));
                Ok(())
            };
            db.write(&caller, refused).await?;
            return Err(Problem::new(&BAD_CREDENTIALS));
        }
        let secret = Arc::new(new_secret(named.municipality)?);
        let kept = Arc::clone(&secret);
        let session = db
            .write(&caller, move |tx| {
                let session: SessionId = tx.new_id();
                let expires_at = tx.now().plus(SignedDuration::from_hours(SESSION_HOURS_MAX));
                store::insert_session(tx, session, user, expires_at)?;
                store::insert_refresh(tx, &sha256(kept.as_bytes()).0, session)?;
                tx.record(Entry::change("session.started").about(user));
                Ok(session)
            })
            .await?;
        self.pass(db, &caller, user, session, &secret)
    }

    /// Renews a sign-in with its one-time token. A token used twice ends the sign-in: one of the two was stolen.
    pub async fn refresh(
        &self,
        db: &Db,
        token: String,
        correlation: Correlation,
    ) -> Result<Pass, Problem> {
        let refused = || Problem::new(&UNAUTHENTICATED);
        let municipality = municipality_in(&token).ok_or_else(refused)?;
        let secret = Arc::new(new_secret(municipality)?);
        let caller = Arc::new(Caller {
            correlation,
            ..Caller::system(municipality)
        });
        let kept = Arc::clone(&secret);
        let renewed = db
            .write(&caller, move |tx| {
                let spent = store::use_refresh(tx, &sha256(token.as_bytes()).0)?;
                let Some((session, first)) = spent else {
                    return Err(refused());
                };
                let Some((user, _)) = store::find_running(tx, session)? else {
                    return Err(refused());
                };
                if !first {
                    store::end_session(tx, session)?;
                    tx.record(Entry::refused("session.token_reused").about(user));
                    return Ok(None);
                }
                store::insert_refresh(tx, &sha256(kept.as_bytes()).0, session)?;
                tx.record(Entry::change("session.renewed").about(user));
                Ok(Some((user, session)))
            })
            .await?;
        let (user, session) = renewed.ok_or_else(refused)?;
        self.pass(db, &caller, user, session, &secret)
    }

    fn pass(
        &self,
        db: &Db,
        caller: &Caller,
        user: UserId,
        session: SessionId,
        secret: &str,
    ) -> Result<Pass, Problem> {
        let now = db.kit().clock.now();
        let access = self.tokens.issue(caller.municipality, user, session, now)?;
        Ok(Pass {
            access,
            refresh: secret.to_owned(),
        })
    }
}

fn signing(municipality: MunicipalityId, user: UserId, correlation: Correlation) -> Caller {
    let system = Caller::system(municipality);
    Caller {
        actor: Actor::User(user),
        correlation,
        ..system
    }
}

/// A refresh token: the municipality, so that its row can be found, and 256 random bits.
fn new_secret(municipality: MunicipalityId) -> Result<String, Problem> {
    let mut random = [0; SECRET_BYTES];
    getrandom::fill(&mut random).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(format!(
        "{}.{}",
        municipality.uuid().simple(),
        URL_SAFE_NO_PAD.encode(random)
    ))
}

fn municipality_in(token: &str) -> Option<MunicipalityId> {
    token.split_once('.')?.0.parse().ok()
}

/// Adds an employee's account. The roles are as given; whoever calls has the right to give them.
pub fn add_user(
    tx: &mut Tx<'_>,
    username: &str,
    display_name: &str,
    password_hash: &str,
    roles: &[Role],
) -> Result<UserId, Problem> {
    let id: UserId = tx.new_id();
    let row = store::UserRow {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        username: username.to_owned(),
        display_name: display_name.to_owned(),
        password_hash: password_hash.to_owned(),
        disabled_at: None,
        created_at: tx.now(),
        person_index: None,
    };
    store::insert_user(tx, &row, roles)?;
    let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    tx.record(Entry::change("user.added").about(id).fact("roles", codes));
    Ok(id)
}

/// Whether an employee of this municipality has this id and may sign in.
pub fn is_active_user(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Problem> {
    Ok(store::find_user(tx, user)?.is_some_and(|account| account.disabled_at.is_none()))
}
