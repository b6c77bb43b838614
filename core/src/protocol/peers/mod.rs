//! Peers: servers of which each accepts every command and tells the others afterwards, after an
//! educational store of three servers over raw TCP, kept as it is with its flaws.
//!
//! ```text
//!     what a server believes of a peer
//!                  no answer to a heartbeat in time
//!         ACTIVE ─────────────────────────────────▶ DEAD ◀── the same, from any other
//!           ▲                                         │ hears of it: replays what it kept
//!           │ hears of it again                       ▼
//!       RECOVERED ◀──────── it has applied that ── RECOVER
//! ```
//!
//! A server carries a command out by what itself holds, answers, and then forwards it to the peers
//! that it believes ACTIVE, without waiting for them. `set` of a present key is refused, and so are
//! `upd` and `del` of an absent one. (`append` and `cas`, which the original has not, are treated
//! like these: by what the server holds, then forwarded.) What a peer that is not ACTIVE misses is
//! kept in memory for it, and replayed when it is heard of again; each server replays only what
//! itself accepted.
//!
//! What follows from that:
//! - The answer comes before replication. Who dies in between has told a client what nobody else
//!   will ever know.
//! - A forwarded command is carried out by what the receiver holds. Two clients that set one key at
//!   two servers at once are both told that it is done; each server refuses the other's command,
//!   and they differ for ever.
//! - What is kept for a dead peer is lost when the server that keeps it dies.
//! - Until a peer is believed DEAD, what is forwarded to it is lost with it: up to a heartbeat's
//!   period and its time-out.
//! - Everything is in memory only. A server that was restarted gets back what it missed while it was
//!   believed DEAD, not what it held before. One that was back before anybody noticed gets nothing.
//!   It accepts commands from the moment it starts, and answers by the little it holds.
//! - Nothing tells a retry: a client that asks again may be told that the key exists, since it was
//!   itself that set it.
//! - Forwarded commands go as messages of their own, so that two that leave together may arrive in
//!   the other order, which a TCP connection would not let happen.

mod belief;
mod message;

pub use belief::Standing;
pub use message::Message;

use super::detector::{self, Detector};
use super::{Ask, Cx, Fact, Input, NodeView, Reply, ReplyBody, Role, Sign, Timer};
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::store::{Answer, Op, Refusal, Request, Store};
use belief::Peer;
use serde::Serialize;
use std::sync::Arc;

/// One of the servers.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    me: NodeId,
    nodes: u16,
    store: Store,
    itself: Itself,
    /// What it believes of each node, by index; of itself that means nothing.
    peers: Vec<Peer>,
    detector: Detector,
}

/// What a server believes of itself. It cannot tell its first start from another.
#[derive(Clone, Debug, Serialize)]
enum Itself {
    /// It has just started, and these have neither been heard of nor been believed dead.
    Recover { unheard: Vec<NodeId>, replayed: bool },
    /// Commands were replayed to it, by all peers that answered.
    Recovered,
    /// It takes part.
    Active,
}

impl Server {
    /// A server that has just started: nothing is left of what it held.
    #[must_use]
    pub fn boot(me: NodeId, settings: &Settings) -> Self {
        let nodes = settings.nodes;
        let unheard: Vec<_> = detector::others(me, nodes).collect();
        let itself = if unheard.is_empty() {
            Itself::Active
        } else {
            Itself::Recover { unheard, replayed: false }
        };
        Self {
            me,
            nodes,
            store: Store::default(),
            itself,
            peers: vec![Peer::default(); usize::from(nodes)],
            detector: Detector::default(),
        }
    }

    /// The one entry point.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start | Input::Timer(Timer::Heartbeat) => self.round(cx),
            Input::Timer(Timer::Suspect(peer)) => self.bury(peer, cx),
            Input::Message(from, super::Message::Ask(ask)) => self.serve(from, &ask, cx),
            Input::Message(Addr::Node(from), super::Message::Heartbeat(message)) => {
                self.heard(from, message, cx);
            }
            Input::Message(Addr::Node(from), super::Message::Peers(message)) => {
                self.receive(from, message, cx);
            }
            _ => {}
        }
    }

    /// Carries a command out, answers, then forwards it.
    fn serve(&mut self, from: Addr, ask: &Ask, cx: &mut Cx<'_>) {
        let answer = self.carry_out(&ask.request);
        let is_news = ask.request.op.writes() && answer == Answer::Done;
        let body = ReplyBody::Answer(answer);
        cx.send(from, super::Message::Reply(Reply { operation: ask.operation, body }));
        if !is_news {
            return;
        }
        for peer in detector::others(self.me, self.nodes) {
            if self.peers[peer.index()].is_active() {
                send(peer, Message::Command(Arc::clone(&ask.request)), cx);
            } else if self.peers[peer.index()].keep(&ask.request) {
                cx.note(Fact::Queued(peer));
            }
        }
    }

    /// By what this server holds, whatever others hold.
    fn carry_out(&mut self, command: &Request) -> Answer {
        if matches!(command.op, Op::Set(_)) && self.store.value(&command.key).is_some() {
            return Answer::Refused(Refusal::KeyExists);
        }
        self.store.apply(command)
    }

    fn receive(&mut self, from: NodeId, message: Message, cx: &mut Cx<'_>) {
        match message {
            Message::Command(command) => self.accept(from, &command, cx),
            Message::Replay(commands) => {
                for command in commands.iter() {
                    self.accept(from, command, cx);
                }
                let count = commands.len() as u32;
                cx.note(Fact::CaughtUp(from, count));
                send(from, Message::Replayed(count), cx);
                self.answered(from, count > 0, cx);
                self.find_alive(from, cx);
            }
            Message::Replayed(count) => self.replayed(from, count, cx),
        }
    }

    /// A command that a peer has accepted. It may be refused here, and then the two differ.
    fn accept(&mut self, from: NodeId, command: &Request, cx: &mut Cx<'_>) {
        let answer = self.carry_out(command);
        cx.note(if answer == Answer::Done { Fact::Stored } else { Fact::Declined(from) });
    }

    /// Its role.
    #[must_use]
    pub fn sign(&self) -> Sign {
        let role = match self.itself {
            Itself::Recover { .. } => Role::Recover,
            Itself::Recovered => Role::Recovered,
            Itself::Active => Role::Active,
        };
        Sign { role, term: None, leader: None }
    }

    /// For whom it keeps commands, and how many.
    pub fn keeps(&self) -> impl Iterator<Item = (NodeId, usize)> {
        let kept = |n: NodeId| (n, self.peers[n.index()].kept());
        detector::others(self.me, self.nodes).map(kept).filter(|(_, many)| *many > 0)
    }

    /// What there is to see of it.
    #[must_use]
    pub fn view(&self) -> NodeView {
        NodeView {
            sign: self.sign(),
            data: self.store.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            log: None,
        }
    }

    /// The protocol's own facts, by name, in the order to show them.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let shown = |n: NodeId| format!("{n} {}", self.peers[n.index()].shown());
        let peers: Vec<_> = detector::others(self.me, self.nodes).map(shown).collect();
        vec![("peers", peers.join(", "))]
    }
}

fn send(to: NodeId, message: Message, cx: &mut Cx<'_>) {
    cx.send(to, super::Message::Peers(message));
}

impl super::Protocol for Server {
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

    fn keeps(&self) -> Vec<(NodeId, usize)> {
        self.keeps().collect()
    }
}
