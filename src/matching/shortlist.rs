//! The first of those who may have a home, and of those who may not: what a caseworker looks at, without ordering everybody else.

use super::constraints::{Constraint, ConstraintSet};
use super::model::HomeFacts;
use super::pool::Pool;
use super::ranking::{Candidate, Ineligible, Place};
use super::suitability::FULL;
use super::veil::Veil;

/// The first of a ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortlist {
    /// How many may have the home.
    pub eligible_count: usize,
    /// The first of them, with their places in the order of priority.
    pub candidates: Vec<(usize, Candidate)>,
    /// How many may not, apart from those whose only obstacle is not told: to count them would tell it.
    pub ineligible_count: usize,
    /// The first of them in the order of priority, silent about protection.
    pub ineligible: Vec<Ineligible>,
}

impl Pool {
    /// The first `limit` of the ranking for a home: the same households in the same order as [`Pool::rank`] gives.
    #[must_use]
    pub fn shortlist(&self, home: &HomeFacts, limit: usize) -> Shortlist {
        self.shortlist_behind(&Veil::default(), home, limit)
    }

    /// The same for somebody to whom not everybody may be told.
    pub(super) fn shortlist_behind(
        &self,
        veil: &Veil,
        home: &HomeFacts,
        limit: usize,
    ) -> Shortlist {
        let failures = self.failures(home);
        let mut eligible = self.eligible(home, &failures);
        eligible.retain(|place| !self.is_behind(veil, place.household));
        let eligible_count = eligible.len();
        if limit > 0 && limit < eligible_count {
            eligible.select_nth_unstable(limit - 1);
        }
        eligible.truncate(limit);
        eligible.sort_unstable();
        let candidates = self.candidates(&eligible);
        let places = eligible.iter().map(|place| place.household);
        let mut silent = Constraint::ProtectedAddress.bit();
        if !veil.tells_neighbours(home) {
            silent |= Constraint::ExcludedNeighbour.bit();
        }
        let waiting = self.ids.iter().zip(&failures).enumerate();
        let told = waiting.filter_map(|(household, (ids, failed))| {
            let (application_id, household_id) = *ids;
            let failed = ConstraintSet(failed.0 & !silent);
            (!failed.is_empty() && !self.is_behind(veil, household)).then_some(Ineligible {
                application_id,
                household_id,
                failed,
            })
        });
        Shortlist {
            eligible_count,
            candidates: places.zip(candidates).collect(),
            ineligible_count: told.clone().count(),
            ineligible: told.take(limit).collect(),
        }
    }

    /// Only the few whose addresses are protected can be behind a veil, so that only they are looked for among the hidden.
    fn is_behind(&self, veil: &Veil, household: usize) -> bool {
        let ids = self.ids.get(household);
        self.columns.is_protected(household)
            && ids.is_some_and(|(_, household)| veil.hides(*household))
    }

    /// The place of one household, by its place in the order of priority, among all who may have a home; `None` when it may not.
    #[must_use]
    pub fn standing(&self, home: &HomeFacts, household: usize) -> Option<Candidate> {
        self.standing_behind(&Veil::default(), home, household)
    }

    /// The same for somebody to whom not everybody may be told.
    pub(super) fn standing_behind(
        &self,
        veil: &Veil,
        home: &HomeFacts,
        household: usize,
    ) -> Option<Candidate> {
        let failures = self.failures(home);
        if !failures.get(household)?.is_empty() {
            return None;
        }
        let eligible = self.eligible(home, &failures);
        let own = *eligible.iter().find(|place| place.household == household)?;
        let above = eligible
            .iter()
            .filter(|place| **place < own && !self.is_behind(veil, place.household));
        let rank = above.clone().count() + 1;
        let pair: Vec<Place> = above.max().copied().into_iter().chain([own]).collect();
        let candidate = self.candidates(&pair).pop()?;
        Some(Candidate { rank, ..candidate })
    }

    /// Those who may have a home, in no order.
    pub(super) fn eligible(&self, home: &HomeFacts, failures: &[ConstraintSet]) -> Vec<Place> {
        let points = self.points(home, failures).into_iter();
        points
            .filter_map(|(household, points)| {
                let class = self.standings.get(household)?.class;
                let lost = FULL - points;
                Some(Place {
                    class,
                    lost,
                    household,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{rules, town};

    #[test]
    fn the_first_are_those_of_the_whole_ranking_and_each_stands_where_it_says() {
        for seed in 0..10 {
            let town = town(seed, 300, 20);
            let pool = Pool::of(&town, &rules());
            for home in &town.homes {
                let whole = pool.rank(home);
                for limit in [0, 1, 7, 1000] {
                    let short = pool.shortlist(home, limit);
                    assert_eq!(short.eligible_count, whole.candidates.len());
                    let first: Vec<_> = short.candidates.iter().map(|(_, it)| it).collect();
                    assert_eq!(
                        first,
                        whole.candidates.iter().take(limit).collect::<Vec<_>>()
                    );
                    for (place, candidate) in &short.candidates {
                        assert_eq!(pool.standing(home, *place).as_ref(), Some(candidate));
                    }
                    let told = whole.ineligible.iter().filter(|it| {
                        it.failed != [Constraint::ProtectedAddress].into_iter().collect()
                    });
                    assert_eq!(short.ineligible_count, told.clone().count());
                    assert_eq!(short.ineligible.len(), limit.min(short.ineligible_count));
                    assert!(
                        short
                            .ineligible
                            .iter()
                            .zip(told)
                            .all(|(a, b)| a.application_id == b.application_id)
                    );
                }
                assert!(whole.ineligible.iter().all(|it| {
                    let place = pool.ids.iter().position(|(id, _)| *id == it.application_id);
                    pool.standing(home, place.unwrap()).is_none()
                }));
            }
        }
    }
}
