//! A replicated state machine: the store, and the last operation of each client, so that a retried
//! operation is applied once (Ongaro, "Consensus: Bridging Theory and Practice", 2014, section
//! 6.3).

use crate::ids::{ClientId, OperationId};
use crate::sorted::SortedMap;
use crate::store::{Answer, Request, Store};
use serde::Serialize;

/// The same operations in the same order give the same state everywhere.
///
/// Sessions are never dropped: a cluster has at most [`crate::ids::MAX_CLIENTS`] clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Database {
    store: Store,
    sessions: SortedMap<ClientId, Session>,
}

/// The last operation of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Session {
    operation: OperationId,
    answer: Answer,
}

/// The state machine's response to a client's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was applied now.
    Now(Answer),
    /// It had been applied before, with this answer.
    Before(Answer),
    /// The client has made a later request, so that no one waits for this one. It was not applied.
    Outdated,
}

impl Database {
    /// The key-value state.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The answer to a read.
    #[must_use]
    pub fn read(&self, request: &Request) -> Answer {
        Answer::Read(self.store.value(&request.key).cloned())
    }

    /// The result of a client's operation, if it is its last one or older.
    #[must_use]
    pub fn done(&self, client: ClientId, operation: OperationId) -> Option<Applied> {
        let session = self.sessions.get(&client)?;
        if session.operation == operation {
            return Some(Applied::Before(session.answer.clone()));
        }
        (session.operation > operation).then_some(Applied::Outdated)
    }

    /// Applies a client's operation, unless it was applied before.
    pub fn apply(
        &mut self,
        client: ClientId,
        operation: OperationId,
        request: &Request,
    ) -> Applied {
        if let Some(applied) = self.done(client, operation) {
            return applied;
        }
        self.apply_again(client, operation, request)
    }

    /// Applies a client's operation, whether or not that was done before.
    pub fn apply_again(
        &mut self,
        client: ClientId,
        operation: OperationId,
        request: &Request,
    ) -> Applied {
        let answer = self.store.apply(request);
        self.sessions.insert(client, Session { operation, answer: answer.clone() });
        Applied::Now(answer)
    }
}
