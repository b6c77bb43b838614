//! A server's beliefs about its peers and itself, and the commands that it keeps for absent peers.

use super::super::{Cx, Fact, Timer, detector};
use super::{Itself, Message, Server, send};
use crate::ids::NodeId;
use crate::settings::own::peers::rules::{REPLAY_CONFIRMED, SILENT_IS_DEAD};
use crate::store::Request;
use serde::Serialize;
use std::sync::Arc;

/// The most commands that are kept for one peer. Later ones are not kept.
const MAX_KEPT: usize = 10_000;
/// The most commands that are replayed at once.
const MAX_BATCH: usize = 100;

/// A server's belief about a peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Standing {
    /// It is alive and up to date: commands are forwarded to it.
    #[default]
    Active,
    /// It is believed dead: it does not answer.
    Dead,
    /// It is back, and was sent the commands that it missed.
    Recover,
    /// It has confirmed that it executed these.
    Recovered,
}

impl Standing {
    /// Its word, as in the original.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Dead => "DEAD",
            Self::Recover => "RECOVER",
            Self::Recovered => "RECOVERED",
        }
    }
}

/// A peer, as a server sees it.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Peer {
    standing: Standing,
    /// Whether a heartbeat was sent and not answered yet.
    awaited: bool,
    /// The commands that it missed, oldest first.
    kept: Arc<Vec<Arc<Request>>>,
}

impl Peer {
    /// Whether commands are forwarded to it.
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }

    /// Keeps a command for it. False when the limit is reached.
    pub fn keep(&mut self, command: &Arc<Request>) -> bool {
        let has_room = self.kept.len() < MAX_KEPT;
        if has_room {
            Arc::make_mut(&mut self.kept).push(Arc::clone(command));
        }
        has_room
    }

    /// Number of commands kept for it.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// The description for people.
    pub fn shown(&self) -> String {
        let name = self.standing.name();
        match self.kept.len() {
            0 => name.into(),
            kept => format!("{name} ({kept} kept)"),
        }
    }
}

impl Server {
    /// Sends a heartbeat to all. A peer that is alive has to answer in time; a peer that is
    /// recovering may not have received its commands, and is sent them again.
    pub(super) fn round(&mut self, cx: &mut Cx<'_>) {
        let others = detector::others(self.me, self.nodes);
        detector::beat(others, None, cx.settings.heartbeat, cx);
        for peer in detector::others(self.me, self.nodes) {
            let Peer { standing, awaited, .. } = &mut self.peers[peer.index()];
            if *standing != Standing::Dead && !std::mem::replace(awaited, true) {
                self.detector.expect(peer, cx.settings.peers.timeout, cx);
            }
            if *standing == Standing::Recover {
                self.replay(peer, cx);
            }
        }
        if matches!(self.itself, Itself::Recovered) {
            self.itself = Itself::Active;
            cx.note(Fact::Deemed(self.me, Standing::Active));
        }
    }

    /// Handles a heartbeat, or the answer to one. A peer that was believed dead is answered with
    /// the commands that it missed.
    pub(super) fn heard(&mut self, from: NodeId, message: detector::Message, cx: &mut Cx<'_>) {
        let was_dead = self.peers[from.index()].standing == Standing::Dead;
        if matches!(message, detector::Message::Beat(_)) && !was_dead {
            cx.send(from, super::super::Message::Heartbeat(detector::Message::Echo(None)));
        }
        if matches!(message, detector::Message::Echo(_)) {
            self.answered(from, false, cx);
        }
        self.find_alive(from, cx);
    }

    /// Records that a peer is alive: its standing moves one step towards ACTIVE.
    pub(super) fn find_alive(&mut self, from: NodeId, cx: &mut Cx<'_>) {
        self.detector.heard(from, cx);
        let peer = &mut self.peers[from.index()];
        if std::mem::take(&mut peer.awaited) {
            cx.cancel_timer(Timer::Suspect(from));
        }
        match peer.standing {
            Standing::Dead => {
                self.deem(from, Standing::Recover, cx);
                self.replay(from, cx);
            }
            Standing::Recovered if peer.kept.is_empty() => self.deem(from, Standing::Active, cx),
            Standing::Recovered => {
                self.deem(from, Standing::Recover, cx);
                self.replay(from, cx);
            }
            Standing::Recover | Standing::Active => {}
        }
    }

    /// Records that a peer did not answer in time.
    pub(super) fn bury(&mut self, peer: NodeId, cx: &mut Cx<'_>) {
        self.peers[peer.index()].awaited = false;
        if !cx.keeps(SILENT_IS_DEAD) {
            return self.answered(peer, false, cx);
        }
        self.detector.timed_out(peer, cx);
        self.deem(peer, Standing::Dead, cx);
        self.answered(peer, false, cx);
    }

    fn deem(&mut self, peer: NodeId, standing: Standing, cx: &mut Cx<'_>) {
        self.peers[peer.index()].standing = standing;
        cx.note(Fact::Deemed(peer, standing));
    }

    /// Sends a peer the commands that it missed, also an empty list.
    fn replay(&mut self, to: NodeId, cx: &mut Cx<'_>) {
        let kept = Arc::clone(&self.peers[to.index()].kept);
        let batch = kept.iter().take(MAX_BATCH).cloned().collect();
        send(to, Message::Replay(batch), cx);
        if !cx.keeps(REPLAY_CONFIRMED) {
            self.peers[to.index()].kept = Arc::default();
            self.deem(to, Standing::Active, cx);
        }
    }

    /// A peer has executed the replayed commands. Later ones are sent likewise; without any it has
    /// recovered, and the next heartbeat confirms that.
    pub(super) fn replayed(&mut self, from: NodeId, count: u32, cx: &mut Cx<'_>) {
        let peer = &mut self.peers[from.index()];
        if peer.standing != Standing::Recover {
            return;
        }
        let done = (count as usize).min(peer.kept.len());
        Arc::make_mut(&mut peer.kept).drain(..done);
        if peer.kept.is_empty() {
            self.deem(from, Standing::Recovered, cx);
            cx.send(from, super::super::Message::Heartbeat(detector::Message::Beat(None)));
        } else {
            self.replay(from, cx);
        }
    }

    /// A peer has answered this server, which started recently, or will not answer. When that holds
    /// for all peers, the server has learnt all that it can.
    pub(super) fn answered(&mut self, peer: NodeId, with_news: bool, cx: &mut Cx<'_>) {
        let Itself::Recover { unheard, replayed } = &mut self.itself else { return };
        *replayed |= with_news;
        unheard.retain(|n| *n != peer);
        if unheard.is_empty() {
            let (itself, standing) = if *replayed {
                (Itself::Recovered, Standing::Recovered)
            } else {
                (Itself::Active, Standing::Active)
            };
            self.itself = itself;
            cx.note(Fact::Deemed(self.me, standing));
        }
    }
}
