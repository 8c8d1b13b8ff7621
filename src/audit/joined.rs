//! The places of the log that several lists have in common: a leapfrog join.
//!
//! Each list is asked for its next place at or behind the furthest that any has come to; where all say the same, all agree. What lies
//! between is never read, however long the other lists are.

use std::ops::Range;

use super::keys::Key;
use crate::problem::Problem;

/// Places of a list that few enough follow of: reading their entries costs less than looking the other lists up.
const FEW: usize = 32;

/// Where lists are kept.
pub(super) trait Lists {
    /// The block of a key's list that holds its first place at or behind `from`, if any can.
    fn block(&mut self, key: Key, from: u64) -> Result<Option<Block>, Problem>;

    /// The next parts of the log from `from` on in which something of the period that is asked can stand; none when nothing can.
    fn parts(&mut self, from: u64) -> Result<Vec<Range<u64>>, Problem>;
}

/// A piece of a list: ascending places, with none left out between the first and the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) leaves: Vec<u64>,
    /// Whether the list ends with it.
    pub(super) is_last: bool,
}

impl Block {
    /// What follows behind the last.
    const END: Self = Self {
        leaves: Vec::new(),
        is_last: true,
    };
}

/// One list on the way along it.
#[derive(Debug, Clone)]
struct List {
    key: Key,
    leaves: Vec<u64>,
    is_last: bool,
}

impl List {
    const fn new(key: Key) -> Self {
        Self {
            key,
            leaves: Vec::new(),
            is_last: false,
        }
    }

    /// Its places from here on, as far as they were read.
    fn rest(&self, from: u64) -> &[u64] {
        let passed = self.leaves.partition_point(|leaf| *leaf < from);
        self.leaves.get(passed..).unwrap_or_default()
    }

    /// Its first place at or behind `from`, which never goes back.
    fn seek(&mut self, lists: &mut impl Lists, from: u64) -> Result<Option<u64>, Problem> {
        if let Some(leaf) = self.rest(from).first() {
            return Ok(Some(*leaf));
        }
        if self.is_last {
            return Ok(None);
        }
        let block = lists.block(self.key, from)?.unwrap_or(Block::END);
        (self.leaves, self.is_last) = (block.leaves, block.is_last);
        Ok(self.rest(from).first().copied())
    }
}

/// Something that must hold of a place.
#[derive(Debug, Clone)]
enum Source {
    /// It stands in this list.
    One(List),
    /// It stands in any of these.
    Any(Vec<List>),
    /// It lies in one of these parts of the log.
    Parts(Vec<Range<u64>>),
}

impl Source {
    fn seek(&mut self, lists: &mut impl Lists, from: u64) -> Result<Option<u64>, Problem> {
        match self {
            Self::One(list) => list.seek(lists, from),
            Self::Any(all) => {
                let mut first: Option<u64> = None;
                for list in all {
                    let found = list.seek(lists, from)?;
                    first = first.into_iter().chain(found).min();
                }
                Ok(first)
            }
            Self::Parts(parts) => {
                parts.retain(|part| part.end > from);
                if parts.is_empty() {
                    *parts = lists.parts(from)?;
                }
                Ok(parts.first().map(|part| part.start.max(from)))
            }
        }
    }
}

/// The way along the log from one place to the next of which all sources hold.
#[derive(Debug)]
pub(super) struct Joined {
    sources: Vec<Source>,
    /// Where it goes on; nowhere, once a source has come to its end.
    at: Option<u64>,
}

impl Joined {
    /// The log from this place on.
    pub(super) const fn from(place: u64) -> Self {
        Self {
            sources: Vec::new(),
            at: Some(place),
        }
    }

    /// Only where this key's list has it.
    pub(super) fn with(mut self, key: Key) -> Self {
        self.sources.push(Source::One(List::new(key)));
        self
    }

    /// Only where the list of one of these keys has it.
    pub(super) fn with_any(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        let lists = keys.into_iter().map(List::new).collect();
        self.sources.push(Source::Any(lists));
        self
    }

    /// Only where something of the period can stand.
    pub(super) fn within_period(mut self) -> Self {
        self.sources.push(Source::Parts(Vec::new()));
        self
    }

    /// The next places of which all can hold, ascending: as many as are wanted, or all that are left where these are few; none at the
    /// end. Of what is left where they are few, the entries themselves must be asked whether the rest holds.
    pub(super) fn next(
        &mut self,
        lists: &mut impl Lists,
        wanted: usize,
    ) -> Result<Vec<u64>, Problem> {
        // Where nothing is asked for in particular, each part of the log has it.
        if self.sources.is_empty() {
            self.sources.push(Source::Parts(Vec::new()));
        }
        if let Some(few) = self.last_few(lists)? {
            return Ok(few);
        }
        let mut found = Vec::new();
        while found.len() < wanted
            && let Some(leaf) = self.meet(lists)?
        {
            found.push(leaf);
            self.at = leaf.checked_add(1);
        }
        Ok(found)
    }

    /// What is left of a list that soon ends.
    fn last_few(&mut self, lists: &mut impl Lists) -> Result<Option<Vec<u64>>, Problem> {
        let Some(at) = self.at.filter(|_| self.sources.len() > 1) else {
            return Ok(None);
        };
        for source in &mut self.sources {
            let Source::One(list) = source else { continue };
            list.seek(lists, at)?;
            let rest = list.rest(at);
            if list.is_last && rest.len() <= FEW {
                self.at = None;
                return Ok(Some(rest.to_vec()));
            }
        }
        Ok(None)
    }

