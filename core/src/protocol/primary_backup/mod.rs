//! Primary-backup replication (Budhiraja, Marzullo, Schneider and Toueg, "The Primary-Backup
//! Approach", in Mullender (ed.), *Distributed Systems*, 2nd ed., 1993, chapter 8).
//!
//! ```text
//!                      silence, nobody leads          wins, or takes over by hand
//!     Backup, stale ───────────────────────▶ Backup ─────────────────────────────▶ Primary
//!          ▲  │                                ▲  │                                   │
//!    start │  └──── state transfer ────────────┘  │ follows a new primary             │
//!          └──────────────────────────────────────┴───── hears of a later epoch ──────┘
//! ```
//!
//! One node, the primary, serves every request. It numbers writes, puts each on its disk and sends
//! it to the backups, which put it on theirs and acknowledge. With `replication=sync` it answers a
//! client when all backups that it believes alive have acknowledged everything that the answer
//! tells of (with `acks=K`: when K of them have); with `async` at once.
//!
//! Who leads is a matter of epochs, which are elections by number and winner, and the latest counts.
//! With `failover=bully` a backup that hears no heartbeat calls an election (see
//! [`super::bully`]); with `manual` the first node leads until `timeout nX` makes another take over
//! by hand, whatever it holds. A primary begins its epoch by sending its whole state to everybody:
//! what a backup had beyond it is gone. A node that was down takes no part in elections before it
//! got the state of a primary, or heard nobody for long.
//!
//! Nothing here asks a majority. A primary that cannot reach its backups believes them dead and
//! goes on alone, while they elect another: a partition makes two primaries, and when it heals all
//! that the older one was told since is lost. Asynchronous replication loses also what was on its
//! way when the primary died. Elections are won by the highest id that takes part, not by the most
//! recent state.

mod backup;
mod message;
mod primary;
mod record;
mod tail;

pub use message::Message;
pub use record::{Record, State, Update};

use super::bully::{Bully, News, Phase, Policy};
use super::detector::{self, Detector};
use super::{
    Ask, Cx, Disk, Fact, Index, Input, LogMarks, NodeView, Order, Reply, ReplyBody, Role, Sign,
    Term, Timer,
};
use crate::ids::{Addr, ClientId, NodeId, OperationId};
use crate::settings::{Failover, Settings};
use crate::time::Span;
use backup::Backup;
use primary::Primary;
use serde::Serialize;
use tail::Tail;

/// Who leads at first where nobody is elected.
const FIRST: NodeId = NodeId(1);

/// How often the time-out goes by before a node that nobody brings up to date takes part in
/// elections as it is: a primary that died just now has been suspected and replaced by then.
const SILENCES: u64 = 3;

/// One server.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    me: NodeId,
    nodes: u16,
    bully: Bully,
    detector: Detector,
    state: State,
    tail: Tail,
    office: Office,
}

/// What a server is at a time. It is primary if and only if it leads.
#[derive(Clone, Debug, Serialize)]
enum Office {
    Primary(Primary),
    Backup(Backup),
}

fn patience(cx: &Cx<'_>) -> Span {
    cx.settings.primary_backup.timeout
}

fn is_manual(cx: &Cx<'_>) -> bool {
    cx.settings.primary_backup.failover == Failover::Manual
}

fn reply(to: Addr, operation: OperationId, body: ReplyBody, cx: &mut Cx<'_>) {
    cx.send(to, super::Message::Reply(Reply { operation, body }));
}

impl Server {
    /// A server that finds this on its disk.
    #[must_use]
    pub fn boot(me: NodeId, settings: &Settings, disk: &mut Disk) -> Self {
        let state = State::recover(me, disk);
        Self {
            me,
            nodes: settings.nodes,
            bully: Bully::new(me, settings.nodes, Policy::Lenient, state.term),
            detector: Detector::default(),
            tail: Tail::behind(state.last),
            state,
            office: Office::Backup(Backup::stale()),
        }
    }

