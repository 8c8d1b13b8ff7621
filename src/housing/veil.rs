//! What is told of a home in which somebody lives, or is to live, whom the reader may not locate: that it is blocked, and nothing more.
//!
//! A list of vacant homes beside a list of occupied ones would tell where a protected person lives, so every answer that tells the
//! state of a home goes through here, counts and filters too.

use std::collections::BTreeSet;

use super::dwelling::Dwelling;
use super::model::DwellingState;
use crate::access;
use crate::db::Tx;
use crate::ids::DwellingId;
use crate::problem::Problem;

/// The homes whose state is kept from the reader.
#[derive(Debug)]
pub struct Veil(BTreeSet<DwellingId>);

impl Veil {
    /// For whoever reads in this transaction.
    pub fn of(tx: &mut Tx<'_>) -> Result<Self, Problem> {
        Ok(Self(access::concealed_homes(tx)?))
    }

    /// Whether the state of this home is kept from the reader.
    #[must_use]
    pub fn is_over(&self, home: DwellingId) -> bool {
        self.0.contains(&home)
    }

    /// The homes, for a query.
    pub(super) fn homes(&self) -> Vec<DwellingId> {
        self.0.iter().copied().collect()
    }

    /// The state that is told of a home.
    #[must_use]
    pub fn state(&self, home: DwellingId, state: DwellingState) -> DwellingState {
        if self.is_over(home) {
            DwellingState::Blocked
        } else {
            state
        }
    }

    /// A home as it is told.
    #[must_use]
    pub fn over(&self, mut home: Dwelling) -> Dwelling {
        home.state = self.state(home.id, home.state);
        home
    }
}

/// A home as it is told to whoever reads in this transaction.
pub fn veiled(tx: &mut Tx<'_>, home: Dwelling) -> Result<Dwelling, Problem> {
    Ok(Veil::of(tx)?.over(home))
}
