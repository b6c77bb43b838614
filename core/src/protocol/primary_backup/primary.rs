//! The behaviour of a primary.

use super::super::database::Applied;
use super::super::{Ask, Checkpoint, Cx, Fact, Index, Record as AnyRecord, ReplyBody, Term};
use super::{Message, Office, Record, Server, State, Update, detector, patience, reply};
use crate::ids::{Addr, NodeId, OperationId};
use crate::order;
use crate::settings::Replication;
use crate::settings::own::primary_backup::rules::{
    ANSWER_AFTER_BACKUPS, APPLY_ONCE, READ_AFTER_BACKUPS,
};
use crate::store::Answer;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;

/// Number of heartbeats without an acknowledgement after which the state is sent again.
const RESEND_AFTER: u8 = 4;
/// The most updates that are sent again to one backup at one heartbeat.
const MAX_RESENT: usize = 64;
/// Updates between checkpoints, which keep the log on disk short.
const CHECKPOINT_EVERY: u32 = 1_000;

/// The state of a primary.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Primary {
    /// Its knowledge of each node, by index; its own entry is out.
    backups: Vec<Standing>,
    /// Answers that wait for acknowledgements, by the update that they wait for.
    pending: VecDeque<Pending>,
    /// The updates up to here are at as many backups as an answer has to wait for.
    settled: Index,
    /// The last update at the last heartbeat: earlier ones are overdue when not acknowledged.
    overdue: Index,
}

/// A primary's knowledge of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Standing {
    /// It is believed dead: nothing waits for it.
    Out,
    /// It was sent the state that number of heartbeats ago and has not acknowledged it.
    Joining(u8),
    /// It has acknowledged all updates up to here.
    In(Index),
}

impl Standing {
    fn acked(self) -> Option<Index> {
        match self {
            Self::Out => None,
            Self::Joining(_) => Some(Index(0)),
            Self::In(upto) => Some(upto),
        }
    }
}

/// An answer that depends on the updates up to `upto`.
#[derive(Clone, Debug, Serialize)]
struct Pending {
    upto: Index,
    to: Addr,
    operation: OperationId,
    answer: Answer,
}

impl Primary {
    fn new(nodes: u16) -> Self {
        Self {
            backups: vec![Standing::Out; usize::from(nodes)],
            pending: VecDeque::new(),
            settled: Index(0),
            overdue: Index(0),
        }
    }

    /// The backups that it believes alive, each with the last update that it has acknowledged.
    pub fn alive(&self) -> impl Iterator<Item = (NodeId, Option<Index>)> {
        self.backups.iter().enumerate().filter_map(|(i, standing)| match standing {
            Standing::Out => None,
            Standing::Joining(_) => Some((NodeId::at(i), None)),
            Standing::In(upto) => Some((NodeId::at(i), Some(*upto))),
        })
    }

    /// The last update that is at as many backups as an answer has to wait for.
    pub fn settled(&self) -> Index {
        self.settled
    }

    /// The last update that `acks` backups have; with 0 the last that all backups believed alive
    /// have. `last` where no backup is needed.
    fn replicated(&self, acks: u16, last: Index) -> Index {
        let acked = self.backups.iter().filter_map(|s| s.acked());
        match usize::from(acks).min(self.backups.len() - 1) {
            0 => acked.min().unwrap_or(last),
            needed => {
                let mut acked: Vec<_> = acked.collect();
                order::sort(&mut acked);
                acked.iter().rev().nth(needed - 1).copied().unwrap_or_default()
            }
        }
    }

    /// The details for people.
    pub fn view(&self, last: Index) -> Vec<(&'static str, String)> {
        let shown = |(i, s): (usize, &Standing)| match s {
            Standing::Out => None,
            Standing::Joining(_) => Some(format!("{} is sent the state", NodeId::at(i))),
            Standing::In(upto) => Some(format!("{} has {upto} of {last}", NodeId::at(i))),
        };
        let backups: Vec<_> = self.backups.iter().enumerate().filter_map(shown).collect();
        let backups = if backups.is_empty() { "none".into() } else { backups.join(", ") };
        vec![("backups", backups), ("answers waiting", self.pending.len().to_string())]
    }
}

