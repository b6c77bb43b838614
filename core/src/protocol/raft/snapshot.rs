//! Compacting the log, and bringing followers up to date that need compacted entries (chapter 5).

use super::log::Log;
use super::membership::Roster;
use super::message::{AppendReply, AppendResult, InstallSnapshot, Message};
use super::role::Role;
use super::{Position, Server, Snapshot, State};
use crate::ids::NodeId;
use crate::protocol::{Checkpoint, Cx, Fact, Index};
use crate::settings::own::raft::rules::SNAPSHOT_NEWER;
use std::sync::Arc;

impl Server {
    /// Takes a snapshot of the applied entries, once there are enough (section 5.1), and drops
    /// those entries.
    pub(super) fn compact(&mut self, cx: &mut Cx<'_>) {
        let (applied, base) = (self.state.applied(), self.log.base().index);
        let (held, every) = (applied.0 - base.0, cx.settings.raft.snapshot);
        if every == 0 || held < every || (held < 2 * every && self.is_waited_for(applied)) {
            return;
        }
        self.log.compact(applied);
        self.roster.compact(applied);
        if let Role::Leader(leader) = &mut self.role {
            leader.peers.iter_mut().for_each(|p| p.compacted(applied));
        }
        self.save(cx);
        cx.note(Fact::Snapshotted(applied));
    }

    /// Whether a follower that keeps up still needs some of the entries that would be dropped. A
    /// leader waits a while for such followers.
    fn is_waited_for(&self, upto: Index) -> bool {
        match &self.role {
            Role::Leader(leader) => leader.peers.iter().any(|p| p.lags_in_step(upto)),
            _ => false,
        }
    }

    /// Hands the whole state to the disk as one checkpoint.
    fn save(&mut self, cx: &mut Cx<'_>) {
        self.pledged = (self.term, self.vote);
        let snapshot = Snapshot {
            term: self.term,
            vote: self.vote,
            log: self.log.clone(),
            members: self.roster.at(self.log.base().index).clone(),
            state: self.state.clone(),
        };
        let write = cx.checkpoint(Arc::new(Checkpoint::Raft(snapshot)));
        self.stable.written(write, self.log.last_index());
    }

    /// Handles InstallSnapshot (figure 5.3, receiver implementation).
    pub(super) fn on_install_snapshot(
        &mut self,
        from: NodeId,
        m: &InstallSnapshot,
        cx: &mut Cx<'_>,
    ) {
        let mut result = AppendResult::Stale;
        if m.term == self.term {
            if self.leads() {
                return; // Two leaders in one term: only when a disk forgot a vote.
            }
            self.follow(from, cx);
            self.install(m, cx);
            result = AppendResult::Matched(m.last.index);
        }
        let reply = AppendReply { term: self.term, round: m.round, result };
        self.tell(from, Message::SnapshotReply(reply), cx);
    }

    /// Replaces its own state by the leader's, unless it has applied as much itself. Its log behind
    /// the snapshot stays.
    fn install(&mut self, m: &InstallSnapshot, cx: &mut Cx<'_>) {
        if m.last.index <= self.commit && cx.keeps(SNAPSHOT_NEWER) {
            return;
        }
        if self.log.holds(m.last) {
            self.log.compact(m.last.index);
            self.roster.compact(m.last.index);
        } else {
            self.log = Log::behind(m.last, m.digest);
            self.roster = Roster::new(m.members.clone());
            self.stable.truncated(m.last.index);
        }
        self.state = State::clone(&m.state);
        self.commit = m.last.index;
        self.save(cx);
        cx.note(Fact::Installed(m.last.index));
    }

    /// The snapshot for a follower that needs compacted entries: the present state.
    pub(super) fn snapshot_message(&self, round: super::Round) -> InstallSnapshot {
        let index = self.state.applied();
        let term = self.log.term(index).expect("what was applied last is known");
        let digest = self.log.prefix_digest(index).expect("what was applied last is known");
        InstallSnapshot {
            term: self.term,
            last: Position { term, index },
            digest,
            members: self.roster.at(index).clone(),
            state: Arc::new(self.state.clone()),
            round,
        }
    }
}
