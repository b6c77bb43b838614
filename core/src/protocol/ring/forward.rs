//! Passing requests on to the node to which a key belongs, by the balancer and by any node.
//!
//! The sender of a request that is passed on waits for the answer and returns it to the client. In
//! the original, nodes and balancer are HTTP servers that call each other, so the answer travels
//! back the way of the request. A sender that crashes in between loses its pending requests, and
//! the clients ask again.
//!
//! - A read whose owner does not answer in time goes to the replicas one after the other, in the
//!   order of the preference list. The answer of a replica may be stale.
//! - A write whose owner is believed down is refused: in the original no node stands in for an
//!   owner. A write that was sent and not answered is forgotten, since it may have been executed.

use super::super::{Ask, Cx, Fact, Message as Outer, Reply, ReplyBody, Timer};
use super::message::Message;
use crate::hash_ring::HashRing;
use crate::ids::{NodeId, OperationId};
use crate::settings::Settings;
use crate::sorted::SortedMap;
use crate::store::{Answer, VersionedStore};
use crate::time::Span;
use serde::Serialize;

/// Requests that were passed on and not answered yet, by operation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Forwarder {
    pending: SortedMap<OperationId, Pending>,
}

#[derive(Clone, Debug, Serialize)]
struct Pending {
    ask: Ask,
    /// The place of the awaited node in the key's preference list.
    place: usize,
    target: NodeId,
}

/// The knowledge of a node that passes requests on.
pub struct Map<'a> {
    /// The nodes on the ring.
    pub ring: &'a HashRing,
    /// Whether a node is believed down. Nodes believe it of none; the balancer checks.
    pub is_down: &'a dyn Fn(NodeId) -> bool,
    /// Its own copies, if it has any.
    pub own: Option<(NodeId, &'a VersionedStore)>,
}

/// The time to wait for an answer to a request that was passed on: short enough that two replicas
/// can be tried within a client's time-out.
pub fn patience(settings: &Settings) -> Span {
    settings.timeout.scaled(1, 3).max(Span::from_us(1))
}

/// A replica's answer to a read, from its own copy alone.
pub fn copy(ask: &Ask, data: &VersionedStore) -> ReplyBody {
    let version = data.version(&ask.request.key);
    ReplyBody::Answer(Answer::Read(version.and_then(|v| v.value.clone())))
}

impl Forwarder {
    /// Number of requests that wait for an answer.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Passes on a client's request that another node has to answer.
    pub fn take(&mut self, ask: Ask, map: &Map<'_>, cx: &mut Cx<'_>) {
        self.attempt(ask, 0, map, cx);
    }

    /// Returns an answer to the client. False when the request is no longer pending.
    pub fn answered(&mut self, reply: Reply, cx: &mut Cx<'_>) -> bool {
        let Some(pending) = self.pending.remove(&reply.operation) else { return false };
        cx.cancel_timer(Timer::Attempt(reply.operation.0));
        cx.send(pending.ask.client, Outer::Reply(reply));
        true
    }

    /// Handles a node's missing answer.
    pub fn timed_out(&mut self, attempt: u32, map: &Map<'_>, cx: &mut Cx<'_>) {
        let Some(Pending { ask, place, target }) = self.pending.remove(&OperationId(attempt))
        else {
            return;
        };
        if ask.request.op.writes() {
            cx.note(Fact::FellBack(target, None));
            return;
        }
        let next = self.attempt(ask, place + 1, map, cx);
        cx.note(Fact::FellBack(target, next));
    }

    /// Asks the first of a key's nodes, from that place of its preference list on, that is not
    /// believed down; for a write only its owner. Returns the asked node.
    fn attempt(&mut self, ask: Ask, from: usize, map: &Map<'_>, cx: &mut Cx<'_>) -> Option<NodeId> {
        let copies = if ask.request.op.writes() { 1 } else { cx.settings.ring.replicas.into() };
        let mut list = map.ring.preference(&ask.request.key).take(copies).enumerate().skip(from);
        let Some((place, target)) = list.find(|&(_, node)| !(map.is_down)(node)) else {
            refuse(&ask, cx);
            return None;
        };
        if let Some((_, data)) = map.own.filter(|(me, _)| *me == target) {
            assert!(place > 0, "an owner answers itself");
            let reply = Reply { operation: ask.operation, body: copy(&ask, data) };
            cx.send(ask.client, Outer::Reply(reply));
            return Some(target);
        }
        let message = if place == 0 { Message::Forward } else { Message::Read }(ask.clone());
        cx.send(target, Outer::Ring(message));
        cx.set_timer(Timer::Attempt(ask.operation.0), patience(cx.settings));
        self.pending.insert(ask.operation, Pending { ask, place, target });
        Some(target)
    }
}

/// Refuses a request that no node is left to answer; nothing was executed.
fn refuse(ask: &Ask, cx: &mut Cx<'_>) {
    let reply = Reply { operation: ask.operation, body: ReplyBody::Unavailable };
    cx.send(ask.client, Outer::Reply(reply));
}
