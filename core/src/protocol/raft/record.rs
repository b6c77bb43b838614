//! What a Raft server keeps on its disk (figure 3.1, "persistent state"), and how it finds itself
//! again.

use super::entry::Entry;
use super::log::Log;
use super::state::State;
use crate::ids::NodeId;
use crate::protocol::{Checkpoint, Disk, Index, Term};
use serde::Serialize;
use std::sync::Arc;

/// On a Raft server's disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// The current term, and whom it voted for in it.
    Vote(Term, Option<NodeId>),
    /// The log ends at `after`, and these stand behind that.
    Entries {
        /// The place before the first.
        after: Index,
        /// What stands there now.
        entries: Arc<[Entry]>,
    },
}

/// A checkpoint: everything that was durable, with the log before the snapshot left out.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    pub(super) term: Term,
    pub(super) vote: Option<NodeId>,
    /// Begins behind what `state` covers.
    pub(super) log: Log,
    pub(super) state: State,
}

/// A log's digest stands for its content.
impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        let parts = |s: &Self| (s.term, s.vote, s.log.base(), s.log.last());
        let digest = |s: &Self| s.log.prefix_digest(s.log.last_index());
        parts(self) == parts(other) && digest(self) == digest(other) && self.state == other.state
    }
}

impl Eq for Snapshot {}

/// What a starting server finds on its disk.
#[derive(Clone, Debug, Default)]
pub(super) struct Recovered {
    pub term: Term,
    pub vote: Option<NodeId>,
    pub log: Log,
    pub state: State,
}

impl Recovered {
    /// Reads the checkpoint, then plays back the records behind it.
    pub fn from_disk(disk: &mut Disk) -> Self {
        let (checkpoint, records) = disk.recover();
        let mut found = match checkpoint.as_deref() {
            Some(Checkpoint::Raft(s)) => {
                Self { term: s.term, vote: s.vote, log: s.log.clone(), state: s.state.clone() }
            }
            _ => Self::default(),
        };
        for record in records {
            if let crate::protocol::Record::Raft(record) = record {
                found.play(record);
            }
        }
        found
    }

    fn play(&mut self, record: Record) {
        match record {
            Record::Vote(term, vote) => (self.term, self.vote) = (term, vote),
            Record::Entries { after, entries } => {
                self.log.truncate(after);
                for entry in entries.iter() {
                    self.log.push(entry.clone());
                }
            }
        }
    }
}
