//! What a Raft server keeps on its disk (figure 3.1, "persistent state"), and how it finds itself
//! again.

use super::entry::{Entry, Payload};
use super::log::Log;
use super::membership::{Members, Roster};
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
    /// Who the members were at the beginning of the log.
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

/// What a starting server finds on its disk.
#[derive(Clone, Debug)]
pub(super) struct Recovered {
    pub term: Term,
    pub vote: Option<NodeId>,
    pub log: Log,
    pub roster: Roster,
    pub state: State,
}

impl Recovered {
    /// Reads the checkpoint, then plays back the records behind it. Without a checkpoint the log
    /// began with these members.
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
