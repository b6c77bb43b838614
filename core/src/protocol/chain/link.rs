//! A link of the chain: takes writes from the link before it, passes them on, and answers reads.

use super::super::database::{Applied, Database};
use super::super::{
    Ask, Cx, Fact, Index, LogMarks, Message as Any, Record as AnyRecord, ReplyBody,
};
use super::config::Config;
use super::message::{Entry, Message};
use super::record::{Kept, Record};
use super::settings::{
    ALONE, ASKED_TAIL, COMPLETE, ChainReads, HEAD, MIDDLE, NO_LEASE, OUTSIDE, TAIL,
};
use super::{Role, reply};
use crate::ids::{Addr, NodeId};
use crate::settings::own::chain::rules::{CAUGHT_UP, CLEAN_READS, LEASE_HELD, TAIL_COMMITS};
use crate::sorted::SortedMap;
use crate::store::Op;
use crate::time::Time;
use serde::Serialize;
use std::sync::Arc;

/// The most writes in one message.
pub(super) const MAX_BATCH: usize = 64;

/// One link.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    me: NodeId,
    kept: Kept,
    /// The state after the writes up to `committed`.
    database: Database,
    committed: Index,
    next: Next,
    lease: Option<Time>,
    /// Reads that wait for the tail's answer, by ticket.
    waiting: SortedMap<u32, (Addr, Ask)>,
    tickets: u32,
}

/// A link's knowledge of its successor.
#[derive(Clone, Debug, Default, Serialize)]
struct Next {
    /// Whether it has answered since it became the successor.
    greeted: bool,
    /// The last write that it has acknowledged.
    acknowledged: Index,
    /// The last write that was sent to it.
    sent: Index,
    /// The successor has every committed write once it has those up to here.
    complete_at: Option<Index>,
}

impl Link {
    pub fn new(me: NodeId, kept: Kept) -> Self {
        Self {
            me,
            kept,
            database: Database::default(),
            committed: Index::default(),
            next: Next::default(),
            lease: None,
            waiting: SortedMap::default(),
            tickets: 0,
        }
    }

    pub fn config(&self) -> Option<&Arc<Config>> {
        self.kept.config.as_ref()
    }

    pub fn last(&self) -> Index {
        Index(self.kept.log.len() as u32)
    }

