//! Handing leadership over (section 3.10).

use super::Server;
use super::message::Message;
use super::role::Role;
use crate::ids::NodeId;
use crate::protocol::{Cx, Fact, Term};

impl Server {
    /// Hands leadership over by order of the operator. The leader accepts no requests from then on,
    /// brings its successor up to date and asks it to stand. If the successor is not elected within
    /// an election time-out, it leads on.
    pub(super) fn transfer(&mut self, to: NodeId, cx: &mut Cx<'_>) {
        let is_voter = self.roster.configuration().is_voter(to);
        let Role::Leader(leader) = &mut self.role else { return };
        if to == self.me || !is_voter {
            return;
        }
        leader.successor = Some(to);
        cx.note(Fact::Yielded(to));
        self.set_check_up(cx);
        self.hand_over(to, cx);
    }

    /// Asks the successor to stand as soon as its log is complete.
    pub(super) fn hand_over(&mut self, to: NodeId, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        let complete = leader.peer(to).is_some_and(|p| p.matched == self.log.last_index());
        if leader.successor == Some(to) && complete {
            leader.unbound = true;
            self.tell(to, Message::TimeoutNow(self.term), cx);
        }
    }

    /// Handles the leader's handover: stands at once, without a pre-vote (section 9.6).
    pub(super) fn on_timeout_now(&mut self, term: Term, cx: &mut Cx<'_>) {
        if term == self.term && self.may_stand() && matches!(self.role, Role::Follower(_)) {
            self.stand(true, cx);
        }
    }
}
