//! A leader that checks its own leadership (section 6.2).

use super::Server;
use super::role::Role;
use crate::protocol::{Cx, Fact, Timer};
use crate::quorum::Vote;

impl Server {
    /// A leader with a pending check sets its election timer to the longest election time-out: by
    /// then it should have heard from a majority, and a successor should have been elected.
    pub(super) fn set_check_up(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.checks = true;
        cx.set_timer(Timer::Election, cx.settings.raft.election.high);
    }

    /// Begins to check for a majority, if the setting is on and no check is pending.
    pub(super) fn watch_quorum(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        if cx.settings.raft.check_quorum && !leader.checks {
            leader.peers.iter_mut().for_each(|p| p.answered = false);
            self.set_check_up(cx);
        }
    }

    /// Stops leading when no majority has answered for an election time-out, if the setting is on;
    /// accepts requests again if its successor was not elected.
    pub(super) fn check_up(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        leader.successor = None;
        leader.checks = false;
        let heard = |n| Some(n == self.me || leader.peer(n).is_some_and(|p| p.answered));
        let outcome = self.roster.configuration().vote(heard);
        for peer in &mut leader.peers {
            peer.answered = false;
        }
        if cx.settings.raft.check_quorum && outcome != Vote::Won {
            cx.note(Fact::Abandoned(self.term));
            self.become_follower(cx);
        } else {
            self.watch_quorum(cx);
        }
    }
}
