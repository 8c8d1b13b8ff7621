//! Proofs over the tree of a log (RFC 6962, RFC 9162): made from stored nodes, checked without.

use std::ops::Range;

use thiserror::Error;

use super::canonical::{Hash, node_hash, sha256};
use super::merkle::{NodeId, Nodes, SIZE_MAX, TreeHead, complete_nodes, fold};

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

/// The subtrees whose hashes make up a proof, in the order of the proof.
#[derive(Clone, Debug)]
pub struct ProofPlan(Vec<Range<u64>>);

impl ProofPlan {
    /// Plans the proof that a leaf is in the tree of a size: PATH of RFC 6962 section 2.1.1.
    ///
    /// # Errors
    /// When the tree has no such leaf, or is too large.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, ProofFault> {
        check_index(index, size)?;
        let (mut low, mut high, mut siblings) = (0, size, Vec::new());
        while high - low > 1 {
            let middle = low + left_size(high - low);
            if index < middle {
                siblings.push(middle..high);
                high = middle;
            } else {
                siblings.push(low..middle);
                low = middle;
            }
        }
        siblings.reverse();
        Ok(Self(siblings))
    }

    /// Plans the proof that the tree of one size begins the tree of another: PROOF of RFC 6962
    /// section 2.1.2. The empty tree begins every tree, and a tree itself, without any hash.
    ///
    /// # Errors
    /// When the first tree is the larger, or the second too large.
    pub fn consistency(first: u64, second: u64) -> Result<Self, ProofFault> {
        check_order(first, second)?;
        let (mut low, mut high, mut subtrees) = (0, second, Vec::new());
        while first != 0 && first != high {
            let middle = low + left_size(high - low);
            if first <= middle {
                subtrees.push(middle..high);
                high = middle;
            } else {
                subtrees.push(low..middle);
                low = middle;
            }
        }
        // Where the first tree is itself a subtree of the second, the verifier knows its hash.
        if low > 0 {
            subtrees.push(low..high);
        }
        subtrees.reverse();
        Ok(Self(subtrees))
    }

    /// The stored nodes that the proof needs, each once.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.0.iter().flat_map(complete_nodes)
    }

    /// Makes the proof from stored nodes.
    ///
    /// # Errors
    /// When a node cannot be had.
    pub fn assemble<N: Nodes>(&self, nodes: &mut N) -> Result<Vec<Hash>, N::Fault> {
        let mut proof = Vec::with_capacity(self.0.len());
        for subtree in &self.0 {
            let parts = complete_nodes(subtree).into_iter().map(|id| nodes.node(id));
            proof.extend(fold(parts.collect::<Result<Vec<_>, _>>()?));
        }
        Ok(proof)
    }
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
struct Climb {
    index: u64,
    /// Below this height siblings stand left or right; above it, the way follows the right edge
    /// of the tree, where only left siblings are met.
    fork: u32,
    length: u32,
}

impl Climb {
    /// The climb from a node, in a tree whose last node of the same level is `last`.
    fn new(index: u64, last: u64) -> Self {
        let fork = u64::BITS - (index ^ last).leading_zeros();
        Self {
            index,
            fork,
            length: fork + (index >> fork).count_ones(),
        }
    }

    fn check_length(&self, path: &[Hash]) -> Result<(), ProofFault> {
        if u32::try_from(path.len()) == Ok(self.length) {
            Ok(())
        } else {
            Err(ProofFault::WrongLength)
        }
    }

