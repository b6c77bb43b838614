//! The last updates, which may have to be sent again.

use super::super::{Index, LogCell};
use super::Update;
use crate::paged::Paged;
use serde::Serialize;
use std::sync::Arc;

/// Number of updates that are kept for people to see, although no backup needs them.
const SHOWN: usize = 16;
/// The most updates that are kept. A backup that lacks more receives the whole state.
const MOST: usize = 4_096;

/// Updates without gaps, oldest first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tail {
    /// The number before the first.
    base: Index,
    updates: Paged<Arc<Update>>,
}

impl Tail {
    /// An empty tail behind that update.
    pub fn behind(base: Index) -> Self {
        Self { base, updates: Paged::default() }
    }

    fn last(&self) -> Index {
        Index(self.base.0 + self.updates.len() as u32)
    }

    /// Appends the next update.
    pub fn push(&mut self, update: Arc<Update>) {
        assert_eq!(update.index, self.last().next(), "updates are kept in order");
        self.updates.push(update);
        if self.updates.len() > MOST {
            self.drop_first();
        }
    }

    /// Drops the updates up to `upto`, except a few.
    pub fn trim(&mut self, upto: Index) {
        while self.updates.len() > SHOWN && self.base < upto {
            self.drop_first();
        }
    }

    fn drop_first(&mut self) {
        self.updates.drop_first(1);
        self.base = self.base.next();
    }

    /// The updates after `after` up to `upto`, at most `most`; None when some are no longer kept.
    pub fn between(
        &self,
        after: Index,
        upto: Index,
        most: usize,
    ) -> Option<impl Iterator<Item = &Arc<Update>>> {
        let skip = after.0.checked_sub(self.base.0)? as usize;
        let count = (upto.0.saturating_sub(after.0) as usize).min(most);
        let first = skip.min(self.updates.len());
        let last = (first + count).min(self.updates.len());
        Some(self.updates.range(first..last))
    }

    /// The last `most` updates, for people; those up to `settled` are known to be replicated.
    pub fn view(&self, most: usize, settled: Index) -> Vec<LogCell> {
        let len = self.updates.len();
        let cell = |u: &Arc<Update>| LogCell {
            index: u.index,
            term: u.term,
            op: u.request.to_string(),
            committed: u.index <= settled,
        };
        self.updates.range(len.saturating_sub(most)..len).map(cell).collect()
    }
}
