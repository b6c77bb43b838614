//! Whether what clients were told was right.

use crate::check::{Verdict, linearizability};
use crate::client::Operation;
use crate::history::{self, History, Process};
use crate::ids::EventId;
use crate::protocol::Outcome;
use crate::session::Session;
use crate::store::{Answer, Op, Word};
use crate::world::World;
use serde::Serialize;

/// One property of one cluster's operations up to the playhead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterVerdict {
    /// The cluster, from 0.
    pub cluster: usize,
    /// What was judged.
    pub property: String,
    /// Whether it holds; null where that was not found out.
    pub holds: Option<bool>,
    /// The operations at fault, by number.
    pub operations: Vec<u32>,
    /// Where it does not hold: a sentence that says why.
    pub text: String,
}

/// How many calls a judge may look at for one key: a fraction of a second's worth.
const STEPS: u64 = 5_000_000;

/// What the judges say of each cluster at the playhead.
#[must_use]
pub fn verdict(session: &Session) -> Vec<ClusterVerdict> {
    let judge = |(cluster, world): (usize, &World)| {
        let history = recorded(world);
        let verdict = linearizability::check_within(&history, STEPS).verdict(&history);
        ClusterVerdict::of(cluster, world, verdict)
    };
    session.worlds().enumerate().map(judge).collect()
}

/// The verdicts that do not hold.
#[must_use]
pub fn violations(session: &Session) -> Vec<ClusterVerdict> {
    verdict(session).into_iter().filter(|v| v.holds == Some(false)).collect()
}

impl ClusterVerdict {
    fn of(cluster: usize, world: &World, verdict: Verdict) -> Self {
        let operations: Vec<u32> = verdict.operations.iter().map(|id| id.0 + 1).collect();
        let mut text = verdict.text;
        let at_fault = operations.iter().filter_map(|&id| world.operations().get(id as usize - 1));
        for operation in at_fault.filter(|o| is_unknown(o)) {
            let process = process(operation).to_string();
            text = text.replace(&process, &operation.client.to_string());
        }
        Self {
            cluster,
            property: verdict.property.to_string(),
            holds: verdict.holds,
            operations,
            text,
        }
    }
}

/// What the clients of a World asked and were told, for the judges. The operation with number `i`
/// has the id `i - 1` there.
fn recorded(world: &World) -> History {
    let mut moments: Vec<(EventId, &Operation, Option<&Outcome>)> = Vec::new();
    for operation in world.operations().iter() {
        moments.push((operation.invoked_event, operation, None));
        if let Some(end) = &operation.end {
            moments.push((end.event, operation, Some(&end.outcome)));
        }
    }
    moments.sort_by_key(|(event, ..)| *event);
    let mut history = History::default();
    for (_, operation, outcome) in moments {
        let process = process(operation);
        let noted = match outcome {
            None => {
                let at = Some(operation.invoked.as_us());
                let (key, request) = (operation.request.key.clone(), asked(&operation.request.op));
                history.invoke(process, key, request, at)
            }
            Some(outcome) => {
                let at = operation.end.as_ref().map(|end| end.at.as_us());
                history.complete(process, told(outcome), at)
            }
        };
        if noted.is_err() {
            break; // Longer than judges read: what comes before is judged.
        }
    }
    history
}

/// A client that did not learn what came of an operation goes on; for the judges the operation is
/// then of a process of its own.
fn process(operation: &Operation) -> Process {
    let client = u32::from(operation.client.0);
    Process(if is_unknown(operation) { 1_000_000 + operation.id.0 } else { client })
}

fn is_unknown(operation: &Operation) -> bool {
    operation.end.as_ref().is_some_and(|end| end.outcome == Outcome::Unknown)
}

fn asked(op: &Op) -> history::Request {
    use history::Request;
    let text = |word: &Word| history::Text::clone(word);
    match op {
        Op::Get => Request::Get,
        Op::Set(v) => Request::Set(text(v)),
        Op::Upd(v) => Request::Upd(text(v)),
        Op::Del => Request::Del,
        Op::Cas(old, new) => Request::Cas { expected: text(old), new: text(new) },
        Op::Append(v) => Request::Append(text(v)),
    }
}

fn told(outcome: &Outcome) -> history::Outcome {
    match outcome {
        Outcome::Ok(Answer::Read(value)) => history::Outcome::Read(value.clone()),
        Outcome::Ok(Answer::Done) => history::Outcome::Done { applied: true },
        Outcome::Ok(Answer::Refused(_)) => history::Outcome::Done { applied: false },
        Outcome::Failed => history::Outcome::Failed,
        Outcome::Unknown => history::Outcome::Unknown,
    }
}
