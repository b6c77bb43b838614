//! Electing a leader (sections 3.4, 3.6.1 and 9.6).

use super::message::{Message, VoteReply, VoteRequest};
use super::role::{Ballot, Follower, Leader, Role};
use super::{Payload, Position, Server};
use crate::disk::WriteId;
use crate::ids::NodeId;
use crate::protocol::{Cx, Fact, Term, Timer};
use crate::quorum::Vote;
use crate::settings::Reads;
use crate::settings::own::raft::rules::{
    COUNTED_ONCE, DURABLE_VOTE, JOINT_BOTH, LEASE_RESPECTED, SNAPSHOT_TERM, UP_TO_DATE, VOTE_KEPT,
    VOTE_OF_THIS_TERM, VOTE_ONCE,
};

impl Server {
    /// Sets an election timer to a new random time from the configured range, so that servers
    /// rarely stand at the same time (section 3.4).
    pub(super) fn set_election_timer(&self, cx: &mut Cx<'_>) {
        let range = cx.settings.raft.election;
        let us = cx.rng.between(range.low.as_us(), range.high.as_us());
        cx.set_timer(Timer::Election, crate::time::Span::from_us(us));
    }

    /// Rule Timeout: no leader was heard for too long.
    pub(super) fn time_out(&mut self, cx: &mut Cx<'_>) {
        if self.leads() {
            return;
        }
        if !self.may_stand() {
            self.leave_if_told(true, cx);
            return self.ask_whether_removed(cx);
        }
        // A server that must leave may have left already without knowing: it asks first.
        if cx.settings.raft.prevote || self.is_leaving() {
            self.canvass(cx);
        } else {
            self.stand(false, cx);
        }
    }

    /// Whether it may stand. Learners have no say. A voter keeps its say until it knows its removal
    /// to be committed: servers that have not heard of the removal may need it (section 4.2.2,
    /// figure 4.6).
    pub(super) fn may_stand(&self) -> bool {
        self.roster.was_voter_since(self.commit, self.me)
    }

    /// Pre-vote: asks whether it could win, and leaves all terms unchanged (section 9.6).
    fn canvass(&mut self, cx: &mut Cx<'_>) {
        cx.note(Fact::Canvassed(self.term.next()));
        self.role = Role::PreCandidate(Ballot::default());
        self.set_election_timer(cx);
        let (term, last) = (self.term.next(), self.end_of_log(cx));
        let request = VoteRequest { term, last, handover: false };
        self.ask_voters(&Message::PreVote(request), cx);
        self.count(self.me, true, cx);
    }

    /// Stands for election: a new term, and its own vote (section 3.4).
    pub(super) fn stand(&mut self, handover: bool, cx: &mut Cx<'_>) {
        self.term = self.term.next();
        self.vote = Some(self.me);
        cx.note(Fact::Stood(self.term));
        self.role = Role::Candidate(Ballot::default());
        self.set_election_timer(cx);
        let request = VoteRequest { term: self.term, last: self.end_of_log(cx), handover };
        self.ask_voters(&Message::RequestVote(request), cx);
        self.pledge(cx);
        if self.decides_alone() {
            // No other server's answer waits for the disk, so its own vote does.
            self.role =
                Role::Candidate(Ballot { unwritten: Some(cx.written), ..Ballot::default() });
        } else {
            self.count(self.me, true, cx);
        }
    }

    /// Whether its own vote is a majority.
    fn decides_alone(&self) -> bool {
        self.roster.configuration().vote(|n| (n == self.me).then_some(true)) == Vote::Won
    }

    /// Counts its own vote once the write of that vote is durable.
    pub(super) fn count_own_vote(&mut self, durable: WriteId, cx: &mut Cx<'_>) {
        let Role::Candidate(ballot) = &mut self.role else { return };
        if ballot.unwritten.take_if(|write| *write <= durable).is_some() {
            self.count(self.me, true, cx);
        }
    }