    /// The one entry point.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start => self.start(cx),
            Input::Message(from, message) => self.receive(from, message, cx),
            Input::Timer(Timer::Heartbeat) => self.beat(cx),
            Input::Timer(Timer::Election) => {
                let news = self.bully.timed_out(patience(cx), cx);
                self.react(news, cx);
            }
            Input::Timer(Timer::Suspect(peer)) => self.suspect(peer, cx),
            Input::Timer(Timer::Failure) => self.silence(cx),
            Input::Operator(Order::Timeout) => self.ordered(cx),
            Input::Settings => self.settle(cx),
            Input::Timer(_) | Input::Durable(_) | Input::Operator(_) => {}
        }
        assert_eq!(
            self.bully.phase() == Phase::Leading,
            matches!(self.office, Office::Primary(_)),
            "who leads is primary"
        );
    }

    /// Without elections the primary stays who it was, and is the first node at first.
    fn start(&mut self, cx: &mut Cx<'_>) {
        self.listen(cx);
        if !is_manual(cx) {
            return;
        }
        let news = match self.state.primary {
            Some(primary) if primary == self.me => self.bully.resume(cx),
            None if self.me == FIRST => self.bully.take_over(cx),
            _ => return,
        };
        self.react(Some(news), cx);
    }

    fn receive(&mut self, from: Addr, message: super::Message, cx: &mut Cx<'_>) {
        match (from, message) {
            (Addr::Node(from), super::Message::Bully(message)) => self.elect(from, message, cx),
            (Addr::Node(from), super::Message::Heartbeat(message)) => self.heard(from, message, cx),
            (Addr::Node(from), super::Message::PrimaryBackup(message)) => {
                self.replicate(from, message, cx);
            }
            (from, super::Message::Ask(ask)) => self.on_ask(from, ask, cx),
            _ => {}
        }
    }

    /// Who is not primary says who is, as far as it knows.
    fn on_ask(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        if matches!(self.office, Office::Primary(_)) {
            return self.serve(from, ask, cx);
        }
        let primary = self.bully.leader();
        cx.note(Fact::Redirected(primary));
        reply(from, ask.operation, ReplyBody::NotLeader(primary), cx);
    }

    fn elect(&mut self, from: NodeId, message: super::bully::Message, cx: &mut Cx<'_>) {
        self.learn(message.term(), cx);
        if matches!(message, super::bully::Message::Election(_)) && !self.is_eligible() {
            return;
        }
        let news = self.bully.step(from, message, patience(cx), cx);
        self.react(news, cx);
    }

    /// Whether its state is as good as anybody's, as far as it can know.
    fn is_eligible(&self) -> bool {
        match &self.office {
            Office::Primary(_) => true,
            Office::Backup(b) => b.is_current(),
        }
    }

    fn heard(&mut self, from: NodeId, message: detector::Message, cx: &mut Cx<'_>) {
        self.detector.heard(from, cx);
        match message {
            detector::Message::Beat(term) => {
                let news = self.bully.announced(from, term.unwrap_or_default(), patience(cx), cx);
                self.react(news, cx);
                let echo = detector::Message::Echo(Some(self.bully.term()));
                cx.send(from, super::Message::Heartbeat(echo));
                self.on_beat(from, cx);
            }
            detector::Message::Echo(term) => {
                self.learn(term.unwrap_or_default(), cx);
                self.on_echo(from, cx);
            }
        }
    }

    fn replicate(&mut self, from: NodeId, message: Message, cx: &mut Cx<'_>) {
        match message {
            Message::Update(update) => self.on_update(from, update, cx),
            Message::Ack { term, upto } => self.on_ack(from, term, upto, cx),
            Message::State(state) => self.on_state(from, &state, cx),
            Message::Join => self.on_join(from, cx),
        }
    }

    /// Rule "step down": there was a later election than the one that made this node primary.
    fn learn(&mut self, term: Term, cx: &mut Cx<'_>) {
        if self.bully.phase() == Phase::Leading && term > self.bully.term() {
            cx.note(Fact::SteppedDown(term));
            self.bully.forget(cx);
            self.retire(cx);
        }
    }

    fn react(&mut self, news: Option<News>, cx: &mut Cx<'_>) {
        match news {
            Some(News::Won) => self.take_office(cx),
            Some(News::Follows(primary)) => {
                self.retire(cx);
                self.detector.expect(primary, patience(cx), cx);
            }
            None => {}
        }
    }

    /// Becomes a backup that waits for the state of a primary. Clients that wait for an answer of
    /// this node are not told that nothing was done, since nobody knows yet.
    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.office = Office::Backup(Backup::stale());
        self.listen(cx);
    }

    /// Waits for a primary for so long.
    fn listen(&self, cx: &mut Cx<'_>) {
        cx.set_timer(Timer::Failure, patience(cx).scaled(SILENCES, 1));
    }

    fn suspect(&mut self, peer: NodeId, cx: &mut Cx<'_>) {
        match &self.office {
            Office::Primary(_) => {
                self.detector.timed_out(peer, cx);
                self.exclude(peer, cx);
            }
            Office::Backup(_) if self.bully.leader() == Some(peer) => {
                self.detector.timed_out(peer, cx);
                if self.is_eligible() && !is_manual(cx) {
                    self.call(cx);
                }
            }
            Office::Backup(_) => {}
        }
    }

    /// Nobody has brought it up to date: what it has is the best there is.
    fn silence(&mut self, cx: &mut Cx<'_>) {
        if is_manual(cx) {
            return self.listen(cx);
        }
        if let Office::Backup(backup) = &mut self.office
            && !backup.is_current()
        {
            backup.make_do();
            self.call(cx);
        }
    }

    /// `timeout nX`: it calls an election, or, where there are none, takes over.
    fn ordered(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.office, Office::Primary(_)) {
            return;
        }
        if is_manual(cx) {
            let news = self.bully.take_over(cx);
            return self.react(Some(news), cx);
        }
        if let Office::Backup(backup) = &mut self.office {
            backup.make_do();
        }
        self.call(cx);
    }

    fn call(&mut self, cx: &mut Cx<'_>) {
        let news = self.bully.call(patience(cx), cx);
        self.react(news, cx);
    }

    /// Its role.
    #[must_use]
    pub fn sign(&self) -> Sign {
        let role = match (&self.office, self.bully.is_electing()) {
            (Office::Primary(_), _) => Role::Primary,
            (Office::Backup(_), true) => Role::Candidate,
            (Office::Backup(_), false) => Role::Backup,
        };
        Sign { role, term: Some(self.bully.term()), leader: self.bully.leader() }
    }

    /// The epoch that its state is of.
    #[must_use]
    pub fn epoch(&self) -> Term {
        self.state.term
    }

    /// Whether it has carried that operation out, or a later one of that client.
    #[must_use]
    pub fn has_done(&self, client: ClientId, operation: OperationId) -> bool {
        self.state.database.done(client, operation).is_some()
    }

    /// Of a primary: the backups that it takes for alive, and up to where each has acknowledged; None
    /// while it is sent the state.
    pub fn backups(&self) -> impl Iterator<Item = (NodeId, Option<Index>)> {
        let primary = match &self.office {
            Office::Primary(p) => Some(p),
            Office::Backup(_) => None,
        };
        primary.into_iter().flat_map(Primary::alive)
    }

    /// How far its updates reach, and up to which of them, as a primary, it knows that all have them.
    #[must_use]
    pub fn log_marks(&self) -> LogMarks {
        let committed = match &self.office {
            Office::Primary(p) => p.settled(),
            Office::Backup(_) => Default::default(),
        };
        LogMarks { last: self.state.last, committed }
    }

    /// What there is to see of it, with the last `most` of the updates that it still keeps.
    #[must_use]
    pub fn view(&self, most: usize) -> NodeView {
        let settled = self.log_marks().committed;
        let store = self.state.database.store();
        NodeView {
            sign: self.sign(),
            data: store.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            log: Some(self.tail.view(most, settled)),
        }
    }

    /// The protocol's own facts, by name, in the order to show them.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let mut detail = vec![("last update", self.state.last.to_string())];
        match &self.office {
            Office::Primary(p) => detail.extend(p.view(self.state.last)),
            Office::Backup(b) => detail.push(("state", b.shown().into())),
        }
        detail.push(("suspects", self.detector.shown()));
        detail
    }
}

impl super::Protocol for Server {
    fn boot(me: NodeId, _members: &[NodeId], settings: &Settings, disk: &mut super::Disk) -> Self {
        Self::boot(me, settings, disk)
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
        Some(self.log_marks())
    }
}
