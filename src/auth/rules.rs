//! What may be done with an employee's account, as pure rules.

use super::caller::Actor;
use crate::ids::UserId;
use crate::refusals;

refusals! {
    /// Why an account or an agreement cannot be as asked.
    pub enum Refusal {
        UsernameTaken = 409 "username_taken", "Brukernavnet er i bruk.", "The user name is taken.", at "/username";
        AlreadyDisabled = 409 "already_disabled", "Brukeren er allerede sperret.", "The user is disabled already.";
        OwnAccount = 403 "own_account", "Du kan ikke sperre deg selv.", "You cannot disable yourself.";
        AgreementNeverInForce = 400 "agreement_never_in_force", "Avtalen må gjelde i minst én dag.", "The agreement must be in force for a day at least.", at "/validUntil";
        AgreementEnded = 409 "agreement_ended", "Avtalen er allerede avsluttet.", "The agreement has ended already.";
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
