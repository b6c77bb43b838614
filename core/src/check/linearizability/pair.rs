//! The two operations that alone say what is wrong, where there are two: most violations are a read
//! of something that is surely older than what had been written, or seen, before it was asked for.

use super::Violation;
use crate::check::order::{Sources, Writes};
use crate::check::text::{at, deed_named, noun_named, value_read};
use crate::history::{History, Operation, OperationId, Outcome, Request, Text};

/// A sentence about the two, or about one whose answer came from nowhere; `None` where it takes
/// more than two to contradict each other.
pub fn describe(history: &History, violation: &Violation) -> Option<String> {
    let writes = Writes::new(history);
    let culprit = history.operation(violation.culprit);
    let named = history.operations().iter().any(|op| op.key != culprit.key);
    // The culprit first: it is the one whose answer came last.
    let others = violation.operations.iter().rev().filter(|&&id| id != violation.culprit);
    [violation.culprit].iter().chain(others).find_map(|&id| {
        let read = history.operation(id);
        let claim = || format!("{}{}", deed_named(read, named), at(read));
        let (value, answered) = (observed(read)?, read.answered()?);
        let sources = writes.sources(&read.key, value.map(|v| &**v), answered.event);
        if sources.is_none() && violation.operations.len() == 1 {
            let nobody =
                value.map_or("though nobody had deleted it", |_| "which nobody had written");
            return Some(format!("{}, {nobody} by then", claim()));
        }
        let sources = sources?;
        let (newer, is_write) = newer(history, violation, &writes, (id, read), sources)?;
        let whose = if newer.process == read.process {
            "its own".to_owned()
        } else {
            format!("{}'s", newer.process)
        };
        Some(match is_write {
            true => {
                let noun = noun_named(newer, named);
                format!("{}, though {whose} {noun} had returned{}", claim(), at(newer))
            }
            false => {
                let newer_value = value_read(newer);
                let who = newer.process;
                format!("{}, though {who} had read the newer {newer_value}{}", claim(), at(newer))
            }
        })
    })
}

/// What the answer tells about the state: the value, or `None` for absence.
fn observed(op: &Operation) -> Option<Option<&Text>> {
    match (&op.request, op.outcome()) {
        (Request::Get, Outcome::Read(value)) => Some(value.as_ref()),
        (Request::Cas { expected, .. }, Outcome::Done { applied: true }) => Some(Some(expected)),
        (Request::Upd(_) | Request::Del, Outcome::Done { applied: false }) => Some(None),
        _ => None,
    }
}

/// An operation at fault that was over before the read was asked for, and that wrote or read
/// something surely newer than what the read saw; whether it wrote. A write says more than a read.
fn newer<'a>(
    history: &'a History,
    violation: &Violation,
    writes: &Writes<'_>,
    (id, read): (OperationId, &Operation),
    sources: Sources,
) -> Option<(&'a Operation, bool)> {
    let before = violation.operations.iter().filter(|&&other| other != id);
    let before = before.map(|&other| history.operation(other)).filter(|op| {
        op.key == read.key && op.answered().is_some_and(|at| at.event < read.invoked.event)
    });
    let mut wrote =
        before.clone().filter(|op| op.has_written() && op.invoked.event >= sources.latest_return);
    let mut saw = before.filter(|op| {
        let seen = writes.read_from(op);
        seen.is_some_and(|seen| seen.earliest_invocation > sources.latest_return)
    });
    wrote.next_back().map(|op| (op, true)).or_else(|| saw.next_back().map(|op| (op, false)))
}
