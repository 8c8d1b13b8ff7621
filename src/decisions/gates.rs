//! What other slices know that bars somebody from deciding, or a decision from being made.

use super::rules::Refusal;
use crate::db::Tx;
use crate::ids::{ApplicationId, HouseholdId, UserId};
use crate::meetings;
use crate::offers;
use crate::problem::Problem;
use crate::restrictions;
use crate::rulesets::Adopted;

/// Who has said not to be impartial in a case takes no part in it (forvaltningsloven § 6), and of whom data may not be processed,
/// nothing is decided (personvernforordningen art. 18).
pub(super) fn must_be_open_to(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    household: HouseholdId,
    user: UserId,
) -> Result<(), Problem> {
    if meetings::is_conflicted(tx, case, user)? {
        return Err(Refusal::Conflicted.into());
    }
    restrictions::must_be_free(tx, household)
}

/// A grant lapses only after as many offers that count as the rules say.
pub(super) fn must_have_used_up(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    adopted: &Adopted,
) -> Result<(), Problem> {
    let (counted, after) = (offers::counted(tx, case)?, adopted.rules.offers.lapse_after);
    if counted >= usize::from(after) {
        return Ok(());
    }
    Err(Problem::from(Refusal::OffersLeft)
        .fact("counted", counted)
        .fact("lapseAfter", after))
}
