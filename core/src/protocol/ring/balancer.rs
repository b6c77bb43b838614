//! The load balancer: it knows the ring, passes every request to the owner of its key, and checks
//! by messages who is there.
//!
//! It holds no data and no disk, and is one: what it believes of the nodes is what its health checks
//! tell it. A node that has not been heard of for [`SILENCE`] health checks is believed down: reads
//! of its keys go to their replicas, writes are refused. That is all the fail-over there is.

use super::super::{Cx, Fact, Input, Message as Outer, Order, Timer};
use super::forward::{Forwarder, Map};
use super::message::Message;
use crate::hash_ring::HashRing;
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::time::{Span, Time};
use serde::Serialize;

/// How many health checks in a row have to remain unanswered.
const SILENCE: u64 = 3;

/// The load balancer.
#[derive(Clone, Debug, Serialize)]
pub struct Balancer {
    ring: HashRing,
    /// By id.
    watched: Vec<Watched>,
    forwarder: Forwarder,
}

/// What it knows of one node.
#[derive(Clone, Copy, Debug, Serialize)]
struct Watched {
    node: NodeId,
    /// When it was heard of last, by the balancer's clock.
    heard: Time,
    down: bool,
}

impl Balancer {
    /// A balancer that knows the nodes that there are at the start.
    #[must_use]
    pub fn boot(settings: &Settings) -> Self {
        let ring = HashRing::new((1..=settings.nodes).map(NodeId), settings.ring.vnodes);
        let watched = ring.members().iter().map(|&node| Watched::new(node, Time::ZERO)).collect();
        Self { ring, watched, forwarder: Forwarder::default() }
    }

    /// The one entry point.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start | Input::Timer(Timer::Heartbeat) => self.check(cx),
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
                let place = self.watched.partition_point(|w| w.node < node);
                self.watched.insert(place, Watched::new(node, cx.clock));
            }
            Input::Operator(Order::Remove(node)) => {
                self.ring = self.ring.without(node);
                self.watched.retain(|w| w.node != node);
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
        self.watched.iter().filter(|w| w.down).map(|w| w.node).collect()
    }

    /// How many requests it has passed on that were not answered yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.forwarder.pending()
    }

    /// Asks every node whether it is there, and gives up on who has been silent for long.
    fn check(&mut self, cx: &mut Cx<'_>) {
        let limit = silence(cx.settings);
        for watched in &mut self.watched {
            if !watched.down && cx.clock.since(watched.heard) >= limit {
                watched.down = true;
                cx.note(Fact::Suspected(watched.node));
            }
            cx.send(watched.node, Outer::Ring(Message::HealthCheck));
        }
        cx.set_timer(Timer::Heartbeat, cx.settings.heartbeat);
    }

    fn heard(&mut self, from: Addr, cx: &mut Cx<'_>) {
        let Some(node) = from.node() else { return };
        let Some(watched) = self.watched.iter_mut().find(|w| w.node == node) else { return };
        watched.heard = cx.clock;
        if std::mem::take(&mut watched.down) {
            cx.note(Fact::Trusted(node));
        }
    }

    fn pass_on(
        &mut self,
        cx: &mut Cx<'_>,
        act: impl FnOnce(&mut Forwarder, &Map<'_>, &mut Cx<'_>),
    ) {
        let watched = &self.watched;
        let is_down = &|node| watched.iter().any(|w| w.node == node && w.down);
        act(&mut self.forwarder, &Map { ring: &self.ring, is_down, own: None }, cx);
    }
}

impl Watched {
    fn new(node: NodeId, now: Time) -> Self {
        Self { node, heard: now, down: false }
    }
}

/// How long a node has to be silent.
fn silence(settings: &Settings) -> Span {
    settings.heartbeat.scaled(SILENCE, 1)
}
