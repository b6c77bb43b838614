//! Messages between coordinators and replicas.

use super::super::Kind;
use super::merkle::{Hashes, Inner, LeafId};
use super::placement::RangeId;
use crate::ids::NodeId;
use crate::settings::Leg;
use crate::store::{Quoted, Stamp, Version, Word};
use serde::Serialize;
use std::sync::Arc;

/// The identifier of a coordinator's operation: answers repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ticket {
    /// Distinguishes the coordinator from those that ran on the same node before a restart.
    pub epoch: u32,
    /// The number of the operation.
    pub serial: u32,
}

/// A version of a key.
pub type Entry = (Word, Version);

/// Between coordinators and replicas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Store this version.
    Write {
        /// The operation.
        ticket: Ticket,
        /// The key and its new version.
        entry: Arc<Entry>,
        /// The home for which this node stands in, to hand the version over later.
        hint: Option<NodeId>,
    },
    /// The version is durable, whether it won or not.
    WriteReply {
        /// The operation.
        ticket: Ticket,
    },
    /// Send me your version.
    Read {
        /// The operation.
        ticket: Ticket,
        /// The key.
        key: Word,
    },
    /// My version.
    ReadReply {
        /// The operation.
        ticket: Ticket,
        /// The version, if there is one; it may be a tombstone.
        version: Option<Arc<Version>>,
    },
    /// A read showed that your version is older than this.
    ReadRepair {
        /// The key and its newest version.
        entry: Arc<Entry>,
    },
    /// These were written for you while you did not answer.
    Handoff {
        /// Keys and versions.
        entries: Arc<[Entry]>,
    },
    /// They are durable here: forget them.
    HandoffReply {
        /// The entries that were handed over.
        entries: Arc<[Entry]>,
    },
    /// These are the roots of my trees over the ranges that we share.
    MerkleRoots {
        /// A hash for each range.
        roots: Arc<[(RangeId, u64)]>,
    },
    /// We differ there; these are the hashes of my next level.
    MerkleHashes {
        /// The range.
        range: RangeId,
        /// The place in its tree that differs.
        place: Inner,
        /// The hashes of that place's children.
        hashes: Hashes,
    },
    /// We differ in that leaf; these are the versions under mine.
    MerkleLeaf {
        /// The range.
        range: RangeId,
        /// The leaf of its tree.
        leaf: LeafId,
        /// Keys, and the stamps of their versions.
        stamps: Arc<[(Word, Stamp)]>,
    },
    /// These are versions that you lack, and keys whose newer versions I lack.
    Sync {
        /// Keys and versions.
        entries: Arc<[Entry]>,
        /// Keys.
        wanted: Arc<[Word]>,
    },
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Write { .. } => Kind::Write,
            Self::WriteReply { .. } => Kind::WriteReply,
            Self::Read { .. } => Kind::Read,
            Self::ReadReply { .. } => Kind::ReadReply,
            Self::ReadRepair { .. } => Kind::ReadRepair,
            Self::Handoff { .. } => Kind::Handoff,
            Self::HandoffReply { .. } => Kind::HandoffReply,
            Self::MerkleRoots { .. } => Kind::MerkleRoots,
            Self::MerkleHashes { .. } => Kind::MerkleHashes,
            Self::MerkleLeaf { .. } => Kind::MerkleLeaf,
            Self::Sync { .. } => Kind::Sync,
        }
    }

    /// The leg of a write or a read, if it is one.
    #[must_use]
    pub fn leg(&self) -> Option<Leg> {
        match self {
            Self::Write { .. } => Some(Leg::Write),
            Self::WriteReply { .. } => Some(Leg::Acknowledgement),
            Self::Read { .. } => Some(Leg::Read),
            Self::ReadReply { .. } => Some(Leg::Response),
            _ => None,
        }
    }

    /// Number of versions, stamps or hashes that it carries.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::Write { .. } | Self::ReadReply { .. } | Self::ReadRepair { .. } => 1,
            Self::WriteReply { .. } | Self::Read { .. } => 0,
            Self::Handoff { entries } => entries.len(),
            Self::HandoffReply { .. } => 0,
            Self::MerkleRoots { roots } => roots.len(),
            Self::MerkleHashes { hashes, .. } => hashes.len(),
            Self::MerkleLeaf { stamps, .. } => stamps.len(),
            Self::Sync { entries, wanted } => entries.len() + wanted.len(),
        }
    }

    /// Its fields, for people.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Write { entry, hint, .. } => {
                let mut fields = vec![("version", shown(&entry.0, &entry.1))];
                fields.extend(hint.map(|home| ("for", home.to_string())));
                fields
            }
            Self::ReadRepair { entry } => vec![("version", shown(&entry.0, &entry.1))],
            Self::WriteReply { .. } => vec![("status", "stored".into())],
            Self::Read { key, .. } => vec![("key", Quoted(key).to_string())],
            Self::ReadReply { version: Some(v), .. } => vec![("version", value_at(v))],
            Self::ReadReply { version: None, .. } => vec![("version", "no such key".into())],
            Self::Handoff { entries } => all_shown(entries),
            Self::HandoffReply { entries } => vec![("stored", entries.len().to_string())],
            Self::MerkleRoots { roots } => roots
                .iter()
                .map(|(r, hash)| ("root", format!("range {} {hash:016x}", r.0)))
                .collect(),
            Self::MerkleHashes { range, place, hashes } => {
                let mut fields = vec![("range", range.0.to_string()), ("place", name(*place))];
                fields.extend(hashes.iter().map(|hash| ("hash", format!("{hash:016x}"))));
                fields
            }
            Self::MerkleLeaf { range, leaf, stamps } => {
                let mut fields = vec![("range", range.0.to_string()), ("leaf", leaf.0.to_string())];
                let stamp =
                    |(k, s): &(Word, Stamp)| ("stamp", format!("{} @ {}", Quoted(k), s.time));
                fields.extend(stamps.iter().map(stamp));
                fields
            }
            Self::Sync { entries, wanted } => {
                let mut fields = all_shown(entries);
                fields.extend(wanted.iter().map(|k| ("wanted", Quoted(k).to_string())));
                fields
            }
        }
    }
}

fn name(place: Inner) -> String {
    match place {
        Inner::Root => "root".into(),
        Inner::Quarter(q) => format!("quarter {q}"),
    }
}

fn all_shown(entries: &[Entry]) -> Vec<(&'static str, String)> {
    entries.iter().map(|(k, v)| ("version", shown(k, v))).collect()
}

/// A version with its key, as people read it: `x = 1 @ 1.200 s`.
pub(super) fn shown(key: &str, version: &Version) -> String {
    format!("{} = {}", Quoted(key), value_at(version))
}

fn value_at(version: &Version) -> String {
    let time = version.stamp.time.said();
    match &version.value {
        Some(value) => format!("{} @ {time}", Quoted(value)),
        None => format!("deleted @ {time}"),
    }
}

impl crate::protocol::Payload for Message {
    fn kind(&self) -> Kind {
        self.kind()
    }

    fn leg(&self) -> Option<Leg> {
        self.leg()
    }

    fn load(&self) -> usize {
        self.load()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.fields()
    }
}
