//! Checks proofs over the tree of a log (RFC 6962, RFC 9162) with nothing but the proof at hand.

use thiserror::Error;

use super::canonical::{Hash, node_hash, sha256};

/// The largest tree: a size must fit the signed 64-bit columns of both databases.
pub(super) const SIZE_MAX: u64 = i64::MAX.cast_unsigned();

/// What a signed checkpoint says of a log: how many entries, and the hash over them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    /// The root hash over them.
    pub root: Hash,
}

/// Why a proof cannot be made, or does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofFault {
    /// The size is beyond [`SIZE_MAX`].
    #[error("the tree is larger than a log can be")]
    TooLarge,
    /// There is no leaf at the index in a tree of the size.
    #[error("the index lies outside the tree")]
    IndexOutsideTree,
    /// A log only grows: the first tree must be the smaller one.
    #[error("the first tree is larger than the second")]
    FirstBeyondSecond,
    /// The proof has hashes too few or too many for its sizes.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The proof does not lead to the root of the first, smaller tree.
    #[error("the proof does not lead to the first root")]
    WrongFirstRoot,
    /// The proof does not lead to the root of the tree.
    #[error("the proof does not lead to the root")]
    WrongRoot,
}

/// Checks that a leaf stands at an index of a tree (RFC 9162 section 2.1.3.2).
///
/// # Errors
/// Says why the proof does not show it.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    tree: &TreeHead,
    proof: &[Hash],
) -> Result<(), ProofFault> {
    check_index(index, tree.size)?;
    let climb = Climb::new(index, tree.size - 1);
    climb.check_length(proof)?;
    if climb.whole(*leaf, proof) == tree.root {
        Ok(())
    } else {
        Err(ProofFault::WrongRoot)
    }
}

/// Checks that the first tree begins the second (RFC 9162 section 2.1.4.2): that nothing was
/// changed or removed while the log grew from the one to the other.
///
/// # Errors
/// Says why the proof does not show it.
pub fn verify_consistency(
    first: &TreeHead,
    second: &TreeHead,
    proof: &[Hash],
) -> Result<(), ProofFault> {
    check_order(first.size, second.size)?;
    if first.size == 0 || first.size == second.size {
        return verify_without_hashes(first, second, proof);
    }
    // The largest complete subtree that ends where the first tree ends; the climb starts there.
    let level = first.size.trailing_zeros();
    let climb = Climb::new((first.size - 1) >> level, (second.size - 1) >> level);
    let (start, path) = if first.size.is_power_of_two() {
        (first.root, proof)
    } else {
        proof
            .split_first()
            .map(|(start, path)| (*start, path))
            .ok_or(ProofFault::WrongLength)?
    };
    climb.check_length(path)?;
    if climb.left_part(start, path) != first.root {
        return Err(ProofFault::WrongFirstRoot);
    }
    if climb.whole(start, path) == second.root {
        Ok(())
    } else {
        Err(ProofFault::WrongRoot)
    }
}

fn verify_without_hashes(
    first: &TreeHead,
    second: &TreeHead,
    proof: &[Hash],
) -> Result<(), ProofFault> {
    if !proof.is_empty() {
        return Err(ProofFault::WrongLength);
    }
    if first.size == 0 && first.root != sha256(b"") {
        return Err(ProofFault::WrongFirstRoot);
    }
    if first.size == second.size && first.root != second.root {
        return Err(ProofFault::WrongRoot);
    }
    Ok(())
}

/// The way from a node up to the root, past one sibling at each height.
pub(super) struct Climb {
    pub(super) index: u64,
    /// Below this height siblings stand left or right; above it, the way follows the right edge
    /// of the tree, where only left siblings are met.
    pub(super) fork: u32,
    length: u32,
}

impl Climb {
    /// The climb from a node, in a tree whose last node of the same level is `last`.
    pub(super) fn new(index: u64, last: u64) -> Self {
        let fork = u64::BITS - (index ^ last).leading_zeros();
        Self {
            index,
            fork,
            length: fork + (index >> fork).count_ones(),
        }
    }

    /// How many siblings are met.
    pub(super) fn length(&self) -> usize {
        usize::try_from(self.length).unwrap_or(usize::MAX)
    }

    pub(super) fn check_length(&self, path: &[Hash]) -> Result<(), ProofFault> {
        if path.len() == self.length() {
            Ok(())
        } else {
            Err(ProofFault::WrongLength)
        }
    }

