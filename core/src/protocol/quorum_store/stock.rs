//! The data of a replica: versions by range, each range under its Merkle tree.

use super::merkle::{Tree, mixed};
use super::message::Entry;
use super::placement::{Placement, RangeId};
use crate::ids::NodeId;
use crate::sorted::SortedMap;
use crate::store::{Version, Word};
use serde::Serialize;
use std::sync::Arc;

/// The data of a replica. Clones share their common parts.
#[derive(Clone, Debug, Serialize)]
pub struct Stock {
    placement: Placement,
    /// Ranges without writes are absent.
    ranges: SortedMap<RangeId, Arc<Tree>>,
}

impl Stock {
    /// No data.
    #[must_use]
    pub fn new(placement: Placement) -> Self {
        Self { placement, ranges: SortedMap::new() }
    }

    /// The assignment of keys to nodes.
    #[must_use]
    pub fn placement(&self) -> Placement {
        self.placement
    }

    /// The version of a key, tombstones included.
    #[must_use]
    pub fn version(&self, key: &str) -> Option<&Version> {
        let spot = self.placement.spot(key);
        self.ranges.get(&spot.range)?.version(spot.within, key)
    }

    /// Keeps the newer of the present and the given version; true if the given one won.
    pub fn merge(&mut self, key: &Word, version: &Version) -> bool {
        let spot = self.placement.spot(key);
        let tree = Arc::make_mut(self.ranges.or_default(spot.range));
        tree.merge(spot.within, key, version)
    }

    /// Forgets a version, as if the key had never been written; a newer one stays.
    pub fn forget(&mut self, (key, version): &Entry) {
        if self.version(key) == Some(version) {
            let spot = self.placement.spot(key);
            Arc::make_mut(self.ranges.or_default(spot.range)).remove(spot.within, key);
        }
    }

    /// The tree of a range; None without any write to it.
    #[must_use]
    pub fn tree(&self, range: RangeId) -> Option<&Tree> {
        self.ranges.get(&range).map(|tree| &**tree)
    }

    /// The hash of everything in a range.
    #[must_use]
    pub fn root(&self, range: RangeId) -> u64 {
        self.tree(range).map_or_else(|| Tree::default().root(), Tree::root)
    }

    /// The hash of all data in the ranges that belong to a node: where all ranges belong to all
    /// nodes, equal replicas have equal hashes.
    #[must_use]
    pub fn digest(&self, node: NodeId) -> u64 {
        let ranges = self.placement.shared(node, node);
        ranges.fold(0, |h, range| mixed(h ^ self.root(range)))
    }

    /// Keys and versions, by range.
    pub fn iter(&self) -> impl Iterator<Item = (&Word, &Version)> {
        self.ranges.values().flat_map(|tree| tree.iter())
    }

    /// Number of keys with versions.
    #[must_use]
    pub fn count(&self) -> usize {
        self.iter().count()
    }
}