impl Server {
    /// Rule "take over": an epoch begins with the state of its primary.
    pub(super) fn take_office(&mut self, cx: &mut Cx<'_>) {
        self.state.term = self.bully.term();
        self.state.primary = Some(self.me);
        self.office = Office::Primary(Primary::new(self.nodes));
        cx.write(AnyRecord::PrimaryBackup(Record::TookOver(self.state.term)));
        let state = Arc::new(self.state.clone());
        for peer in detector::others(self.me, self.nodes) {
            if !self.detector.suspects(peer) {
                self.admit(peer, &state, cx);
            }
        }
        self.beat(cx);
    }

    /// Includes a backup, which begins with this state: answers wait for it from now on.
    fn admit(&mut self, peer: NodeId, state: &Arc<State>, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &mut self.office else { return };
        primary.backups[peer.index()] = Standing::Joining(0);
        self.send(peer, Message::State(Arc::clone(state)), cx);
        self.detector.expect(peer, patience(cx), cx);
    }

    /// Excludes a backup: answers no longer wait for it.
    pub(super) fn exclude(&mut self, peer: NodeId, cx: &mut Cx<'_>) {
        if let Office::Primary(primary) = &mut self.office {
            primary.backups[peer.index()] = Standing::Out;
            self.settle(cx);
        }
    }

    /// Handles a sign of life of a backup. One that was believed dead is sent the state.
    pub(super) fn on_echo(&mut self, from: NodeId, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &self.office else { return };
        if primary.backups[from.index()] == Standing::Out {
            self.admit(from, &Arc::new(self.state.clone()), cx);
        } else {
            self.detector.expect(from, patience(cx), cx);
        }
    }

    /// Handles the request of a backup for the state. It is sent, unless it is in flight.
    pub(super) fn on_join(&mut self, from: NodeId, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &self.office else { return };
        if !matches!(primary.backups[from.index()], Standing::Joining(_)) {
            self.admit(from, &Arc::new(self.state.clone()), cx);
        }
    }

    /// Rule "serve": handles a client's request.
    pub(super) fn serve(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        if !ask.request.op.writes() {
            let answer = self.state.database.read(&ask.request);
            if !cx.keeps(READ_AFTER_BACKUPS) {
                return reply(from, ask.operation, ReplyBody::Answer(answer), cx);
            }
            return self.promise(from, ask.operation, answer, cx);
        }
        let done = self.state.database.done(ask.client, ask.operation);
        match done.filter(|_| cx.keeps(APPLY_ONCE)) {
            Some(Applied::Now(answer) | Applied::Before(answer)) => {
                cx.note(Fact::Repeated);
                self.promise(from, ask.operation, answer, cx);
            }
            Some(Applied::Outdated) => {}
            None => self.write(from, ask, cx),
        }
    }

    /// Rule "update": numbers it, puts it on disk, sends it to the backups.
    fn write(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        let Ask { client, operation, request } = ask;
        let (term, index) = (self.state.term, self.state.last.next());
        let update = Arc::new(Update { term, index, client, operation, request });
        let (Applied::Now(answer) | Applied::Before(answer)) = self.apply(Arc::clone(&update), cx)
        else {
            return; // Only where the rule `apply-once` is broken: the client has gone on.
        };
        cx.note(Fact::Appended(index));
        let Office::Primary(primary) = &self.office else { return };
        for (i, standing) in primary.backups.iter().enumerate() {
            if *standing != Standing::Out {
                self.send(NodeId::at(i), Message::Update(Arc::clone(&update)), cx);
            }
        }
        self.promise(from, operation, answer, cx);
    }

