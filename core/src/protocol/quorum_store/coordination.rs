//! One operation and its quorums, for any coordinator.
//!
//! ```text
//!   get                 Reading ───────────▶ answered ─ late answers, read repair ─▶ over
//!   set                             Writing ▶ answered ─ late answers, hints ──────▶ over
//!   upd del cas append  Reading ──▶ Writing ▶ answered ─ late answers, hints ──────▶ over
//! ```
//!
//! All of a key's home nodes are asked at once, and the first R or W answers decide (DeCandia et
//! al., *Dynamo*, 2007, sections 4.5 and 5). Conditional writes and appends depend on the answers
//! of R replicas. Another coordinator can write in between, so they are not atomic.
//!
//! A node that does not answer within a quarter of the client's time-out is suspected. In a sloppy
//! quorum the next node of the walk is then asked in its place (section 4.6); in a strict one the
//! coordinating node keeps a hint itself, which does not count towards W, as in Cassandra. After
//! three quarters the coordinator gives up.
//!
//! If it gives up while reading, nothing was executed, and the client's answer is `Unavailable`. If
//! it gives up while writing, a replica may have stored the version, or may still do so: the client
//! gets no answer, and its operation has an unknown outcome.

use super::message::{Entry, Message, Ticket};
use super::placement::{Placement, RangeId};
use super::suspects::Suspects;
use crate::ids::NodeId;
use crate::protocol::{Cx, Fact, Message as AnyMessage, Timer};
use crate::settings::own::quorum_store::rules::{
    COUNTED_ONCE, NEWEST_WINS, READ_QUORUM, WRITE_QUORUM,
};
use crate::store::{Answer, Op, Request, Stamp, Version, Word, evaluate};
use crate::time::Span;
use serde::Serialize;
use std::sync::Arc;

/// The rounds of waiting before an operation is given up.
const ROUNDS: u32 = 3;

/// One operation.
#[derive(Clone, Debug, Serialize)]
pub struct Coordination {
    ticket: Ticket,
    request: Arc<Request>,
    placement: Placement,
    range: RangeId,
    phase: Phase,
    /// Whether the client has its answer; further answers only help the replicas.
    settled: bool,
    asked: Vec<Asked>,
    /// Number of nodes of the walk that have been asked.
    walked: u16,
    /// Answers that came again and were counted again: only where the rule `counted-once` is broken.
    #[serde(skip_serializing_if = "is_none")]
    repeated: u16,
    /// Number of rounds that have passed without all answers, and the most that may.
    round: u32,
    rounds: u32,
    /// Local tasks of the coordinating node.
    errands: Vec<Errand>,
}

/// Whether no answer was counted again. Then an operation hashes as if there were no such thing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_none(repeated: &u16) -> bool {
    *repeated == 0
}

#[derive(Clone, Debug, Serialize)]
enum Phase {
    Reading,
    /// The version that is written, and the client's future answer.
    Writing(Arc<Entry>, Answer),
    Over,
}

/// A node that was asked, and the home that it stands for: itself, when it is a home of the key.
#[derive(Clone, Debug, Serialize)]
struct Asked {
    node: NodeId,
    home: NodeId,
    state: AskedState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
enum AskedState {
    Silent,
    /// It has not answered in time; another was asked in its place, or a hint is kept for it.
    Replaced,
    Acknowledged,
    Holds(Option<Arc<Version>>),
}

/// A local task of a coordinating node, without a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Errand {
    /// Read the own version.
    Read(Word),
    /// Store this, for itself or for the node that it stands in for, and acknowledge when it is
    /// durable.
    Write(Arc<Entry>, Option<NodeId>),
    /// Store this, without acknowledgement.
    Repair(Arc<Entry>),
    /// Keep this for that node; it does not count.
    Keep(NodeId, Arc<Entry>),
}

/// The result of an operation, reported once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Enough replicas answered.
    Answered(Answer),
    /// Too few replicas answered a read. Nothing was executed.
    Unavailable,
    /// Too few acknowledged a write. It may have taken effect, or may still do so.
    Unknown,
}

