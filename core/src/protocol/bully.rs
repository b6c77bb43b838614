//! The bully election: the highest node that answers becomes coordinator (Garcia-Molina,
//! "Elections in a Distributed Computing System", IEEE Transactions on Computers C-31(1), 1982,
//! section III), with the three messages of textbooks.
//!
//! ```text
//!              call: Election to every higher node
//!     Idle ────────────────────────────────▶ Electing ──── nobody answered in time ──▶ Leading
//!      ▲  │ nobody is higher: win at once       │                                       ▲  │
//!      │  └─────────────────────────────────────┼───────────────────────────────────────┘  │
//!   start │                            Answer   ▼                                          │
//!         └────────────────────────────────▶ Waiting ── no Coordinator in time: call again │
//!                                               │ Coordinator                              │
//!                                               ▼                  Coordinator of a        │
//!                                           Following ◀──────────── higher node ───────────┘
//! ```
//!
//! The paper assumes that messages arrive within a known time and that a node that does not answer
//! in time is down. Here neither holds, with two consequences. Elections are numbered, unlike in
//! the paper, so that a late announcement is not mistaken for a new one. And a partition makes two
//! coordinators, each of which is right as far as it can know.

use super::{Cx, Fact, Kind, Term, Timer, detector};
use crate::ids::NodeId;
use crate::time::Span;
use serde::Serialize;

/// Election messages between nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// To a higher node: I call an election; are you there? With the highest number I know.
    Election(Term),
    /// To a lower node: I am here, leave it to me. With the highest number I know.
    Answer(Term),
    /// To everybody: I coordinate, by the election of this number.
    Coordinator(Term),
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Election(_) => Kind::Election,
            Self::Answer(_) => Kind::ElectionAnswer,
            Self::Coordinator(_) => Kind::Coordinator,
        }
    }

    /// The election number that it carries.
    #[must_use]
    pub fn term(&self) -> Term {
        let (Self::Election(term) | Self::Answer(term) | Self::Coordinator(term)) = self;
        *term
    }

    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        vec![("election", self.term().to_string())]
    }
}

/// The phase of a node in an election.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// It knows no coordinator and has not called an election.
    Idle,
    /// It asked every higher node and waits for an answer.
    Electing,
    /// A higher node answered; it waits for the winner's announcement.
    Waiting,
    /// It follows that coordinator.
    Following(NodeId),
    /// It is the coordinator.
    Leading,
}

/// The result of a step in an election.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// This node is the coordinator from now on.
    Won,
    /// It follows another coordinator, or the same by a later election.
    Follows(NodeId),
}

/// The treatment of a lower node that claims to coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Policy {
    /// Its coordination is ended by another election, as in the paper: hence the name.
    Bully,
    /// It is left in office until it fails.
    Lenient,
}

/// The state of one node in elections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bully {
    me: NodeId,
    nodes: u16,
    policy: Policy,
    /// The number of the last election with a known winner.
    term: Term,
    phase: Phase,
}

impl Bully {
    /// A node in a cluster of `nodes` nodes that knows of elections up to `term`.
    #[must_use]
    pub fn new(me: NodeId, nodes: u16, policy: Policy, term: Term) -> Self {
        Self { me, nodes, policy, term, phase: Phase::Idle }
    }

    /// The number of the last election with a known winner.
    #[must_use]
    pub fn term(&self) -> Term {
        self.term
    }

