//! Requests that were executed more than once: where retries are not recognised, a read can show
//! values that no client wrote.

use super::Found;
use super::answerers::path;
use super::case::{Case, moment};
use super::data::{whose, writes};
use super::detour::Detour;
use super::thread::Thread;
use crate::client::Operation;
use crate::explain::words::{self, listed};
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Kind, Outcome};
use crate::store::{Answer, Op, Quoted};
use crate::trace::What;

/// Number of writes that are examined, from the last one on.
const MOST_WRITES: usize = 50;

/// For reads without an explanation: the last write of that key that had been executed again
/// before.
pub fn of(case: &Case<'_>, operations: &[&Operation]) -> Option<Found> {
    let reads = operations.iter().filter(|op| !op.request.op.writes());
    let ended = reads.filter_map(|op| Some((op.end.as_ref()?.event, *op)));
    let (end, read) = ended.max_by_key(|(end, _)| *end)?;
    let writes = writes(case, &read.request.key).filter(|(op, _)| op.invoked_event < end);
    let (write, times) = writes.take(MOST_WRITES).find_map(|(op, _)| {
        let times = carried_out(case, op, end);
        (times.len() > 1).then_some((op, times))
    })?;
    let each = times
        .iter()
        .filter_map(|(event, n)| Some(format!("by {n} at {}", moment(case.event(*event)?.at))));
    let each: Vec<String> = each.collect();
    let told = format!(
        "{} was carried out more than once, {}: a retry is not told from a new request",
        whose(write),
        listed(&each)
    );
    let mut detour = Detour::to(case, end);
    detour.at_the_end(times.last()?.0);
    Some(Found { kept: detour.taken(), ..Found::by(Some(end), "").lacking(vec![told]) })
}

/// A read that shows a text more often than clients wrote it.
pub fn shown(case: &Case<'_>, read: &Operation) -> Option<Found> {
    let end = read.end.as_ref()?;
    let Outcome::Ok(Answer::Read(Some(value))) = &end.outcome else { return None };
    let asked: Vec<&Operation> = writes(case, &read.request.key)
        .map(|(op, _)| op)
        .filter(|op| op.invoked_event < end.event)
        .collect();
    let appended = |op: &Operation| match &op.request.op {
        Op::Append(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let text = asked.iter().filter_map(|op| appended(op)).find(|text| {
        let wanted: usize = asked.iter().map(|op| leaves(op).matches(&**text).count()).sum();
        value.matches(&**text).count() > wanted
    })?;
    let found = of(case, &[read])?;
    let times = value.matches(&*text).count();
    let sentence = format!(
        "{} reads {} = {}, which has {} {times} times, more often than was asked.",
        read.client,
        Quoted(&read.request.key),
        words::value(value),
        words::value(&text)
    );
    Some(Found { sentence, ..found })
}

/// The text that a write puts into a value.
fn leaves(op: &Operation) -> &str {
    match &op.request.op {
        Op::Append(text) | Op::Set(text) | Op::Upd(text) | Op::Cas(_, text) => text,
        Op::Del | Op::Get => "",
    }
}

/// The events, before another, with which a request came to nodes that executed it themselves.
fn carried_out(case: &Case<'_>, op: &Operation, before: EventId) -> Vec<(EventId, NodeId)> {
    let thread = Thread::of_operation(case, op);
    let events: Vec<(EventId, What)> = thread.iter().take_while(|(id, _)| *id < before).collect();
    let carries_out = |w: What, n: NodeId| match w {
        What::Sent(p) => {
            p.from == n.into()
                && matches!(p.kind, Kind::Command | Kind::Replicate | Kind::Write | Kind::Update)
        }
        What::Noted(m, fact) => m == n && matches!(fact, Fact::Stored | Fact::Appended(_)),
        _ => false,
    };
    let asks = |w: What| match w {
        What::Delivered(p) if matches!(p.kind, Kind::Ask | Kind::Forward) => p.to.node(),
        _ => None,
    };
    // A request that is passed on is executed by the last node. A coordinator that reads first
    // writes only after the answer.
    let asked_by = |id: EventId| {
        path(case, id)
            .into_iter()
            .find(|id| case.event(*id).is_some_and(|e| asks(e.what).is_some()))
    };
    let mut times: Vec<(EventId, NodeId)> = Vec::new();
    for (id, what) in &events {
        let Some(asked) = asked_by(*id) else { continue };
        let Some(n) = case.event(asked).and_then(|e| asks(e.what)) else { continue };
        if carries_out(*what, n) && !times.contains(&(asked, n)) {
            times.push((asked, n));
        }
    }
    times
}
