//! A leader's part of log replication (section 3.5).

use super::message::{AppendEntries, AppendReply, Message, Round};
use super::progress::Peer;
use super::role::Role;
use super::{Entry, Log, MAX_BATCH, Payload, Position, Server};
use crate::disk::WriteId;
use crate::ids::NodeId;
use crate::protocol::{Cx, Fact, Index, Timer};
use crate::settings::own::raft::rules::{MATCH_ACKED, MATCH_RISES, OWN_TERM, REPLY_OF_THIS_TERM};
use std::sync::Arc;

/// The common parts of all AppendEntries of one moment, and the last batch, since most followers
/// need the same one.
struct Sender<'a> {
    term: super::Term,
    commit: Index,
    round: Round,
    log: &'a Log,
    batch: Option<(Index, Arc<[Entry]>)>,
}

impl Server {
    /// ClientRequest: appends an entry to its own log. It is sent to followers before it is durable
    /// here (section 10.2.1); the leader counts itself when it is.
    pub(super) fn append(&mut self, payload: Payload, cx: &mut Cx<'_>) -> Index {
        assert!(self.leads(), "only a leader makes entries");
        // Term and vote first: messages that depend on them must not leave before they are durable.
        self.pledge(cx);
        let entry = Entry::new(self.term, payload);
        let after = self.log.last_index();
        let index = self.push(entry.clone(), cx);
        cx.note(Fact::Appended(index));
        self.replicate(cx);
        self.write_entries(after, Arc::new([entry]), cx);
        index
    }

    /// Sends new entries to every follower that can take them.
    fn replicate(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        let mut sender = Sender::new(self.term, self.commit, leader.round, &self.log);
        for peer in &mut leader.peers {
            sender.send_entries(peer, cx);
        }
    }

    /// Sends new entries to one follower.
    fn replicate_to(&mut self, node: NodeId, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        let mut sender = Sender::new(self.term, self.commit, leader.round, &self.log);
        let Some(peer) = leader.peer_mut(node) else { return };
        if peer.next <= self.log.base().index && peer.is_ready() {
            return self.send_snapshot(node, cx);
        }
        sender.send_entries(peer, cx);
    }

    /// Sends a snapshot, since the follower's next entry was compacted (section 5.2).
    fn send_snapshot(&mut self, to: NodeId, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &self.role else { return };
        let message = self.snapshot_message(leader.round);
        let last = message.last.index;
        cx.send(to, crate::protocol::Message::Raft(Message::InstallSnapshot(message)));
        if let Some(peer) = self.role.leader_mut().and_then(|l| l.peer_mut(to)) {
            peer.sent_snapshot(last);
        }
    }

    /// Handles the heartbeat timer.
    pub(super) fn heartbeat(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        cx.set_timer(Timer::Heartbeat, cx.settings.heartbeat);
        leader.peers.iter_mut().for_each(Peer::check_overdue);
        self.watch_quorum(cx);
        self.begin_round(cx);
    }

    /// Sends a heartbeat to all: AppendEntries without entries.
    pub(super) fn begin_round(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.begin_round(cx.clock);
        let sender = Sender::new(self.term, self.commit, leader.round, &self.log);
        for peer in &leader.peers {
            let previous = peer.asks_about(self.log.base().index);
            sender.send(peer.node, previous, Arc::default(), cx);
        }
        self.on_round_answered(cx);
    }

    /// Sends a heartbeat to one server.
    pub(super) fn send_heartbeat(&self, to: NodeId, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &self.role else { return };
        if let Some(peer) = leader.peer(to) {
            let sender = Sender::new(self.term, self.commit, leader.round, &self.log);
            sender.send(to, peer.asks_about(self.log.base().index), Arc::default(), cx);
        }
    }

    /// Handles the answer to AppendEntries (section 3.5).
    pub(super) fn on_append_reply(&mut self, from: NodeId, m: AppendReply, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        let heeded = m.term == self.term || !cx.keeps(REPLY_OF_THIS_TERM);
        let Some(peer) = leader.peer_mut(from).filter(|_| heeded) else { return };
        peer.answered = true;
        let result = if cx.keeps(MATCH_ACKED) { m.result } else { peer.presumed(m.result) };
        if !cx.keeps(MATCH_RISES) {
            peer.fall_back(result);
        }
        let more = peer.take(result, &self.log);
        let new_round = m.round > peer.round;
        if new_round {
            peer.round = m.round;
        }
        if more {
            self.advance_commit(cx);
        }
        if new_round {
            self.on_round_answered(cx);
        }
        self.replicate_to(from, cx);
        self.dismiss(from, cx);
        if more {
            self.hand_over(from, cx);
            self.reconfigure(cx);
            self.compact(cx);
        }
    }

    /// Its writes up to there are durable: now it counts itself.
    pub(super) fn on_durable(&mut self, write: WriteId, cx: &mut Cx<'_>) {
        if self.stable.durable(write) && self.leads() {
            self.advance_commit(cx);
        }
        self.count_own_vote(write, cx);
    }
}

impl<'a> Sender<'a> {
    fn new(term: super::Term, commit: Index, round: Round, log: &'a Log) -> Self {
        Self { term, commit, round, log, batch: None }
    }

    /// Sends entries while there are some and the follower can take them.
    fn send_entries(&mut self, peer: &mut Peer, cx: &mut Cx<'_>) {
        let held = self.log.base().index.next()..=self.log.last_index();
        while held.contains(&peer.next) && peer.is_ready() {
            let entries = self.batch(peer.next.previous(), cx);
            let count = entries.len();
            self.send(peer.node, peer.next.previous(), entries, cx);
            peer.sent(count);
        }
    }

    fn send(&self, to: NodeId, index: Index, entries: Arc<[Entry]>, cx: &mut Cx<'_>) {
        let term = self.log.term(index).expect("the log holds what precedes what it sends");
        let message = AppendEntries {
            term: self.term,
            previous: Position { term, index },
            entries,
            commit: self.commit,
            round: self.round,
        };
        cx.send(to, crate::protocol::Message::Raft(Message::AppendEntries(message)));
    }

    fn batch(&mut self, after: Index, cx: &Cx<'_>) -> Arc<[Entry]> {
        match &self.batch {
            Some((at, entries)) if *at == after => Arc::clone(entries),
            _ => {
                let most = if cx.keeps(OWN_TERM) { MAX_BATCH } else { self.log.of_one_term(after) };
                let entries = self.log.batch(after, most.min(MAX_BATCH));
                self.batch = Some((after, Arc::clone(&entries)));
                entries
            }
        }
    }
}
