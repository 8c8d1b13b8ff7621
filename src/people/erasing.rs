//! What a person's erasure takes: the key and all that it opens, and everything by which the person is found.

use super::model::Name;
use super::{erasing_store, store};
use crate::clock::Instant;
use crate::db::Tx;
use crate::ids::PersonId;
use crate::problem::{ERASED, NOT_FOUND, Problem};

/// When a person was registered, and whether the person has been erased since.
#[derive(Debug, Clone, Copy)]
pub struct Registered {
    /// When.
    pub at: Instant,
    /// Whether nothing but the id is left.
    pub is_erased: bool,
}

/// Whether and when a person was registered.
pub fn find_registration(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Registered>, Problem> {
    let row = store::find_person(tx, id)?;
    Ok(row.map(|row| Registered {
        at: row.created_at,
        is_erased: row.erased_at.is_some(),
    }))
}

/// People with these and the following ids who have not been erased, at most `limit`.
pub fn not_erased_after(
    tx: &mut Tx<'_>,
    after: PersonId,
    limit: i64,
) -> Result<Vec<PersonId>, Problem> {
    erasing_store::not_erased_after(tx, after, limit)
}

/// Erases a person. Whatever was sealed under the person's key, wherever it stands and whoever has a copy, can be opened no more. Of
/// the birth date the year stays, which places in homes and statistics rest on; of the address protection the grade, so that what
/// was hidden stays hidden. Nobody else of the household is touched. The caller asks whether it may be, and records it.
pub fn erase(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Problem> {
    let row = store::find_person(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let year = row.born_on.0.first_of_year();
    erasing_store::erase(tx, &row, crate::clock::Day(year))
}

/// Refuses somebody of whom nothing but the id is left. Asked after something was written that names the person: the database then
/// made the writer wait for an erasure that was under way.
pub fn must_not_be_erased(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Problem> {
    if erasing_store::is_erased(tx, id)? {
        return Err(Problem::new(&ERASED));
    }
    Ok(())
}

/// Waits for whoever writes something of a person or of the households of the person, and keeps others from it until this transaction
/// ends: what is asked from now on about what goes on stays true until the person is erased.
pub fn hold(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Problem> {
    erasing_store::hold(tx, id)
}

/// The name of somebody who has been erased.
pub(super) const fn no_name() -> Name {
    Name {
        given_name: String::new(),
        family_name: String::new(),
    }
}
