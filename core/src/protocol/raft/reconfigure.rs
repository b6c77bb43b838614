//! Changing the members (chapter 4).
//!
//! A new server is a learner first (section 4.2.1). When it has caught up, its leader makes it a
//! voter: alone by one entry (section 4.1), together with other pending changes through a joint
//! configuration (section 4.3).

use super::message::Message;
use super::role::Role;
use super::{Members, Payload, Server};
use crate::ids::NodeId;
use crate::protocol::{Cx, Fact};
use crate::quorum::{Change, Configuration};
use crate::settings::own::raft::rules::{ONE_CHANGE, OWN_TERM_FIRST};
use crate::sorted::SortedSet;

impl Server {
    /// Handles a change of the operator's list of members. All servers are informed; the leader
    /// acts.
    pub(super) fn on_wish(&mut self, node: NodeId, member: bool, cx: &mut Cx<'_>) {
        if member {
            self.wanted.insert(node);
        } else {
            self.wanted.remove(&node);
        }
        self.reconfigure(cx);
    }

    /// Whether the operator wants this server to leave.
    pub(super) fn is_leaving(&self) -> bool {
        !self.wanted.contains(&self.me)
    }

    /// Takes the next step towards the wanted members, when it may: one configuration at a time,
    /// and none before the leader has committed an entry of its own term (section 4.1).
    pub(super) fn reconfigure(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &self.role else { return };
        let changes = self.roster.since() > self.commit && cx.keeps(ONE_CHANGE);
        let begins = leader.first > self.commit && cx.keeps(OWN_TERM_FIRST);
        if changes || begins {
            return;
        }
        let now = self.roster.configuration();
        let caught_up = |n| leader.peer(n).is_some_and(|p| p.matched >= self.commit);
        if let Some(next) = next_configuration(&self.wanted, now, caught_up) {
            self.append(Payload::Members(Members::new(next)), cx);
        }
    }

    /// Handles a configuration that was appended to the log, or removed from it: a leader
    /// replicates to the new members, and to leaving ones until they know.
    pub(super) fn on_members_changed(&mut self, cx: &mut Cx<'_>) {
        cx.note(Fact::Reconfigured(self.roster.since()));
        let Role::Leader(leader) = &mut self.role else { return };
        for node in self.roster.configuration().members() {
            if node != self.me {
                leader.add_peer(node, self.log.last_index());
            }
        }
    }

    /// Sends a server that is no member any more, and has the entry of its removal, the commit
    /// index a last time, and then nothing more. If that message is lost, the server asks when its
    /// timer runs out, and is informed again.
    pub(super) fn dismiss(&mut self, node: NodeId, cx: &mut Cx<'_>) {
        // A removal that was compacted is known to whoever has the whole snapshot.
        let since = self.roster.since().max(self.log.base().index);
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(peer) = leader.peer(node) else { return };
        if self.roster.is_member(node) || peer.matched.min(self.commit) < since {
            return;
        }
        self.send_heartbeat(node, cx);
        if let Role::Leader(leader) = &mut self.role {
            leader.peers.retain(|p| p.node != node);
        }
    }

    /// Informs a server that stands for election without knowing that it is no member.
    pub(super) fn tell_departed(&mut self, from: NodeId) {
        let Role::Leader(leader) = &mut self.role else { return };
        if !self.roster.is_member(from) {
            leader.add_peer(from, self.log.last_index());
        }
    }

    /// Whether it leads and knows the removal of that node to be committed.
    #[must_use]
    pub fn let_go(&self, node: NodeId) -> bool {
        self.leads() && self.roster.since() <= self.commit && !self.roster.is_member(node)
    }

    /// Ends leading after removing itself: the leader leads until the removal is committed (section
    /// 4.2.2), and then lets the server with the longest log stand.
    pub(super) fn leave_if_removed(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &self.role else { return };
        let now = self.roster.configuration();
        if now.is_voter(self.me) || self.roster.since() > self.commit {
            return;
        }
        let voters = leader.peers.iter().filter(|p| now.is_voter(p.node));
        if let Some(heir) = voters.max_by_key(|p| p.matched).map(|p| p.node) {
            self.tell(heir, Message::TimeoutNow(self.term), cx);
        }
        cx.note(Fact::SteppedDown(self.term));
        self.become_follower(cx);
    }

    /// Ends the server when it must leave and knows its removal to be committed. `alone`: it has no
    /// vote and no leader any more, so that no server needs it and it will not learn more.
    pub(super) fn leave_if_told(&mut self, alone: bool, cx: &mut Cx<'_>) {
        if self.is_leaving()
            && !self.leads()
            && !self.roster.is_member(self.me)
            && (alone || self.roster.since() <= self.commit)
        {
            cx.leave();
        }
    }
}

/// The next configuration after a committed one, if a change is wanted.
fn next_configuration(
    wanted: &SortedSet<NodeId>,
    now: &Configuration<NodeId>,
    caught_up: impl Fn(NodeId) -> bool,
) -> Option<Configuration<NodeId>> {
    if now.is_joint() {
        return now.leave_joint().ok();
    }
    let members = now.members();
    let strangers: Vec<_> = wanted.difference(&members).map(|&n| Change::AddLearner(n)).collect();
    if !strangers.is_empty() {
        return now.simple(&strangers).ok();
    }
    let promoted = now.learners().intersection(wanted).copied().filter(|&n| caught_up(n));
    let removed = members.difference(wanted).copied();
    let changes: Vec<_> =
        promoted.map(Change::AddVoter).chain(removed.map(Change::Remove)).collect();
    if changes.is_empty() {
        return None;
    }
    now.simple(&changes).or_else(|_| now.enter_joint(&changes, true)).ok()
}
