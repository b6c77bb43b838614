//! Heartbeats and a bully election, without data and without a log: the simple form in which
//! courses introduce coordinators.
//!
//! The coordinator sends heartbeats and every node answers them. A node that hears no heartbeat for
//! `timeout.election` suspects the coordinator and calls an election, as does a node that has just
//! started. Nodes store nothing, so a client's request is answered `Unavailable`.
//!
//! Nothing is written to disk: a node that was restarted learns the number of the last election
//! from any node that reports a later one.

use super::bully::{Bully, News, Phase, Policy};
use super::detector::{self, Detector};
use super::{Ask, Cx, Input, Message, NodeView, Order, Reply, ReplyBody, Role, Sign, Term, Timer};
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::settings::own::election::rules::{SILENCE_CALLS, STEP_DOWN};
use crate::time::Span;
use serde::Serialize;

/// One node.
#[derive(Clone, Debug, Serialize)]
pub struct Member {
    me: NodeId,
    nodes: u16,
    bully: Bully,
    detector: Detector,
}

fn patience(cx: &Cx<'_>) -> Span {
    cx.settings.election.timeout
}

impl Member {
    /// A node that has just started.
    #[must_use]
    pub fn boot(me: NodeId, settings: &Settings) -> Self {
        let nodes = settings.nodes;
        let bully = Bully::new(me, nodes, Policy::Bully, Term(0));
        Self { me, nodes, bully, detector: Detector::default() }
    }

    /// Handles an input.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start | Input::Operator(Order::Timeout) => self.call(cx),
            Input::Message(from, message) => self.receive(from, message, cx),
            Input::Timer(Timer::Heartbeat) => self.beat(cx),
            Input::Timer(Timer::Election) => {
                let news = self.bully.timed_out(patience(cx), cx);
                self.react(news, cx);
            }
            Input::Timer(Timer::Suspect(peer)) => self.suspect(peer, cx),
            Input::Timer(_) | Input::Durable(_) | Input::Operator(_) | Input::Settings => {}
        }
    }

    fn receive(&mut self, from: Addr, message: Message, cx: &mut Cx<'_>) {
        match (from, message) {
            (Addr::Node(_), Message::Bully(super::bully::Message::Coordinator(_)))
                if self.clings(cx) => {}
            (Addr::Node(from), Message::Bully(message)) => {
                let news = self.bully.step(from, message, patience(cx), cx);
                self.react(news, cx);
            }
            (Addr::Node(from), Message::Heartbeat(message)) => self.heard(from, message, cx),
            (from, Message::Ask(Ask { operation, .. })) => {
                cx.send(from, Message::Reply(Reply { operation, body: ReplyBody::Unavailable }));
            }
            _ => {}
        }
    }

    /// Whether it coordinates whatever others say: only where the rule `step-down` is broken.
    fn clings(&self, cx: &Cx<'_>) -> bool {
        self.bully.phase() == Phase::Leading && !cx.keeps(STEP_DOWN)
    }

    fn call(&mut self, cx: &mut Cx<'_>) {
        let news = self.bully.call(patience(cx), cx);
        self.react(news, cx);
    }

    fn react(&mut self, news: Option<News>, cx: &mut Cx<'_>) {
        match news {
            Some(News::Won) => {
                for peer in detector::others(self.me, self.nodes) {
                    self.detector.expect(peer, patience(cx), cx);
                }
                self.beat(cx);
            }
            Some(News::Follows(leader)) => {
                self.detector.heard(leader, cx);
                self.detector.expect(leader, patience(cx), cx);
            }
            None => {}
        }
    }

    /// Sends heartbeats, if it coordinates.
    fn beat(&mut self, cx: &mut Cx<'_>) {
        if self.bully.phase() == Phase::Leading {
            let others = detector::others(self.me, self.nodes);
            detector::beat(others, Some(self.bully.term()), cx.settings.heartbeat, cx);
        }
    }

    fn heard(&mut self, from: NodeId, message: detector::Message, cx: &mut Cx<'_>) {
        self.detector.heard(from, cx);
        let news = match message {
            detector::Message::Beat(term) => {
                let news = match self.clings(cx) {
                    true => None,
                    false => self.bully.announced(from, term.unwrap_or_default(), patience(cx), cx),
                };
                let echo = detector::Message::Echo(Some(self.bully.term()));
                cx.send(from, Message::Heartbeat(echo));
                news
            }
            detector::Message::Echo(_) if self.clings(cx) => None,
            detector::Message::Echo(term) => {
                self.bully.outdated(term.unwrap_or_default(), patience(cx), cx)
            }
        };
        self.react(news, cx);
        if self.watches(from) {
            self.detector.expect(from, patience(cx), cx);
        }
    }

    /// Whether it watches a peer: a coordinator watches all, every other node the coordinator.
    fn watches(&self, peer: NodeId) -> bool {
        self.bully.phase() == Phase::Leading || self.bully.leader() == Some(peer)
    }

    fn suspect(&mut self, peer: NodeId, cx: &mut Cx<'_>) {
        if self.watches(peer) {
            self.detector.timed_out(peer, cx);
        }
        if self.bully.leader() == Some(peer) && cx.keeps(SILENCE_CALLS) {
            self.call(cx);
        }
    }

    /// Its role.
    #[must_use]
    pub fn sign(&self) -> Sign {
        let role = match self.bully.phase() {
            Phase::Leading => Role::Leader,
            Phase::Electing | Phase::Waiting => Role::Candidate,
            Phase::Following(_) | Phase::Idle => Role::Follower,
        };
        Sign { role, term: Some(self.bully.term()), leader: self.bully.leader() }
    }

    /// The state to show.
    #[must_use]
    pub fn view(&self) -> NodeView {
        NodeView { sign: self.sign(), data: Vec::new(), log: None }
    }

    /// Further details, names and values in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let phase = match self.bully.phase() {
            Phase::Idle => "knows no coordinator".into(),
            Phase::Electing => "has asked every higher node".into(),
            Phase::Waiting => "waits to hear who won".into(),
            Phase::Following(leader) => format!("follows {leader}"),
            Phase::Leading => "coordinates".into(),
        };
        vec![("election", phase), ("suspects", self.detector.shown())]
    }
}

impl super::Protocol for Member {
    fn boot(me: NodeId, _members: &[NodeId], settings: &Settings, _disk: &mut super::Disk) -> Self {
        Self::boot(me, settings)
    }

    fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        self.step(input, cx);
    }

    fn view(&self, _most: usize) -> super::NodeView {
        self.view()
    }

    fn detail(&self) -> Vec<(&'static str, String)> {
        self.detail()
    }

    fn sign(&self) -> super::Sign {
        self.sign()
    }
}