    pub fn log_marks(&self) -> LogMarks {
        LogMarks { last: self.last(), committed: self.committed }
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn entries(&self, most: usize) -> impl Iterator<Item = &Arc<Entry>> {
        let len = self.kept.log.len();
        self.kept.log.range(len.saturating_sub(most)..len)
    }

    /// Its writes that it does not know to be committed.
    fn pending(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.kept.log.range(self.committed.0 as usize..self.kept.log.len())
    }

    pub fn is_complete(&self) -> bool {
        self.kept.complete
    }

    pub fn lease(&self) -> Option<Time> {
        self.lease
    }

    /// Whether it belongs to the chain, with the data that it has.
    pub fn is_member(&self) -> bool {
        let since = self.config().and_then(|c| c.since(self.me));
        since.is_some_and(|since| since == self.kept.since)
    }

    pub fn role(&self) -> Option<Role> {
        self.config()?.role(self.me).filter(|_| self.is_member())
    }

    fn version(&self) -> u32 {
        self.config().map_or(0, |c| c.version)
    }

    fn is_alone(&self) -> bool {
        self.config().is_some_and(|c| c.chain.len() == 1)
    }

    fn is_tail(&self) -> bool {
        self.role() == Some(Role::Tail)
    }

    fn is_head(&self) -> bool {
        self.is_member() && self.config().and_then(|c| c.head()) == Some(self.me)
    }

    fn successor(&self) -> Option<NodeId> {
        self.successor_member().map(|m| m.node)
    }

    fn predecessor(&self) -> Option<NodeId> {
        let member = self.config()?.predecessor(self.me).filter(|_| self.is_member());
        member.map(|m| m.node)
    }

    fn put(&mut self, record: Record, cx: &mut Cx<'_>) {
        cx.write(AnyRecord::Chain(record.clone()));
        self.kept.replay(record);
    }

    pub fn start(&mut self, cx: &mut Cx<'_>) {
        self.meet_successor();
        self.commit_if_tail(cx);
    }

    pub fn report(&self, clock: Time) -> Message {
        Message::Report {
            config: self.kept.config.clone(),
            since: self.kept.since,
            complete: self.kept.complete,
            sent: clock,
        }
    }

    /// The configurator has answered the report that was sent at `sent`, by this node's clock.
    pub fn granted(&mut self, sent: Time, config: &Arc<Config>, cx: &mut Cx<'_>) {
        self.adopt(config, cx);
        if config.version == self.version() {
            self.lease = self.lease.max(Some(sent + cx.settings.chain.timeout));
        }
    }

    /// Adopts a later version of the chain (section 3.3; 3.4 for joining nodes).
    pub fn adopt(&mut self, config: &Arc<Config>, cx: &mut Cx<'_>) {
        if config.version <= self.version() {
            return;
        }
        let before = (self.role(), self.is_alone(), self.successor_member());
        // Whoever has forgotten everything is not the member that an earlier version speaks of: it has to
        // be appended again.
        let is_empty = self.config().is_none();
        self.put(Record::Config(Arc::clone(config)), cx);
        let began = config.since(self.me).filter(|&since| since != self.kept.since && !is_empty);
        if let Some(since) = began {
            self.begin(since, cx);
        }
        if before.2 != self.successor_member() {
            self.meet_successor();
            self.send_on(cx);
        }
        self.turn_away_waiting(cx);
        if before != (self.role(), self.is_alone(), self.successor_member()) {
            self.note_role((before.0, before.1), cx);
        }
        self.commit_if_tail(cx);
    }

    /// Joins the chain from the beginning: its old data are discarded.
    fn begin(&mut self, since: u32, cx: &mut Cx<'_>) {
        self.put(Record::Began(since), cx);
        self.database = Database::default();
        self.committed = Index::default();
        if self.is_alone() {
            self.put(Record::Complete, cx);
        }
    }

    fn successor_member(&self) -> Option<super::Member> {
        self.config()?.successor(self.me).filter(|_| self.is_member())
    }

    fn note_role(&self, before: (Option<Role>, bool), cx: &mut Cx<'_>) {
        if before == (self.role(), self.is_alone()) {
            return;
        }
        let form = match self.role() {
            Some(_) if self.is_alone() => ALONE,
            Some(Role::Head) => HEAD,
            Some(Role::Tail) => TAIL,
            Some(_) => MIDDLE,
            None => OUTSIDE,
        };
        cx.note(Fact::own(form, None, 0));
    }

    /// Resets the knowledge of the successor. The writes of this link may have been committed
    /// without it.
    fn meet_successor(&mut self) {
        let complete_at = self.kept.complete.then_some(self.last());
        self.next = Next { complete_at, sent: self.last(), ..Next::default() };
    }

    // Writes.

    pub fn asked(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        if ask.request.op == Op::Get {
            self.asked_to_read(from, ask, cx);
        } else if self.is_head() {
            self.take(from, ask, cx);
        } else {
            let head = self.config().and_then(|c| c.head()).filter(|&head| head != self.me);
            redirect(from, &ask, head, cx);
        }
    }

    /// Orders a write at the head (section 3).
    fn take(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        let Ask { client, operation, request } = ask;
        match self.database.done(client, operation) {
            Some(Applied::Before(answer) | Applied::Now(answer)) => {
                cx.note(Fact::Repeated);
                return reply(from, operation, ReplyBody::Answer(answer), cx);
            }
            Some(Applied::Outdated) => return,
            None => {}
        }
        if self.pending().any(|e| (e.client, e.operation) == (client, operation)) {
            cx.note(Fact::Repeated);
            return; // It is on its way, and is sent again if it must be.
        }
        let (index, version) = (self.last().next(), self.version());
        let entry = Arc::new(Entry { index, version, client, operation, request });
        self.put(Record::Entry(entry), cx);
        cx.note(Fact::Appended(index));
        self.send_on(cx);
        if !cx.keeps(TAIL_COMMITS) {
            self.commit(self.last(), cx);
        }
        self.commit_if_tail(cx);
    }

    /// Sends the successor its missing writes; before its first answer only the question for its
    /// last write.
    fn send_on(&mut self, cx: &mut Cx<'_>) {
        let Some(successor) = self.successor() else { return };
        let after = if self.next.greeted { self.next.sent } else { self.last() };
        let skip = after.0 as usize;
        let upto = (skip + MAX_BATCH).min(self.kept.log.len());
        let entries: Vec<_> = self.kept.log.range(skip.min(upto)..upto).cloned().collect();
        self.next.sent = Index(upto as u32);
        let (version, complete_at) = (self.version(), self.next.complete_at);
        let update = Message::Update { version, after, entries, complete_at };
        cx.send(successor, Any::Chain(update));
    }

    /// Sends again the writes that the successor has not acknowledged, or not as committed.
    pub fn resend(&mut self, cx: &mut Cx<'_>) {
        let is_behind = self.next.acknowledged.min(self.committed) < self.last();
        if self.successor().is_some() && (!self.next.greeted || is_behind) {
            self.next.sent = self.next.acknowledged;
            self.send_on(cx);
        }
    }

    /// Handles writes from the predecessor: the next ones in order are written to the disk and
    /// passed on.
    pub fn updated(
        &mut self,
        from: NodeId,
        version: u32,
        (after, entries, complete_at): (Index, Vec<Arc<Entry>>, Option<Index>),
        cx: &mut Cx<'_>,
    ) {
        if version != self.version() || self.predecessor() != Some(from) {
            return;
        }
        let before = self.last();
        if after <= before {
            for entry in entries {
                if entry.index == self.last().next() {
                    self.put(Record::Entry(entry), cx);
                }
            }
        }
        if self.last() > before {
            cx.note(Fact::Replicated(self.last()));
            self.send_on(cx);
        }
        if !self.kept.complete && complete_at.is_some_and(|upto| upto <= self.last()) {
            self.complete(cx);
        }
        self.commit_if_tail(cx);
        self.acknowledge(cx);
    }

    /// It has caught up with its predecessor, so its own successor can with it.
    fn complete(&mut self, cx: &mut Cx<'_>) {
        self.put(Record::Complete, cx);
        self.next.complete_at = Some(self.last());
        cx.note(Fact::own(COMPLETE, None, self.last().0));
    }

    fn acknowledge(&self, cx: &mut Cx<'_>) {
        if let Some(predecessor) = self.predecessor() {
            let (version, last, committed) = (self.version(), self.last(), self.committed);
            let ack = Message::UpdateAck { version, last, committed };
            cx.send(predecessor, Any::Chain(ack));
        }
    }

    pub fn acknowledged(
        &mut self,
        from: NodeId,
        version: u32,
        (last, committed): (Index, Index),
        cx: &mut Cx<'_>,
    ) {
        if version != self.version() || self.successor() != Some(from) {
            return;
        }
        let is_first = !self.next.greeted;
        let last = last.min(self.last());
        let has_more = last > self.next.acknowledged;
        self.next.greeted = true;
        self.next.acknowledged = self.next.acknowledged.max(last);
        if is_first || (has_more && self.next.sent < self.last()) {
            self.next.sent = self.next.sent.min(self.next.acknowledged);
        }
        if is_first || (has_more && self.next.sent < self.last()) {
            self.send_on(cx);
        }
        if committed > self.committed {
            self.commit(committed.min(self.last()), cx);
            self.acknowledge(cx);
        }
    }

    /// Commits the writes that have reached the tail: every link before it has them (section 3).
    fn commit_if_tail(&mut self, cx: &mut Cx<'_>) {
        if self.is_tail() && self.committed < self.last() {
            self.commit(self.last(), cx);
        }
    }

    fn commit(&mut self, upto: Index, cx: &mut Cx<'_>) {
        while self.committed < upto {
            let entry = Arc::clone(&self.kept.log[self.committed.0 as usize]);
            self.committed = entry.index;
            let applied = self.database.apply(entry.client, entry.operation, &entry.request);
            let answers = self.is_tail() || self.is_head() && !cx.keeps(TAIL_COMMITS);
            if let (true, Applied::Now(answer) | Applied::Before(answer)) = (answers, applied) {
                reply(entry.client.into(), entry.operation, ReplyBody::Answer(answer), cx);
            }
        }
        cx.note(Fact::Committed(self.committed));
    }

    // Reads.

    /// Whether it may answer reads. A node that may have been spliced out does not know the writes
    /// since then.
    fn may_answer(&self, cx: &Cx<'_>) -> bool {
        let configures = cx.settings.chain.configurator == self.me.0;
        let holds = self.lease.is_some_and(|until| cx.clock < until);
        let complete = self.kept.complete || !cx.keeps(CAUGHT_UP);
        self.is_member() && complete && (holds || configures || !cx.keeps(LEASE_HELD))
    }

    fn asked_to_read(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        let any = cx.settings.chain.reads == ChainReads::Any && self.is_member();
        if !any && !self.is_tail() {
            let tail = self.config().and_then(|c| c.tail()).filter(|&tail| tail != self.me);
            return redirect(from, &ask, tail, cx);
        }
        if !self.may_answer(cx) {
            cx.note(Fact::own(NO_LEASE, None, 0));
            return reply(from, ask.operation, ReplyBody::Unavailable, cx);
        }
        if self.pending().any(|e| e.request.key == ask.request.key) && cx.keeps(CLEAN_READS) {
            self.ask_tail(from, ask, cx);
        } else {
            let answer = self.database.read(&ask.request);
            reply(from, ask.operation, ReplyBody::Answer(answer), cx);
        }
    }

    /// Asks the tail, since a newer write of the key is in progress: only the tail knows whether it
    /// is committed (Terrace and Freedman 2009, section 2.3).
    fn ask_tail(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        let Some(tail) = self.config().and_then(|c| c.tail()) else { return };
        self.tickets = self.tickets.wrapping_add(1);
        self.waiting.insert(self.tickets, (from, ask));
        let query = Message::Query { version: self.version(), ticket: self.tickets };
        cx.note(Fact::own(ASKED_TAIL, Some(tail), 0));
        cx.send(tail, Any::Chain(query));
    }

    pub fn queried(&self, from: NodeId, version: u32, ticket: u32, cx: &mut Cx<'_>) {
        if version == self.version() && self.is_tail() && self.may_answer(cx) {
            let committed = self.committed;
            let told = Message::QueryReply { version, ticket, committed };
            cx.send(from, Any::Chain(told));
        }
    }

    pub fn told_committed(&mut self, version: u32, ticket: u32, upto: Index, cx: &mut Cx<'_>) {
        if version != self.version() {
            return;
        }
        let Some((from, ask)) = self.waiting.remove(&ticket) else { return };
        let mut database = self.database.clone();
        let upto = upto.min(self.last()).0 as usize;
        for entry in self.kept.log.range((self.committed.0 as usize).min(upto)..upto) {
            database.apply(entry.client, entry.operation, &entry.request);
        }
        let answer = database.read(&ask.request);
        reply(from, ask.operation, ReplyBody::Answer(answer), cx);
    }

    /// Refuses the waiting reads: the tail that was asked may have been replaced.
    fn turn_away_waiting(&mut self, cx: &mut Cx<'_>) {
        for (from, ask) in std::mem::take(&mut self.waiting).into_values() {
            reply(from, ask.operation, ReplyBody::Unavailable, cx);
        }
    }
}

fn redirect(from: Addr, ask: &Ask, to: Option<NodeId>, cx: &mut Cx<'_>) {
    cx.note(Fact::Redirected(to));
    reply(from, ask.operation, ReplyBody::NotLeader(to), cx);
}