    /// The first place from here on that all sources have.
    fn meet(&mut self, lists: &mut impl Lists) -> Result<Option<u64>, Problem> {
        let Some(mut leaf) = self.at else {
            return Ok(None);
        };
        let mut agreed = 0;
        while agreed < self.sources.len() {
            for source in &mut self.sources {
                match source.seek(lists, leaf)? {
                    Some(found) if found == leaf => agreed += 1,
                    Some(found) => (leaf, agreed) = (found, 1),
                    None => {
                        self.at = None;
                        return Ok(None);
                    }
                }
            }
        }
        Ok(Some(leaf))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// Behind all places that these lists have.
    const END: u64 = 1_000;

    /// Lists in memory, in blocks of a few places.
    #[derive(Clone)]
    struct Kept {
        lists: BTreeMap<Key, Vec<u64>>,
        period: Vec<Range<u64>>,
        block: usize,
        looked_up: usize,
    }

    impl Lists for Kept {
        fn block(&mut self, key: Key, from: u64) -> Result<Option<Block>, Problem> {
            self.looked_up += 1;
            let list = self.lists.get(&key).map_or(&[][..], Vec::as_slice);
            let count = list.len().div_ceil(self.block);
            let blocks = list.chunks(self.block).enumerate();
            let mut blocks = blocks.map(|(number, leaves)| Block {
                leaves: leaves.to_vec(),
                is_last: number + 1 == count,
            });
            Ok(blocks.find(|it| it.is_last || it.leaves.last().is_some_and(|last| *last >= from)))
        }

        fn parts(&mut self, from: u64) -> Result<Vec<Range<u64>>, Problem> {
            let parts = self.period.iter().filter(|part| part.end > from);
            Ok(parts
                .map(|part| part.start.max(from)..part.end)
                .take(2)
                .collect())
        }
    }

    fn key(number: usize) -> Key {
        let number = u64::try_from(number).unwrap();
        Key::from_uuid(Uuid::from_u64_pair(0, number))
    }

    /// Those that all can hold of; where few were left of a list, the rest was not asked.
    fn walked(mut joined: Joined, kept: &mut Kept, wanted: usize) -> Vec<u64> {
        let mut all = Vec::new();
        loop {
            let next = joined.next(kept, wanted).unwrap();
            if next.is_empty() {
                return all;
            }
            all.extend(next);
        }
    }

    fn list() -> impl Strategy<Value = Vec<u64>> {
        let places = prop::collection::btree_set(0_u64..400, 0..250);
        places.prop_map(|it| it.into_iter().collect())
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_all_lists_have(
            lists in prop::collection::vec(list(), 1..4),
            any in prop::option::of((list(), list())),
            period in prop::option::of(prop::collection::vec((0_u64..300, 1_u64..40), 0..5)),
            start in 0_u64..100,
            block in 1_usize..60,
            wanted in 1_usize..40,
        ) {
            let mut parts: Vec<Range<u64>> = Vec::new();
            for (gap, length) in period.iter().flatten() {
                let start = parts.last().map_or(0, |last| last.end) + gap;
                parts.push(start..start + length);
            }
            let mut kept = Kept { lists: BTreeMap::new(), period: parts, block, looked_up: 0 };
            let mut joined = Joined::from(start);
            for (number, list) in lists.iter().enumerate() {
                kept.lists.insert(key(number), list.clone());
                joined = joined.with(key(number));
            }
            if let Some((first, second)) = &any {
                kept.lists.insert(key(10), first.clone());
                kept.lists.insert(key(11), second.clone());
                joined = joined.with_any([key(10), key(11)]);
            }
            if period.is_some() {
                joined = joined.within_period();
            }
            let in_any = |leaf: &u64| any.as_ref().is_none_or(|(a, b)| a.contains(leaf) || b.contains(leaf));
            let in_parts = |leaf: &u64| period.is_none() || kept.period.iter().any(|part| part.contains(leaf));
            let in_lists = |leaf: &u64| lists.iter().all(|list| list.contains(leaf));
            let holds = |leaf: &u64| in_lists(leaf) && in_any(leaf) && in_parts(leaf);
            let expected: Vec<u64> = (start..END).filter(|leaf| holds(leaf)).collect();
            let found = walked(joined, &mut kept.clone(), wanted);
            prop_assert!(found.is_sorted_by(|a, b| a < b), "{found:?}");
            prop_assert!(found.iter().all(|leaf| *leaf >= start), "{found:?}");
            let judged: Vec<u64> = found.into_iter().filter(|leaf| holds(leaf)).collect();
            prop_assert_eq!(judged, expected);
        }
    }

    #[test]
    fn a_long_list_is_passed_over_where_another_is_short() {
        let mut kept = Kept {
            lists: BTreeMap::from([
                (key(0), (0..100_000).collect()),
                (
                    key(1),
                    (0..100_000).filter(|leaf| leaf % 1000 == 7).collect(),
                ),
            ]),
            period: Vec::new(),
            block: 200,
            looked_up: 0,
        };
        let joined = Joined::from(0).with(key(0)).with(key(1));
        let found = walked(joined, &mut kept, 50);
        assert_eq!(found.len(), 100);
        assert!(kept.looked_up < 110, "{}", kept.looked_up);
    }

    #[test]
    fn without_any_list_all_places_are_found() {
        let mut kept = Kept {
            lists: BTreeMap::new(),
            period: vec![0..4, 4..6],
            block: 1,
            looked_up: 0,
        };
        assert_eq!(walked(Joined::from(3), &mut kept, 2), [3, 4, 5]);
        assert!(walked(Joined::from(6), &mut kept, 2).is_empty());
    }
}