    /// The hash over everything the climb meets: the root.
    fn whole(&self, start: Hash, path: &[Hash]) -> Hash {
        self.nodes(start, path).last().unwrap_or(start)
    }

    /// The start, and the hash over all that is met up to each height.
    pub(super) fn nodes(&self, start: Hash, path: &[Hash]) -> impl Iterator<Item = Hash> {
        let above = (0..).zip(path).scan(start, |hash, (height, sibling)| {
            *hash = if self.is_left_sibling(height) {
                node_hash(sibling, hash)
            } else {
                node_hash(hash, sibling)
            };
            Some(*hash)
        });
        std::iter::once(start).chain(above)
    }

    /// The hash over the start and what stands left of it: the root as it was before the rest.
    fn left_part(&self, start: Hash, path: &[Hash]) -> Hash {
        (0..)
            .zip(path)
            .filter(|(height, _)| self.is_left_sibling(*height))
            .fold(start, |hash, (_, sibling)| node_hash(sibling, &hash))
    }

    fn is_left_sibling(&self, height: u32) -> bool {
        height >= self.fork || self.index >> height & 1 == 1
    }
}

/// Refuses an index outside the tree.
pub(super) fn check_index(index: u64, size: u64) -> Result<(), ProofFault> {
    if size > SIZE_MAX {
        return Err(ProofFault::TooLarge);
    }
    if index >= size {
        Err(ProofFault::IndexOutsideTree)
    } else {
        Ok(())
    }
}

