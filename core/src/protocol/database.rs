//! A replicated state machine: the store, and what was last done for each client, by which an
//! operation that is asked again is applied once (Ongaro, "Consensus: Bridging Theory and
//! Practice", 2014, section 6.3).

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

/// What was last done for a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Session {
    operation: OperationId,
    answer: Answer,
}

/// What the state machine says to a client's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was applied now.
    Now(Answer),
    /// It had been applied before; this is what was answered then.
    Before(Answer),
    /// The client has asked for something else since, so that nobody waits for it. It was not
    /// applied.
    Outdated,
}

impl Database {
    /// The key-value state.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What a read finds.
    #[must_use]
    pub fn read(&self, request: &Request) -> Answer {
        Answer::Read(self.store.value(&request.key).cloned())
    }

    /// What became of a client's operation, if it is its last one or older.
    #[must_use]
    pub fn done(&self, client: ClientId, operation: OperationId) -> Option<Applied> {
        let session = self.sessions.get(&client)?;
        if session.operation == operation {
            return Some(Applied::Before(session.answer.clone()));
        }
        (session.operation > operation).then_some(Applied::Outdated)
    }

    /// Applies a client's operation, unless that was done before.
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
