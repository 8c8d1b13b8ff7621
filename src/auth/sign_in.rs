//! Signing in: with a password and, where there is one, the code of a second factor.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;

use super::caller::{Actor, Caller};
use super::federation::{self, Providers, SpentToken};
use super::issuer::Issuer;
use super::password::Passwords;
use super::password_rules::BlockList;
use super::second_factor;
use super::sessions::{self, Method, Proof};
use super::store::{self, UserRow};
use super::throttle::Try;
use super::token::Tokens;
use super::visitor::Visitor;
use crate::audit::{Entry, sha256};
use crate::correlation::Correlation;
use crate::db::{Db, Tx};
use crate::ids::{MunicipalityId, SessionId, UserId};
use crate::problem::{BAD_CODE, BAD_CREDENTIALS, Problem, SECOND_FACTOR_MISSING};

/// No failed sign-in is answered sooner: what is written down only of known users takes no longer than that.
pub(super) const FAILURE_ANSWERED_AFTER: Duration = Duration::from_millis(250);

/// How long sign-ins last.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// A sign-in ends when it is not renewed for so long.
    pub idle: SignedDuration,
    /// A sign-in ends after this even when it is renewed all the time.
    pub absolute: SignedDuration,
}

impl Default for SessionLimits {
    /// Half an hour, and twelve hours (NIST SP 800-63B asks for at most 24).
    fn default() -> Self {
        Self {
            idle: SignedDuration::from_mins(30),
            absolute: SignedDuration::from_hours(12),
        }
    }
}

/// A sign-in, as the client gets it.
#[derive(Debug)]
pub struct Pass {
    /// The access token.
    pub access: String,
    /// The one-time token that renews it.
    pub refresh: String,
}

/// What somebody signs in with.
#[derive(Debug)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// The code of the second factor, where there is one.
    pub code: Option<String>,
}

/// What a sign-in begins with.
pub(super) struct Beginning {
    pub(super) proof: Proof,
    /// The step of the code that was shown.
    pub(super) step: Option<i64>,
    /// The password's hash anew, where the stored one is outdated.
    pub(super) anew: Option<String>,
    /// The token of an issuer for which the sign-in is given: it works once.
    pub(super) spent: Option<SpentToken>,
}

impl Beginning {
    /// With nothing but how somebody was found to be who they are.
    pub(super) const fn by(proof: Proof) -> Self {
        Self {
            proof,
            step: None,
            anew: None,
            spent: None,
        }
    }
}

/// What signing in needs.
#[derive(Debug)]
pub struct SignIn {
    pub(super) tokens: Tokens,
    pub(super) passwords: Passwords,
    pub(super) limits: SessionLimits,
    pub(super) blocked: BlockList,
    /// Whose tokens programs of other organisations bring; without it no program is let in.
    pub(super) machines: Option<Issuer>,
    /// The municipalities' own issuers, as they were met.
    pub(super) providers: Providers,
}

/// Somebody whose credentials hold, before the sign-in has begun.
pub(super) struct Proven {
    pub(super) municipality: MunicipalityId,
    pub(super) account: UserRow,
    /// The step of the code that was shown, used with the sign-in.
    pub(super) step: Option<i64>,
    /// The password's hash anew, where the stored one is outdated.
    anew: Option<String>,
}

