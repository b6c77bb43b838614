//! The history of a World's clients.

use super::{History, Outcome, Process, Request};
use crate::client::Operation;
use crate::ids::EventId;
use crate::order;
use crate::protocol::Outcome as Told;
use crate::store::{Answer, Op};
use crate::world::World;

/// The history of a World up to its present. The operation with number `i` has the id `i - 1`. A
/// history longer than [`super::MAX_OPERATIONS`] is cut to its beginning.
#[must_use]
pub fn history(world: &World) -> History {
    history_where(world, |_| true)
}

/// The history of the wanted operations only. They are numbered among themselves.
#[must_use]
pub fn history_where(world: &World, wanted: impl Fn(&Operation) -> bool) -> History {
    let mut moments: Vec<(EventId, &Operation, Option<&Told>)> = Vec::new();
    for operation in world.operations().iter().filter(|operation| wanted(operation)) {
        moments.push((operation.invoked_event, operation, None));
        if let Some(end) = &operation.end {
            moments.push((end.event, operation, Some(&end.outcome)));
        }
    }
    order::by_key(&mut moments, |(event, ..)| *event);
    let mut history = History::default();
    for (_, operation, outcome) in moments {
        if note(&mut history, operation, outcome).is_err() {
            break;
        }
    }
    history
}

fn note(
    history: &mut History,
    operation: &Operation,
    outcome: Option<&Told>,
) -> Result<super::OperationId, super::HistoryError> {
    let process = process(operation);
    let Some(outcome) = outcome else {
        let (key, request) = (operation.request.key.clone(), asked(&operation.request.op));
        return history.invoke(process, key, request, Some(operation.invoked.as_us()));
    };
    let at_us = operation.end.as_ref().map(|end| end.at.as_us());
    history.complete(process, told(outcome), at_us)
}

/// The process of an operation. A client that did not learn an outcome continues. To judges such an
/// operation belongs to a process of its own.
fn process(operation: &Operation) -> Process {
    let client = operation.client.0;
    let is_lost = operation.end.as_ref().is_some_and(|end| end.outcome == Told::Unknown);
    if is_lost { Process::lost(client as u8, operation.id.0) } else { Process(client.into()) }
}

fn asked(op: &Op) -> Request {
    match op {
        Op::Get => Request::Get,
        Op::Set(value) => Request::Set(value.clone()),
        Op::Upd(value) => Request::Upd(value.clone()),
        Op::Del => Request::Del,
        Op::Cas(old, new) => Request::Cas { expected: old.clone(), new: new.clone() },
        Op::Append(value) => Request::Append(value.clone()),
    }
}

fn told(outcome: &Told) -> Outcome {
    match outcome {
        Told::Ok(Answer::Read(value)) => Outcome::Read(value.clone()),
        Told::Ok(Answer::Done) => Outcome::Done { applied: true },
        Told::Ok(Answer::Refused(_)) => Outcome::Done { applied: false },
        Told::Failed => Outcome::Failed,
        Told::Unknown => Outcome::Unknown,
    }
}