/// Refuses a tree that shrinks.
pub(super) fn check_order(first: u64, second: u64) -> Result<(), ProofFault> {
    if first.max(second) > SIZE_MAX {
        return Err(ProofFault::TooLarge);
    }
    if first > second {
        Err(ProofFault::FirstBeyondSecond)
    } else {
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::canonical::leaf_hash;
    use super::super::merkle::ProofPlan;
    use super::super::merkle::tests::{head, leaves, made};
    use super::*;

    /// Every small damage to a proof: a bit flipped, a hash missing or moved, garbage around it.
    pub(in super::super) fn damaged(proof: &[Hash]) -> Vec<Vec<Hash>> {
        let garbage = [sha256(b"garbage")];
        let mut all = vec![[proof, &garbage].concat(), [&garbage, proof].concat()];
        for place in 0..proof.len() {
            let (mut flipped, mut short, mut moved) =
                (proof.to_vec(), proof.to_vec(), proof.to_vec());
            flipped[place].0[place % 32] ^= 1 << (place % 8);
            short.remove(place);
            moved.rotate_left(place);
            all.extend([flipped, short]);
            all.extend((moved != proof).then_some(moved));
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn an_inclusion_proof_holds_for_its_leaf_and_place_alone(
            (size, index) in (1_u64..300).prop_flat_map(|size| (Just(size), 0..size)),
            other in 0_u64..300,
        ) {
            let proof = made(ProofPlan::inclusion(index, size));
            let (leaf, tree) = (leaf_hash(&index.to_be_bytes()), head(size));
            prop_assert_eq!(verify_inclusion(&leaf, index, &tree, &proof), Ok(()));
            for bad in damaged(&proof) {
                prop_assert!(verify_inclusion(&leaf, index, &tree, &bad).is_err());
            }
            if other != index {
                let other_leaf = leaf_hash(&other.to_be_bytes());
                prop_assert!(verify_inclusion(&leaf, other, &tree, &proof).is_err());
                prop_assert!(verify_inclusion(&other_leaf, index, &tree, &proof).is_err());
            }
            let forked = TreeHead { size, root: sha256(b"forked") };
            let fault = verify_inclusion(&leaf, index, &forked, &proof);
            prop_assert_eq!(fault, Err(ProofFault::WrongRoot));
        }

        #[test]
        fn a_consistency_proof_holds_for_its_two_trees_alone(
            (second, first) in (2_u64..300).prop_flat_map(|second| (Just(second), 1..second)),
        ) {
            let proof = made(ProofPlan::consistency(first, second));
            let (old, new) = (head(first), head(second));
            prop_assert_eq!(verify_consistency(&old, &new, &proof), Ok(()));
            for bad in damaged(&proof) {
                prop_assert!(verify_consistency(&old, &new, &bad).is_err());
            }
            let false_old = TreeHead { root: new.root, ..old };
            let false_new = TreeHead { root: old.root, ..new };
            prop_assert!(verify_consistency(&false_old, &new, &proof).is_err());
            prop_assert_eq!(verify_consistency(&old, &false_new, &proof), Err(ProofFault::WrongRoot));
            prop_assert_eq!(verify_consistency(&new, &old, &proof), Err(ProofFault::FirstBeyondSecond));
        }

        #[test]
        fn no_sizes_and_no_garbage_make_verification_falter(
            index: u64, first in 1_u64.., second: u64, count in 0_usize..70,
        ) {
            let garbage = vec![sha256(b"garbage"); count];
            let old = TreeHead { size: first, root: sha256(b"garbage") };
            let new = TreeHead { size: second, root: sha256(b"another") };
            prop_assert!(verify_inclusion(&old.root, index, &new, &garbage).is_err());
            prop_assert!(verify_consistency(&old, &new, &garbage).is_err());
        }
    }

    #[test]
    fn the_only_leaf_is_the_root_and_needs_no_hash() {
        let leaf = leaves(1)[0];
        assert_eq!(verify_inclusion(&leaf, 0, &head(1), &[]), Ok(()));
        assert_eq!(
            verify_inclusion(&leaf, 0, &head(1), &[leaf]),
            Err(ProofFault::WrongLength)
        );
        assert_eq!(
            verify_inclusion(&leaf, 0, &head(2), &[]),
            Err(ProofFault::WrongLength)
        );
    }

    #[test]
    fn no_leaf_is_at_or_beyond_the_size() {
        for (index, size) in [(0, 0), (1, 1), (8, 8), (9, 8), (u64::MAX, 8)] {
            let tree = head(size);
            let fault = Err(ProofFault::IndexOutsideTree);
            assert_eq!(verify_inclusion(&tree.root, index, &tree, &[]), fault);
            assert_eq!(ProofPlan::inclusion(index, size).map(drop), fault);
        }
    }

    #[test]
    fn the_empty_tree_begins_every_tree_without_proof() {
        let (empty, some) = (head(0), head(7));
        assert_eq!(verify_consistency(&empty, &empty, &[]), Ok(()));
        assert_eq!(verify_consistency(&empty, &some, &[]), Ok(()));
        assert_eq!(
            verify_consistency(&empty, &some, &[some.root]),
            Err(ProofFault::WrongLength)
        );

        let false_empty = TreeHead {
            size: 0,
            root: some.root,
        };
        let fault = Err(ProofFault::WrongFirstRoot);
        assert_eq!(verify_consistency(&false_empty, &some, &[]), fault);
        assert_eq!(verify_consistency(&false_empty, &false_empty, &[]), fault);
        assert_eq!(
            verify_consistency(&empty, &false_empty, &[]),
            Err(ProofFault::WrongRoot)
        );
    }

    #[test]
    fn a_tree_is_consistent_with_itself_alone_among_its_size() {
        let (tree, forked) = (
            head(7),
            TreeHead {
                size: 7,
                root: head(8).root,
            },
        );
        assert_eq!(verify_consistency(&tree, &tree, &[]), Ok(()));
        assert_eq!(
            verify_consistency(&tree, &tree, &[tree.root]),
            Err(ProofFault::WrongLength)
        );
        assert_eq!(
            verify_consistency(&tree, &forked, &[]),
            Err(ProofFault::WrongRoot)
        );
    }

    #[test]
    fn a_proof_between_trees_that_differ_is_never_empty() {
        for first in 1..16 {
            let fault = verify_consistency(&head(first), &head(16), &[]);
            assert_eq!(fault, Err(ProofFault::WrongLength));
        }
    }

    #[test]
    fn a_tree_beyond_the_largest_size_is_refused() {
        let root = sha256(b"");
        let largest = TreeHead {
            size: SIZE_MAX,
            root,
        };
        assert_eq!(
            verify_inclusion(&root, 0, &largest, &[]),
            Err(ProofFault::WrongLength)
        );
        for size in [SIZE_MAX + 1, SIZE_MAX + 2, u64::MAX] {
            let tree = TreeHead { size, root };
            assert_eq!(
                verify_inclusion(&root, 0, &tree, &[]),
                Err(ProofFault::TooLarge)
            );
            assert_eq!(
                verify_consistency(&largest, &tree, &[]),
                Err(ProofFault::TooLarge)
            );
            assert_eq!(
                verify_consistency(&tree, &largest, &[]),
                Err(ProofFault::TooLarge)
            );
            assert_eq!(
                ProofPlan::inclusion(0, size).map(drop),
                Err(ProofFault::TooLarge)
            );
            assert_eq!(
                ProofPlan::consistency(1, size).map(drop),
                Err(ProofFault::TooLarge)
            );
        }
    }
}
