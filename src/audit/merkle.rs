//! The Merkle tree of a log (RFC 6962, RFC 9162), kept as hashes of complete subtrees that a
//! database can store and never has to change.

use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;

use super::canonical::{Hash, node_hash, sha256};

/// The largest tree: a size must fit the signed 64-bit columns of both databases.
pub const SIZE_MAX: u64 = i64::MAX.cast_unsigned();

/// Where a complete subtree stands: its `2^level` leaves begin at leaf `index * 2^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId {
    /// The height above the leaves, which are level 0.
    pub level: u32,
    /// The position among the nodes of the level, from 0.
    pub index: u64,
}

/// Where the hashes of complete subtrees are kept.
pub trait Nodes {
    /// Why a node cannot be had.
    type Fault;

    /// The hash of a node that was created when the log grew over it.
    ///
    /// # Errors
    /// When the node is missing or cannot be read.
    fn node(&mut self, id: NodeId) -> Result<Hash, Self::Fault>;
}

/// A node that a proof needs was not among those given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the log has no node {} at level {}", .0.index, .0.level)]
pub struct MissingNode(pub NodeId);

/// Nodes fetched beforehand, so that a proof costs one query rather than one a level.
impl Nodes for BTreeMap<NodeId, Hash> {
    type Fault = MissingNode;

    fn node(&mut self, id: NodeId) -> Result<Hash, MissingNode> {
        self.get(&id).copied().ok_or(MissingNode(id))
    }
}

/// What a signed checkpoint says of a log: how many entries, and the hash over them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    /// The root hash over them.
    pub root: Hash,
}

/// The right edge of a growing tree: the roots of its largest complete subtrees, left to right.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    size: u64,
    peaks: Vec<Hash>,
}

impl Edge {
    /// The nodes that make up the edge of a tree of this size.
    #[must_use]
    pub fn nodes(size: u64) -> Vec<NodeId> {
        complete_nodes(&(0..size))
    }

    /// Takes up the edge of a stored tree, the present one or an earlier one.
    ///
    /// # Errors
    /// When a node of the edge cannot be had.
    pub fn load<N: Nodes>(size: u64, nodes: &mut N) -> Result<Self, N::Fault> {
        let peaks = Self::nodes(size)
            .into_iter()
            .map(|id| nodes.node(id))
            .collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// Appends leaves and returns every node that became complete, leaves included, to be stored.
    pub fn append(&mut self, leaves: &[Hash]) -> Vec<(NodeId, Hash)> {
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
    pub fn head(&self) -> TreeHead {
        let root = fold(self.peaks.iter().copied()).unwrap_or_else(|| sha256(b""));
        TreeHead {
            size: self.size,
            root,
        }
    }
}

/// The complete subtrees that make up a subtree, left to right and largest first.
pub(super) fn complete_nodes(subtree: &Range<u64>) -> Vec<NodeId> {
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
pub(super) fn fold(
    parts: impl IntoIterator<Item = Hash, IntoIter: DoubleEndedIterator>,
) -> Option<Hash> {
    parts
        .into_iter()
        .rev()
        .reduce(|right, left| node_hash(&left, &right))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::canonical::leaf_hash;
    use super::*;

    /// A log kept in memory as a store would keep it.
    pub(in super::super) fn grown(leaves: &[Hash]) -> (Edge, BTreeMap<NodeId, Hash>) {
        let mut edge = Edge::default();
        let nodes = edge.append(leaves).into_iter().collect();
        (edge, nodes)
    }

    pub(in super::super) fn leaves(count: u64) -> Vec<Hash> {
        (0..count)
            .map(|index| leaf_hash(&index.to_be_bytes()))
            .collect()
    }

    /// MTH, as RFC 6962 section 2.1 defines it.
    pub(in super::super) fn root_by_definition(leaves: &[Hash]) -> Hash {
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
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
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
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        for (size, root) in roots.iter().enumerate() {
            let (edge, _) = grown(&leaves[..size]);
            assert_eq!(edge.head().root.to_hex(), *root);
            assert_eq!(root_by_definition(&leaves[..size]).to_hex(), *root);
        }
    }

    #[test]
    fn an_append_creates_the_nodes_it_completes() {
        let (mut edge, _) = grown(&leaves(5));
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
    fn an_edge_without_its_nodes_is_refused() {
        let missing = Edge::load(1, &mut BTreeMap::new()).unwrap_err();
        assert_eq!(missing, MissingNode(NodeId { level: 0, index: 0 }));
    }

    #[test]
    fn the_edge_of_the_largest_tree_is_known() {
        let edge = Edge::nodes(SIZE_MAX);
        assert_eq!(edge.len(), 63);
        assert_eq!(
            edge.last(),
            Some(&NodeId {
                level: 0,
                index: SIZE_MAX - 1
            })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_tree_grows_the_same_in_any_steps(size in 0_u64..300, step in 1_usize..40) {
            let leaves = leaves(size);
            let (at_once, mut nodes) = grown(&leaves);
            let mut stepwise = Edge::default();
            let created: Vec<_> = leaves.chunks(step).flat_map(|part| stepwise.append(part)).collect();
            prop_assert_eq!(stepwise.head(), at_once.head());
            prop_assert_eq!(created.len(), nodes.len());
            prop_assert_eq!(&created.into_iter().collect::<BTreeMap<_, _>>(), &nodes);
            prop_assert_eq!(at_once.head().root, root_by_definition(&leaves));

            let loaded = Edge::load(size, &mut nodes).unwrap();
            prop_assert_eq!(loaded.head(), at_once.head());
        }
    }
}