    /// Asks as a learner that must leave, and does not know that it was removed: a leader that it
    /// does not know may have removed it, and informs any server that asks.
    fn ask_whether_removed(&mut self, cx: &mut Cx<'_>) {
        if self.is_leaving() && self.roster.is_member(self.me) {
            self.set_election_timer(cx);
            let (term, last) = (self.term.next(), self.end_of_log(cx));
            self.ask_voters(&Message::PreVote(VoteRequest { term, last, handover: false }), cx);
        }
    }

    fn ask_voters(&mut self, message: &Message, cx: &mut Cx<'_>) {
        let configuration = self.roster.configuration();
        let mut nodes = configuration.members();
        nodes.retain(|&n| configuration.is_voter(n));
        if self.is_leaving() {
            // A leader that they do not know receives the request too, and informs them of their
            // removal.
            nodes.extend(self.wanted.iter().copied());
        }
        for node in nodes {
            if node != self.me {
                self.tell(node, message.clone(), cx);
            }
        }
    }

    /// Answers a pre-vote: yes if the candidate's log is up to date and no leader was heard lately.
    /// Changes nothing (section 9.6).
    pub(super) fn on_pre_vote(&mut self, from: NodeId, m: VoteRequest, cx: &mut Cx<'_>) {
        let current = self.may_vote_for(m.last, cx);
        let granted = m.term > self.term && current && !self.hears_leader(cx);
        let reply = VoteReply { term: self.term, asked: m.term, granted };
        self.tell(from, Message::PreVoteReply(reply), cx);
        self.tell_departed(from);
    }

    /// Answers RequestVote: at most one vote per term, and only for a log that is at least as up to
    /// date as its own (section 3.6.1).
    pub(super) fn on_request_vote(&mut self, from: NodeId, m: VoteRequest, cx: &mut Cx<'_>) {
        let free = self.vote.is_none_or(|v| v == from) || !cx.keeps(VOTE_ONCE);
        let current = self.may_vote_for(m.last, cx);
        // A leader or a candidate has voted for itself, also where a broken rule allows a second
        // vote.
        let stands = matches!(self.role, Role::Leader(_) | Role::Candidate(_));
        let free = free && !(stands && self.vote != Some(from));
        let granted = m.term == self.term && free && current;
        if granted {
            self.vote = Some(from);
            if matches!(self.role, Role::PreCandidate(_)) {
                self.become_follower(cx);
            }
            cx.note(Fact::Voted(from, self.term));
            self.set_election_timer(cx);
        }
        let reply = Message::Vote(VoteReply { term: self.term, asked: m.term, granted });
        if cx.keeps(DURABLE_VOTE) {
            self.tell(from, reply, cx);
        } else {
            cx.send(from, crate::protocol::Message::Raft(reply));
        }
    }

    /// Whether a log that ends there is at least as up to date as its own (section 3.6.1).
    fn may_vote_for(&self, last: Position, cx: &Cx<'_>) -> bool {
        last >= self.end_of_log(cx) || !cx.keeps(UP_TO_DATE)
    }

    /// The end of its log, as logs are compared: where a snapshot has replaced it all, the last
    /// entry of that (section 5.1).
    fn end_of_log(&self, cx: &Cx<'_>) -> Position {
        let last = self.log.last();
        if last == self.log.base() && !cx.keeps(SNAPSHOT_TERM) {
            return Position { term: Term(0), ..last };
        }
        last
    }

    pub(super) fn on_pre_vote_reply(&mut self, from: NodeId, m: VoteReply, cx: &mut Cx<'_>) {
        if matches!(self.role, Role::PreCandidate(_)) && m.asked == self.term.next() {
            self.count(from, m.granted, cx);
        }
    }

    pub(super) fn on_vote(&mut self, from: NodeId, m: VoteReply, cx: &mut Cx<'_>) {
        let counts = m.asked == self.term || !cx.keeps(VOTE_OF_THIS_TERM);
        if matches!(self.role, Role::Candidate(_)) && counts {
            self.count(from, m.granted, cx);
        }
    }

