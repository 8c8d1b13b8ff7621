//! What other slices know that bars somebody from deciding, or a decision from being made.

use super::model::{LegalBasis, Outcome};
use super::rules::Refusal;
use crate::applications::{self, Application};
use crate::db::Tx;
use crate::ids::{ApplicationId, UserId};
use crate::meetings;
use crate::offers;
use crate::parties;
use crate::problem::Problem;
use crate::restrictions;
use crate::rulesets::Adopted;

/// Who has said not to be impartial in a case takes no part in it, and who may be asked has answered first (forvaltningsloven § 6). Of
/// whom data may not be processed, nothing is decided (personvernforordningen art. 18). Who is under age is party to a decision through a guardian.
pub(super) fn must_be_open_to(
    tx: &mut Tx<'_>,
    case: &Application,
    user: UserId,
) -> Result<(), Problem> {
    if meetings::is_conflicted(tx, case.id, user)? {
        return Err(Refusal::Conflicted.into());
    }
    meetings::must_have_answered(tx, case, user)?;
    parties::must_be_represented(tx, case)?;
    restrictions::must_be_free(tx, case.household_id)
}

/// Nothing is granted to a party who has died, and no home to a household in which somebody has died since its needs were assessed: how many
/// it is for, and what it must be like, is assessed first (forvaltningsloven § 17). That a case is refused, dismissed or lapses, is decided all
/// the same.
pub(super) fn must_be_there(
    tx: &mut Tx<'_>,
    case: &Application,
    (law, outcome): (LegalBasis, Outcome),
) -> Result<(), Problem> {
    if !outcome.grants() {
        return Ok(());
    }
    parties::must_live(tx, case)?;
    match law {
        LegalBasis::MunicipalDwelling | LegalBasis::CarePlace => {
            applications::must_have_current_needs(tx, case)
        }
        LegalBasis::HousingAssistanceAct | LegalBasis::TemporaryAccommodation => Ok(()),
    }
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
