//! Committing entries and applying them (sections 3.5 and 3.6.2).

use super::Server;
use super::role::Role;
use super::state::Applied;
use crate::protocol::{Cx, Fact, Index, Message, Reply, ReplyBody};
use crate::settings::own::raft::rules::{APPLY_ONCE, JOINT_BOTH, LEADER_DURABLE, OWN_TERM};

impl Server {
    /// AdvanceCommitIndex: an entry is committed when a majority has it and it is of the leader's
    /// own term; the entries before it are then committed with it (section 3.6.2).
    pub(super) fn advance_commit(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &self.role else { return };
        let last = self.log.last_index();
        let own = if cx.keeps(LEADER_DURABLE) { self.stable.index() } else { last };
        let held = |node| {
            let own = (node == self.me).then_some(own);
            let index = own.or_else(|| leader.peer(node).map(|p| p.matched));
            index.map(|i| u64::from(i.0))
        };
        let held = match cx.keeps(JOINT_BOTH) {
            true => self.roster.configuration().committed(held),
            false => self.roster.configuration().voters().committed(held),
        };
        let held = Index(held.min(u64::from(last.0)) as u32);
        if self.log.term(held) == Some(self.term) || !cx.keeps(OWN_TERM) {
            self.commit_upto(held, cx);
        }
    }

    /// Commits all entries up to that index, and applies them.
    pub(super) fn commit_upto(&mut self, index: Index, cx: &mut Cx<'_>) {
        if index <= self.commit {
            return;
        }
        assert!(index <= self.log.last_index(), "only what is in the log is committed");
        self.commit = index;
        cx.note(Fact::Committed(index));
        while self.state.applied() < self.commit {
            self.apply_next(cx);
        }
        self.answer_reads(cx);
        self.leave_if_removed(cx);
        self.reconfigure(cx);
        self.compact(cx);
    }

    fn apply_next(&mut self, cx: &mut Cx<'_>) {
        let index = self.state.applied().next();
        let entry = self.log.entry(index).expect("what is not applied is in the log");
        let applied = self.state.apply(index, entry, cx.keeps(APPLY_ONCE));
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(waiting) = leader.take_waiting(index) else { return };
        let answer = match applied {
            Some(Applied::Now(answer)) => answer,
            Some(Applied::Before(answer)) => {
                cx.note(Fact::Repeated);
                answer
            }
            Some(Applied::Outdated) | None => return,
        };
        let body = ReplyBody::Answer(answer);
        cx.send(waiting.to, Message::Reply(Reply { operation: waiting.operation, body }));
    }
}
