//! A Merkle tree over one range of keys (Merkle 1987; DeCandia et al., *Dynamo*, 2007,
//! section 4.7), and the versions under its leaves.
//!
//! ```text
//!   level 0                  root
//!   level 1       0       1       2       3
//!   level 2     0 1 2 3 4 5 6 7 8 9 a b c d e f     leaves: sixteenths of the range
//! ```
//!
//! Two replicas that compare their trees from the root down examine only differing parts. A leaf's
//! hash is the exclusive or of its versions' hashes, so that an update costs no more than hashing
//! the version.

use crate::hash_ring::position;
use crate::store::{Version, VersionedStore, Word};
use serde::Serialize;

/// Number of children of an inner place of the tree.
pub const FAN_OUT: usize = 4;
const LEAVES: usize = FAN_OUT * FAN_OUT;

/// A place in the tree that has children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Inner {
    /// All of the range.
    Root,
    /// A quarter of it, from 0 to 3.
    Quarter(u8),
}

/// A leaf of the tree: a sixteenth of the range, from 0 to 15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LeafId(pub u8);

/// A child of an inner place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    /// It has children.
    Inner(Inner),
    /// It holds versions.
    Leaf(LeafId),
}

impl Inner {
    /// Its child of that number.
    ///
    /// # Panics
    /// When there is no child of that number.
    #[must_use]
    pub fn child(self, number: usize) -> Child {
        assert!(number < FAN_OUT);
        match self {
            Self::Root => Child::Inner(Self::Quarter(number as u8)),
            Self::Quarter(q) => Child::Leaf(LeafId(q * FAN_OUT as u8 + number as u8)),
        }
    }
}

/// The hashes of the children of one place.
pub type Hashes = [u64; FAN_OUT];

/// The versions of one range, under their tree. Clones share their common parts.
#[derive(Clone, Debug, Serialize)]
pub struct Tree {
    leaves: [VersionedStore; LEAVES],
    // Derived from the leaves.
    #[serde(skip)]
    hashes: [u64; LEAVES],
    #[serde(skip)]
    quarters: Hashes,
    #[serde(skip)]
    root: u64,
}

impl Default for Tree {
    fn default() -> Self {
        let quarter = joined([0; FAN_OUT]);
        let quarters = [quarter; FAN_OUT];
        let leaves = std::array::from_fn(|_| VersionedStore::default());
        Self { leaves, hashes: [0; LEAVES], quarters, root: joined(quarters) }
    }
}

impl Tree {
    /// The version of a key at the place `within` the range.
    #[must_use]
    pub fn version(&self, within: u64, key: &str) -> Option<&Version> {
        self.leaves[leaf_of(within)].version(key)
    }

    /// Keeps the newer of the present and the given version; true if the given one won.
    pub fn merge(&mut self, within: u64, key: &Word, version: &Version) -> bool {
        let leaf = leaf_of(within);
        let store = &mut self.leaves[leaf];
        let old = store.version(key).map_or(0, |old| digest(key, old));
        let won = store.merge_total(key, version);
        if won {
            self.change(leaf, old ^ digest(key, version));
        }
        won
    }

    /// Forgets a key, as if it had never been written.
    pub fn remove(&mut self, within: u64, key: &str) {
        let leaf = leaf_of(within);
        let store = &mut self.leaves[leaf];
        let Some(old) = store.version(key).map(|old| digest(key, old)) else { return };
        store.remove(key);
        self.change(leaf, old);
    }

    /// Updates the hashes when versions of a leaf come or go.
    fn change(&mut self, leaf: usize, by: u64) {
        self.hashes[leaf] ^= by;
        let quarter = leaf / FAN_OUT;
        self.quarters[quarter] = joined(self.leaf_hashes(quarter));
        self.root = joined(self.quarters);
    }

    /// The hash of everything.
    #[must_use]
    pub fn root(&self) -> u64 {
        self.root
    }

    /// The hashes of a place's children.
    #[must_use]
    pub fn children(&self, of: Inner) -> Hashes {
        match of {
            Inner::Root => self.quarters,
            Inner::Quarter(q) => self.leaf_hashes(usize::from(q)),
        }
    }

    fn leaf_hashes(&self, quarter: usize) -> Hashes {
        let first = quarter * FAN_OUT;
        self.hashes[first..first + FAN_OUT].try_into().expect("a quarter has that many leaves")
    }

