//! The Merkle tree of a log (RFC 6962, RFC 9162), kept as hashes of complete subtrees that a
//! database can store and never has to change.

use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;

use super::canonical::{Hash, node_hash, sha256};
use super::proof::{ProofFault, TreeHead, check_index, check_order};

/// Where a complete subtree stands: its `2^level` leaves begin at leaf `index * 2^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeId {
    /// The height above the leaves, which are level 0.
    pub(super) level: u32,
    /// The position among the nodes of the level, from 0.
    pub(super) index: u64,
}

/// A node that a proof needs was not among those given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the log has no node {} at level {}", .0.index, .0.level)]
pub(super) struct MissingNode(pub(super) NodeId);

/// Nodes fetched beforehand, so that a proof costs one query rather than one a level.
pub(super) type Nodes = BTreeMap<NodeId, Hash>;

fn node(nodes: &Nodes, id: NodeId) -> Result<Hash, MissingNode> {
    nodes.get(&id).copied().ok_or(MissingNode(id))
}

/// The right edge of a growing tree: the roots of its largest complete subtrees, left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct Edge {
    size: u64,
    peaks: Vec<Hash>,
}

impl Edge {
    /// The nodes that make up the edge of a tree of this size.
    #[must_use]
    pub(super) fn nodes(size: u64) -> Vec<NodeId> {
        complete_nodes(&(0..size))
    }

