//! Who is let in for an action, and what may be done with an employee's account, as pure rules.

use jiff::SignedDuration;

use super::bearer::Admission;
use super::caller::Actor;
use super::granting::RoleRequestState;
use super::policy::{Action, Permitted, Role};
use super::sessions::Standing;
use crate::clock::Instant;
use crate::ids::UserId;
use crate::problem::{FORBIDDEN, SECOND_FACTOR_NEEDED, STEP_UP_NEEDED};
use crate::refusals;

/// For how long it counts that somebody showed who they are, where an action asks for it anew.
const STEP_UP_FOR: SignedDuration = SignedDuration::from_mins(5);

refusals! {
    /// Why an account or an agreement cannot be as asked.
    pub enum Refusal {
        UsernameTaken = 409 "username_taken", "Brukernavnet er i bruk.", "The user name is taken.", at "/username";
        AlreadyDisabled = 409 "already_disabled", "Brukeren er allerede sperret.", "The user is disabled already.";
        OwnAccount = 403 "own_account", "Du kan ikke forvalte din egen konto.", "You cannot manage your own account.";
        SameAdministrator = 403 "same_administrator", "En annen administrator må godkjenne rollen eller klareringen.", "Another administrator must approve the role or the clearance.";
        RoleRequestOver = 409 "role_request_over", "Rollen er allerede behandlet.", "The role was dealt with already.";
        NotDisabled = 409 "not_disabled", "Brukeren er ikke sperret.", "The user is not disabled.";
        AlreadyEnrolled = 409 "second_factor_exists", "Du har allerede en kodegenerator. En administrator kan nullstille den.", "You have a code generator already. An administrator can reset it.";
        NoSecondFactor = 409 "no_second_factor", "Brukeren har ingen kodegenerator.", "The user has no code generator.";
        WrongCode = 403 "wrong_code", "Koden er feil eller brukt før.", "The code is wrong or was used before.", at "/code";
        PasswordTooShort = 400 "password_too_short", "Passordet må ha minst 15 tegn (8 med kodegenerator).", "The password needs at least 15 characters (8 with a code generator).", at "/newPassword";
        PasswordTooLong = 400 "password_too_long", "Passordet kan ha høyst 128 tegn.", "The password may have at most 128 characters.", at "/newPassword";
        PasswordGuessable = 400 "password_guessable", "Passordet er for lett å gjette.", "The password is too easy to guess.", at "/newPassword";
        IssuerTaken = 409 "issuer_taken", "Utstederen er allerede tatt i bruk med denne mottakeren.", "The issuer is in use with this audience already.";
        IssuerUnsafe = 400 "issuer_unsafe", "En utsteder har en adresse som begynner med https://.", "An issuer has an address that begins with https://.", at "/issuer";
        ProviderClosed = 409 "provider_closed", "Utstederen er allerede tatt ut av bruk.", "The issuer is closed already.";
        IdentityTaken = 409 "identity_taken", "Identiteten er allerede knyttet til en konto.", "The identity is linked to an account already.";
        AgreementNeverInForce = 400 "agreement_never_in_force", "Avtalen må gjelde i minst én dag.", "The agreement must be in force for a day at least.", at "/validUntil";
        AgreementEnded = 409 "agreement_ended", "Avtalen er allerede avsluttet.", "The agreement has ended already.";
    }
}

/// The roles that count: without a second factor, not those that need one.
pub(super) fn roles_that_count(standing: &Standing) -> Vec<Role> {
    let counts = |role: &Role| standing.is_strong || !role.needs_second_factor();
    standing.roles.iter().copied().filter(counts).collect()
}

/// Whether somebody whose sign-in stands so may do this now, by the roles that count.
pub(super) fn admit(
    action: Action,
    standing: &Standing,
    roles: &[Role],
    now: Instant,
) -> Admission {
    if matches!(action.permitted(), Permitted::Anyone | Permitted::SignedIn) {
        return Admission::Permitted;
    }
    if !action.is_permitted_to(roles) {
        // It would be permitted by more than was shown.
        let more = action.is_permitted_to(&standing.roles);
        return Admission::Refused(if more {
            &SECOND_FACTOR_NEEDED
        } else {
            &FORBIDDEN
        });
    }
    if action.needs_step_up() && standing.authenticated_at.plus(STEP_UP_FOR) < now {
        return Admission::Refused(&STEP_UP_NEEDED);
    }
    Admission::Permitted
}

/// Whether `by` may manage this account: never one's own, so that nobody raises themselves, and an installation keeps an administrator.
pub(super) fn may_manage(account: UserId, by: Actor) -> Result<(), Refusal> {
    if by.user() == Some(account) {
        return Err(Refusal::OwnAccount);
    }
    Ok(())
}

/// Whether somebody may approve a role: not for themselves, and not what they asked for themselves, be it by another account.
pub(super) fn may_approve_role(is_own: bool, is_same: bool) -> Result<(), Refusal> {
    if is_own {
        return Err(Refusal::OwnAccount);
    }
    if is_same {
        return Err(Refusal::SameAdministrator);
    }
    Ok(())
}

/// What was dealt with is not dealt with again.
pub(super) fn must_be_open(state: RoleRequestState) -> Result<(), Refusal> {
    if state == RoleRequestState::Open {
        return Ok(());
    }
    Err(Refusal::RoleRequestOver)
}

/// Whether `by` may close this account: once.
pub(super) fn may_disable(account: UserId, is_disabled: bool, by: Actor) -> Result<(), Refusal> {
    may_manage(account, by)?;
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

    #[test]
    fn a_role_that_decides_counts_only_with_a_second_factor_and_for_five_minutes() {
        let standing = |is_strong| Standing {
            user: Id::new(),
            authenticated_at: Instant::from_micros(0),
            is_strong,
            roles: vec![Role::Caseworker, Role::DecisionMaker],
        };
        let (weak, strong) = (standing(false), standing(true));
        let try_at = |standing: &Standing, action, seconds: i64| {
            let roles = roles_that_count(standing);
            admit(
                action,
                standing,
                &roles,
                Instant::from_micros(seconds * 1_000_000),
            )
        };
        let needed = Admission::Refused(&SECOND_FACTOR_NEEDED);
        assert_eq!(try_at(&weak, Action::Decide, 0), needed);
        assert_eq!(try_at(&weak, Action::HandleCase, 0), Admission::Permitted);
        assert_eq!(
            try_at(&weak, Action::ManageUsers, 0),
            Admission::Refused(&FORBIDDEN)
        );
        assert_eq!(try_at(&strong, Action::Decide, 300), Admission::Permitted);
        assert_eq!(
            try_at(&strong, Action::Decide, 301),
            Admission::Refused(&STEP_UP_NEEDED)
        );
        assert_eq!(
            try_at(&strong, Action::HandleCase, 40_000),
            Admission::Permitted
        );
    }
}
