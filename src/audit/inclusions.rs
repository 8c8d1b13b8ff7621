//! Checks many inclusion proofs of one tree.

use super::canonical::Hash;
use super::proof::{Climb, ProofFault, TreeHead, check_index};

/// Checks inclusion proofs of one tree, one after the other. What the ways of two leaves have in common is climbed once: of leaves
/// that stand side by side, that is nearly all.
pub(super) struct Inclusions<'t> {
    tree: &'t TreeHead,
    last: Option<Climbed>,
}

/// A way that led to the root.
struct Climbed {
    index: u64,
    /// What was met at each height, from the leaf on.
    nodes: Vec<Hash>,
    path: Vec<Hash>,
}

impl<'t> Inclusions<'t> {
    pub(super) const fn of(tree: &'t TreeHead) -> Self {
        Self { tree, last: None }
    }

    /// The place of the last entry whose proof held.
    pub(super) fn last(&self) -> Option<u64> {
        self.last.as_ref().map(|last| last.index)
    }

    /// Whether a proof has fewer hashes than it takes.
    pub(super) fn is_cut(&self, index: u64, proof: &[Hash]) -> bool {
        let last = self.tree.size.saturating_sub(1);
        index <= last && proof.len() < Climb::new(index, last).length()
    }

    /// The whole proof of a leaf of which the lower part is given, and the rest is that of the last one; what is left out cannot be said
    /// wrongly, since the whole has to lead to the root.
    pub(super) fn complete(
        &self,
        index: u64,
        mut lower: Vec<Hash>,
    ) -> Result<Vec<Hash>, ProofFault> {
        check_index(index, self.tree.size)?;
        let length = Climb::new(index, self.tree.size - 1).length();
        let missing = length.checked_sub(lower.len());
        let shared = missing.and_then(|missing| match &self.last {
            Some(last) => last.path.get(last.path.len().checked_sub(missing)?..),
            None => (missing == 0).then_some(&[]),
        });
        lower.extend_from_slice(shared.ok_or(ProofFault::WrongLength)?);
        Ok(lower)
    }

    /// As [`verify_inclusion`](super::proof::verify_inclusion).
    pub(super) fn verify(
        &mut self,
        leaf: &Hash,
        index: u64,
        path: Vec<Hash>,
    ) -> Result<(), ProofFault> {
        check_index(index, self.tree.size)?;
        let climb = Climb::new(index, self.tree.size - 1);
        climb.check_length(&path)?;
        // Where the way meets the last one, it has to meet what stood there; where it meets none, the root.
        let met = self
            .last
            .as_ref()
            .and_then(|last| last.meets(&climb, &path));
        let (height, expected, above) = met.unwrap_or((path.len(), &self.tree.root, &[]));
        let mut nodes = Vec::with_capacity(path.len() + 1);
        nodes.extend(climb.nodes(*leaf, &path).take(height + 1));
        if nodes.last() != Some(expected) {
            return Err(ProofFault::WrongRoot);
        }
        nodes.extend_from_slice(above);
        self.last = Some(Climbed { index, nodes, path });
        Ok(())
    }
}

impl Climbed {
    /// The height from which on another way is this one, what stands there, and what stands above. Beyond the fork heights are counted
    /// otherwise, so it must lie below.
    fn meets(&self, other: &Climb, path: &[Hash]) -> Option<(usize, &Hash, &[Hash])> {
        let height = u64::BITS - (self.index ^ other.index).leading_zeros();
        let place = usize::try_from(height)
            .ok()
            .filter(|_| height < other.fork)?;
        if self.path.get(place..)? != path.get(place..)? {
            return None;
        }
        let (there, above) = self.nodes.get(place..)?.split_first()?;
        Some((place, there, above))
    }
}

/// How many hashes two proofs of one tree have in common at their ends.
pub(super) fn shared_end(one: &[Hash], other: &[Hash]) -> usize {
    let pairs = one.iter().rev().zip(other.iter().rev());
    pairs.take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::canonical::leaf_hash;
    use super::super::merkle::ProofPlan;
    use super::super::merkle::tests::{head, made};
    use super::super::proof::tests::damaged;
    use super::super::proof::verify_inclusion;
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn what_a_proof_shares_with_the_last_may_be_left_out(size in 1_u64..300, steps in prop::collection::vec((0_u64..300, 0_usize..12), 1..12)) {
            let tree = head(size);
            let mut places = Inclusions::of(&tree);
            let mut last: Vec<Hash> = Vec::new();
            for (step, less) in steps {
                let index = step % size;
                let whole = made(ProofPlan::inclusion(index, size));
                let shared = shared_end(&last, &whole);
                let lower = whole[..whole.len() - shared].to_vec();
                // One hash too few takes another from the last proof, which does not lead to the root.
                if let Some(short) = lower.len().checked_sub(1 + less) {
                    let leaf = leaf_hash(&index.to_be_bytes());
                    let completed = places.complete(index, lower[..short].to_vec());
                    prop_assert!(completed.and_then(|proof| places.verify(&leaf, index, proof)).is_err());
                }
                let completed = places.complete(index, lower).unwrap();
                prop_assert_eq!(&completed, &whole);
                places.verify(&leaf_hash(&index.to_be_bytes()), index, completed).unwrap();
                last = whole;
            }
        }

        #[test]
        fn one_proof_after_the_other_is_judged_as_each_alone(
            size in 1_u64..300,
            steps in prop::collection::vec((0_u64..300, 0_usize..40, 0_u64..8), 1..12),
        ) {
            let tree = head(size);
            let mut places = Inclusions::of(&tree);
            for (step, damage, other) in steps {
                let index = step % size;
                let proof = made(ProofPlan::inclusion(index, size));
                let bad = damaged(&proof).into_iter().nth(damage);
                // Now and then of another leaf, sound proof or not.
                let leaf = leaf_hash(&(index + other / 6).to_be_bytes());
                for proof in [proof].into_iter().chain(bad) {
                    let alone = verify_inclusion(&leaf, index, &tree, &proof);
                    prop_assert_eq!(places.verify(&leaf, index, proof), alone);
                }
            }
        }
    }
}