impl Coordination {
    /// Begins an operation: asks all homes of its key. Silent homes are asked `attempts` times
    /// before the coordinator gives up.
    pub fn begin(
        ticket: Ticket,
        request: Arc<Request>,
        attempts: u32,
        suspects: &Suspects,
        cx: &mut Cx<'_>,
    ) -> Self {
        let placement = Placement::of(cx.settings);
        let mut it = Self {
            ticket,
            range: placement.spot(&request.key).range,
            request,
            placement,
            phase: Phase::Reading,
            settled: false,
            asked: Vec::with_capacity(usize::from(placement.n())),
            walked: 0,
            repeated: 0,
            round: 0,
            rounds: ROUNDS * attempts,
            errands: Vec::new(),
        };
        match it.request.op.clone() {
            Op::Set(value) => it.write(Some(value), Answer::Done, suspects, cx),
            _ => it.ask_homes(suspects, cx),
        }
        it
    }

    /// Its ticket.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// Whether it is completely over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }

    /// The next local task of the coordinating node. A coordinating client has no store, so it
    /// ignores these.
    pub fn errand(&mut self) -> Option<Errand> {
        (!self.errands.is_empty()).then(|| self.errands.remove(0))
    }

    /// Writes a version. The coordinator's clock stamps it, and the stamp decides the winner: a
    /// clock that is behind makes a write that is acknowledged and lost.
    fn write(&mut self, value: Option<Word>, answer: Answer, suspects: &Suspects, cx: &mut Cx<'_>) {
        let writer = u16::try_from(cx.me.dense()).expect("there are fewer addresses than that");
        let version = Version { value, stamp: Stamp { time: cx.clock, writer } };
        self.phase = Phase::Writing(Arc::new((self.request.key.clone(), version)), answer);
        self.ask_homes(suspects, cx);
    }

    fn ask_homes(&mut self, suspects: &Suspects, cx: &mut Cx<'_>) {
        self.asked.clear();
        self.repeated = 0;
        self.walked = self.placement.n();
        for home in self.placement.homes(self.range) {
            let avoided = cx.settings.quorum.sloppy && suspects.contains(home, cx.clock);
            let instead = if avoided { self.stand_in(suspects, cx) } else { None };
            self.ask(instead.unwrap_or(home), home, cx);
        }
        cx.set_timer(Timer::Attempt(self.ticket.serial), Self::round_length(cx));
    }

    fn round_length(cx: &Cx<'_>) -> Span {
        cx.settings.timeout.scaled(1, u64::from(ROUNDS) + 1)
    }

    /// The next node of the walk that is not suspected.
    fn stand_in(&mut self, suspects: &Suspects, cx: &Cx<'_>) -> Option<NodeId> {
        loop {
            let next = self.placement.nth(self.range, self.walked)?;
            self.walked += 1;
            if !suspects.contains(next, cx.clock) {
                return Some(next);
            }
        }
    }

    fn ask(&mut self, node: NodeId, home: NodeId, cx: &mut Cx<'_>) {
        self.asked.push(Asked { node, home, state: AskedState::Silent });
        self.send(node, home, cx);
    }

    fn send(&mut self, node: NodeId, home: NodeId, cx: &mut Cx<'_>) {
        let own = cx.me.node() == Some(node);
        let ticket = self.ticket;
        match &self.phase {
            Phase::Reading if own => self.errands.push(Errand::Read(self.request.key.clone())),
            Phase::Reading => {
                let key = self.request.key.clone();
                post(node, Message::Read { ticket, key }, cx);
            }
            Phase::Writing(entry, _) => {
                let hint = (node != home && cx.settings.quorum.hints).then_some(home);
                let entry = Arc::clone(entry);
                if own {
                    self.errands.push(Errand::Write(entry, hint));
                } else {
                    post(node, Message::Write { ticket, entry, hint }, cx);
                }
            }
            Phase::Over => unreachable!("nobody is asked when it is over"),
        }
    }

