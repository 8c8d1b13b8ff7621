//! The tools that every act may need, made once at start: time, ids, keys, and which national ids are accepted.

use std::sync::{Mutex, PoisonError};

use uuid::{Builder, ContextV7, Timestamp, Uuid};

use crate::clock::{Clock, Instant};
use crate::crypto::{IndexKey, KeyRing};
use crate::db::Tx;
use crate::ids::{ApplicationId, Id};
use crate::national_id::Acceptance;
use crate::outward::Guard;
use crate::problem::Problem;
use crate::shelf::Shelf;

/// The tools, shared by all requests.
#[derive(Debug)]
pub struct Kit {
    /// Where the time comes from.
    pub clock: Clock,
    /// Where ids come from.
    pub ids: IdSource,
    /// Wraps each person's own key.
    pub keys: KeyRing,
    /// Makes national ids and names findable without being readable.
    pub index_key: IndexKey,
    /// Which national ids are taken: synthetic ones in demonstration and test, real ones in production.
    pub national_ids: Acceptance,
    /// Calls addresses that others have named, where that may be.
    pub guard: Guard,
    /// What slices keep in memory.
    pub shelf: Shelf,
    /// What follows in other slices when a case has taken a step.
    pub sequels: &'static [Sequel],
}

/// What follows in a slice when a case has come to another state, in the same transaction: of a case that has ended nothing waits.
///
/// Like a duty it is named once in `server`, so that whoever moves a case need not know who else is concerned.
pub type Sequel = fn(&mut Tx<'_>, ApplicationId) -> Result<(), Problem>;

/// Where ids come from.
pub enum IdSource {
    /// The operating system's randomness.
    Random(Mutex<ContextV7>),
    /// A seed, so that the same demonstration has the same ids.
    Seeded(Mutex<u64>),
}

impl std::fmt::Debug for IdSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Random(_) => "Random",
            Self::Seeded(_) => "Seeded",
        })
    }
}

impl IdSource {
    /// Ids from the operating system's randomness.
    #[must_use]
    pub const fn random() -> Self {
        Self::Random(Mutex::new(ContextV7::new()))
    }

    /// Ids that follow from a seed.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self::Seeded(Mutex::new(seed))
    }

    /// A new id of version 7 that carries this time; ids made in the same millisecond keep their order.
    #[must_use]
    pub fn next<K>(&self, at: Instant) -> Id<K> {
        let micros = at.micros().max(0).unsigned_abs();
        match self {
            Self::Random(context) => {
                let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or(0);
                let context = context.lock().unwrap_or_else(PoisonError::into_inner);
                let timestamp = Timestamp::from_unix(&*context, micros / 1_000_000, nanos);
                Id::from_uuid(Uuid::new_v7(timestamp))
            }
            Self::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                *state = state.wrapping_add(1);
                // The counter keeps the order, the scrambled counter fills the rest.
                let counter = state.to_be_bytes();
                let scrambled = scramble(*state).to_be_bytes();
                let [_, _, _, _, c0, c1, c2, c3] = counter;
                let [s0, s1, s2, s3, s4, s5, ..] = scrambled;
                let random = [c0 & 0x0f, c1, c2 & 0x3f, c3, s0, s1, s2, s3, s4, s5];
                Id::from_uuid(
                    Builder::from_unix_timestamp_millis(micros / 1000, &random).into_uuid(),
                )
            }
        }
    }
}

/// `SplitMix64`'s finaliser: every bit of the input reaches every bit of the output.
const fn scramble(value: u64) -> u64 {
    let mut mixed = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
