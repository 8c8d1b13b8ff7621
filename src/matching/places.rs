//! Sets of places in a list, one bit each: small enough to keep one for every household, fast enough to search with.

/// Places in a list of known length.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PlaceSet(Vec<u64>);

impl PlaceSet {
    /// No place of a list of this length.
    pub(super) fn none(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }

    /// Every place of a list of this length.
    pub(super) fn all(length: usize) -> Self {
        Self::of((0..length).map(|_| true))
    }

    /// The places at which this is true.
    pub(super) fn of(is_in: impl Iterator<Item = bool>) -> Self {
        let mut words = Vec::with_capacity(is_in.size_hint().0.div_ceil(64));
        let (mut word, mut bit) = (0, 0);
        for is_in in is_in {
            word |= u64::from(is_in) << bit;
            bit += 1;
            if bit == 64 {
                words.push(word);
                (word, bit) = (0, 0);
            }
        }
        if bit > 0 {
            words.push(word);
        }
        Self(words)
    }

    /// Adds a place.
    pub(super) fn insert(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    /// Takes a place out.
    pub(super) fn remove(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word &= !(1 << (place % 64));
        }
    }

    /// Whether a place is in the set.
    pub(super) fn contains(&self, place: usize) -> bool {
        self.0
            .get(place / 64)
            .is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// The first place that both sets have.
    pub(super) fn find_common(&self, other: &Self) -> Option<usize> {
        let words = self.0.iter().zip(&other.0).enumerate();
        words
            .map(|(at, (a, b))| (at, a & b))
            .find(|(_, both)| *both != 0)
            .and_then(|(at, both)| {
                usize::try_from(both.trailing_zeros())
                    .ok()
                    .map(|bit| at * 64 + bit)
            })
    }

    /// Takes out of this set what the other has too, and gives it in ascending order.
    pub(super) fn drain_common<'a>(&'a mut self, other: &'a Self) -> impl Iterator<Item = usize> {
        self.0
            .iter_mut()
            .zip(&other.0)
            .enumerate()
            .flat_map(|(at, (word, other))| {
                let both = *word & other;
                *word &= !both;
                Ones(both).map(move |bit| at * 64 + bit)
            })
    }

    /// The places in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0
            .iter()
            .enumerate()
            .flat_map(|(at, word)| Ones(*word).map(move |bit| at * 64 + bit))
    }

    /// How many places are in the set.
    pub(super) fn len(&self) -> usize {
        self.iter().count()
    }
}

/// The places of the bits of one word that are set.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = usize::try_from(self.0.trailing_zeros())
            .ok()
            .filter(|bit| *bit < 64)?;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}
