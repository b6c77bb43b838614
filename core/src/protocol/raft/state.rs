//! The replicated state machine: the store, and what was last done for each client (section 6.3).

use super::entry::{Entry, Payload};
use crate::ids::{ClientId, OperationId};
use crate::protocol::Index;
use crate::store::{Answer, Request, Store};
use serde::Serialize;
use std::collections::BTreeMap;

/// What the log has built. The same log gives the same state on every server.
///
/// Sessions are never dropped: a cluster has at most [`crate::ids::MAX_CLIENTS`] clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    applied: Index,
    store: Store,
    sessions: BTreeMap<ClientId, Session>,
}

/// What was last done for a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Session {
    operation: OperationId,
    answer: Answer,
}

/// What the state machine says to a client's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Applied {
    /// It was applied now.
    Now(Answer),
    /// It had been applied before; this is what was answered then.
    Before(Answer),
    /// The client has asked for something else since, so that nobody waits for it. It was not
    /// applied.
    Outdated,
}

impl State {
    /// The place of the last entry that was applied.
    #[must_use]
    pub fn applied(&self) -> Index {
        self.applied
    }

    /// The key-value state.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Applies the next entry.
    ///
    /// # Panics
    /// When it is not the next.
    pub(super) fn apply(&mut self, index: Index, entry: &Entry) -> Option<Applied> {
        assert_eq!(index, self.applied.next(), "entries are applied in order, each once");
        self.applied = index;
        match &entry.payload {
            Payload::Noop | Payload::Members(_) => None,
            Payload::Command(c) => Some(self.command(c.client, c.operation, &c.request)),
        }
    }

    /// What a read finds.
    pub(super) fn read(&self, request: &Request) -> Answer {
        Answer::Read(self.store.value(&request.key).cloned())
    }

    /// What became of a client's operation, if it is its last one or older.
    pub(super) fn done(&self, client: ClientId, operation: OperationId) -> Option<Applied> {
        let session = self.sessions.get(&client)?;
        if session.operation == operation {
            return Some(Applied::Before(session.answer.clone()));
        }
        (session.operation > operation).then_some(Applied::Outdated)
    }

    fn command(&mut self, client: ClientId, operation: OperationId, request: &Request) -> Applied {
        if let Some(applied) = self.done(client, operation) {
            return applied;
        }
        let answer = self.store.apply(request);
        self.sessions.insert(client, Session { operation, answer: answer.clone() });
        Applied::Now(answer)
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
        let mut next = |entry| state.apply(state.applied().next(), &entry);
        assert_eq!(next(append(1, "a")), Some(Applied::Now(done.clone())));
        assert_eq!(next(append(1, "a")), Some(Applied::Before(done.clone())));
        assert_eq!(next(append(2, "b")), Some(Applied::Now(done)));
        assert_eq!(next(append(1, "a")), Some(Applied::Outdated));
        assert_eq!(state.store().value("x").map(AsRef::as_ref), Some("ab"));
    }
}
