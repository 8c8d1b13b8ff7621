//! One-time codes (TOTP, RFC 6238) as the second factor: six digits, a new one each half minute, each good once.

use diesel::prelude::*;
use secrecy::{ExposeSecret as _, SecretString};
use totp_rs::{Builder, Secret, Totp};

use crate::clock::Instant;
use crate::crypto::{self, Context};
use crate::db::Tx;
use crate::db::schema::second_factor;
use crate::each;
use crate::ids::UserId;
use crate::problem::Problem;

/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const STEP_SECONDS: u64 = 30;
/// The code before and the one after are good too: clocks differ.
const SKEW: u16 = 1;

/// An employee's second factor.
#[derive(Debug)]
pub(super) struct SecondFactor {
    secret: SecretString,
    /// Whether a code has come back, so that it is known to work.
    pub(super) is_confirmed: bool,
    last_step: i64,
}

impl SecondFactor {
    /// The step of a code that is good now and was not used before.
    pub(super) fn step_of(&self, code: &str, now: Instant) -> Option<i64> {
        let step = totp(self.secret.expose_secret())?.check(code, seconds(now))?;
        let step = i64::try_from(step).ok()?;
        (step > self.last_step).then_some(step)
    }
}

/// A new secret, in base32 as authenticator apps take it.
pub fn new_code_secret() -> Result<SecretString, Problem> {
    let mut random = [0; SECRET_BYTES];
    getrandom::fill(&mut random).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(Secret::from(random).to_base32().into())
}

/// The code that a secret gives at a moment; none if the secret is no base32 of enough bytes.
#[must_use]
pub fn code_at(secret: &str, now: Instant) -> Option<String> {
    Some(totp(secret)?.generate(seconds(now)).to_string())
}

/// What an authenticator app scans.
pub(super) fn uri(secret: &str, account: &str) -> String {
    let account: String = form_urlencoded::byte_serialize(account.as_bytes()).collect();
    format!("otpauth://totp/rettbolig:{account}?secret={secret}&issuer=rettbolig")
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let builder = Builder::new().with_secret(secret).with_skew(SKEW);
    builder.with_step_duration(STEP_SECONDS).build().ok()
}

fn seconds(now: Instant) -> u64 {
    now.timestamp().as_second().max(0).unsigned_abs()
}

/// The second factor of a user, if there is one.
pub(super) fn find(tx: &mut Tx<'_>, user: UserId) -> Result<Option<SecondFactor>, Problem> {
    let key = (tx.municipality(), user);
    let found: Option<(String, Option<Instant>, i64)> = second_factor::table
        .find(key)
        .select((
            second_factor::secret,
            second_factor::confirmed_at,
            second_factor::last_step,
        ))
        .first(tx.conn())
        .optional()?;
    let Some((sealed, confirmed_at, last_step)) = found else {
        return Ok(None);
    };
    let opened = crypto::open_for_house(&tx.kit().keys, place(tx, user), &sealed);
    Ok(Some(SecondFactor {
        secret: opened.map_err(|fault| Problem::internal(fault.code()))?,
        is_confirmed: confirmed_at.is_some(),
        last_step,
    }))
}

/// Keeps a secret that has not shown yet that it works; one that has is not replaced.
pub(super) fn begin(tx: &mut Tx<'_>, user: UserId, secret: &SecretString) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let sealed = seal(tx, user, secret)?;
    diesel::delete(second_factor::table.find((municipality, user)))
        .filter(second_factor::confirmed_at.is_null())
        .execute(tx.conn())?;
    let insert = diesel::insert_into(second_factor::table).values((
        second_factor::municipality_id.eq(municipality),
        second_factor::user_id.eq(user),
        second_factor::secret.eq(sealed),
        second_factor::last_step.eq(0),
        second_factor::created_at.eq(now),
    ));
    each!(tx.conn(), c => insert.execute(c))?;
    Ok(())
}

