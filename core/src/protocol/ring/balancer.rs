//! The load balancer: it knows the ring, passes every request to the owner of its key, and checks
//! the nodes by messages.
//!
//! It holds no data and has no disk, and there is one. Its health checks decide which nodes it
//! believes down ([`Detector`]): a node that was silent for [`SILENCE`] checks is. Reads of its
//! keys go to their replicas then, and writes are refused. There is no other fail-over.

use super::super::detector::Detector;
use super::super::{Cx, Input, Message as Outer, Order, Timer};
use super::forward::{Forwarder, Map};
use super::message::Message;
use crate::hash_ring::HashRing;
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::time::Span;
use serde::Serialize;

/// Number of consecutive health checks that must remain unanswered.
const SILENCE: u64 = 3;

/// The load balancer.
#[derive(Clone, Debug, Serialize)]
pub struct Balancer {
    ring: HashRing,
    detector: Detector,
    forwarder: Forwarder,
}

impl Balancer {
    /// A balancer that knows the initial nodes.
    #[must_use]
    pub fn boot(settings: &Settings) -> Self {
        let ring = HashRing::new((1..=settings.nodes).map(NodeId), settings.ring.vnodes);
        Self { ring, detector: Detector::default(), forwarder: Forwarder::default() }
    }

    /// Handles an input.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start => {
                for &node in self.ring.members() {
                    self.detector.expect(node, silence(cx.settings), cx);
                }
                self.check(cx);
            }
            Input::Timer(Timer::Heartbeat) => self.check(cx),
            Input::Timer(Timer::Suspect(node)) => {
                self.detector.timed_out(node, cx);
            }
            Input::Message(_, Outer::Ask(ask)) => {
                self.pass_on(cx, |forwarder, map, cx| forwarder.take(ask, map, cx));
            }
            Input::Message(from, Outer::Ring(message)) => {
                self.heard(from, cx);
                if let Message::ForwardReply(reply) = message {
                    self.forwarder.answered(reply, cx);
                }
            }
            Input::Timer(Timer::Attempt(attempt)) => {
                self.pass_on(cx, |forwarder, map, cx| forwarder.timed_out(attempt, map, cx));
            }
            Input::Operator(Order::Add(node)) => {
                self.ring = self.ring.with(node);
                self.heard(node.into(), cx);
            }
            Input::Operator(Order::Remove(node)) => {
                self.ring = self.ring.without(node);
                cx.cancel_timer(Timer::Suspect(node));
            }
            _ => {}
        }
    }

    /// The ring as it knows it.
    #[must_use]
    pub fn ring(&self) -> &HashRing {
        &self.ring
    }

    /// The nodes that it believes down, by id.
    #[must_use]
    pub fn believed_down(&self) -> Vec<NodeId> {
        self.ring.members().iter().copied().filter(|&n| self.detector.suspects(n)).collect()
    }

    /// Number of requests that it passed on without an answer yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.forwarder.pending()
    }

    /// Sends every node a health check.
    fn check(&self, cx: &mut Cx<'_>) {
        for &node in self.ring.members() {
            cx.send(node, Outer::Ring(Message::HealthCheck));
        }
        cx.set_timer(Timer::Heartbeat, cx.settings.heartbeat);
    }

    fn heard(&mut self, from: Addr, cx: &mut Cx<'_>) {
        if let Some(node) = from.node().filter(|&n| self.ring.contains(n)) {
            self.detector.heard(node, cx);
            self.detector.expect(node, silence(cx.settings), cx);
        }
    }

    fn pass_on(
        &mut self,
        cx: &mut Cx<'_>,
        act: impl FnOnce(&mut Forwarder, &Map<'_>, &mut Cx<'_>),
    ) {
        let detector = &self.detector;
        let is_down = &|node| detector.suspects(node);
        act(&mut self.forwarder, &Map { ring: &self.ring, is_down, own: None }, cx);
    }
}

/// The time of silence after which a node is believed down.
fn silence(settings: &Settings) -> Span {
    settings.heartbeat.scaled(SILENCE, 1)
}
