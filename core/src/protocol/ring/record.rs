//! The disk content of a node: the write-ahead log, and checkpoints of its memory.

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
    /// This node's data are placed for these members.
    Placed(Arc<[NodeId]>),
    /// The members were these for a while, and changed again before all data were placed.
    Passed(Arc<[NodeId]>),
    /// Some data that belong to this node have not arrived.
    Awaited(Arc<Awaited>),
    /// They have arrived, or no more are expected.
    Settled,
}

/// The data that a node waits for after the members have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Awaited {
    /// The members before.
    pub former: Vec<NodeId>,
    /// Those of them that may still have data to hand over.
    pub from: Vec<NodeId>,
}

/// A checkpoint: the content of the log until then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Keys and versions.
    pub data: VersionedStore,
    /// The members of the last [`Record::Placed`].
    pub placed: Option<Arc<[NodeId]>>,
    /// The members of later [`Record::Passed`].
    pub passed: Vec<Arc<[NodeId]>>,
    /// The data that it waited for.
    pub awaited: Option<Arc<Awaited>>,
}

/// The state that a starting node recovers from its disk.
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
