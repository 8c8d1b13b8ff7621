//! The second factor within a running sign-in: beginning with one, and showing again who one is.

use std::sync::Arc;

use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::policy::Action;
use super::routes::signed_in;
use super::rules::Refusal;
use super::second_factor;
use super::sessions::{self, Method};
use super::sign_in::SignIn;
use super::store;
use super::throttle::Try;
use super::token::ACCESS_SECONDS;
use super::visitor::Visitor;
use crate::audit::Entry;
use crate::db::{Db, Tx};
use crate::http::{Call, Endpoint, Kernel, Nothing, Shown};
use crate::ids::{SessionId, UserId};
use crate::problem::{Problem, STEP_UP_NEEDED, UNAUTHENTICATED};

/// A second factor is begun with only by whoever signed in a moment ago: a stolen token must not become a stolen account.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Why a code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Showing {
    /// For the first time, so that it is known to work.
    First,
    /// Once more, since an action asks for it.
    Again,
}

/// The operations on the second factor within a running sign-in.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Action::OwnSession;
    vec![
        Endpoint::own(
            "/auth/step-up",
            OwnSession,
            "Show again who one is, by a code: some actions ask for it every five minutes",
            step_up,
        ),
        Endpoint::sign(
            "/auth/second-factor",
            OwnSession,
            "Begin with a code generator: gives the secret that an authenticator app takes",
            enrol,
        ),
        Endpoint::own(
            "/auth/second-factor/confirm",
            OwnSession,
            "Show by a first code that the code generator works",
            confirm,
        ),
    ]
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ShowCode {
    #[schema(pattern = "^[0-9]{6}$")]
    code: String,
}

/// An access token that says that somebody has just shown who they are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SteppedUp {
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds that the access token lives.
    expires_in: i64,
}

/// The secret of a code generator; told once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CodeGenerator {
    /// In base32, for typing in.
    secret: String,
    /// For a QR code.
    uri: String,
}

async fn step_up(
    kernel: Arc<Kernel>,
    caller: Arc<Caller>,
    visitor: Visitor,
    asked: ShowCode,
) -> Result<Shown<SteppedUp>, Problem> {
    show_code(&kernel, &caller, &visitor, asked, Showing::Again).await
}

async fn confirm(
    kernel: Arc<Kernel>,
    caller: Arc<Caller>,
    visitor: Visitor,
    asked: ShowCode,
) -> Result<Shown<SteppedUp>, Problem> {
    show_code(&kernel, &caller, &visitor, asked, Showing::First).await
}

async fn show_code(
    kernel: &Kernel,
    caller: &Arc<Caller>,
    visitor: &Visitor,
    asked: ShowCode,
    showing: Showing,
) -> Result<Shown<SteppedUp>, Problem> {
    let access = kernel
        .sign_in
        .show_code(&kernel.db, caller, visitor, asked.code, showing)
        .await?;
    Ok(Shown::plain(SteppedUp {
        access_token: access,
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
    }))
}

fn enrol(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<CodeGenerator>, Problem> {
    let (user, session) = signed_in(tx)?;
    let (secret, uri) = begin(tx, user, session)?;
    Ok(Shown::plain(CodeGenerator { secret, uri }))
}

impl SignIn {
    /// Takes a code within a running sign-in, and gives an access token that says so. Wrong ones count as failed sign-ins do.
    async fn show_code(
        &self,
        db: &Db,
        caller: &Arc<Caller>,
        visitor: &Visitor,
        code: String,
        showing: Showing,
    ) -> Result<String, Problem> {
        let both = caller.actor.user().zip(caller.session);
        let (user, session) = both.ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
        let (name, now) = (format!("code of {user}"), db.kit().clock.now());
        let attempt = Try::begin(db, &name, visitor.address).await?;
        let show = move |tx: &mut Tx<'_>| {
            let factor = second_factor::find(tx, user)?;
            let factor = factor.filter(|it| it.is_confirmed == (showing == Showing::Again));
            let factor = factor.ok_or(Refusal::NoSecondFactor)?;
            let step = factor.step_of(&code, tx.now()).ok_or(Refusal::WrongCode)?;
            if !second_factor::use_step(tx, user, step)? {
                return Err(Refusal::WrongCode.into());
            }
            let proof = sessions::strengthen(tx, session, Method::Code)?;
            tx.record(
                Entry::change(match showing {
                    Showing::First => "user.second_factor_begun",
                    Showing::Again => "session.stepped_up",
                })
                .about(user),
            );
            proof.ok_or_else(|| Problem::new(&UNAUTHENTICATED))
        };
        let proof = db.write(caller, show).await?;
        attempt.succeeded(db).await?;
        self.tokens
            .issue(caller.municipality, user, session, &proof, now)
    }
}

/// Begins with a second factor: the secret, and what an authenticator app scans.
fn begin(tx: &mut Tx<'_>, user: UserId, session: SessionId) -> Result<(String, String), Problem> {
    if second_factor::find(tx, user)?.is_some_and(|factor| factor.is_confirmed) {
        return Err(Refusal::AlreadyEnrolled.into());
    }
    let shown = sessions::find_proof(tx, session)?;
    if shown.is_none_or(|(_, proof)| proof.at.plus(FRESH) < tx.now()) {
        return Err(Problem::new(&STEP_UP_NEEDED));
    }
    let account = store::find_user(tx, user)?;
    let account = account.ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
    let secret = second_factor::new_code_secret()?;
    second_factor::begin(tx, user, &secret)?;
    tx.record(Entry::change("user.second_factor_offered").about(user));
    let uri = second_factor::uri(secret.expose_secret(), &account.username);
    Ok((secret.expose_secret().to_owned(), uri))
}
