//! What is told of a home in which somebody lives, or is to live, whom the reader may not locate: that it is blocked, and nothing more.
//!
//! A list of vacant homes beside a list of occupied ones would tell where a protected person lives, so every answer that tells the
//! state of a home goes through here, counts and filters too.

use std::collections::BTreeSet;

use super::dwelling::Dwelling;
use super::model::DwellingState;
use super::vacancy::Trace;
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

    /// What is told of a home's past: of one whose state is kept from the reader, that it has been blocked for as long as it stands
    /// as it does.
    pub(super) fn over_traces(&self, home: DwellingId, traces: Vec<Trace>) -> Vec<Trace> {
        match traces.last().copied() {
            Some(last) if self.is_over(home) => {
                let stands_so = traces.iter().rev();
                let stands_so = stands_so.take_while(|trace| trace.state == last.state);
                vec![Trace {
                    state: DwellingState::Blocked,
                    on: stands_so.last().map_or(last.on, |first| first.on),
                    ..last
                }]
            }
            _ => traces,
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
    let veil = Veil(access::concealed_among(tx, &[home.id])?);
    Ok(veil.over(home))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Day;
    use crate::ids::Id;

    #[test]
    fn a_veiled_home_has_been_blocked_since_it_stands_as_it_does() {
        let trace = |state, on: &str, rent_ore| Trace {
            state,
            on: Day(on.parse().unwrap()),
            rent_ore,
        };
        let home: DwellingId = Id::new();
        let traces = vec![
            trace(DwellingState::Available, "2026-01-01", 800_000),
            trace(DwellingState::Occupied, "2026-02-01", 800_000),
            trace(DwellingState::Occupied, "2026-02-15", 900_000),
        ];
        let veil = Veil(BTreeSet::from([home]));
        let told = [trace(DwellingState::Blocked, "2026-02-01", 900_000)];
        assert_eq!(veil.over_traces(home, traces.clone()), told);
        assert_eq!(veil.over_traces(Id::new(), traces.clone()), traces);
        assert_eq!(veil.over_traces(home, Vec::new()), []);
    }
}