    /// Handles the version of a replica.
    pub fn on_version(
        &mut self,
        from: NodeId,
        version: Option<Arc<Version>>,
        suspects: &Suspects,
        cx: &mut Cx<'_>,
    ) -> Option<Verdict> {
        if !matches!(self.phase, Phase::Reading) {
            return None; // It comes late: a condition's write is under way, or all is over.
        }
        if !self.note_answer(from, AskedState::Holds(version), cx) {
            return None;
        }
        let needed = if cx.keeps(READ_QUORUM) { cx.settings.quorum.r } else { 1 };
        if !self.counts(needed, cx) {
            self.finish_reading(cx);
            return None;
        }
        let newest = if cx.keeps(NEWEST_WINS) { self.newest() } else { self.first() };
        let now = newest.as_ref().and_then(|v| v.value.as_ref());
        match evaluate(&self.request.op, now) {
            (Some(value), answer) => {
                self.write(value, answer, suspects, cx);
                None
            }
            (None, answer) => {
                self.settled = true;
                self.finish_reading(cx);
                Some(Verdict::Answered(answer))
            }
        }
    }

    /// Handles a replica's acknowledgement of the write.
    pub fn on_acknowledged(&mut self, from: NodeId, cx: &mut Cx<'_>) -> Option<Verdict> {
        let Phase::Writing(_, answer) = &self.phase else { return None };
        let answer = answer.clone();
        if !self.note_answer(from, AskedState::Acknowledged, cx) {
            return None;
        }
        let needed = if cx.keeps(WRITE_QUORUM) { cx.settings.quorum.w } else { 1 };
        let decides = self.counts(needed, cx);
        self.settled |= decides;
        if self.settled && (self.is_complete() || !cx.settings.quorum.hints) {
            self.end(cx);
        }
        decides.then_some(Verdict::Answered(answer))
    }

    /// Whether that node was asked and answers for the first time.
    fn note_answer(&mut self, from: NodeId, answer: AskedState, cx: &Cx<'_>) -> bool {
        let open = |a: &&mut Asked| {
            a.node == from && matches!(a.state, AskedState::Silent | AskedState::Replaced)
        };
        let asked = self.asked.iter_mut().find(open);
        let found = asked.is_some();
        if let Some(asked) = asked {
            asked.state = answer;
        } else if !cx.keeps(COUNTED_ONCE) && self.asked.iter().any(|a| a.node == from) {
            self.repeated += 1;
            return true;
        }
        found
    }

    fn answers(&self) -> u16 {
        let answered =
            |a: &&Asked| matches!(a.state, AskedState::Acknowledged | AskedState::Holds(_));
        self.asked.iter().filter(answered).count() as u16 + self.repeated
    }

    /// Whether the latest answer completes a quorum.
    fn counts(&self, needed: u16, cx: &mut Cx<'_>) -> bool {
        let answers = self.answers();
        if !self.settled {
            cx.note(Fact::Answered(answers, needed));
        }
        !self.settled && answers >= needed
    }

    fn is_complete(&self) -> bool {
        !self.asked.iter().any(|a| a.state == AskedState::Silent)
    }

    /// The version of the first node that was asked and has answered, whatever others hold: only where
    /// the rule `newest-wins` is broken.
    fn first(&self) -> Option<Arc<Version>> {
        self.asked.iter().find_map(|a| match &a.state {
            AskedState::Holds(version) => Some(version.clone()),
            _ => None,
        })?
    }

    fn newest(&self) -> Option<Arc<Version>> {
        let held = self.asked.iter().filter_map(|a| match &a.state {
            AskedState::Holds(version) => version.as_ref(),
            _ => None,
        });
        held.reduce(|a, b| if b.supersedes(a) { b } else { a }).cloned()
    }

    /// Ends reading after the answer, when all have answered or further answers are of no use.
    fn finish_reading(&mut self, cx: &mut Cx<'_>) {
        // A coordinating client ends with its operation: it waits for no late answers.
        let waits = cx.settings.quorum.read_repair && cx.me.node().is_some();
        if self.settled && (self.is_complete() || !waits) {
            self.repair(cx);
            self.end(cx);
        }
    }

