//! The state that a server has shown so far.

use super::violation::Found;
use crate::disk::WriteId;
use crate::paged::Paged;
use crate::protocol::raft::{Log, Server};
use crate::protocol::{Index, Term};
use crate::world::{Host, hash};

/// One entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub term: Term,
    /// Digest of the log up to and including it, computed here.
    pub digest: u64,
    /// The log's own digest up to it, which shows where a log has changed.
    pub mark: u64,
}

/// The state of a server at its last observation.
#[derive(Clone, Debug, Default)]
pub struct Mirror {
    pub cells: Paged<Cell>,
    pub commit: Index,
    /// The term in which it led at its last observation, if it led.
    pub led: Option<Term>,
    /// Term and commit index at the last moment at which everything was durable: they must survive
    /// a crash.
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

    /// The index up to which the mirror and the log are equal.
    pub fn same_upto(&self, log: &Log) -> Index {
        let marked = |index: Index| self.mark(index) == log.prefix_digest(index);
        let reach = self.last().min(log.last_index());
        if reach < log.base().index {
            return reach;
        }
        if marked(reach) {
            return reach;
        }
        // Logs that are equal at an index are equal before it.
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

    /// Checks that the commit index of a server never falls while its process lives, and that a
    /// disk with fsync keeps the term and the committed entries across restarts.
    pub fn keeps_promises(&mut self, host: &Host, server: &Server, fsync: bool) -> Option<Found> {
        self.unsynced |= !fsync;
        if self.forgave(host) {
            *self = Self { unsynced: self.unsynced, ..Self::default() };
        }
        let (term, commit, last) = (server.term(), server.commit(), server.log().last_index());
        // A new process knows no commit index beyond its snapshot.
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

    /// Whether the disk was wiped or torn while the server was down, so that nothing can be
    /// demanded of it.
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
