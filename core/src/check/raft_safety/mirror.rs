//! What a server has shown of itself so far.

use super::violation::Found;
use crate::disk::WriteId;
use crate::paged::Paged;
use crate::protocol::raft::{Log, Server};
use crate::protocol::{Index, Term};
use crate::world::{Host, hash};

/// One entry of a log that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub term: Term,
    /// Of the log up to and including it, computed here.
    pub digest: u64,
    /// The log's own digest up to it, which tells where a log has changed.
    pub mark: u64,
}

/// What a server showed when it was last looked at.
#[derive(Clone, Debug, Default)]
pub struct Mirror {
    pub cells: Paged<Cell>,
    pub commit: Index,
    /// The term in which it was seen to lead, if it led when it was last looked at.
    pub led: Option<Term>,
    /// Term and commit index when everything was last durable: what must survive a crash.
    kept: (Term, Index),
    durable: WriteId,
    /// Whether it ever ran without fsync: then it may forget.
    unsynced: bool,
}

impl Mirror {
    /// The place of the last entry.
    pub fn last(&self) -> Index {
        Index(self.cells.len() as u32)
    }

    /// How far what was seen and the log are the same.
    pub fn same_upto(&self, log: &Log) -> Index {
        let marked = |index: Index| self.mark(index) == log.prefix_digest(index);
        let reach = self.last().min(log.last_index());
        if reach < log.base().index {
            return reach;
        }
        if marked(reach) {
            return reach;
        }
        // Logs that are the same at a place are the same before it.
        let (mut low, mut high) = (log.base().index, reach);
        if !marked(low) {
            return Index(0);
        }
        while high.0 - low.0 > 1 {
            let middle = Index(low.0.midpoint(high.0));
            if marked(middle) { low = middle } else { high = middle }
        }
        low
    }

    fn mark(&self, index: Index) -> Option<u64> {
        match index.0.checked_sub(1) {
            None => Some(0),
            Some(place) => self.cells.get(place as usize).map(|c| c.mark),
        }
    }

    pub fn truncate(&mut self, last: Index) {
        if last < self.last() {
            self.cells.truncate(last.0 as usize);
        }
    }

    /// Reads the entry at the next place.
    pub fn push(&mut self, index: Index, log: &Log) -> Option<Cell> {
        let (entry, mark) = (log.entry(index)?, log.prefix_digest(index)?);
        let before = self.cells.last().map_or(0, |c| c.digest);
        let digest = hash::of(&(before, entry));
        let cell = Cell { term: entry.term, digest, mark };
        self.cells.push(cell);
        Some(cell)
    }

    /// What a server knows to be committed never falls while its process lives; a disk that keeps
    /// its promises keeps the term and what was committed across restarts.
    pub fn keeps_promises(&mut self, host: &Host, server: &Server, fsync: bool) -> Option<Found> {
        self.unsynced |= !fsync;
        if self.forgave(host) {
            *self = Self { unsynced: self.unsynced, ..Self::default() };
        }
        let (term, commit, last) = (server.term(), server.commit(), server.log().last_index());
        // A new process knows of nothing behind its snapshot that it is committed.
        if commit < self.commit && commit != server.log().base().index {
            return Some(Found::CommitFell { before: self.commit, now: commit });
        }
        let (kept_term, kept) = self.kept;
        if term < kept_term && !self.unsynced {
            return Some(Found::TermFell { before: kept_term, now: term });
        }
        if last < kept && !self.unsynced {
            return Some(Found::Forgot { kept, last });
        }
        None
    }

    /// Whether the disk was wiped or torn while the server was down, so that nothing is owed.
    fn forgave(&self, host: &Host) -> bool {
        let disk = host.disk();
        let empty = disk.log_len() == 0 && !disk.has_checkpoint();
        empty || disk.durable() < self.durable
    }

    pub fn remember(&mut self, host: &Host, server: &Server) {
        self.commit = server.commit();
        if host.disk().durable() == host.disk().written() {
            self.kept = (server.term(), server.commit());
        }
        self.led = server.leads().then(|| server.term());
        self.durable = host.disk().durable();
    }
}
