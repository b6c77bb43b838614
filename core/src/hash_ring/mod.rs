//! Consistent hashing: which nodes a key belongs to (Karger et al., "Consistent Hashing and Random
//! Trees", 1997; the ring with virtual nodes and preference lists as in DeCandia et al., "Dynamo:
//! Amazon's Highly Available Key-value Store", 2007, sections 4.2 and 4.3).
//!
//! The ring is the circle of 64-bit numbers. Every node stands at several places of it, its virtual
//! nodes; a key belongs to the first virtual node at or clockwise of its hash. The preference list
//! of a key continues clockwise from there and skips places of nodes that are on it already, so
//! that the copies of a key lie on distinct nodes.
//!
//! Invariants: a ring depends on its members and the number of virtual nodes alone, not on the
//! order in which they joined. When a node leaves, keys move from it only; when one joins, keys
//! move to it only.

mod hash;
mod movement;
mod share;

pub use hash::position;
pub use movement::{Move, moved};
pub use share::Share;

use crate::ids::{MAX_NODES, NodeId};
use crate::order;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// A ring of nodes. Cloning shares it.
///
/// ```
/// use quorumscope_core::{hash_ring::HashRing, ids::NodeId};
/// let ring = HashRing::new((1..=5).map(NodeId), 8);
/// let copies: Vec<_> = ring.preference("x").take(3).collect();
/// assert_eq!(ring.owner("x"), Some(copies[0]));
/// assert!(copies[0] != copies[1] && copies[1] != copies[2]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashRing {
    /// By id, each once.
    members: Arc<[NodeId]>,
    vnodes: u16,
    /// Clockwise; where two hash to one place, by id.
    places: Arc<[Place]>,
}

/// A virtual node: its place on the circle, and its node.
type Place = (u64, NodeId);

impl HashRing {
    /// A ring of these nodes, each at `vnodes` places (at least one).
    ///
    /// # Panics
    /// When a node is not one of [`MAX_NODES`].
    #[must_use]
    pub fn new(members: impl IntoIterator<Item = NodeId>, vnodes: u16) -> Self {
        let vnodes = vnodes.max(1);
        let mut members: Vec<_> = members.into_iter().collect();
        order::sort(&mut members);
        members.dedup();
        assert!(members.iter().all(|n| (1..=MAX_NODES).contains(&n.0)), "{members:?}");
        let place = |n: NodeId, v: u16| (position(format!("{n}#{v}").as_bytes()), n);
        let mut places: Vec<_> =
            members.iter().flat_map(|&n| (0..vnodes).map(move |v| place(n, v))).collect();
        order::sort(&mut places);
        Self { members: members.into(), vnodes, places: places.into() }
    }

    /// The same ring with one node more.
    #[must_use]
    pub fn with(&self, node: NodeId) -> Self {
        Self::new(self.members.iter().copied().chain([node]), self.vnodes)
    }

    /// The same ring without a node.
    #[must_use]
    pub fn without(&self, node: NodeId) -> Self {
        Self::new(self.members.iter().copied().filter(|&n| n != node), self.vnodes)
    }

    /// The nodes on it, by id.
    #[must_use]
    pub fn members(&self) -> &[NodeId] {
        &self.members
    }

    /// Whether that node is on it.
    #[must_use]
    pub fn contains(&self, node: NodeId) -> bool {
        self.members.binary_search(&node).is_ok()
    }

    /// Number of places of each node.
    #[must_use]
    pub fn vnodes(&self) -> u16 {
        self.vnodes
    }

    /// All places clockwise from 0, each with its node; the picture of the ring is drawn from them.
    #[must_use]
    pub fn places(&self) -> &[(u64, NodeId)] {
        &self.places
    }

    /// The node that a key belongs to; None on an empty ring.
    #[must_use]
    pub fn owner(&self, key: &str) -> Option<NodeId> {
        self.places.get(self.first_place(key)).map(|&(_, node)| node)
    }