    /// The phase of the node.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The coordinator, as far as the node knows.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        match self.phase {
            Phase::Leading => Some(self.me),
            Phase::Following(n) => Some(n),
            Phase::Idle | Phase::Electing | Phase::Waiting => None,
        }
    }

    /// Whether an election is in progress in which the node takes part.
    #[must_use]
    pub fn is_electing(&self) -> bool {
        matches!(self.phase, Phase::Electing | Phase::Waiting)
    }

    /// Rule "call": the node suspects the coordinator, has just started, or was ordered to. Does
    /// nothing during an election. `patience`: time to wait for an answer.
    pub fn call(&mut self, patience: Span, cx: &mut Cx<'_>) -> Option<News> {
        if self.is_electing() { None } else { self.stand(patience, cx) }
    }

    /// Ends coordinating, following or standing: the node knows no coordinator then.
    pub fn forget(&mut self, cx: &mut Cx<'_>) {
        cx.cancel_timer(Timer::Election);
        self.phase = Phase::Idle;
    }

    /// Takes over with an election number of its own, whatever other nodes exist: by order of the
    /// operator.
    pub fn take_over(&mut self, cx: &mut Cx<'_>) -> News {
        self.win(cx)
    }

    /// Coordinates again, by an election that it won before it was restarted.
    pub fn resume(&mut self, cx: &mut Cx<'_>) -> News {
        assert_eq!(self.phase, Phase::Idle);
        self.lead(cx)
    }

    /// Handles an election message.
    pub fn step(
        &mut self,
        from: NodeId,
        message: Message,
        patience: Span,
        cx: &mut Cx<'_>,
    ) -> Option<News> {
        assert_ne!(from, self.me);
        match message {
            Message::Election(term) => self.asked(from, term, patience, cx),
            Message::Answer(term) => self.answered(from, term, patience, cx),
            Message::Coordinator(term) => {
                if self.is_stale(from, term) {
                    self.send(from, Message::Answer(self.term), cx);
                }
                self.announced(from, term, patience, cx)
            }
        }
    }

    /// Rule "answer": a lower node calls an election. It learns that a higher node is up, which
    /// then calls an election too, or announces again that it coordinates.
    fn asked(&mut self, from: NodeId, term: Term, patience: Span, cx: &mut Cx<'_>) -> Option<News> {
        assert!(from < self.me, "only higher nodes are asked");
        self.send(from, Message::Answer(self.term), cx);
        if self.phase == Phase::Leading && term <= self.term {
            self.send(from, Message::Coordinator(self.term), cx);
            return None;
        }
        self.raise(term);
        self.call(patience, cx)
    }

    /// Rule "yield": a higher node is up. The winner needs `patience` to find out that it has won,
    /// and its announcement is awaited for the same time again.
    fn answered(
        &mut self,
        from: NodeId,
        term: Term,
        patience: Span,
        cx: &mut Cx<'_>,
    ) -> Option<News> {
        if self.phase == Phase::Electing && from > self.me {
            cx.note(Fact::Outranked(from));
            self.phase = Phase::Waiting;
            cx.set_timer(Timer::Election, patience.scaled(2, 1));
            return None;
        }
        self.outdated(term, patience, cx)
    }

    /// Rule "outdated": a coordinator learns of a later election than its own, and calls another.
    pub fn outdated(&mut self, term: Term, patience: Span, cx: &mut Cx<'_>) -> Option<News> {
        if self.phase != Phase::Leading || term <= self.term {
            return None;
        }
        cx.note(Fact::SteppedDown(term));
        self.term = term;
        self.stand(patience, cx)
    }

    /// Rule "follow": `from` claims, by an announcement or a heartbeat, that it coordinates. A
    /// lower node is bullied out of it; a claim older than this node's knowledge is ignored.
    pub fn announced(
        &mut self,
        from: NodeId,
        term: Term,
        patience: Span,
        cx: &mut Cx<'_>,
    ) -> Option<News> {
        if self.is_stale(from, term) {
            return None;
        }
        if from < self.me && self.policy == Policy::Bully {
            self.raise(term);
            return self.call(patience, cx);
        }
        if self.leader() == Some(from) && self.term == term {
            return None;
        }
        if self.is_electing() {
            cx.cancel_timer(Timer::Election);
        }
        self.term = term;
        self.phase = Phase::Following(from);
        cx.note(Fact::Followed(from, term));
        Some(News::Follows(from))
    }

    /// Whether an announcement is older than this node's knowledge. Of two coordinators with the
    /// same election number, the higher counts.
    #[must_use]
    pub fn is_stale(&self, from: NodeId, term: Term) -> bool {
        (term, Some(from)) < (self.term, self.leader())
    }

    /// [`Timer::Election`] ran out. Rule "win": no higher node answered. Rule "call again": one
    /// did, but then no winner was announced.
    pub fn timed_out(&mut self, patience: Span, cx: &mut Cx<'_>) -> Option<News> {
        match self.phase {
            Phase::Electing => Some(self.win(cx)),
            Phase::Waiting => self.stand(patience, cx),
            Phase::Idle | Phase::Following(_) | Phase::Leading => None,
        }
    }

    fn stand(&mut self, patience: Span, cx: &mut Cx<'_>) -> Option<News> {
        cx.note(Fact::Stood(self.next_term()));
        if self.me.0 == self.nodes {
            return Some(self.win(cx));
        }
        self.phase = Phase::Electing;
        for higher in (self.me.0 + 1..=self.nodes).map(NodeId) {
            self.send(higher, Message::Election(self.term), cx);
        }
        cx.set_timer(Timer::Election, patience);
        None
    }

    fn win(&mut self, cx: &mut Cx<'_>) -> News {
        if self.is_electing() {
            cx.cancel_timer(Timer::Election);
        }
        self.term = self.next_term();
        self.lead(cx)
    }

    fn lead(&mut self, cx: &mut Cx<'_>) -> News {
        self.phase = Phase::Leading;
        cx.note(Fact::Led(self.term));
        for other in detector::others(self.me, self.nodes) {
            self.send(other, Message::Coordinator(self.term), cx);
        }
        News::Won
    }

    fn next_term(&self) -> Term {
        Term(self.term.0 + 1)
    }

    fn raise(&mut self, term: Term) {
        self.term = self.term.max(term);
    }

    fn send(&self, to: NodeId, message: Message, cx: &mut Cx<'_>) {
        cx.send(to, super::Message::Bully(message));
    }
}

impl crate::protocol::Payload for Message {
    fn kind(&self) -> Kind {
        self.kind()
    }

    fn term(&self) -> Option<Term> {
        Some(self.term())
    }

    fn load(&self) -> usize {
        0
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.fields()
    }
}