    /// Takes up the edge of a stored tree, the present one or an earlier one.
    ///
    /// # Errors
    /// When a node of the edge cannot be had.
    pub(super) fn load(size: u64, nodes: &Nodes) -> Result<Self, MissingNode> {
        let peaks = Self::nodes(size)
            .into_iter()
            .map(|id| node(nodes, id))
            .collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Appends leaves and returns every node that became complete, leaves included, to be stored.
    pub(super) fn append(&mut self, leaves: &[Hash]) -> Vec<(NodeId, Hash)> {
        let mut created = Vec::with_capacity(leaves.len() * 2);
        for leaf in leaves {
            let (mut level, mut index, mut hash) = (0, self.size, *leaf);
            created.push((NodeId { level, index }, hash));
            // An odd index is a right child: its left sibling is the last peak.
            while index % 2 == 1
                && let Some(left) = self.peaks.pop()
            {
                (level, index, hash) = (level + 1, index / 2, node_hash(&left, &hash));
                created.push((NodeId { level, index }, hash));
            }
            self.peaks.push(hash);
            self.size += 1;
        }
        created
    }

    /// The size and root hash of the tree.
    #[must_use]
    pub(super) fn head(&self) -> TreeHead {
        let root = fold(self.peaks.iter().copied()).unwrap_or_else(|| sha256(b""));
        TreeHead {
            size: self.size,
            root,
        }
    }
}

/// The subtrees whose hashes make up a proof, in the order of the proof.
#[derive(Clone, Debug)]
pub(super) struct ProofPlan(Vec<Range<u64>>);

impl ProofPlan {
    /// Plans the proof that a leaf is in the tree of a size: PATH of RFC 6962 section 2.1.1.
    ///
    /// # Errors
    /// When the tree has no such leaf, or is too large.
    pub(super) fn inclusion(index: u64, size: u64) -> Result<Self, ProofFault> {
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
    pub(super) fn consistency(first: u64, second: u64) -> Result<Self, ProofFault> {
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
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.0.iter().flat_map(complete_nodes)
    }

    /// Makes the proof from stored nodes.
    ///
    /// # Errors
    /// When a node cannot be had.
    pub(super) fn assemble(&self, nodes: &Nodes) -> Result<Vec<Hash>, MissingNode> {
        let mut proof = Vec::with_capacity(self.0.len());
        for subtree in &self.0 {
            let parts = complete_nodes(subtree)
                .into_iter()
                .map(|id| node(nodes, id));
            proof.extend(fold(parts.collect::<Result<Vec<_>, _>>()?));
        }
        Ok(proof)
    }
}

/// The size of the left half of a tree of two leaves or more: the largest power of two below its
/// own (RFC 6962 section 2.1).
fn left_size(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The complete subtrees that make up a subtree, left to right and largest first.
fn complete_nodes(subtree: &Range<u64>) -> Vec<NodeId> {
    let (mut low, mut nodes) = (subtree.start, Vec::new());
    while low < subtree.end {
        let level = (subtree.end - low).ilog2();
        nodes.push(NodeId {
            level,
            index: low >> level,
        });
        low += 1 << level;
    }
    nodes
}

/// The hash over adjacent complete subtrees, each smaller than the one before it.
fn fold(parts: impl IntoIterator<Item = Hash, IntoIter: DoubleEndedIterator>) -> Option<Hash> {
    parts
        .into_iter()
        .rev()
        .reduce(|right, left| node_hash(&left, &right))
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::super::canonical::leaf_hash;
    use super::*;

    /// More leaves than any tree of these tests has.
    const LEAVES: u64 = 300;

    /// A log as a store keeps it; every earlier size can be read from it.
    static STORED: LazyLock<Nodes> = LazyLock::new(|| {
        Edge::default()
            .append(&leaves(LEAVES))
            .into_iter()
            .collect()
    });

    type Oracle = MemoryBackedTree<Sha256, [u8; 8]>;

    static ORACLES: LazyLock<Vec<Oracle>> = LazyLock::new(|| {
        let oracle = |size: u64| {
            let mut tree = Oracle::new();
            (0..size).for_each(|index| tree.push(index.to_be_bytes()));
            tree
        };
        (0..LEAVES).map(oracle).collect()
    });

    pub(in super::super) fn leaves(count: u64) -> Vec<Hash> {
        (0..count)
            .map(|index| leaf_hash(&index.to_be_bytes()))
            .collect()
    }

    pub(in super::super) fn head(size: u64) -> TreeHead {
        Edge::load(size, &STORED).unwrap().head()
    }

    /// Makes a proof from exactly the nodes its plan names.
    pub(in super::super) fn made(plan: Result<ProofPlan, ProofFault>) -> Vec<Hash> {
        let plan = plan.unwrap();
        let fetched: Nodes = plan.nodes().map(|id| (id, STORED[&id])).collect();
        plan.assemble(&fetched).unwrap()
    }

    fn bytes(proof: &[Hash]) -> Vec<u8> {
        proof.iter().flat_map(|hash| hash.0).collect()
    }

    /// MTH, as RFC 6962 section 2.1 defines it.
    fn root_by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(b""),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&root_by_definition(left), &root_by_definition(right))
            }
        }
    }

    #[test]
    fn the_classic_eight_leaves_have_their_published_roots() {
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let leaves = entries.map(leaf_hash);
        for (size, root) in roots.iter().enumerate() {
            let mut edge = Edge::default();
            edge.append(&leaves[..size]);
            assert_eq!(edge.head().root.to_hex(), *root);
            assert_eq!(root_by_definition(&leaves[..size]).to_hex(), *root);
        }
    }

    #[test]
    fn an_append_creates_the_nodes_it_completes() {
        let mut edge = Edge::default();
        edge.append(&leaves(5));
        let created: Vec<_> = edge
            .append(&leaves(8)[5..])
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        let expected = [(0, 5), (1, 2), (0, 6), (0, 7), (1, 3), (2, 1), (3, 0)];
        assert_eq!(
            created,
            expected.map(|(level, index)| NodeId { level, index })
        );
    }

    #[test]
    fn a_node_that_is_gone_is_named() {
        let missing = MissingNode(NodeId { level: 2, index: 0 });
        let mut nodes = STORED.clone();
        nodes.remove(&missing.0);
        assert_eq!(Edge::load(5, &nodes).unwrap_err(), missing);
        let plan = ProofPlan::inclusion(4, 5).unwrap();
        assert_eq!(plan.assemble(&nodes).unwrap_err(), missing);
    }

    #[test]
    fn proofs_without_hashes_need_no_nodes() {
        let plans = [(0, 0), (0, 7), (7, 7)].map(|(a, b)| ProofPlan::consistency(a, b).unwrap());
        for plan in plans.into_iter().chain(ProofPlan::inclusion(0, 1)) {
            assert_eq!(plan.nodes().count(), 0);
            assert_eq!(plan.assemble(&Nodes::new()), Ok(vec![]));
        }
    }

    #[test]
    fn no_plan_of_the_largest_tree_is_longer_than_its_height() {
        let size = super::super::proof::SIZE_MAX;
        assert_eq!(Edge::nodes(size).len(), 63);
        assert_eq!(ProofPlan::inclusion(0, size).unwrap().0.len(), 63);
        assert_eq!(ProofPlan::consistency(1, size).unwrap().0.len(), 63);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn a_tree_grows_the_same_in_any_steps(size in 0..LEAVES, step in 1_usize..40) {
            let leaves = leaves(size);
            let mut edge = Edge::default();
            let created: Vec<_> = leaves.chunks(step).flat_map(|part| edge.append(part)).collect();
            prop_assert_eq!(edge.head(), head(size));
            prop_assert_eq!(edge.head().root, root_by_definition(&leaves));
            prop_assert!(created.iter().all(|(id, hash)| STORED[id] == *hash));
        }

        #[test]
        fn inclusion_proofs_are_the_oracles(
            (size, index) in (1..LEAVES).prop_flat_map(|size| (Just(size), 0..size)),
        ) {
            let (at, place) = (usize::try_from(size).unwrap(), usize::try_from(index).unwrap());
            let theirs = ORACLES[at].prove_inclusion(place);
            prop_assert_eq!(bytes(&made(ProofPlan::inclusion(index, size))), theirs.as_bytes());
        }

        #[test]
        fn consistency_proofs_are_the_oracles(
            (second, first) in (2..LEAVES).prop_flat_map(|second| (Just(second), 1..second)),
        ) {
            let (at, more) = (usize::try_from(second).unwrap(), second - first);
            let theirs = ORACLES[at].prove_consistency(usize::try_from(more).unwrap());
            prop_assert_eq!(bytes(&made(ProofPlan::consistency(first, second))), theirs.as_bytes());
        }
    }
}
