//! Changing who the members are (chapter 4).
//!
//! A server that is added learns first (section 4.2.1). When it has caught up, its leader makes it
//! a voter: alone by one entry (section 4.1), together with other changes that wait through a joint
//! configuration (section 4.3).

use super::progress::Peer;
use super::role::{Leader, Role};
use super::{Members, Payload, Server};
use crate::ids::NodeId;
use crate::protocol::{Cx, Fact, Index};
use crate::quorum::{Change, Configuration};
use serde::Serialize;

/// What the operator has asked for and the leader has not brought about yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Wish {
    /// That node shall be a voter.
    Add(NodeId),
    /// That node shall be no member.
    Remove(NodeId),
}

impl Server {
    /// The operator wishes for a change. Only a leader can do something about it.
    pub(super) fn on_wish(&mut self, wish: Wish, cx: &mut Cx<'_>) {
        if let Role::Leader(leader) = &mut self.role {
            let about = |w: &Wish| match *w {
                Wish::Add(n) | Wish::Remove(n) => n,
            };
            leader.wishes.retain(|w| about(w) != about(&wish));
            leader.wishes.push(wish);
            self.reconfigure(cx);
        }
    }

    /// Takes the next step towards what was wished for, when it may: one configuration at a time,
    /// and none before the leader has committed an entry of its own term (section 4.1).
    pub(super) fn reconfigure(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        if self.roster.since() > self.commit || leader.first > self.commit {
            return;
        }
        let now = self.roster.configuration();
        leader.wishes.retain(|w| !w.is_fulfilled(now));
        if let Some(next) = next_configuration(leader, now, self.commit) {
            self.append(Payload::Members(Members::new(next)), cx);
        }
    }

    /// A configuration has come into the log, or left it: a leader replicates to the new members.
    pub(super) fn on_members_changed(&mut self, cx: &mut Cx<'_>) {
        cx.note(Fact::Reconfigured(self.roster.since()));
        let Role::Leader(leader) = &mut self.role else { return };
        let members = self.roster.configuration().members();
        leader.peers.retain(|p| members.contains(&p.node));
        for &node in members.iter().filter(|&&n| n != self.me) {
            if let Err(place) = leader.peers.binary_search_by_key(&node, |p| p.node) {
                leader.peers.insert(place, Peer::new(node, self.log.last_index()));
            }
        }
    }

    /// A leader that has removed itself leads until that is committed (section 4.2.2).
    pub(super) fn leave_if_removed(&mut self, cx: &mut Cx<'_>) {
        let removed = !self.roster.configuration().is_voter(self.me);
        if self.leads() && removed && self.roster.since() <= self.commit {
            cx.note(Fact::SteppedDown(self.term));
            self.become_follower(cx);
        }
    }
}

impl Wish {
    fn is_fulfilled(self, now: &Configuration<NodeId>) -> bool {
        let settled = !now.is_joint();
        match self {
            Self::Add(n) => settled && now.voters().contains(n),
            Self::Remove(n) => settled && !now.members().contains(&n),
        }
    }

    fn change(self) -> Change<NodeId> {
        match self {
            Self::Add(n) => Change::AddVoter(n),
            Self::Remove(n) => Change::Remove(n),
        }
    }
}

/// The configuration to go to from one that is committed, if there is one to go to.
fn next_configuration(
    leader: &Leader,
    now: &Configuration<NodeId>,
    commit: Index,
) -> Option<Configuration<NodeId>> {
    if now.is_joint() {
        return now.leave_joint().ok();
    }
    let unknown = |w: &&Wish| matches!(w, Wish::Add(n) if !now.members().contains(n));
    let learners: Vec<_> = leader.wishes.iter().filter(unknown).collect();
    if !learners.is_empty() {
        let add = |w: &&Wish| match **w {
            Wish::Add(n) | Wish::Remove(n) => Change::AddLearner(n),
        };
        return now.simple(&learners.iter().map(add).collect::<Vec<_>>()).ok();
    }
    let ready = |w: &&Wish| match **w {
        Wish::Add(n) => leader.peer(n).is_some_and(|p| p.matched >= commit),
        Wish::Remove(_) => true,
    };
    let changes: Vec<_> = leader.wishes.iter().filter(ready).map(|w| w.change()).collect();
    match &changes[..] {
        [] => None,
        changes => now.simple(changes).or_else(|_| now.enter_joint(changes, true)).ok(),
    }
}
