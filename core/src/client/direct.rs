//! A client that asks one node at a time: follows redirections, waits, and asks again.
//!
//! Every attempt carries the same operation id, so that a server can tell a retry (Ongaro,
//! dissertation, section 6.3). Waiting between attempts doubles, with jitter, so that clients do
//! not ask in step.

use crate::ids::{Addr, ClientId, NodeId, OperationId};
use crate::protocol::{Ask, Cx, Input, Message, Outcome, Reply, ReplyBody, Timer};
use crate::store::Request;
use crate::time::Span;
use serde::Serialize;
use std::sync::Arc;

/// The first wait between two attempts.
const FIRST_WAIT: Span = Span::from_ms(20);

/// One operation, asked of one node at a time.
#[derive(Clone, Debug, Serialize)]
pub struct Direct {
    client: ClientId,
    operation: OperationId,
    request: Arc<Request>,
    target: Addr,
    attempt: u32,
    /// Whether some attempt was never answered: it may have taken effect, or may still do so.
    unanswered: bool,
}

impl Direct {
    /// Begins with `first`, or else with the first node.
    pub fn begin(
        client: ClientId,
        operation: OperationId,
        request: Arc<Request>,
        first: Option<Addr>,
        nodes: &[NodeId],
        cx: &mut Cx<'_>,
    ) -> Self {
        let target = first.unwrap_or_else(|| nodes.first().copied().unwrap_or(NodeId(1)).into());
        let mut it = Self { client, operation, request, target, attempt: 0, unanswered: false };
        it.ask(cx);
        it
    }

    /// The node or balancer that it asked last.
    #[must_use]
    pub fn target(&self) -> Addr {
        self.target
    }

    /// Handles a message or a timer.
    pub fn step(&mut self, input: Input, nodes: &[NodeId], cx: &mut Cx<'_>) {
        match input {
            Input::Message(from, Message::Reply(reply)) if reply.operation == self.operation => {
                self.answered(from, reply, nodes, cx);
            }
            Input::Timer(Timer::Attempt(attempt)) if attempt == self.attempt => {
                self.unanswered = true;
                self.target = self.another(nodes, cx);
                self.again(Span::ZERO, cx);
            }
            Input::Timer(Timer::Retry) => self.ask(cx),
            _ => {}
        }
    }

    fn answered(&mut self, from: Addr, reply: Reply, nodes: &[NodeId], cx: &mut Cx<'_>) {
        let Reply { body, .. } = reply;
        if let ReplyBody::Answer(answer) = body {
            self.target = from;
            cx.effects.push(crate::protocol::Effect::Finish(Outcome::Ok(answer)));
            return;
        }
        if from != self.target {
            return; // An earlier attempt was turned away; the present one still waits.
        }
        cx.cancel_timer(Timer::Attempt(self.attempt));
        match body {
            ReplyBody::NotLeader(Some(leader)) => {
                self.target = leader.into();
                self.again(Span::ZERO, cx);
            }
            ReplyBody::NotLeader(None) | ReplyBody::Unavailable => {
                self.target = self.after(nodes);
                let wait = self.wait(cx);
                self.again(wait, cx);
            }
            ReplyBody::Answer(_) => unreachable!("handled above"),
        }
    }

    /// Asks again after a wait, unless the attempts are used up.
    fn again(&mut self, wait: Span, cx: &mut Cx<'_>) {
        if self.attempt > u32::from(cx.settings.retries) {
            // A write that every attempt was refused may still take effect: the network, or a
            // statement, may have duplicated a request, and the copy arrives where it is accepted.
            let may_happen = self.unanswered || self.request.op.writes();
            let outcome = if may_happen { Outcome::Unknown } else { Outcome::Failed };
            cx.effects.push(crate::protocol::Effect::Finish(outcome));
        } else if wait == Span::ZERO {
            self.ask(cx);
        } else {
            cx.set_timer(Timer::Retry, wait);
        }
    }

    fn ask(&mut self, cx: &mut Cx<'_>) {
        self.attempt += 1;
        let ask = Ask {
            client: self.client,
            operation: self.operation,
            request: Arc::clone(&self.request),
        };
        cx.send(self.target, Message::Ask(ask));
        cx.set_timer(Timer::Attempt(self.attempt), cx.settings.timeout);
    }

    /// Another node, at random (Ongaro, dissertation, section 6.2). Not the next one: if that is on
    /// the same side of a partition, it names the same leader again, forever. A client that asks
    /// through the balancer stays with it.
    fn another(&self, nodes: &[NodeId], cx: &mut Cx<'_>) -> Addr {
        let others = || nodes.iter().filter(|&&node| self.target != node.into());
        let count = others().count() as u32;
        if self.target == Addr::Balancer || count == 0 {
            return self.target;
        }
        let pick = cx.rng.below(count) as usize;
        others().nth(pick).map_or(self.target, |&node| node.into())
    }

    /// The node after the one it asked last, round-robin. A client that asks through the balancer
    /// stays with it.
    fn after(&self, nodes: &[NodeId]) -> Addr {
        if self.target == Addr::Balancer {
            return self.target;
        }
        let now = self.target.node();
        let next = nodes.iter().find(|&&n| Some(n) > now).or(nodes.first());
        next.map_or(self.target, |&n| n.into())
    }

    fn wait(&self, cx: &mut Cx<'_>) -> Span {
        let most = FIRST_WAIT.scaled(1 << self.attempt.min(10), 1).min(cx.settings.timeout);
        Span::from_us(cx.rng.between(most.as_us() / 2, most.as_us()).max(1))
    }
}