    /// Every node, each once, clockwise from the key: its owner first, then the holders of its
    /// copies, then the nodes that would stand in for these.
    pub fn preference(&self, key: &str) -> Preference<'_> {
        Preference { ring: self, place: self.first_place(key), seen: 0 }
    }

    /// Whether a node is among the first `most` of a key's preference list.
    #[must_use]
    pub fn holds(&self, node: NodeId, key: &str, most: usize) -> bool {
        self.preference(key).take(most).any(|n| n == node)
    }

    fn first_place(&self, key: &str) -> usize {
        let at = position(key.as_bytes());
        let place = self.places.partition_point(|&(p, _)| p < at);
        if place == self.places.len() { 0 } else { place }
    }
}

/// The preference list of a key: see [`HashRing::preference`].
#[derive(Clone, Debug)]
pub struct Preference<'a> {
    ring: &'a HashRing,
    place: usize,
    /// The nodes that were on the list already, a bit each.
    seen: u128,
}

const _: () = assert!(MAX_NODES as u32 <= u128::BITS);

impl Iterator for Preference<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        while (self.seen.count_ones() as usize) < self.ring.members.len() {
            let (_, node) = self.ring.places[self.place];
            self.place = (self.place + 1) % self.ring.places.len();
            let bit = 1 << node.index();
            if self.seen & bit == 0 {
                self.seen |= bit;
                return Some(node);
            }
        }
        None
    }
}

/// Members and virtual nodes: the places follow from them.
impl Serialize for HashRing {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (&self.members, self.vnodes).serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring(nodes: u16, vnodes: u16) -> HashRing {
        HashRing::new((1..=nodes).map(NodeId), vnodes)
    }

    fn keys() -> Vec<String> {
        (0..300).map(|i| format!("k{i}")).collect()
    }

    #[test]
    fn the_preference_list_names_every_node_once_owner_first() {
        let ring = ring(7, 4);
        for key in keys() {
            let list: Vec<_> = ring.preference(&key).collect();
            let mut sorted = list.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, ring.members());
            assert_eq!(list.first().copied(), ring.owner(&key));
            assert!(ring.holds(list[2], &key, 3) && !ring.holds(list[3], &key, 3));
        }
    }

    #[test]
    fn the_owner_is_the_first_place_clockwise_and_the_circle_closes() {
        let ring = ring(3, 5);
        for key in keys() {
            let at = position(key.as_bytes());
            let ahead = ring.places().iter().min_by_key(|(p, _)| p.wrapping_sub(at));
            assert_eq!(ring.owner(&key), ahead.map(|&(_, n)| n));
        }
    }

    #[test]
    fn an_empty_ring_owns_nothing() {
        let ring = HashRing::new([], 8);
        assert_eq!(ring.owner("x"), None);
        assert_eq!(ring.preference("x").next(), None);
    }

    proptest! {
        #[test]
        fn the_order_of_joining_does_not_matter(
            mut nodes in proptest::collection::btree_set(1u16..=100, 1..20)
                .prop_map(|s| s.into_iter().collect::<Vec<_>>()).prop_shuffle(),
            vnodes in 1u16..20,
        ) {
            let one_by_one = nodes.iter()
                .fold(HashRing::new([], vnodes), |ring, &n| ring.with(NodeId(n)));
            nodes.sort_unstable();
            prop_assert_eq!(one_by_one, HashRing::new(nodes.into_iter().map(NodeId), vnodes));
        }

        /// A node that leaves or joins does not change the order of the others in any preference
        /// list.
        #[test]
        fn a_list_without_the_node_is_the_list_of_a_ring_without_it(
            nodes in 2u16..12, vnodes in 1u16..12, gone in 0u16..12,
        ) {
            let ring = ring(nodes, vnodes);
            let gone = NodeId(gone % nodes + 1);
            let rest = ring.without(gone);
            for key in keys() {
                let expected: Vec<_> = ring.preference(&key).filter(|&n| n != gone).collect();
                prop_assert_eq!(rest.preference(&key).collect::<Vec<_>>(), expected);
            }
        }
    }
}
