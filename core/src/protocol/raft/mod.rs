//! Raft (Ongaro, "Consensus: Bridging Theory and Practice", 2014). Section and figure numbers in
//! this folder refer to that dissertation.
//!
//! ```text
//!                    times out                wins the canvass            wins
//!        Follower ─────────────▶ PreCandidate ────────────────▶ Candidate ─────▶ Leader
//!            ▲                        │ ▲                          │ ▲ │           │
//!            │  hears of a leader or  │ └── times out, asks again ─┘ └─┘ times out, │
//!            │  of a higher term      ▼                            ▼    no pre-vote│
//!            └───────────────────────────────────────────────────────────────────◀─┘
//! ```
//!
//! Every rule is a function named as in the paper. `election` has the rules of sections 3.4, 3.6.1
//! and 9.6, `append` a follower's part of section 3.5, `replication` a leader's, `commit` section
//! 3.6.2, `client` chapter 6, `read` section 6.4, `snapshot` chapter 5, `reconfigure` chapter 4,
//! `transfer` section 3.10 and `check_quorum` section 6.2.
//!
//! Invariants, asserted where they are at stake: terms and commit indices never fall; a leader
//! never removes or overwrites its own entries; applied ≤ committed ≤ last; committed entries are
//! never removed. Only the last can be violated by a disk that forgets (`fsync=off`, a wipe): then
//! the server refuses its leader's entries, and reports it.

mod append;
mod check_quorum;
mod client;
mod commit;
mod digest;
mod election;
mod entry;
mod log;
mod membership;
mod message;
mod progress;
mod read;
mod reconfigure;
mod record;
mod replication;
mod role;
mod snapshot;
mod stable;
mod state;

#[cfg(test)]
mod tests;
mod transfer;
mod view;

pub use entry::{Command, Entry, Payload, Position};
pub use log::Log;
pub use membership::Members;
pub use message::{
    AppendEntries, AppendReply, AppendResult, Conflict, InstallSnapshot, Message, Round, VoteReply,
    VoteRequest,
};
pub use record::{Record, Snapshot};
pub use state::State;

use super::{Cx, Disk, Fact, Index, Input, Order, Sign, Term, Timer};
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::sorted::SortedSet;
use membership::Roster;
use record::Recovered;
use role::{Pledge, Role};
use serde::Serialize;
use stable::Stable;

/// The most entries in one AppendEntries.
pub const MAX_BATCH: usize = 64;

/// A Raft server.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    me: NodeId,
    // On the disk (figure 3.1).
    term: Term,
    vote: Option<NodeId>,
    log: Log,
    /// The term and vote that were handed to the disk.
    pledged: Pledge,
    // In memory.
    stable: Stable,
    roster: Roster,
    /// The intended members, as far as the operator has ordered.
    wanted: SortedSet<NodeId>,
    commit: Index,
    state: State,
    role: Role,
}

impl Server {
    /// A server with the content of its disk. `wanted` are the members that the operator wants; the
    /// log has the actual ones.
    #[must_use]
    pub fn boot(me: NodeId, wanted: &[NodeId], settings: &Settings, disk: &mut Disk) -> Self {
        let first = Members::initial(settings);
        let Recovered { term, vote, log, roster, state } = Recovered::from_disk(disk, first);
        Self {
            me,
            term,
            vote,
            pledged: (term, vote),
            stable: Stable::upto(log.last_index()),
            roster,
            wanted: wanted.iter().copied().collect(),
            commit: state.applied(),
            log,
            state,
            role: Role::lost(),
        }
    }