impl SignIn {
    /// Signing in with these tokens and passwords.
    #[must_use]
    pub fn new(tokens: Tokens, passwords: Passwords) -> Self {
        Self {
            tokens,
            passwords,
            limits: SessionLimits::default(),
            blocked: BlockList::default(),
            machines: None,
            providers: Providers::default(),
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

    /// With sign-ins that last so long, and passwords refused that this list names.
    #[must_use]
    pub fn with_rules(self, limits: SessionLimits, blocked: BlockList) -> Self {
        Self {
            limits,
            blocked,
            ..self
        }
    }

    /// Signs in. An unknown user gets the same answer after the same time.
    pub async fn log_in(
        &self,
        db: &Db,
        credentials: Credentials,
        visitor: &Visitor,
    ) -> Result<Pass, Problem> {
        let proven = self.prove(db, credentials, visitor).await?;
        let mut methods = vec![Method::Password];
        methods.extend(proven.step.map(|_| Method::Code));
        let proof = Proof {
            is_strong: proven.step.is_some(),
            methods,
            at: db.kit().clock.now(),
        };
        let caller = acting(proven.municipality, proven.account.id, &visitor.correlation);
        self.begin(
            db,
            &caller,
            Beginning {
                step: proven.step,
                anew: proven.anew,
                ..Beginning::by(proof)
            },
        )
        .await
    }

    /// Signs somebody in for whom the process itself vouches, as demonstration and tests do; no request comes here.
    pub async fn vouch_for(
        &self,
        db: &Db,
        username: &str,
        is_strong: bool,
    ) -> Result<Pass, Problem> {
        let (municipality, account, _) = find(db, username).await?;
        let account = account.ok_or_else(|| Problem::internal("nobody of that name"))?;
        let proof = Proof {
            methods: vec![Method::House],
            is_strong,
            at: db.kit().clock.now(),
        };
        let caller = acting(municipality, account.id, &Correlation::new());
        self.begin(db, &caller, Beginning::by(proof)).await
    }

    /// Begins a sign-in.
    pub(super) async fn begin(
        &self,
        db: &Db,
        caller: &Arc<Caller>,
        beginning: Beginning,
    ) -> Result<Pass, Problem> {
        let Beginning {
            proof,
            step,
            anew,
            spent,
        } = beginning;
        let user = caller.actor.user();
        let user = user.ok_or_else(|| Problem::internal("nobody signs in"))?;
        let secret = Arc::new(super::renewal::new_token(caller.municipality)?);
        let (kept, shown, lasts) = (Arc::clone(&secret), proof.clone(), self.limits.absolute);
        let start = move |tx: &mut Tx<'_>| {
            use_code(tx, user, step)?;
            if let Some(token) = &spent {
                federation::spend(tx, token)?;
            }
            if let Some(hash) = &anew {
                store::rehash(tx, user, hash)?;
            }
            let session: SessionId = tx.new_id();
            sessions::insert(tx, session, user, &shown, tx.now().plus(lasts))?;
            sessions::insert_refresh(tx, &sha256(kept.as_bytes()).0, session)?;
            let methods: Vec<&str> = shown.methods.iter().map(|it| it.code()).collect();
            let entry = Entry::change("session.started").about(user);
            tx.record(entry.fact("amr", methods).fact("rehashed", anew.is_some()));
            Ok(session)
        };
        let session = db.write(caller, start).await?;
        self.pass(db, caller.municipality, (user, session), &proof, &secret)
    }

    /// The tokens of a running sign-in.
    pub(super) fn pass(
        &self,
        db: &Db,
        municipality: MunicipalityId,
        (user, session): (UserId, SessionId),
        proof: &Proof,
        refresh: &str,
    ) -> Result<Pass, Problem> {
        let now = db.kit().clock.now();
        Ok(Pass {
            access: self.tokens.issue(municipality, user, session, proof, now)?,
            refresh: refresh.to_owned(),
        })
    }

    /// Finds out whether the credentials hold. What fails counts against the name and the address.
    pub(super) async fn prove(
        &self,
        db: &Db,
        credentials: Credentials,
        visitor: &Visitor,
    ) -> Result<Proven, Problem> {
        let started = tokio::time::Instant::now();
        let attempt = Try::begin(db, &credentials.username, visitor.address).await?;
        match self.prove_unhurried(db, credentials, visitor).await {
            Ok(proven) => {
                attempt.succeeded(db).await?;
                Ok(proven)
            }
            Err(problem) if problem.is_fault() => Err(problem),
            Err(problem) => {
                tokio::time::sleep_until(started + FAILURE_ANSWERED_AFTER).await;
                Err(problem)
            }
        }
    }

    async fn prove_unhurried(
        &self,
        db: &Db,
        credentials: Credentials,
        visitor: &Visitor,
    ) -> Result<Proven, Problem> {
        let Credentials {
            username,
            password,
            code,
        } = credentials;
        let (municipality, account, factor) = find(db, &username).await?;
        let account = account.filter(|account| account.disabled_at.is_none());
        let hash = account
            .as_ref()
            .map(|account| account.password_hash.clone());
        // An account that was never taken up has no password to fit.
        let checked = self
            .passwords
            .check(password, hash.filter(|it| !it.is_empty()))
            .await?;
        let Some(account) = account else {
            return Err(Problem::new(&BAD_CREDENTIALS));
        };
        let caller = acting(municipality, account.id, &visitor.correlation);
        let fault = match (
            checked.fits,
            factor.filter(|factor| factor.is_confirmed),
            code,
        ) {
            (false, ..) => &BAD_CREDENTIALS,
            (true, None, _) => {
                return Ok(Proven {
                    municipality,
                    account,
                    step: None,
                    anew: checked.anew,
                });
            }
            // The right password alone is no failure to be counted; but it is nothing more either.
            (true, Some(_), None) => return Err(Problem::new(&SECOND_FACTOR_MISSING)),
            (true, Some(factor), Some(code)) => {
                if let Some(step) = factor.step_of(&code, db.kit().clock.now()) {
                    return Ok(Proven {
                        municipality,
                        account,
                        step: Some(step),
                        anew: checked.anew,
                    });
                }
                &BAD_CODE
            }
        };
        let refused = move |tx: &mut Tx<'_>| {
            let entry = Entry::refused("session.refused").about_all(tx.caller().actor.user());
            tx.record(entry.fact("refusal", fault.code));
            Ok(())
        };
        db.write(&caller, refused).await?;
        Err(Problem::new(fault))
    }
}

/// Uses the code that was shown; whoever was quicker with the same one leaves nothing.
pub(super) fn use_code(tx: &mut Tx<'_>, user: UserId, step: Option<i64>) -> Result<(), Problem> {
    match step {
        Some(step) if !second_factor::use_step(tx, user, step)? => Err(Problem::new(&BAD_CODE)),
        _ => Ok(()),
    }
}

pub(super) type Found = (
    MunicipalityId,
    Option<UserRow>,
    Option<second_factor::SecondFactor>,
);

/// The account of a name with its second factor. For an unknown name as much is asked of the database.
pub(super) async fn find(db: &Db, username: &str) -> Result<Found, Problem> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let name = username.to_owned();
    let named = db
        .read(&nobody, move |tx| store::find_username(tx, &name))
        .await?;
    let (municipality, user) = named.map_or((MunicipalityId::NIL, UserId::NIL), |named| {
        (named.municipality, named.user)
    });
    let asking = Arc::new(Caller::system(municipality));
    let look =
        move |tx: &mut Tx<'_>| Ok((store::find_user(tx, user)?, second_factor::find(tx, user)?));
    let (account, factor) = db.read(&asking, look).await?;
    Ok((municipality, account, factor))
}

/// An employee who is about to sign in.
pub(super) fn acting(
    municipality: MunicipalityId,
    user: UserId,
    correlation: &Correlation,
) -> Arc<Caller> {
    Arc::new(Caller {
        actor: Actor::User(user),
        correlation: correlation.clone(),
        ..Caller::system(municipality)
    })
}
