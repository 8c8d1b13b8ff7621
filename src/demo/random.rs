//! A small random number generator that gives the same numbers on every machine, for ever.

/// `SplitMix64` (Steele, Lea and Flood 2014): 64 bits of state, whole numbers only.
///
/// A demo must be the same next year as today, which no published crate promises across its versions.
/// It is for make-believe alone; keys and tokens come from the operating system.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// A generator of its own for one concern, so that a change in one leaves the others as they were.
    pub(super) fn new(seed: u64, concern: u64) -> Self {
        let mut random = Self(seed ^ concern.wrapping_mul(0xA076_1D64_78BD_642F));
        random.0 = random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, but not including, `bound`; 0 when the bound is 0.
    ///
    /// The remainder favours small numbers by less than one part in four thousand million.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let wide = self.next() % u64::from(bound.max(1));
        u32::try_from(wide).unwrap_or_default()
    }

    /// A number between two, both included.
    pub(super) fn between(&mut self, least: i32, most: i32) -> i32 {
        let span = u32::try_from(most.saturating_sub(least)).unwrap_or_default();
        least.saturating_add_unsigned(self.below(span.saturating_add(1)))
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// One of a list, each as likely; None of an empty list.
    pub(super) fn find<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let at = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.get(usize::try_from(at).ok()?)
    }

    /// One of a list, each as likely as its weight says; the first when the weights are all 0.
    pub(super) fn weighted<T: Copy>(&mut self, first: T, list: &[(u32, T)]) -> T {
        let mut left = self.below(list.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in list {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        first
    }

    /// Puts a list in random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let bound = u32::try_from(last).map_or(u32::MAX, |last| last + 1);
            let other = usize::try_from(self.below(bound)).unwrap_or(last);
            list.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_published_generator() {
        // The first three numbers of SplitMix64 from the seed 1234567, as its authors' code gives them.
        let mut random = Random(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
        assert_eq!(random.next(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn bounds_hold() {
        let mut random = Random::new(1, 2);
        for _ in 0..10_000 {
            assert!(random.below(7) < 7);
            assert!((-3..=4).contains(&random.between(-3, 4)));
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.find::<u8>(&[]), None);
        assert_eq!(random.weighted('a', &[(0, 'b'), (1, 'c')]), 'c');
    }

    #[test]
    fn a_shuffled_list_has_the_same_members() {
        let mut list: Vec<u32> = (0..100).collect();
        Random::new(1, 2).shuffle(&mut list);
        assert_ne!(list, (0..100).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..100).collect::<Vec<_>>());
    }
}