    /// Applies the next update, and puts it on disk.
    pub(super) fn apply(&mut self, update: Arc<Update>, cx: &mut Cx<'_>) -> Applied {
        let applied = self.state.apply(&update, cx.keeps(APPLY_ONCE));
        self.tail.push(Arc::clone(&update));
        cx.write(AnyRecord::PrimaryBackup(Record::Update(update)));
        if self.state.last.0.is_multiple_of(CHECKPOINT_EVERY) {
            let state = Arc::new(self.state.clone());
            cx.checkpoint(Arc::new(Checkpoint::PrimaryBackup(state)));
        }
        applied
    }

    /// Queues an answer until all updates that it depends on are replicated. A read waits too: it
    /// may return a write that no backup has.
    fn promise(&mut self, to: Addr, operation: OperationId, answer: Answer, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &mut self.office else { return };
        if primary.pending.iter().all(|p| p.operation != operation) {
            let upto = self.state.last;
            primary.pending.push_back(Pending { upto, to, operation, answer });
        }
        self.settle(cx);
    }

    /// Rule "acknowledged": handles an acknowledgement.
    pub(super) fn on_ack(&mut self, from: NodeId, term: Term, upto: Index, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &mut self.office else { return };
        if term != self.state.term {
            return;
        }
        // A backup may have later updates: without fsync a primary can forget updates that it sent.
        let standing = &mut primary.backups[from.index()];
        if let Some(before) = standing.acked() {
            *standing = Standing::In(upto.max(before));
            self.settle(cx);
        }
    }

    /// Releases the answers that need not wait any longer, and the updates that all backups have.
    pub(super) fn settle(&mut self, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &mut self.office else { return };
        let settings = &cx.settings.primary_backup;
        let settled = primary.replicated(settings.acks, self.state.last);
        let answered = match settings.replication {
            Replication::Sync if cx.keeps(ANSWER_AFTER_BACKUPS) => settled,
            Replication::Sync | Replication::Async => self.state.last,
        };
        if settled > primary.settled {
            primary.settled = settled;
            cx.note(Fact::Committed(settled));
        }
        while let Some(p) = primary.pending.pop_front_if(|p| p.upto <= answered) {
            reply(p.to, p.operation, ReplyBody::Answer(p.answer), cx);
        }
        self.tail.trim(primary.replicated(0, self.state.last));
    }

    /// Sends heartbeats, and the updates that were not acknowledged for a heartbeat or more.
    pub(super) fn beat(&mut self, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &mut self.office else { return };
        let others = detector::others(self.me, self.nodes);
        detector::beat(others, Some(self.state.term), cx.settings.heartbeat, cx);
        let overdue = std::mem::replace(&mut primary.overdue, self.state.last);
        for peer in detector::others(self.me, self.nodes) {
            self.send_again(peer, overdue, cx);
        }
    }

    fn send_again(&mut self, peer: NodeId, overdue: Index, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &mut self.office else { return };
        let kept = match &mut primary.backups[peer.index()] {
            Standing::Joining(beats) if *beats < RESEND_AFTER => {
                *beats += 1;
                return;
            }
            Standing::In(upto) if *upto < overdue => {
                let overdue = self.tail.between(*upto, overdue, MAX_RESENT);
                overdue.map(|updates| updates.cloned().collect::<Vec<_>>())
            }
            Standing::Out | Standing::In(_) => return,
            Standing::Joining(_) => None,
        };
        match kept {
            Some(updates) => {
                for update in updates {
                    self.send(peer, Message::Update(update), cx);
                }
            }
            None => self.resend_state(peer, cx),
        }
    }

    /// Sends the whole state again. This says nothing new about whether the backup is alive.
    fn resend_state(&mut self, peer: NodeId, cx: &mut Cx<'_>) {
        let Office::Primary(primary) = &mut self.office else { return };
        primary.backups[peer.index()] = Standing::Joining(0);
        self.send(peer, Message::State(Arc::new(self.state.clone())), cx);
    }

    pub(super) fn send(&self, to: NodeId, message: Message, cx: &mut Cx<'_>) {
        cx.send(to, super::super::Message::PrimaryBackup(message));
    }
}
