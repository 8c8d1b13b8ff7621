//! How homes are told to whoever asks: everything that shows a home to anybody passes here.
//!
//! This is the seam for what must not be told of a home, above all where a household with a protected address lives: single homes,
//! lists, histories and exported tables are made from what leaves this file.

use super::change::Change;
use super::dwelling::Dwelling;
use super::search::Listed;
use crate::db::Tx;
use crate::http::Shown;
use crate::problem::Problem;

/// A home, at its version.
pub(super) fn tell(tx: &mut Tx<'_>, home: Dwelling) -> Result<Shown<Dwelling>, Problem> {
    let mut told = tell_all(tx, vec![home])?;
    let home = told
        .pop()
        .ok_or_else(|| Problem::new(&crate::problem::NOT_FOUND))?;
    Ok(Shown::at_version(home.version, home))
}

/// Homes with all that they are.
#[expect(
    clippy::unnecessary_wraps,
    reason = "what may be told is a question to the database"
)]
pub(super) fn tell_all(_: &mut Tx<'_>, homes: Vec<Dwelling>) -> Result<Vec<Dwelling>, Problem> {
    Ok(homes)
}

/// Homes in a list.
#[expect(
    clippy::unnecessary_wraps,
    reason = "what may be told is a question to the database"
)]
pub(super) fn tell_listed(_: &mut Tx<'_>, homes: Vec<Listed>) -> Result<Vec<Listed>, Problem> {
    Ok(homes)
}

/// The changes of homes.
#[expect(
    clippy::unnecessary_wraps,
    reason = "what may be told is a question to the database"
)]
pub(super) fn tell_changes(_: &mut Tx<'_>, changes: Vec<Change>) -> Result<Vec<Change>, Problem> {
    Ok(changes)
}