    /// The hash over everything the climb meets: the root.
    fn whole(&self, start: Hash, path: &[Hash]) -> Hash {
        (0..).zip(path).fold(start, |hash, (height, sibling)| {
            if self.is_left_sibling(height) {
                node_hash(sibling, &hash)
            } else {
                node_hash(&hash, sibling)
            }
        })
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

fn check_index(index: u64, size: u64) -> Result<(), ProofFault> {
    if size > SIZE_MAX {
        return Err(ProofFault::TooLarge);
    }
    if index >= size {
        Err(ProofFault::IndexOutsideTree)
    } else {
        Ok(())
    }
}

fn check_order(first: u64, second: u64) -> Result<(), ProofFault> {
    if first.max(second) > SIZE_MAX {
        return Err(ProofFault::TooLarge);
    }
    if first > second {
        Err(ProofFault::FirstBeyondSecond)
    } else {
        Ok(())
    }
}

/// The size of the left half of a tree of two leaves or more: the largest power of two below its
/// own (RFC 6962 section 2.1).
fn left_size(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::super::canonical::leaf_hash;
    use super::super::merkle::tests::{grown, leaves, root_by_definition};
    use super::*;

    fn oracle(size: u64) -> MemoryBackedTree<Sha256, [u8; 8]> {
        let mut tree = MemoryBackedTree::new();
        (0..size).for_each(|index| tree.push(index.to_be_bytes()));
        tree
    }

    fn head(size: u64) -> TreeHead {
        TreeHead {
            size,
            root: root_by_definition(&leaves(size)),
        }
    }

    /// Makes a proof from exactly the nodes its plan names.
    fn made(plan: &ProofPlan, size: u64) -> Vec<Hash> {
        let (_, stored) = grown(&leaves(size));
        let mut fetched: BTreeMap<_, _> = plan.nodes().map(|id| (id, stored[&id])).collect();
        plan.assemble(&mut fetched).unwrap()
    }

    fn bytes(proof: &[Hash]) -> Vec<u8> {
        proof.iter().flat_map(|hash| hash.0).collect()
    }

    /// Every small damage to a proof: a bit flipped in each hash, one missing, garbage around it.
    fn damaged(proof: &[Hash]) -> Vec<Vec<Hash>> {
        let garbage = sha256(b"garbage");
        let mut all = vec![[proof, &[garbage]].concat(), [&[garbage], proof].concat()];
        for place in 0..proof.len() {
            let (mut flipped, mut shortened, mut moved) =
                (proof.to_vec(), proof.to_vec(), proof.to_vec());
            flipped[place].0[place % 32] ^= 1 << (place % 8);
            shortened.remove(place);
            moved.rotate_left(place);
            all.extend([flipped, shortened]);
            all.extend((moved != proof).then_some(moved));
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn an_inclusion_proof_is_the_oracles_and_holds_for_nothing_else(
            (size, index) in (1_u64..260).prop_flat_map(|size| (Just(size), 0..size)),
            other in 0_u64..260,
        ) {
            let proof = made(&ProofPlan::inclusion(index, size).unwrap(), size);
            let theirs = oracle(size).prove_inclusion(usize::try_from(index).unwrap());
            prop_assert_eq!(bytes(&proof), theirs.as_bytes());

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
            let other_root = TreeHead { size, root: leaf };
            prop_assert_eq!(
                verify_inclusion(&leaf, index, &other_root, &proof).is_ok(), size == 1
            );
        }

        #[test]
        fn a_consistency_proof_is_the_oracles_and_holds_for_nothing_else(
            (second, first) in (2_u64..260).prop_flat_map(|second| (Just(second), 1..second)),
        ) {
            let proof = made(&ProofPlan::consistency(first, second).unwrap(), second);
            let theirs = oracle(second).prove_consistency(usize::try_from(second - first).unwrap());
            prop_assert_eq!(bytes(&proof), theirs.as_bytes());

            let (old, new) = (head(first), head(second));
            prop_assert_eq!(verify_consistency(&old, &new, &proof), Ok(()));
            for bad in damaged(&proof) {
                prop_assert!(verify_consistency(&old, &new, &bad).is_err());
            }
            let swapped = (TreeHead { root: new.root, ..old }, TreeHead { root: old.root, ..new });
            prop_assert!(verify_consistency(&swapped.0, &new, &proof).is_err());
            prop_assert!(verify_consistency(&old, &swapped.1, &proof).is_err());
            prop_assert_eq!(verify_consistency(&new, &old, &proof), Err(ProofFault::FirstBeyondSecond));
        }

        #[test]
        fn no_sizes_and_no_garbage_make_verification_falter(
            index: u64, first: u64, second: u64, count in 0_usize..70,
        ) {
            let garbage = vec![sha256(b"garbage"); count];
            let (old, new) = (
                TreeHead { size: first, root: garbage.first().copied().unwrap_or(sha256(b"")) },
                TreeHead { size: second, root: sha256(b"another") },
            );
            prop_assert!(verify_inclusion(&old.root, index, &new, &garbage).is_err());
            prop_assert!(first == 0 || verify_consistency(&old, &new, &garbage).is_err());
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
            assert_eq!(ProofPlan::inclusion(index, size).map(|_| ()), fault);
        }
    }

    #[test]
    fn the_empty_tree_begins_every_tree_without_proof() {
        let (empty, some) = (head(0), head(7));
        assert_eq!(made(&ProofPlan::consistency(0, 7).unwrap(), 7), []);
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
        let tree = head(7);
        let forked = TreeHead {
            size: 7,
            root: head(8).root,
        };
        assert_eq!(made(&ProofPlan::consistency(7, 7).unwrap(), 7), []);
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
            let fault = Err(ProofFault::WrongLength);
            assert_eq!(verify_consistency(&head(first), &head(16), &[]), fault);
        }
    }

    #[test]
    fn a_tree_beyond_the_largest_size_is_refused() {
        let root = sha256(b"");
        let largest = TreeHead {
            size: SIZE_MAX,
            root,
        };
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
            assert!(ProofPlan::inclusion(0, size).is_err());
            assert!(ProofPlan::consistency(1, size).is_err());
        }
        assert_eq!(
            verify_inclusion(&root, 0, &largest, &[]),
            Err(ProofFault::WrongLength)
        );
        assert_eq!(ProofPlan::inclusion(0, SIZE_MAX).unwrap().0.len(), 63);
        assert_eq!(ProofPlan::consistency(1, SIZE_MAX).unwrap().0.len(), 63);
    }
}
