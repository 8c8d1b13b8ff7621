//! How a snapshot is kept: in parts, each addressed by the SHA-256 of its canonical JSON, so that two snapshots share what both have.
//!
//! A household or home belongs to the part that the random end of its id names. So one change touches one part, and a day's
//! decisions keep the rest once. As many parts as each holds on average keep both the list of parts and a part short.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::{HomeFacts, HouseholdFacts};
use crate::audit::{CanonicalFault, Hash, canonical, sha256};
use crate::clock::Day;

/// A part of a snapshot, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its address.
    pub(super) sha256: Hash,
    /// Its canonical JSON: a list of facts in the order of their ids.
    pub(super) text: String,
}

/// What a snapshot consists of, in canonical JSON the text that is kept under the snapshot's own address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Contents {
    /// The day on which ages, inspections and windows are reckoned.
    pub(super) as_of: Day,
    /// The parts that hold the households, by place.
    pub(super) households: Vec<String>,
    /// The parts that hold the homes, by place.
    pub(super) homes: Vec<String>,
}

/// Facts that are kept in parts.
pub(super) trait Kept: Serialize + DeserializeOwned {
    /// The id that names the part and orders the facts in it.
    fn id(&self) -> Uuid;
}

impl Kept for HouseholdFacts {
    fn id(&self) -> Uuid {
        self.application_id.uuid()
    }
}

impl Kept for HomeFacts {
    fn id(&self) -> Uuid {
        self.dwelling_id.uuid()
    }
}

/// How many parts so many facts are kept in: a power of two.
pub(super) fn part_count(facts: usize) -> usize {
    facts.isqrt().max(1).next_power_of_two()
}

/// The place of the part, of so many, to which an id belongs.
pub(super) fn place_of(id: Uuid, parts: usize) -> usize {
    let last = u128::try_from(parts.max(1) - 1).unwrap_or(0);
    usize::try_from(id.as_u128() & last).unwrap_or(0)
}

/// Cuts facts into parts. What a place had before is taken over where `unchanged` gives it.
pub(super) fn cut<'a, T: Kept + 'a>(
    facts: impl Iterator<Item = &'a T>,
    count: usize,
    unchanged: impl Fn(usize) -> Option<Arc<Part>>,
) -> Result<Vec<Arc<Part>>, CanonicalFault> {
    let kept: Vec<Option<Arc<Part>>> = (0..count).map(unchanged).collect();
    let mut members: Vec<Vec<&T>> = (0..count).map(|_| Vec::new()).collect();
    for fact in facts {
        let place = place_of(fact.id(), count);
        let is_new = kept.get(place).is_some_and(Option::is_none);
        if let Some(part) = members.get_mut(place).filter(|_| is_new) {
            part.push(fact);
        }
    }
    let cut = kept.into_iter().zip(members);
    cut.map(|(kept, mut members)| {
        if let Some(kept) = kept {
            Ok(kept)
        } else {
            members.sort_unstable_by_key(|fact| fact.id());
            let text = canonical(&members)?;
            Ok(Arc::new(Part {
                sha256: sha256(text.as_bytes()),
                text,
            }))
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::town;

    fn addresses(parts: &[Arc<Part>]) -> Vec<Hash> {
        parts.iter().map(|part| part.sha256).collect()
    }

    #[test]
    fn one_change_makes_one_part_anew_whatever_the_order() {
        let mut town = town(4, 500, 0);
        let count = part_count(500);
        assert_eq!(count, 32);
        let before = cut(town.households.iter(), count, |_| None).unwrap();
        town.households.reverse();
        let turned = cut(town.households.iter(), count, |_| None).unwrap();
        assert_eq!(addresses(&before), addresses(&turned));
        town.households[7].needs.has_pet ^= true;
        let changed = town.households[7].id();
        let whole = cut(town.households.iter(), count, |_| None).unwrap();
        let anew = before
            .iter()
            .zip(&whole)
            .filter(|(a, b)| a.sha256 != b.sha256);
        assert_eq!(anew.count(), 1);
        let taken_over = cut(town.households.iter(), count, |place| {
            (place != place_of(changed, count)).then(|| before[place].clone())
        });
        assert_eq!(taken_over.unwrap(), whole);
    }

    #[test]
    fn parts_and_what_they_hold_grow_alike() {
        assert_eq!([0, 1, 3, 150, 50_000].map(part_count), [1, 1, 1, 16, 256]);
    }
}
