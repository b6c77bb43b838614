//! Invocations and returns of operations, in real-time order: the consequences of each answer for
//! later requests, and its alternatives.

use crate::check::linearizability::alternatives;
use crate::check::text::{asks, deed, noun_named, quoted};
use crate::history::{self, History, Operation, OperationId, Outcome, Request};
use crate::order;

/// The most calls that may be examined for each answer that is tried.
const STEPS: u64 = 500_000;
/// The most operations whose alternative answers are tried.
const MOST_TRIED: usize = 4;

/// An invocation or a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The operation.
    pub operation: OperationId,
    /// Its place among the events of the file, from 0.
    pub event: u32,
    /// The time in microseconds, where the file has one.
    pub time_us: Option<u64>,
    /// The event, in a plain sentence or two.
    pub text: String,
}

/// The moments of these operations, oldest first. The answer of the culprit cannot be explained.
pub fn of(
    history: &History,
    mut operations: Vec<OperationId>,
    culprit: Option<OperationId>,
) -> Vec<Moment> {
    order::sort(&mut operations);
    operations.dedup();
    let all: Vec<&Operation> = operations.iter().map(|id| history.operation(*id)).collect();
    let mut moments = Vec::new();
    for (&id, &op) in operations.iter().zip(&all) {
        moments.push(moment(id, op.invoked, asked(op, &all)));
        let Some((at, outcome)) = &op.returned else { continue };
        if *outcome == Outcome::Unknown {
            continue;
        }
        let mut text = answered(op);
        let is_culprit = Some(id) == culprit;
        if is_culprit || operations.len() <= MOST_TRIED {
            text.push_str(&otherwise(history, id, is_culprit).unwrap_or_default());
        }
        let is_before_others = all.iter().any(|later| later.invoked.event > at.event);
        if is_before_others && !is_culprit {
            text.push_str(&from_then_on(op).unwrap_or_default());
        }
        moments.push(moment(id, *at, text));
    }
    order::by_key(&mut moments, |moment| moment.event);
    moments
}

fn moment(operation: OperationId, at: history::Moment, text: String) -> Moment {
    Moment { operation, event: at.event, time_us: at.time_us, text }
}

/// An invocation; for a read with the writes among all these that were over by then.
fn asked(op: &Operation, all: &[&Operation]) -> String {
    let over = all.iter().filter(|other| {
        other.has_written() && other.answered().is_some_and(|at| at.event < op.invoked.event)
    });
    let newest = over.max_by_key(|other| other.invoked.event);
    let more = match (op.outcome(), newest) {
        (Outcome::Unknown, _) if op.request != Request::Get => {
            ", and is not answered: it may take effect at any time from now on, or never".into()
        }
        (Outcome::Unknown, _) => ", and is not answered".into(),
        (Outcome::Read(_), Some(write)) => {
            format!(": the {} by {} is over by then", noun_named(write, true), write.process)
        }
        _ => String::new(),
    };
    format!("{}{more}.", asks(op))
}

fn answered(op: &Operation) -> String {
    match op.outcome() {
        Outcome::Done { applied: true } if !op.request.is_conditional() => {
            format!("{} is told that its {} is done.", op.process, noun_named(op, true))
        }
        Outcome::Failed => format!("{}: it did not take effect.", deed(op)),
        _ => format!("{}.", deed(op)),
    }
}

/// The alternative answers of an operation, given all that happened before.
fn otherwise(history: &History, id: OperationId, is_culprit: bool) -> Option<String> {
    let op = history.operation(id);
    let possible = alternatives(history, id, STEPS)?;
    let others: Vec<String> = possible.iter().filter(|o| *o != op.outcome()).map(named).collect();
    let is_read = op.request == Request::Get;
    match (is_culprit, &others[..]) {
        (true, []) => None,
        (true, others) => Some(format!(" Only {} would have been right.", either(others))),
        (false, []) if is_read && !possible.is_empty() => {
            Some(" Nothing else would have been right.".into())
        }
        (false, others) if is_read && possible.contains(op.outcome()) => {
            Some(format!(" It could also have read {}.", either(others)))
        }
        _ => None,
    }
}

/// An answer as a noun: `2`, `no value`.
fn named(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Read(Some(value)) => quoted(value),
        Outcome::Read(None) => "no value".into(),
        Outcome::Done { applied: false } => "that it cannot be done".into(),
        _ => "that it is done".into(),
    }
}

/// `1`, `1 or 2`, `1, 2 or 3`.
fn either(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The consequence of an answer for all later requests.
fn from_then_on(op: &Operation) -> Option<String> {
    let must = match (&op.request, op.outcome()) {
        (Request::Get, Outcome::Read(_)) => "must not see anything older".to_owned(),
        (request, Outcome::Done { applied: true }) => match request {
            Request::Set(value) | Request::Upd(value) | Request::Cas { new: value, .. } => {
                format!("must see {}, or what replaces it", quoted(value))
            }
            Request::Del => format!("must find no {}, or what is written after that", op.key),
            Request::Append(_) | Request::Get => return None,
        },
        _ => return None,
    };
    Some(format!(" Who asks from now on {must}."))
}
