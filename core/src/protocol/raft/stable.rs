//! The durable part of the log. A leader counts itself only up to its end (section 10.2.1).

use crate::disk::WriteId;
use crate::protocol::Index;
use serde::Serialize;
use std::collections::VecDeque;

/// The durable part of a server's own log.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Stable {
    upto: Index,
    /// Writes that are not durable yet, each with the last index of the log at that time.
    pending: VecDeque<(WriteId, Index)>,
}

impl Stable {
    /// The state of a log that was read from the disk: all of it is durable.
    pub fn upto(index: Index) -> Self {
        Self { upto: index, pending: VecDeque::new() }
    }

    /// The last durable index.
    pub fn index(&self) -> Index {
        self.upto
    }

    /// Records that all entries behind that index were removed.
    pub fn truncated(&mut self, last: Index) {
        self.upto = self.upto.min(last);
        for (_, index) in &mut self.pending {
            *index = (*index).min(last);
        }
    }

    /// Records that the log up to that index was handed over with that write.
    pub fn written(&mut self, write: WriteId, last: Index) {
        self.pending.push_back((write, last));
    }

    /// Records that all writes up to that one are durable. True when more of the log is durable
    /// than before.
    pub fn durable(&mut self, write: WriteId) -> bool {
        let before = self.upto;
        while let Some(&(_, last)) = self.pending.front().filter(|(w, _)| *w <= write) {
            self.upto = self.upto.max(last);
            self.pending.pop_front();
        }
        self.upto > before
    }
}
