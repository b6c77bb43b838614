//! Hinted handoff: versions kept for home nodes that did not answer.
//!
//! A stand-in keeps them apart from its own data, on its disk, and offers them to the home node
//! periodically: the first acknowledgement shows that the node is back (DeCandia et al., *Dynamo*,
//! 2007, section 4.6).

use super::message::Entry;
use crate::ids::NodeId;
use crate::protocol::Mark;
use crate::sorted::SortedMap;
use crate::store::{Version, VersionedStore, Word};
use serde::Serialize;
use std::sync::Arc;

/// The most versions that one message hands over.
pub const MAX_BATCH: usize = 64;

/// Versions kept for other nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hints(SortedMap<NodeId, VersionedStore>);

impl Hints {
    /// Whether no version is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of versions kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.values().map(|kept| kept.iter().count()).sum()
    }

    /// Keeps a version for a node, unless one as new is kept already. True if it is kept.
    pub fn keep(&mut self, home: NodeId, key: &Word, version: &Version) -> bool {
        self.0.or_default(home).merge_total(key, version)
    }

    /// The newest version of a key that is kept for any node.
    #[must_use]
    pub fn version(&self, key: &str) -> Option<&Version> {
        let kept = self.0.values().filter_map(|kept| kept.version(key));
        kept.reduce(|a, b| if b.supersedes(a) { b } else { a })
    }

    /// The nodes for which versions are kept.
    pub fn homes(&self) -> impl Iterator<Item = NodeId> {
        self.0.keys().copied()
    }

    /// The first versions kept for a node; empty when there are none.
    #[must_use]
    pub fn batch(&self, home: NodeId) -> Arc<[Entry]> {
        let kept = self.0.get(&home).into_iter().flat_map(VersionedStore::iter);
        kept.take(MAX_BATCH).map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    /// Forgets a version that was handed over; a newer one stays. True if it was kept.
    pub fn forget(&mut self, home: NodeId, (key, version): &Entry) -> bool {
        let Some(kept) = self.0.get_mut(&home) else { return false };
        let same = kept.version(key) == Some(version);
        if same {
            kept.remove(key);
            if kept.iter().next().is_none() {
                self.0.remove(&home);
            }
        }
        same
    }

    /// Forgets a version kept for any node; newer ones stay.
    pub fn forget_for_all(&mut self, entry: &Entry) {
        for home in self.homes().collect::<Vec<_>>() {
            self.forget(home, entry);
        }
    }

    /// The number of versions kept for each node, as marks.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let mark =
            |(&home, kept): (_, &VersionedStore)| Mark::Hints(home, kept.iter().count() as u32);
        self.0.iter().map(mark).collect()
    }

    /// All versions kept, each with its home node and key.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Word, &Version)> {
        self.0.iter().flat_map(|(&home, kept)| kept.iter().map(move |(k, v)| (home, k, v)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Stamp;
    use crate::time::Time;

    fn entry(us: u64) -> Entry {
        let stamp = Stamp { time: Time::from_us(us), writer: 0 };
        ("x".into(), Version { value: Some(us.to_string().into()), stamp })
    }

    #[test]
    fn what_is_newer_than_what_was_handed_over_stays() {
        let (mut hints, home) = (Hints::default(), NodeId(2));
        let (old, new) = (entry(1), entry(2));
        assert!(hints.keep(home, &old.0, &old.1));
        let sent = hints.batch(home);
        assert!(hints.keep(home, &new.0, &new.1));
        assert!(!hints.keep(home, &old.0, &old.1));
        assert!(!hints.forget(home, &sent[0]));
        assert_eq!(hints.version("x"), Some(&new.1));
        assert!(hints.forget(home, &new));
        assert!(hints.is_empty());
    }
}
