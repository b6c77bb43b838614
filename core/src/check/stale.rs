//! Of one answer: what it is surely older than. Most violations are a read of something that is
//! older than what had been written, or seen, before it was asked for.

use super::order::{Sources, Writes};
use super::text::{at, deed_named, noun_named, value_read};
use crate::history::{History, Operation, OperationId, Outcome, Request, Text};

/// An answer that is too old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The operation that was over before it was asked for, and that wrote or read something newer.
    pub newer: OperationId,
    /// The write of what is newer; None where a read saw it, and several can have written it.
    pub write: Option<OperationId>,
    /// A sentence that names both, without a full stop.
    pub text: String,
}

/// What an answer should have shown, if it is surely too old. Only what is certain counts, as in
/// [`super::order`].
#[must_use]
pub fn of(history: &History, id: OperationId) -> Option<Stale> {
    let key = &history.operation(id).key;
    let same = history.iter().filter(|(_, op)| op.key == *key).map(|(id, _)| id);
    among(history, &Writes::new(history), id, &same.collect::<Vec<_>>())
}

/// The same, where only these operations, in the order of invocation, are known of.
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

/// Where what an answer tells about the state can come from; None where it tells nothing, or of
/// something that comes from nowhere.
fn sources(writes: &Writes<'_>, op: &Operation) -> Option<Sources> {
    let (value, answered) = (observed(op)?, op.answered()?);
    writes.sources(&op.key, value.map(|v| &**v), answered.event)
}

/// The write that what an answer tells about the state comes from, where it can be but one.
#[must_use]
pub fn source(history: &History, id: OperationId) -> Option<OperationId> {
    sources(&Writes::new(history), history.operation(id))?.only
}

/// The first whose answer can come from that write alone: who surely saw it.
#[must_use]
pub fn reader(history: &History, write: OperationId) -> Option<OperationId> {
    let writes = Writes::new(history);
    let key = &history.operation(write).key;
    let mut on_it = history.iter().filter(|(_, op)| op.key == *key);
    let saw = |op: &Operation| sources(&writes, op).and_then(|s| s.only) == Some(write);
    on_it.find(|(_, op)| saw(op)).map(|(id, _)| id)
}

/// What the answer tells about the state: the value, or `None` for absence.
pub fn observed(op: &Operation) -> Option<Option<&Text>> {
    match (&op.request, op.outcome()) {
        (Request::Get, Outcome::Read(value)) => Some(value.as_ref()),
        (Request::Cas { expected, .. }, Outcome::Done { applied: true }) => Some(Some(expected)),
        (Request::Upd(_) | Request::Del, Outcome::Done { applied: false }) => Some(None),
        _ => None,
    }
}

/// An operation that was over before the read was asked for, and that wrote or read something surely
/// newer than what the read saw. A write says more than a read.
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