    /// Counts a vote and acts on a majority.
    fn count(&mut self, voter: NodeId, granted: bool, cx: &mut Cx<'_>) {
        let (Role::PreCandidate(ballot) | Role::Candidate(ballot)) = &mut self.role else {
            return;
        };
        let again = ballot.answers.insert(voter, granted) == Some(true);
        if again && granted && !cx.keeps(COUNTED_ONCE) {
            ballot.repeated += 1;
        }
        let configuration = self.roster.configuration();
        if granted && configuration.is_voter(voter) {
            let counts = |(n, yes): &(&NodeId, &bool)| **yes && configuration.is_voter(**n);
            let have = ballot.answers.iter().filter(counts).count() as u16;
            cx.note(Fact::Counted(have, configuration.voters().quorum() as u16));
        }
        let answered = |n| ballot.answers.get(&n).copied();
        let outcome = match cx.keeps(JOINT_BOTH) {
            true => configuration.vote(answered),
            false => configuration.voters().vote(answered),
        };
        let outcome = if ballot.wins_by_repeats(configuration) { Vote::Won } else { outcome };
        match (outcome, &self.role) {
            (Vote::Won, Role::PreCandidate(_)) => self.stand(false, cx),
            (Vote::Won, _) => self.become_leader(cx),
            (Vote::Lost | Vote::Pending, _) => {}
        }
    }

    /// BecomeLeader: appends a no-op of the new term, so that earlier entries can be committed
    /// (section 3.6.2), and informs all servers at once.
    fn become_leader(&mut self, cx: &mut Cx<'_>) {
        cx.note(Fact::Led(self.term));
        let members = self.roster.configuration().members();
        let others = members.into_iter().filter(|&n| n != self.me);
        self.role = Role::Leader(Box::new(Leader::new(others, self.log.last_index().next())));
        cx.cancel_timer(Timer::Election);
        if cx.settings.raft.check_quorum {
            self.set_check_up(cx);
        }
        cx.set_timer(Timer::Heartbeat, cx.settings.heartbeat);
        self.append(Payload::Noop, cx);
    }

    /// Follows a leader of this term.
    pub(super) fn follow(&mut self, leader: NodeId, cx: &mut Cx<'_>) {
        assert!(!self.leads(), "a term has one leader");
        if self.leader() != Some(leader) {
            cx.note(Fact::Followed(leader, self.term));
        }
        if self.leader() != Some(leader) && !cx.keeps(VOTE_KEPT) {
            self.vote = None;
        }
        self.role = Role::Follower(Follower { leader: Some(leader), heard: Some(cx.clock) });
        self.set_election_timer(cx);
    }

    /// Whether it leads, or heard its leader within the least election time-out: then no other
    /// leader can be needed (section 4.2.3).
    fn hears_leader(&self, cx: &Cx<'_>) -> bool {
        self.leader().is_some() && self.is_bound(cx)
    }

    /// Whether a leader's lease may depend on its silence. After a restart this may hold because of
    /// messages before it.
    fn is_bound(&self, cx: &Cx<'_>) -> bool {
        match &self.role {
            Role::Leader(_) => true,
            Role::Follower(Follower { heard: Some(heard), .. }) => {
                cx.clock.since(*heard) < cx.settings.raft.election.low
            }
            _ => false,
        }
    }

    /// Whether a vote request is ignored, since a vote within a leader's lease would break the
    /// lease (sections 4.2.3 and 6.4.1). Without leases pre-vote protects the leader.
    pub(super) fn ignores(&self, message: &Message, cx: &Cx<'_>) -> bool {
        let leases = cx.settings.raft.reads == Reads::Lease;
        match message {
            Message::RequestVote(m) => {
                leases && !m.handover && self.is_bound(cx) && cx.keeps(LEASE_RESPECTED)
            }
            _ => false,
        }
    }

    /// Starts as a follower (section 3.4).
    pub(super) fn start(&mut self, cx: &mut Cx<'_>) {
        let heard = (self.term > Term(0)).then_some(cx.clock);
        self.role = Role::Follower(Follower { leader: None, heard });
        self.set_election_timer(cx);
    }
}