    /// Read repair (Dynamo, section 5): sends the newest version to homes that answered with an
    /// older one.
    fn repair(&mut self, cx: &mut Cx<'_>) {
        let newest = self.newest().filter(|_| cx.settings.quorum.read_repair);
        let Some(newest) = newest else { return };
        let mut entry = None; // Made when the first replica is found to need it.
        for asked in &self.asked {
            let AskedState::Holds(held) = &asked.state else { continue };
            let stale = held.as_ref().is_none_or(|held| newest.supersedes(held));
            if !stale || asked.node != asked.home {
                continue;
            }
            let entry = entry.get_or_insert_with(|| {
                Arc::new((self.request.key.clone(), Version::clone(&newest)))
            });
            let entry = Arc::clone(entry);
            cx.note(Fact::Repaired(asked.node));
            if cx.me.node() == Some(asked.node) {
                self.errands.push(Errand::Repair(entry));
            } else {
                post(asked.node, Message::ReadRepair { entry }, cx);
            }
        }
    }

    /// A round has passed, and some nodes have not answered.
    pub fn on_timeout(&mut self, suspects: &mut Suspects, cx: &mut Cx<'_>) -> Option<Verdict> {
        if self.is_over() {
            return None;
        }
        self.round += 1;
        self.suspect_the_silent(suspects, cx);
        match &self.phase {
            Phase::Writing(entry, _) => {
                let entry = Arc::clone(entry);
                self.replace_the_silent(Some(&entry), suspects, cx);
            }
            _ if !self.settled => self.replace_the_silent(None, suspects, cx),
            _ => self.repair(cx),
        }
        if self.settled {
            self.end(cx);
            return None;
        }
        if self.round >= self.rounds {
            return Some(self.give_up(cx));
        }
        if self.round.is_multiple_of(ROUNDS) {
            self.ask_again(cx);
        }
        cx.set_timer(Timer::Attempt(self.ticket.serial), Self::round_length(cx));
        None
    }

    fn suspect_the_silent(&mut self, suspects: &mut Suspects, cx: &mut Cx<'_>) {
        for asked in self.asked.iter().filter(|a| a.state == AskedState::Silent) {
            // The own disk may be slow, but a node does not suspect itself.
            if cx.me.node() != Some(asked.node)
                && suspects.add(asked.node, cx.clock + cx.settings.timeout)
            {
                cx.note(Fact::Suspected(asked.node));
            }
        }
    }

    /// Sloppy: asks another node in the place of each silent one. Strict, or without another node:
    /// the coordinating node keeps the written version for them.
    fn replace_the_silent(
        &mut self,
        written: Option<&Arc<Entry>>,
        suspects: &Suspects,
        cx: &mut Cx<'_>,
    ) {
        let (sloppy, hints) = (cx.settings.quorum.sloppy, cx.settings.quorum.hints);
        for i in 0..self.asked.len() {
            if self.asked[i].state != AskedState::Silent {
                continue;
            }
            let home = self.asked[i].home;
            if let Some(next) = sloppy.then(|| self.stand_in(suspects, cx)).flatten() {
                self.asked[i].state = AskedState::Replaced;
                self.ask(next, home, cx);
            } else if let (Some(entry), true) = (written, hints) {
                self.asked[i].state = AskedState::Replaced;
                self.keep_hint(home, entry, cx);
            }
        }
    }

    fn keep_hint(&mut self, home: NodeId, entry: &Arc<Entry>, cx: &Cx<'_>) {
        if cx.me.node().is_some_and(|me| me != home) {
            self.errands.push(Errand::Keep(home, Arc::clone(entry)));
        }
    }

    /// Asks all silent nodes once more: the same version, with the same stamp.
    fn ask_again(&mut self, cx: &mut Cx<'_>) {
        for i in 0..self.asked.len() {
            let Asked { node, home, state } = &self.asked[i];
            let (node, home) = (*node, *home);
            if matches!(state, AskedState::Silent | AskedState::Replaced) {
                self.send(node, home, cx);
            }
        }
    }

    fn give_up(&mut self, cx: &mut Cx<'_>) -> Verdict {
        cx.note(Fact::GaveUp(self.answers()));
        let writing = matches!(self.phase, Phase::Writing(..));
        self.end(cx);
        if writing { Verdict::Unknown } else { Verdict::Unavailable }
    }

    fn end(&mut self, cx: &mut Cx<'_>) {
        self.phase = Phase::Over;
        cx.cancel_timer(Timer::Attempt(self.ticket.serial));
    }
}

fn post(to: NodeId, message: Message, cx: &mut Cx<'_>) {
    cx.send(to, AnyMessage::Quorum(message));
}
