//! The history of a World: what its clients asked and were told so far.

use super::{History, Outcome, Process, Request};
use crate::client::Operation;
use crate::ids::ClientId;
use crate::protocol;
use crate::store::{Answer, Op};
use crate::world::World;
use std::collections::BTreeMap;

/// What the clients of a World have asked and were told so far. Client `c1` is process 1; a client
/// that went on after an unknown outcome is another process from there on.
///
/// # Panics
/// When there are more than [`super::MAX_OPERATIONS`] operations.
#[must_use]
pub fn history(world: &World) -> History {
    let mut events: Vec<(u32, &Operation, bool)> = Vec::new();
    for operation in world.operations() {
        events.push((operation.invoked_event.0, operation, true));
        if let Some(end) = &operation.end {
            events.push((end.event.0, operation, false));
        }
    }
    events.sort_unstable_by_key(|&(event, _, _)| event);
    let mut history = History::default();
    let mut processes = Processes::default();
    for (_, operation, begins) in events {
        let process = processes.of(operation.client);
        if begins {
            let key = operation.request.key.clone();
            let time_us = Some(operation.invoked.as_us());
            let asked = history.invoke(process, key, request(&operation.request.op), time_us);
            asked.expect("a client has one operation open at a time");
        } else if let Some(end) = &operation.end {
            let outcome = outcome(&end.outcome);
            if outcome == Outcome::Unknown {
                processes.retire(operation.client);
            }
            let told = history.complete(process, outcome, Some(end.at.as_us()));
            told.expect("an answer fits what was asked");
        }
    }
    history
}

/// Which process each client is now.
#[derive(Default)]
struct Processes {
    retired: u32,
    now: BTreeMap<ClientId, Process>,
}

impl Processes {
    fn of(&self, client: ClientId) -> Process {
        self.now.get(&client).copied().unwrap_or(Process(client.0.into()))
    }

    fn retire(&mut self, client: ClientId) {
        self.retired += 1;
        self.now.insert(client, Process(u32::from(crate::ids::MAX_CLIENTS) + self.retired));
    }
}

fn request(op: &Op) -> Request {
    match op {
        Op::Get => Request::Get,
        Op::Set(value) => Request::Set(value.clone()),
        Op::Upd(value) => Request::Upd(value.clone()),
        Op::Del => Request::Del,
        Op::Cas(expected, new) => Request::Cas { expected: expected.clone(), new: new.clone() },
        Op::Append(value) => Request::Append(value.clone()),
    }
}

/// A `set` that was refused, as `peers` does, did not happen.
fn outcome(outcome: &protocol::Outcome) -> Outcome {
    use crate::store::Refusal;
    match outcome {
        protocol::Outcome::Ok(Answer::Read(value)) => Outcome::Read(value.clone()),
        protocol::Outcome::Ok(Answer::Done) => Outcome::Done { applied: true },
        protocol::Outcome::Ok(Answer::Refused(Refusal::KeyExists)) => Outcome::Failed,
        protocol::Outcome::Ok(Answer::Refused(_)) => Outcome::Done { applied: false },
        protocol::Outcome::Failed => Outcome::Failed,
        protocol::Outcome::Unknown => Outcome::Unknown,
    }
}