/// Keeps that the code of this step was used, if none of it or later was; of two at once, one is first.
pub(super) fn use_step(tx: &mut Tx<'_>, user: UserId, step: i64) -> Result<bool, Problem> {
    let (key, now) = ((tx.municipality(), user), tx.now());
    let rows = diesel::update(second_factor::table.find(key))
        .filter(second_factor::last_step.lt(step))
        .set(second_factor::last_step.eq(step))
        .execute(tx.conn())?;
    diesel::update(second_factor::table.find(key))
        .filter(second_factor::confirmed_at.is_null())
        .set(second_factor::confirmed_at.eq(now))
        .execute(tx.conn())?;
    Ok(rows == 1)
}

/// Forgets a user's second factor; tells whether there was one.
pub(super) fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Problem> {
    let key = (tx.municipality(), user);
    Ok(diesel::delete(second_factor::table.find(key)).execute(tx.conn())? == 1)
}

/// Gives a new account a second factor that works already, as the demonstration's and the tests' have.
pub fn give_second_factor(
    tx: &mut Tx<'_>,
    user: UserId,
    secret: &SecretString,
) -> Result<(), Problem> {
    begin(tx, user, secret)?;
    use_step(tx, user, 1).map(|_| ())
}

/// Seals anew, with the key in use, the secrets that an older key-encryption key seals; tells how many.
pub fn rewrap_secrets(tx: &mut Tx<'_>, limit: i64) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let current = format!("{}%", crypto::prefix_of_active(&tx.kit().keys));
    let old: Vec<(UserId, String)> = second_factor::table
        .filter(second_factor::municipality_id.eq(municipality))
        .filter(second_factor::secret.not_like(current))
        .order(second_factor::user_id)
        .limit(limit)
        .select((second_factor::user_id, second_factor::secret))
        .load(tx.conn())?;
    for (user, sealed) in &old {
        let opened = crypto::open_for_house(&tx.kit().keys, place(tx, *user), sealed);
        let opened = opened.map_err(|fault| Problem::internal(fault.code()))?;
        let anew = seal(tx, *user, &opened)?;
        diesel::update(second_factor::table.find((municipality, *user)))
            .filter(second_factor::secret.eq(sealed))
            .set(second_factor::secret.eq(anew))
            .execute(tx.conn())?;
    }
    Ok(old.len())
}

fn seal(tx: &Tx<'_>, user: UserId, secret: &SecretString) -> Result<String, Problem> {
    let text = secret.expose_secret();
    crypto::seal_for_house(&tx.kit().keys, place(tx, user), text)
        .map_err(|fault| Problem::internal(fault.code()))
}

fn place(tx: &Tx<'_>, user: UserId) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "second_factor",
        column: "secret",
        row: user.uuid(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's appendix B, whose codes are given there for SHA-1 with eight digits.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        assert_eq!(code_at(RFC, at(59)).as_deref(), Some("287082"));
        assert_eq!(code_at(RFC, at(1_111_111_109)).as_deref(), Some("081804"));
        assert_eq!(code_at(RFC, at(20_000_000_000)).as_deref(), Some("353130"));
        assert_eq!(code_at("not base32!", at(59)), None);
    }

    #[test]
    fn a_code_is_good_a_step_early_and_late_and_never_again() {
        let factor = |last_step| SecondFactor {
            secret: RFC.to_owned().into(),
            is_confirmed: true,
            last_step,
        };
        let code = code_at(RFC, at(3000)).unwrap();
        for (seconds, step) in [
            (2969, None),
            (2970, Some(100)),
            (3059, Some(100)),
            (3060, None),
        ] {
            assert_eq!(factor(0).step_of(&code, at(seconds)), step, "{seconds}");
        }
        assert_eq!(factor(99).step_of(&code, at(3000)), Some(100));
        assert_eq!(factor(100).step_of(&code, at(3000)), None);
        for code in ["", "000000000", "abcdef", "２８７０８２"] {
            assert_eq!(factor(0).step_of(code, at(3000)), None);
        }
    }
}
