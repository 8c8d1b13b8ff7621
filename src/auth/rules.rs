//! What may be done with an employee's account, as pure rules.

use super::caller::Actor;
use crate::ids::UserId;
use crate::refusals;

refusals! {
    /// Why a user account cannot be as asked.
    pub enum Refusal {
        UsernameTaken = 409 "username_taken", "Brukernavnet er i bruk.", "The user name is taken.", at "/username";
        AlreadyDisabled = 409 "already_disabled", "Brukeren er allerede sperret.", "The user is disabled already.";
        OwnAccount = 403 "own_account", "Du kan ikke sperre deg selv.", "You cannot disable yourself.";
    }
}

/// Whether `by` may close this account: once, and never one's own, so that an installation keeps an administrator.
pub(super) fn may_disable(account: UserId, is_disabled: bool, by: Actor) -> Result<(), Refusal> {
    if by.user() == Some(account) {
        return Err(Refusal::OwnAccount);
    }
    if is_disabled {
        return Err(Refusal::AlreadyDisabled);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn an_account_is_closed_once_and_by_somebody_else() {
        let (kari, ola): (UserId, UserId) = (Id::new(), Id::new());
        assert_eq!(may_disable(kari, false, Actor::User(ola)), Ok(()));
        let own = may_disable(kari, false, Actor::User(kari));
        assert_eq!(own, Err(Refusal::OwnAccount));
        let again = may_disable(kari, true, Actor::User(ola));
        assert_eq!(again, Err(Refusal::AlreadyDisabled));
    }
}
