//! Choosing a password: another one, or the first by an invitation.

use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::caller::Caller;
use super::password_rules::normal;
use super::sessions;
use super::sign_in::{Credentials, FAILURE_ANSWERED_AFTER, SignIn, acting, find, use_code};
use super::store::{self, UserRow};
use super::throttle::Try;
use super::visitor::Visitor;
use crate::audit::{Entry, sha256};
use crate::db::{Db, Tx};
use crate::municipality;
use crate::problem::{BAD_CREDENTIALS, Problem};

impl SignIn {
    /// Gives an account another password; every sign-in of the user ends.
    pub async fn change_password(
        &self,
        db: &Db,
        credentials: Credentials,
        new: SecretString,
        visitor: &Visitor,
    ) -> Result<(), Problem> {
        let proven = self.prove(db, credentials, visitor).await?;
        let caller = acting(proven.municipality, proven.account.id, &visitor.correlation);
        let has_code = proven.step.is_some();
        let hash = self
            .hash_new(db, &caller, &proven.account, new, has_code)
            .await?;
        let user = proven.account.id;
        let change = move |tx: &mut Tx<'_>| {
            use_code(tx, user, proven.step)?;
            store::set_password(tx, user, &hash)?;
            sessions::end_all(tx, user)?;
            tx.record(Entry::change("user.password_changed").about(user));
            Ok(())
        };
        db.write(&caller, change).await
    }

    /// Takes up an invitation: an account gets its password from whoever has the code that an administrator handed over.
    pub async fn activate(
        &self,
        db: &Db,
        credentials: Credentials,
        new: SecretString,
        visitor: &Visitor,
    ) -> Result<(), Problem> {
        let (started, now) = (tokio::time::Instant::now(), db.kit().clock.now());
        let (username, invitation) = (credentials.username, credentials.password);
        let attempt = Try::begin(db, &username, visitor.address).await?;
        let digest = sha256(invitation.expose_secret().as_bytes()).0;
        let (municipality, account, _) = find(db, &username).await?;
        let invited = account.filter(|account| {
            account.disabled_at.is_none()
                && account.invited_until.is_some_and(|until| until > now)
                && account.invitation.as_deref() == Some(digest.as_slice())
        });
        let Some(account) = invited else {
            tokio::time::sleep_until(started + FAILURE_ANSWERED_AFTER).await;
            return Err(Problem::new(&BAD_CREDENTIALS));
        };
        attempt.succeeded(db).await?;
        let caller = acting(municipality, account.id, &visitor.correlation);
        let hash = self.hash_new(db, &caller, &account, new, false).await?;
        let user = account.id;
        let take_up = move |tx: &mut Tx<'_>| {
            store::set_password(tx, user, &hash)?;
            sessions::end_all(tx, user)?;
            tx.record(Entry::change("user.activated").about(user));
            Ok(())
        };
        db.write(&caller, take_up).await
    }

    /// Judges a new password and hashes it.
    async fn hash_new(
        &self,
        db: &Db,
        caller: &Arc<Caller>,
        account: &UserRow,
        new: SecretString,
        has_code: bool,
    ) -> Result<String, Problem> {
        let (_, town) = db.read(caller, municipality::load).await?;
        let about = [
            account.username.as_str(),
            account.display_name.as_str(),
            town.as_str(),
        ];
        self.judge(&new, &about, has_code)?;
        self.passwords.hash_in_turn(new).await
    }

    /// Refuses a password that is too short or can be guessed.
    pub fn judge(
        &self,
        password: &SecretString,
        about: &[&str],
        has_code: bool,
    ) -> Result<(), Problem> {
        let password = SecretString::from(normal(password.expose_secret()));
        Ok(self
            .blocked
            .judge(password.expose_secret(), about, has_code)?)
    }
}