    /// The versions under a leaf.
    #[must_use]
    pub fn leaf(&self, leaf: LeafId) -> &VersionedStore {
        &self.leaves[usize::from(leaf.0)]
    }

    /// All keys and versions, leaf by leaf.
    pub fn iter(&self) -> impl Iterator<Item = (&Word, &Version)> {
        self.leaves.iter().flat_map(VersionedStore::iter)
    }
}

fn leaf_of(within: u64) -> usize {
    (within >> 60) as usize
}

fn joined(hashes: Hashes) -> u64 {
    hashes.into_iter().fold(FAN_OUT as u64, |h, next| mixed(h ^ next).wrapping_add(next))
}

/// The hash of a key with its version: its value, time and writer.
fn digest(key: &str, version: &Version) -> u64 {
    let value = version.value.as_ref().map_or(1, |value| position(value.as_bytes()));
    let stamp = [version.stamp.time.as_us(), u64::from(version.stamp.writer)];
    stamp.into_iter().chain([value]).fold(position(key.as_bytes()), |h, next| mixed(h ^ next))
}

/// Every bit of the result depends on every bit of `z` (the finaliser of SplitMix64; Steele et al.,
/// "Fast Splittable Pseudorandom Number Generators", 2014).
#[must_use]
pub fn mixed(z: u64) -> u64 {
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Stamp;
    use crate::time::Time;

    fn version(value: Option<&str>, us: u64) -> Version {
        let stamp = Stamp { time: Time::from_us(us), writer: 0 };
        Version { value: value.map(Into::into), stamp }
    }

    fn tree(writes: &[(u64, &str, Option<&str>, u64)]) -> Tree {
        let mut tree = Tree::default();
        for &(within, key, value, us) in writes {
            tree.merge(within, &key.into(), &version(value, us));
        }
        tree
    }

    #[test]
    fn the_root_tells_states_apart_and_not_how_they_came_about() {
        let (low, high) = (1 << 60, 15 << 60);
        let a = tree(&[(low, "a", Some("1"), 1), (high, "b", Some("2"), 2)]);
        let b =
            tree(&[(high, "b", Some("9"), 1), (high, "b", Some("2"), 2), (low, "a", Some("1"), 1)]);
        assert_eq!(a.root(), b.root());
        for other in [
            tree(&[(low, "a", Some("1"), 1)]),
            tree(&[(low, "a", Some("1"), 1), (high, "b", None, 2)]),
            tree(&[(low, "a", Some("1"), 1), (high, "b", Some("2"), 3)]),
            tree(&[(low, "a", Some("2"), 1), (high, "b", Some("2"), 2)]),
        ] {
            assert_ne!(a.root(), other.root());
        }
    }

    #[test]
    fn what_was_removed_leaves_no_trace_in_the_hashes() {
        let (low, high) = (1 << 60, 15 << 60);
        let kept = tree(&[(low, "a", Some("1"), 1)]);
        let mut tree = tree(&[(low, "a", Some("1"), 1), (low, "c", None, 3), (high, "b", None, 2)]);
        assert_ne!(tree.root(), kept.root());
        tree.remove(high, "b");
        tree.remove(low, "c");
        tree.remove(low, "nothing");
        assert_eq!(tree.root(), kept.root());
        tree.remove(low, "a");
        assert_eq!(tree.root(), Tree::default().root());
        assert_eq!(tree.iter().count(), 0);
    }

    #[test]
    fn what_differs_is_found_from_the_root_down() {
        let a = tree(&[(1 << 60, "a", Some("1"), 1), (6 << 60, "b", Some("2"), 2)]);
        let b = tree(&[(1 << 60, "a", Some("1"), 1), (6 << 60, "b", Some("3"), 3)]);
        let differing = |of: Inner| -> Vec<_> {
            let (a, b) = (a.children(of), b.children(of));
            (0..FAN_OUT).filter(|&i| a[i] != b[i]).map(|i| of.child(i)).collect()
        };
        assert_eq!(differing(Inner::Root), [Child::Inner(Inner::Quarter(1))]);
        assert_eq!(differing(Inner::Quarter(1)), [Child::Leaf(LeafId(6))]);
        assert_eq!(a.leaf(LeafId(6)).iter().count(), 1);
    }
}
