//! How homes are told to whoever asks: single homes, lists, histories and exported tables leave through here, veiled.

use super::change::Change;
use super::dwelling::Dwelling;
use super::search::Listed;
use super::veil::{Veil, veiled};
use crate::db::Tx;
use crate::http::Shown;
use crate::problem::Problem;

/// A home, at its version.
pub(super) fn tell(tx: &mut Tx<'_>, home: Dwelling) -> Result<Shown<Dwelling>, Problem> {
    let home = veiled(tx, home)?;
    Ok(Shown::at_version(home.version, home))
}

/// Homes with all that they are.
pub(super) fn tell_all(tx: &mut Tx<'_>, homes: Vec<Dwelling>) -> Result<Vec<Dwelling>, Problem> {
    let veil = Veil::of(tx)?;
    Ok(homes.into_iter().map(|home| veil.over(home)).collect())
}

/// Homes in a list.
pub(super) fn tell_listed(tx: &mut Tx<'_>, homes: Vec<Listed>) -> Result<Vec<Listed>, Problem> {
    let veil = Veil::of(tx)?;
    let told = |mut home: Listed| {
        home.state = veil.state(home.id, home.state);
        home
    };
    Ok(homes.into_iter().map(told).collect())
}

/// The changes of homes. What happened to a home whose state is kept from the reader would tell that state.
pub(super) fn tell_changes(tx: &mut Tx<'_>, changes: Vec<Change>) -> Result<Vec<Change>, Problem> {
    let veil = Veil::of(tx)?;
    let is_told = |change: &Change| !veil.is_over(change.dwelling_id);
    Ok(changes.into_iter().filter(is_told).collect())
}