    /// Handles an input.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start => self.start(cx),
            Input::Message(from, super::Message::Ask(ask)) => self.on_ask(from, ask, cx),
            Input::Message(Addr::Node(from), super::Message::Raft(m)) => self.receive(from, m, cx),
            Input::Timer(Timer::Election) if self.leads() => self.check_up(cx),
            Input::Timer(Timer::Election) | Input::Operator(Order::Timeout) => self.time_out(cx),
            Input::Operator(Order::Add(node)) => self.on_wish(node, true, cx),
            Input::Operator(Order::Remove(node)) => self.on_wish(node, false, cx),
            Input::Operator(Order::Transfer(node)) => self.transfer(node, cx),
            Input::Timer(Timer::Heartbeat) => self.heartbeat(cx),
            Input::Durable(write) => self.on_durable(write, cx),
            Input::Message(..) | Input::Timer(_) | Input::Settings => {}
            Input::Operator(Order::Ping(_)) => {}
        }
        self.pledge(cx);
        self.leave_if_told(false, cx);
    }

    fn receive(&mut self, from: NodeId, message: Message, cx: &mut Cx<'_>) {
        if self.ignores(&message, cx) {
            return;
        }
        // A pre-vote asks about a term that no server has entered yet (section 9.6).
        if message.term() > self.term && !matches!(message, Message::PreVote(_)) {
            self.update_term(message.term(), cx);
        }
        match message {
            Message::PreVote(m) => self.on_pre_vote(from, m, cx),
            Message::PreVoteReply(m) => self.on_pre_vote_reply(from, m, cx),
            Message::RequestVote(m) => self.on_request_vote(from, m, cx),
            Message::Vote(m) => self.on_vote(from, m, cx),
            Message::AppendEntries(m) => self.on_append_entries(from, &m, cx),
            Message::AppendReply(m) | Message::SnapshotReply(m) => {
                self.on_append_reply(from, m, cx);
            }
            Message::InstallSnapshot(m) => self.on_install_snapshot(from, &m, cx),
            Message::TimeoutNow(term) => self.on_timeout_now(term, cx),
        }
    }

    /// UpdateTerm: a server that hears of a higher term enters it and stops leading or standing
    /// (section 3.3).
    fn update_term(&mut self, term: Term, cx: &mut Cx<'_>) {
        assert!(term > self.term, "terms never fall");
        self.term = term;
        self.vote = None;
        if !matches!(self.role, Role::Follower(_)) {
            cx.note(Fact::SteppedDown(term));
        }
        self.become_follower(cx);
    }

    /// Stops leading or standing; the leader is unknown.
    fn become_follower(&mut self, cx: &mut Cx<'_>) {
        let led = matches!(self.role, Role::Leader(_));
        let before = std::mem::replace(&mut self.role, Role::lost());
        if let Role::Leader(leader) = before {
            cx.cancel_timer(Timer::Heartbeat);
            Self::turn_away(leader.reads, cx);
        }
        if led {
            self.set_election_timer(cx);
        }
    }

    /// Hands term and vote to the disk before any message leaves that depends on them.
    fn pledge(&mut self, cx: &mut Cx<'_>) {
        if self.pledged != (self.term, self.vote) {
            self.pledged = (self.term, self.vote);
            cx.write(super::Record::Raft(Record::Vote(self.term, self.vote)));
        }
    }

    fn tell(&mut self, to: NodeId, message: Message, cx: &mut Cx<'_>) {
        self.pledge(cx);
        cx.send(to, super::Message::Raft(message));
    }

    /// The server that it believes to lead.
    fn leader(&self) -> Option<NodeId> {
        match &self.role {
            Role::Follower(f) => f.leader,
            Role::Leader(_) => Some(self.me),
            Role::PreCandidate(_) | Role::Candidate(_) => None,
        }
    }

    /// Its role, term and leader.
    #[must_use]
    pub fn sign(&self) -> Sign {
        let role = match &self.role {
            Role::Follower(_) if !self.may_stand() => super::Role::Learner,
            Role::Follower(_) => super::Role::Follower,
            Role::PreCandidate(_) => super::Role::PreCandidate,
            Role::Candidate(_) => super::Role::Candidate,
            Role::Leader(_) => super::Role::Leader,
        };
        Sign { role, term: Some(self.term), leader: self.leader() }
    }

    /// Its term.
    #[must_use]
    pub fn term(&self) -> Term {
        self.term
    }

    /// The candidate that it voted for in its term.
    #[must_use]
    pub fn vote(&self) -> Option<NodeId> {
        self.vote
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The members, by its log.
    #[must_use]
    pub fn members(&self) -> &Members {
        self.roster.now()
    }

    /// The index of the configuration in effect, unless the server knows that it is committed.
    #[must_use]
    pub fn uncommitted_members(&self) -> Option<Index> {
        Some(self.roster.since()).filter(|since| *since > self.commit)
    }

    /// Whether it votes and stands for election: as a voter, or as one that does not know its
    /// removal to be committed.
    #[must_use]
    pub fn has_say(&self) -> bool {
        self.may_stand()
    }

    /// Its commit index.
    #[must_use]
    pub fn commit(&self) -> Index {
        self.commit
    }

    /// The result of the applied entries.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether it leads.
    #[must_use]
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }
}

impl super::Protocol for Server {
    fn boot(me: NodeId, members: &[NodeId], settings: &Settings, disk: &mut super::Disk) -> Self {
        Self::boot(me, members, settings, disk)
    }

    fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        self.step(input, cx);
    }

    fn view(&self, most: usize) -> super::NodeView {
        self.view(most)
    }

    fn detail(&self) -> Vec<(&'static str, String)> {
        self.detail()
    }

    fn sign(&self) -> super::Sign {
        self.sign()
    }

    fn log_marks(&self) -> Option<super::LogMarks> {
        Some(super::LogMarks { last: self.log().last_index(), committed: self.commit() })
    }

    fn confirms_removal(&self, node: NodeId) -> bool {
        self.let_go(node)
    }

    fn marks(&self, clock: crate::time::Time, settings: &Settings) -> Vec<super::Mark> {
        self.marks(clock, settings)
    }
}
