//! How much of the log is durable. A leader counts itself only as far as that (section 10.2.1).

use crate::disk::WriteId;
use crate::protocol::Index;
use serde::Serialize;
use std::collections::VecDeque;

/// The durable part of a server's own log.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Stable {
    upto: Index,
    /// What was handed over and is not durable yet: the write, and the log's last place then.
    pending: VecDeque<(WriteId, Index)>,
}

impl Stable {
    /// All of a log that was read from the disk.
    pub fn upto(index: Index) -> Self {
        Self { upto: index, pending: VecDeque::new() }
    }

    /// The last durable place.
    pub fn index(&self) -> Index {
        self.upto
    }

    /// Everything behind that place was removed from the log.
    pub fn truncated(&mut self, last: Index) {
        self.upto = self.upto.min(last);
        for (_, index) in &mut self.pending {
            *index = (*index).min(last);
        }
    }

    /// The log up to that place was handed over with that write.
    pub fn written(&mut self, write: WriteId, last: Index) {
        self.pending.push_back((write, last));
    }

    /// Everything up to that write is durable. True when more of the log is than before.
    pub fn durable(&mut self, write: WriteId) -> bool {
        let before = self.upto;
        while let Some(&(_, last)) = self.pending.front().filter(|(w, _)| *w <= write) {
            self.upto = self.upto.max(last);
            self.pending.pop_front();
        }
        self.upto > before
    }
}
