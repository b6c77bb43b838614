//! The disk content of a Raft server (figure 3.1, "persistent state"), and its recovery.

use super::entry::{Entry, Payload};
use super::log::Log;
use super::membership::{Members, Roster};
use super::state::State;
use crate::ids::NodeId;
use crate::protocol::{Checkpoint, Disk, Index, Term};
use serde::Serialize;
use std::sync::Arc;

/// A record on a Raft server's disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// The current term, and the candidate that it voted for in it.
    Vote(Term, Option<NodeId>),
    /// The log ends at `after`, followed by these entries.
    Entries {
        /// The index before the first.
        after: Index,
        /// The entries from there on.
        entries: Arc<[Entry]>,
    },
}

/// A checkpoint: the whole durable state, with the log before the snapshot left out.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    pub(super) term: Term,
    pub(super) vote: Option<NodeId>,
    /// The log behind the entries that `state` covers.
    pub(super) log: Log,
    /// The members at the beginning of the log.
    pub(super) members: Members,
    pub(super) state: State,
}

/// A log's digest stands for its content.
impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        let parts = |s: &Self| (s.term, s.vote, s.log.base(), s.log.last());
        let digest = |s: &Self| s.log.prefix_digest(s.log.last_index());
        parts(self) == parts(other)
            && digest(self) == digest(other)
            && self.members == other.members
            && self.state == other.state
    }
}

impl Eq for Snapshot {}

/// The state that a starting server recovers from its disk.
#[derive(Clone, Debug)]
pub(super) struct Recovered {
    pub term: Term,
    pub vote: Option<NodeId>,
    pub log: Log,
    pub roster: Roster,
    pub state: State,
}

impl Recovered {
    /// Reads the checkpoint, then replays the records behind it. Without a checkpoint the log began
    /// with the members `first`.
    pub fn from_disk(disk: &mut Disk, first: Members) -> Self {
        let (checkpoint, records) = disk.recover();
        let mut found = match checkpoint.as_deref() {
            Some(Checkpoint::Raft(s)) => Self {
                term: s.term,
                vote: s.vote,
                log: s.log.clone(),
                roster: Roster::new(s.members.clone()),
                state: s.state.clone(),
            },
            _ => Self {
                term: Term(0),
                vote: None,
                log: Log::default(),
                roster: Roster::new(first),
                state: State::default(),
            },
        };
        for record in records {
            if let crate::protocol::Record::Raft(record) = record {
                found.play(record);
            }
        }
        found.read_members();
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

    fn read_members(&mut self) {
        for (index, entry) in self.log.tail(usize::MAX) {
            if let Payload::Members(members) = &entry.payload {
                self.roster.push(index, members.clone());
            }
        }
    }
}
