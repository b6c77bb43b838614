//! What a node writes to its disk: the log ahead of its memory, and checkpoints of it.

use super::super::{Checkpoint, Record as Outer};
use super::Disk;
use super::members::MOST_PASSED;
use crate::ids::NodeId;
use crate::store::{Version, VersionedStore, Word};
use serde::Serialize;
use std::sync::Arc;

/// A record of the write-ahead log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// A key has this version.
    Put(Word, Version),
    /// What this node holds lies where it belongs in a cluster of these members.
    Placed(Arc<[NodeId]>),
    /// The members were these for a while, and changed again before all was where it belongs.
    Passed(Arc<[NodeId]>),
    /// Not everything that belongs to this node has arrived.
    Awaited(Arc<Awaited>),
    /// It has, or nothing more is to be expected.
    Settled,
}

/// What a node waits for after the members have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Awaited {
    /// The members before.
    pub former: Vec<NodeId>,
    /// Those of them who may have something yet to hand over.
    pub from: Vec<NodeId>,
}

/// A checkpoint: all that the log had said until then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Keys and versions.
    pub data: VersionedStore,
    /// The members of the last [`Record::Placed`].
    pub placed: Option<Arc<[NodeId]>>,
    /// The members of those [`Record::Passed`] that came after it.
    pub passed: Vec<Arc<[NodeId]>>,
    /// What it waited for.
    pub awaited: Option<Arc<Awaited>>,
}

/// What a node finds on its disk when it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// Checkpoint and log together.
    pub state: Snapshot,
    /// Keys of the checkpoint; None when there was none.
    pub saved: Option<u32>,
    /// Records that were replayed on top of it.
    pub replayed: u32,
}

impl Recovered {
    /// Recovery: the checkpoint, then the log behind it, in order.
    pub fn from(disk: &mut Disk) -> Self {
        let (checkpoint, records) = disk.recover();
        let saved = checkpoint.as_deref().and_then(|c| match c {
            Checkpoint::Ring(snapshot) => Some(snapshot),
            _ => None,
        });
        let mut state = saved.cloned().unwrap_or_default();
        let saved = saved.map(|s| s.data.iter().count() as u32);
        let replayed = records.len() as u32;
        for record in records {
            if let Outer::Ring(record) = record {
                state.replay(record);
            }
        }
        Self { state, saved, replayed }
    }
}

impl Snapshot {
    fn replay(&mut self, record: Record) {
        match record {
            Record::Put(key, version) => {
                self.data.merge(&key, &version);
            }
            Record::Placed(members) => {
                self.placed = Some(members);
                self.passed.clear();
            }
            Record::Passed(members) => {
                if self.passed.len() == MOST_PASSED {
                    self.passed.remove(0);
                }
                self.passed.push(members);
            }
            Record::Awaited(awaited) => self.awaited = Some(awaited),
            Record::Settled => self.awaited = None,
        }
    }
}
