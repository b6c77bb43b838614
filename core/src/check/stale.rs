//! Stale answers. Most violations are a read of a value that is older than one that was written, or
//! seen, before the read was invoked.

use super::order::{Sources, Writes};
use super::text::{at, deed_named, noun_named, value_read};
use crate::history::{History, Operation, OperationId, Outcome, Request, Text};

/// An answer that is too old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The operation that was over before it was invoked, and that wrote or read a newer value.
    pub newer: OperationId,
    /// The write of the newer value; None where a read saw it, and several can have written it.
    pub write: Option<OperationId>,
    /// A sentence that names both, without a full stop.
    pub text: String,
}

/// The operation that makes an answer surely too old, if there is one. Only certainties count, as
/// in [`super::order`].
#[must_use]
pub fn of(history: &History, id: OperationId) -> Option<Stale> {
    let key = &history.operation(id).key;
    let same = history.iter().filter(|(_, op)| op.key == *key).map(|(id, _)| id);
    among(history, &Writes::new(history), id, &same.collect::<Vec<_>>())
}

/// The same, with only these operations, given in the order of invocation.
pub fn among(
    history: &History,
    writes: &Writes<'_>,
    id: OperationId,
    known: &[OperationId],
) -> Option<Stale> {
    let read = history.operation(id);
    let sources = sources(writes, read)?;
    let newer = newer(history, known, writes, (id, read), sources)?;
    let (op, claim) = (history.operation(newer), claim(history, read));
    let (text, write) = if op.has_written() {
        let whose = if op.process == read.process {
            "its own".to_owned()
        } else {
            format!("{}'s", op.process)
        };
        let noun = noun_named(op, several_keys(history, &read.key));
        (format!("{claim}, though {whose} {noun} had returned{}", at(op)), Some(newer))
    } else {
        let seen = writes.read_from(op).and_then(|sources| sources.only);
        let (who, value) = (op.process, value_read(op));
        let who = if who == read.process { "it".to_owned() } else { who.to_string() };
        (format!("{claim}, though {who} had read the newer {value}{}", at(op)), seen)
    };
    Some(Stale { newer, write, text })
}

/// `c2 read 1 at 3.20 s`
pub fn claim(history: &History, op: &Operation) -> String {
    format!("{}{}", deed_named(op, several_keys(history, &op.key)), at(op))
}

/// Whether there are other keys than that one, so that it must be named.
pub fn several_keys(history: &History, key: &Text) -> bool {
    history.operations().iter().any(|op| op.key != *key)
}

/// The possible sources of the state that an answer shows; None where it shows no state, or one
/// that was never written.
fn sources(writes: &Writes<'_>, op: &Operation) -> Option<Sources> {
    let (value, answered) = (observed(op)?, op.answered()?);
    writes.sources(&op.key, value.map(|v| &**v), answered.event)
}

/// The write of the state that an answer shows, where only one is possible.
#[must_use]
pub fn source(history: &History, id: OperationId) -> Option<OperationId> {
    sources(&Writes::new(history), history.operation(id))?.only
}

/// The first operation whose answer can come from that write alone, so that it surely saw it.
#[must_use]
pub fn reader(history: &History, write: OperationId) -> Option<OperationId> {
    let writes = Writes::new(history);
    let key = &history.operation(write).key;
    let mut on_it = history.iter().filter(|(_, op)| op.key == *key);
    let saw = |op: &Operation| sources(&writes, op).and_then(|s| s.only) == Some(write);
    on_it.find(|(_, op)| saw(op)).map(|(id, _)| id)
}

/// The state that an answer shows: the value, or `None` for absence.
pub fn observed(op: &Operation) -> Option<Option<&Text>> {
    match (&op.request, op.outcome()) {
        (Request::Get, Outcome::Read(value)) => Some(value.as_ref()),
        (Request::Cas { expected, .. }, Outcome::Done { applied: true }) => Some(Some(expected)),
        (Request::Upd(_) | Request::Del, Outcome::Done { applied: false }) => Some(None),
        _ => None,
    }
}

/// An operation that was over before the read was invoked, and that wrote or read a value surely
/// newer than that of the read. A write is preferred to a read.
fn newer(
    history: &History,
    known: &[OperationId],
    writes: &Writes<'_>,
    (id, read): (OperationId, &Operation),
    sources: Sources,
) -> Option<OperationId> {
    let before = known.iter().copied().filter(|&other| {
        let op = history.operation(other);
        let over = op.answered().is_some_and(|at| at.event < read.invoked.event);
        other != id && op.key == read.key && over
    });
    let mut wrote = before.clone().filter(|&other| {
        let op = history.operation(other);
        op.has_written() && op.invoked.event >= sources.latest_return
    });
    let mut saw = before.filter(|&other| {
        let seen = writes.read_from(history.operation(other));
        seen.is_some_and(|seen| seen.earliest_invocation > sources.latest_return)
    });
    wrote.next_back().or_else(|| saw.next_back())
}
