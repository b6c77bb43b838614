//! Peers: servers that each accept every command and inform the others afterwards. The model is an
//! educational store of three servers over raw TCP, kept as it is with its flaws.
//!
//! ```text
//!     a server's belief about a peer
//!                  no answer to a heartbeat in time
//!         ACTIVE ─────────────────────────────────▶ DEAD ◀── the same, from any other
//!           ▲                                         │ hears it: replays the kept commands
//!           │ hears it again                          ▼
//!       RECOVERED ◀──────── it has applied that ── RECOVER
//! ```
//!
//! A server executes a command on its own data, answers, and then forwards it to the peers that it
//! believes ACTIVE, without waiting for them. `set` of a present key is refused, and so are `upd`
//! and `del` of an absent one. (`append` and `cas`, which the original lacks, are treated likewise:
//! executed on the server's data, then forwarded.) Commands for a peer that is not ACTIVE are kept
//! in memory for it, and replayed when it is heard again; each server replays only the commands
//! that it accepted itself.
//!
//! The consequences:
//! - The answer comes before replication. A server that crashes in between has promised a client a
//!   write that no other server ever learns of.
//! - A forwarded command is executed on the receiver's data. Two clients that set one key at two
//!   servers at once both receive success; each server refuses the other's command, and they differ
//!   forever.
//! - Commands kept for a dead peer are lost when the server that keeps them crashes.
//! - Until a peer is believed DEAD, commands forwarded to it are lost with it: up to a heartbeat's
//!   period and its time-out.
//! - Everything is in memory only. A server that was restarted receives the commands that it missed
//!   while it was believed DEAD, but not its earlier data. One that was back before any peer
//!   noticed receives nothing. It accepts commands from its start, and answers from the little data
//!   it has.
//! - Retries are not recognised: a client that asks again may be told that the key exists, since
//!   its own first attempt set it.
//! - Forwarded commands are single messages, so that two that leave together may arrive in the
//!   other order; a TCP connection would prevent that.

mod belief;
mod message;

pub use belief::Standing;
pub use message::Message;

use super::detector::{self, Detector};
use super::{Ask, Cx, Fact, Input, NodeView, Reply, ReplyBody, Role, Sign, Timer};
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::settings::own::peers::rules::KEPT_FOR_DEAD;
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
    /// Its beliefs about each node, by index; the own entry is unused.
    peers: Vec<Peer>,
    detector: Detector,
}

/// A server's belief about itself. It cannot tell its first start from a later one.
#[derive(Clone, Debug, Serialize)]
enum Itself {
    /// It has just started, and these peers have neither been heard nor been believed dead.
    Recover { unheard: Vec<NodeId>, replayed: bool },
    /// Commands were replayed to it, by all peers that answered.
    Recovered,
    /// It takes part.
    Active,
}

impl Server {
    /// A server that has just started, without data.
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

    /// Handles an input.
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

    /// Executes a command, answers, then forwards it.
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
            } else if cx.keeps(KEPT_FOR_DEAD) && self.peers[peer.index()].keep(&ask.request) {
                cx.note(Fact::Queued(peer));
            }
        }
    }

    /// Executes a command on this server's data, whatever others hold.
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

    /// Executes a command that a peer has accepted. If it is refused here, the two servers differ.
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

    /// The peers for which it keeps commands, each with their number.
    pub fn keeps(&self) -> impl Iterator<Item = (NodeId, usize)> {
        let kept = |n: NodeId| (n, self.peers[n.index()].kept());
        detector::others(self.me, self.nodes).map(kept).filter(|(_, many)| *many > 0)
    }

    /// The state to show.
    #[must_use]
    pub fn view(&self) -> NodeView {
        NodeView {
            sign: self.sign(),
            data: self.store.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            log: None,
        }
    }

    /// Further details, names and values in display order.
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
