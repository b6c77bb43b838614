//! The replicated state machine: the store, and the last operation of each client (section 6.3).

use super::entry::{Entry, Payload};
use crate::ids::{ClientId, OperationId};
use crate::protocol::Index;
pub(super) use crate::protocol::database::Applied;
use crate::protocol::database::Database;
use crate::store::{Answer, Request, Store};
use serde::Serialize;

/// The result of the log. The same log gives the same state on every server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    applied: Index,
    database: Database,
}

impl State {
    /// The index of the last applied entry.
    #[must_use]
    pub fn applied(&self) -> Index {
        self.applied
    }

    /// The key-value state.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.database.store()
    }

    /// Applies the next entry; `once`: not if its client's operation was applied before.
    ///
    /// # Panics
    /// When it is not the next.
    pub(super) fn apply(&mut self, index: Index, entry: &Entry, once: bool) -> Option<Applied> {
        assert_eq!(index, self.applied.next(), "entries are applied in order, each once");
        self.applied = index;
        match &entry.payload {
            Payload::Noop | Payload::Members(_) => None,
            Payload::Command(c) if once => {
                Some(self.database.apply(c.client, c.operation, &c.request))
            }
            Payload::Command(c) => {
                Some(self.database.apply_again(c.client, c.operation, &c.request))
            }
        }
    }

    /// The answer to a read.
    pub(super) fn read(&self, request: &Request) -> Answer {
        self.database.read(request)
    }

    /// The result of a client's operation, if it is its last one or older.
    pub(super) fn done(&self, client: ClientId, operation: OperationId) -> Option<Applied> {
        self.database.done(client, operation)
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Command;
    use super::*;
    use crate::protocol::Term;
    use crate::store::Op;
    use std::sync::Arc;

    fn append(operation: u32, text: &str) -> Entry {
        let request = Arc::new(Request { key: "x".into(), op: Op::Append(text.into()) });
        let command = Command { client: ClientId(1), operation: OperationId(operation), request };
        Entry::new(Term(1), Payload::Command(Arc::new(command)))
    }

    #[test]
    fn an_operation_is_applied_once_however_often_it_is_in_the_log() {
        let mut state = State::default();
        let done = Answer::Done;
        let mut next = |entry| state.apply(state.applied().next(), &entry, true);
        assert_eq!(next(append(1, "a")), Some(Applied::Now(done.clone())));
        assert_eq!(next(append(1, "a")), Some(Applied::Before(done.clone())));
        assert_eq!(next(append(2, "b")), Some(Applied::Now(done)));
        assert_eq!(next(append(1, "a")), Some(Applied::Outdated));
        assert_eq!(state.store().value("x").map(AsRef::as_ref), Some("ab"));
    }
}
