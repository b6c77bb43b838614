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
//! client when all backups that it believes alive have acknowledged every update that the answer
//! depends on (with `acks=K`: when K of them have); with `async` at once.
//!
//! Leadership goes by epochs, which are elections by number and winner; the latest counts. With
//! `failover=bully` a backup that hears no heartbeat calls an election (see [`super::bully`]); with
//! `manual` the first node leads until `timeout nX` makes another take over, whatever state it has.
//! A primary begins its epoch by sending its whole state to all: further updates of a backup are
//! lost. A node that was down takes no part in elections until it has received the state of a
//! primary, or heard no other node for long.
//!
//! No rule needs a majority. A primary that cannot reach its backups believes them dead and
//! continues alone, while they elect another: a partition makes two primaries, and when it heals
//! all updates of the older one since then are lost. Asynchronous replication also loses the
//! updates in flight when the primary crashes. Elections are won by the highest id that takes part,
//! not by the most recent state.

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
use crate::settings::own::primary_backup::rules::{APPLY_ONCE, STATE_FIRST};
use crate::settings::{Failover, Settings};
use crate::time::Span;
use backup::Backup;
use primary::Primary;
use serde::Serialize;
use tail::Tail;

/// The first primary where there are no elections.
const FIRST: NodeId = NodeId(1);

/// Number of time-outs after which a node without the state of a primary takes part in elections as
/// it is: by then a primary that crashed just now has been suspected and replaced.
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

/// The role of a server. It is primary if and only if it leads.
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
    /// A server with the content of its disk.
    #[must_use]
    pub fn boot(me: NodeId, settings: &Settings, disk: &mut Disk) -> Self {
        let state = State::recover(me, settings.keeps(APPLY_ONCE), disk);
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

    /// Handles an input.
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

    /// Starts. Without elections the primary stays the same, and is the first node at first.
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

    /// Handles a client's request. A backup names the primary, as far as it knows.
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
        if matches!(message, super::bully::Message::Election(_)) && !self.is_eligible(cx) {
            return;
        }
        let news = self.bully.step(from, message, patience(cx), cx);
        self.react(news, cx);
    }

    /// Whether its state is as good as any other, as far as it can know.
    fn is_eligible(&self, cx: &Cx<'_>) -> bool {
        match &self.office {
            Office::Primary(_) => true,
            Office::Backup(b) => b.is_current() || !cx.keeps(STATE_FIRST),
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
    /// this node are not told that nothing was executed, since that is unknown.
    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.office = Office::Backup(Backup::stale());
        self.listen(cx);
    }

    /// Sets the timer for waiting for a primary.
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
                if self.is_eligible(cx) && !is_manual(cx) {
                    self.call(cx);
                }
            }
            Office::Backup(_) => {}
        }
    }

    /// No primary has updated it: its present state is the best available.
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

    /// Order `timeout nX`: calls an election, or, where there are none, takes over.
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

    /// The epoch of its state.
    #[must_use]
    pub fn epoch(&self) -> Term {
        self.state.term
    }

    /// The primary of the epoch that its state is of; None before the first.
    #[must_use]
    pub fn epoch_primary(&self) -> Option<NodeId> {
        self.state.primary
    }

    /// Whether it has executed that operation, or a later one of that client.
    #[must_use]
    pub fn has_done(&self, client: ClientId, operation: OperationId) -> bool {
        self.state.database.done(client, operation).is_some()
    }

    /// At a primary: the backups that it believes alive, each with the last update that it has
    /// acknowledged; None while it is sent the state.
    pub fn backups(&self) -> impl Iterator<Item = (NodeId, Option<Index>)> {
        let primary = match &self.office {
            Office::Primary(p) => Some(p),
            Office::Backup(_) => None,
        };
        primary.into_iter().flat_map(Primary::alive)
    }

    /// Its last update, and the last one that it knows, as a primary, to be at all backups.
    #[must_use]
    pub fn log_marks(&self) -> LogMarks {
        let committed = match &self.office {
            Office::Primary(p) => p.settled(),
            Office::Backup(_) => Default::default(),
        };
        LogMarks { last: self.state.last, committed }
    }

    /// The state to show, with the last `most` of the updates that it still keeps.
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

    /// Further details, names and values in display order.
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
