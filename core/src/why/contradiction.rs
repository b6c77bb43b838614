//! Operations that contradict each other although no answer is certainly too old: for each answer,
//! the nodes that gave it, the writes among the others that they did not have, and the reasons.

use super::Found;
use super::absence::{self, Absence};
use super::answerers;
use super::case::Case;
use super::data::{whose, writer};
use super::detour::Detour;
use super::instead;
use super::role;
use crate::client::Operation;
use crate::explain::words::listed;
use crate::ids::{EventId, NodeId};
use crate::order;
use crate::protocol::Outcome;
use crate::store::{Answer, Op};

/// The reason why the nodes that answered the reads among these operations lacked the writes among
/// them. None where that is unknown.
pub fn of(case: &Case<'_>, operations: &[&Operation]) -> Option<Found> {
    let mut readers: Vec<(EventId, &Operation)> = operations
        .iter()
        .filter(|op| tells(op))
        .filter_map(|op| Some((op.end.as_ref()?.event, *op)))
        .collect();
    order::by_key(&mut readers, |(end, _)| std::cmp::Reverse(*end));
    let writes = writes(case, operations);
    let (mut missing, mut found) = (Vec::new(), None);
    for (end, read) in readers {
        let asked = answerers::of(case, read);
        let mut detour = Detour::to(case, end);
        let who: Vec<NodeId> = asked.iter().map(|(n, _)| *n).collect();
        missing.push(format!("{} answered {}", listed(&who), whose(read)));
        for write in writes.iter().copied().filter(|write| misses(case, read, write)) {
            for &(n, heard) in &asked {
                let why = absence::perhaps(case, write, n, heard);
                let Some(why) = why.filter(|why| !is_by_right(case, read, why)) else { continue };
                detour.offer(heard, &why);
                let mut clauses = why.clauses.into_iter();
                let reason = clauses.next().map(|first| format!(": {first}")).unwrap_or_default();
                missing.push(format!("{n} lacked {}{reason}", whose(write)));
                missing.extend(clauses);
            }
        }
        let kept = detour.taken();
        found = found.or((!kept.is_empty()).then_some((end, kept)));
    }
    let (end, kept) = found?;
    missing.extend(role::heads(case, end));
    Some(Found { kept, ..Found::by(Some(end), "").lacking(missing) })
}

/// Whether an answer shows something of the state.
fn tells(op: &Operation) -> bool {
    let answer = op.end.as_ref().map(|end| &end.outcome);
    matches!(answer, Some(Outcome::Ok(Answer::Read(_) | Answer::Refused(_))))
}

/// The value that a read saw.
fn seen(op: &Operation) -> Option<&str> {
    match &op.end.as_ref()?.outcome {
        Outcome::Ok(Answer::Read(value)) => value.as_deref(),
        _ => None,
    }
}

/// The writes among these operations that were acknowledged, and those that one of the reads saw.
fn writes<'a>(case: &Case<'a>, operations: &[&'a Operation]) -> Vec<&'a Operation> {
    let done = |op: &&&Operation| {
        let answer = op.end.as_ref().map(|end| &end.outcome);
        op.request.op.writes() && answer == Some(&Outcome::Ok(Answer::Done))
    };
    let sources = operations.iter().filter_map(|op| source(case, op));
    let mut writes: Vec<&Operation> = Vec::new();
    for write in operations.iter().filter(done).copied().chain(sources) {
        if !writes.iter().any(|known| known.id == write.id) {
            writes.push(write);
        }
    }
    writes
}

/// The write that a read saw.
fn source<'a>(case: &Case<'a>, read: &Operation) -> Option<&'a Operation> {
    writer(case, &read.request.key, &seen(read)?.into())
}

/// Whether a write was replaced by the very write that a read saw.
fn is_by_right(case: &Case<'_>, read: &Operation, why: &Absence) -> bool {
    let by = why.event.and_then(|event| instead::operation(case, event));
    by.zip(source(case, read)).is_some_and(|(by, source)| by.id == source.id)
}

/// Whether a read does not show a write that began before the read ended, unless the value that it
/// shows had properly replaced that.
fn misses(case: &Case<'_>, read: &Operation, write: &Operation) -> bool {
    let source = source(case, read);
    // An append shows the value that was there before.
    let text = match &write.request.op {
        Op::Append(text) | Op::Set(text) | Op::Upd(text) | Op::Cas(_, text) => Some(&**text),
        Op::Del | Op::Get => None,
    };
    let shows = match source {
        Some(source) => source.id == write.id,
        None => text.is_some_and(|text| seen(read).is_some_and(|value| value.contains(text))),
    };
    let is_older = source.is_some_and(|source| {
        write.end.as_ref().is_some_and(|end| end.event < source.invoked_event)
    });
    let is_begun = read.end.as_ref().is_some_and(|end| write.invoked_event < end.event);
    write.request.key == read.request.key && is_begun && !shows && !is_older
}
