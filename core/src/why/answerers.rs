//! The nodes that gave a client its answer, and the times at which they were asked: the answer
//! shows their state at those times.

use super::case::Case;
use super::thread::Thread;
use crate::client::Operation;
use crate::ids::{Addr, EventId, NodeId};
use crate::order;
use crate::protocol::{Fact, Kind};
use crate::trace::What;

/// The nodes whose answers made up the answer to an operation, by id, each with the event with
/// which the request came to it.
pub fn of(case: &Case<'_>, op: &Operation) -> Vec<(NodeId, EventId)> {
    let Some(end) = op.end.as_ref().map(|end| end.event) else { return Vec::new() };
    let thread = Thread::of_operation(case, op);
    let path = path(case, end);
    let asked = |n: NodeId| reached(&thread, &path, n).unwrap_or(end);
    answered_by(case, op, &thread, &path).into_iter().map(|n| (n, asked(n))).collect()
}

/// The event with which a request came to a node that answered it; of several attempts the one that
/// was answered.
fn reached(thread: &Thread, path: &[EventId], node: NodeId) -> Option<EventId> {
    let asks =
        |w: What| matches!(w, What::Delivered(p) if p.to == node.into() && !p.kind.is_answer());
    let end = *path.first()?;
    let asked = thread.iter().filter(|(id, w)| *id < end && asks(*w)).map(|(id, _)| id);
    let all: Vec<EventId> = asked.collect();
    all.iter().rev().find(|id| path.contains(id)).or(all.last()).copied()
}

/// The direct causes of an event, newest first.
pub fn path(case: &Case<'_>, end: EventId) -> Vec<EventId> {
    let mut path = Vec::new();
    let mut next = Some(end);
    while let Some(id) = next.filter(|_| path.len() < 1_000) {
        path.push(id);
        next = case.event(id).and_then(|e| e.causes.first());
    }
    path
}

/// The nodes that answered the client, or from which that node had the answer.
fn answered_by(case: &Case<'_>, op: &Operation, thread: &Thread, path: &[EventId]) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = Vec::new();
    let mut add = |node: Option<NodeId>| {
        if let Some(node) = node.filter(|n| !nodes.contains(n)) {
            nodes.push(node);
        }
    };
    let coordinated = thread.iter().any(|(_, w)| matches!(w, What::Noted(_, Fact::Answered(..))));
    let Some(mut answered) = path.first().copied() else { return nodes };
    let forwards = |id: &EventId| matches!(case.event(*id).map(|e| e.what), Some(What::Delivered(p)) if p.kind == Kind::ForwardReply);
    let forwarded = path.iter().any(forwards);
    for &id in path {
        match case.event(id).map(|e| e.what) {
            Some(What::Delivered(p)) if p.kind.is_answer() && p.kind != Kind::ReadReply => {
                let passed_on = p.kind == Kind::Reply && forwarded;
                if p.from != Addr::Balancer && !passed_on {
                    add(p.from.node());
                    answered = sent(case, id).unwrap_or(id);
                    break;
                }
            }
            _ => {}
        }
    }
    let versions = thread.iter().filter(|(id, _)| *id < answered).filter_map(|(_, w)| match w {
        What::Delivered(p) if p.kind == Kind::ReadReply => Some((p.from, p.to)),
        _ => None,
    });
    for (from, to) in versions {
        if coordinated || to == op.client.into() {
            add(from.node());
        }
    }
    order::sort(&mut nodes);
    nodes
}

/// The event of the sending of a message that arrived.
fn sent(case: &Case<'_>, arrived: EventId) -> Option<EventId> {
    case.event(arrived)?.causes.first()
}
