//! Sets of places in a list, one bit each: small enough to keep one for every home, fast enough to search with.

/// Places in a list of known length.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PlaceSet(Vec<u64>);

impl PlaceSet {
    /// No place of a list of this length.
    pub(super) fn none(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }

    /// The places at which this is true.
    pub(super) fn of(is_in: impl Iterator<Item = bool>) -> Self {
        let (mut words, mut word, mut bit) =
            (Vec::with_capacity(is_in.size_hint().0 / 64 + 1), 0, 0);
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

    /// The places in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0
            .iter()
            .enumerate()
            .flat_map(|(at, word)| Ones(*word).map(move |bit| at * 64 + bit))
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
