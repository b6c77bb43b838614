//! The client as coordinator of one operation.
//!
//! ```text
//!   get                 Reading ───────────────────────▶ over
//!   set                           Writing ─────────────▶ over
//!   upd del cas append  Reading ─────────▶ Writing ────▶ over
//! ```

use super::Message;
use crate::ids::{Addr, OperationId};
use crate::protocol::{Cx, Effect, Fact, Input, Message as Any, Outcome, Timer};
use crate::settings::own::write_all::rules::{NEWEST_ANSWER, WAITS_FOR_ALL};
use crate::sorted::SortedSet;
use crate::store::{Answer, Op, Request, Stamp, Version, Word, evaluate};
use serde::Serialize;
use std::sync::Arc;

/// The client as coordinator of one operation.
#[derive(Clone, Debug, Serialize)]
pub struct Coordinator {
    operation: OperationId,
    request: Arc<Request>,
    nodes: Vec<Addr>,
    /// The nodes that have not answered yet in this phase.
    silent: SortedSet<Addr>,
    phase: Phase,
}

#[derive(Clone, Debug, Serialize)]
enum Phase {
    /// Collects versions; holds the newest so far.
    Reading(Option<Arc<Version>>),
    /// Collects acknowledgements; holds the client's future answer.
    Writing(Answer),
    Over,
}

impl Phase {
    /// The timer of the present phase.
    fn timer(&self) -> Timer {
        match self {
            Self::Reading(_) => Timer::Attempt(1),
            Self::Writing(_) | Self::Over => Timer::Attempt(2),
        }
    }
}

impl Coordinator {
    /// Begins an operation: asks every one of `nodes`.
    pub fn begin(
        operation: OperationId,
        request: Arc<Request>,
        nodes: &[Addr],
        cx: &mut Cx<'_>,
    ) -> Self {
        let (nodes, silent) = (nodes.to_vec(), SortedSet::new());
        let mut this = Self { operation, request, nodes, silent, phase: Phase::Over };
        match this.request.op.clone() {
            Op::Set(value) => this.write(Some(value), Answer::Done, cx),
            _ => this.read(cx),
        }
        this
    }

    /// Handles a message or a timer. It emits [`Effect::Finish`] at the end, and nothing after.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Message(from, Any::WriteAll(m)) if m.operation() == self.operation => {
                self.receive(from, m, cx);
            }
            Input::Timer(timer) if timer == self.phase.timer() => self.give_up(cx),
            _ => {}
        }
    }

    fn read(&mut self, cx: &mut Cx<'_>) {
        let key = self.request.key.clone();
        self.ask_all(Phase::Reading(None), &Message::Read { operation: self.operation, key }, cx);
    }

    /// Writes a version. The client's own clock stamps it: a clock that is behind loses silently.
    fn write(&mut self, value: Option<Word>, answer: Answer, cx: &mut Cx<'_>) {
        let writer = u16::try_from(cx.me.dense()).expect("there are fewer addresses than that");
        let version = Arc::new(Version { value, stamp: Stamp { time: cx.clock, writer } });
        let (operation, key) = (self.operation, self.request.key.clone());
        self.ask_all(Phase::Writing(answer), &Message::Write { operation, key, version }, cx);
    }

    fn ask_all(&mut self, phase: Phase, message: &Message, cx: &mut Cx<'_>) {
        self.phase = phase;
        self.silent = self.nodes.iter().copied().collect();
        for &node in &self.nodes {
            cx.send(node, Any::WriteAll(message.clone()));
        }
        cx.set_timer(self.phase.timer(), cx.settings.timeout);
    }

    fn receive(&mut self, from: Addr, message: Message, cx: &mut Cx<'_>) {
        let version = match (&self.phase, message) {
            (Phase::Reading(_), Message::ReadReply { version, .. }) => version,
            (Phase::Writing(_), Message::WriteReply { .. }) => None,
            _ => return,
        };
        if !self.silent.remove(&from) {
            return;
        }
        if let Phase::Reading(newest) = &mut self.phase
            && (cx.keeps(NEWEST_ANSWER) || newest.is_none())
        {
            keep_newer(newest, version);
        }
        self.on_answer(cx);
    }

    fn on_answer(&mut self, cx: &mut Cx<'_>) {
        cx.note(Fact::Answered(self.answers(), self.nodes.len() as u16));
        if self.silent.is_empty() || !cx.keeps(WAITS_FOR_ALL) {
            cx.cancel_timer(self.phase.timer());
            self.conclude(cx);
        }
    }

    /// The time-out of the silent nodes: an error, which is ignored.
    fn give_up(&mut self, cx: &mut Cx<'_>) {
        if !matches!(self.phase, Phase::Over) {
            cx.note(Fact::GaveUp(self.answers()));
            self.conclude(cx);
        }
    }

    fn answers(&self) -> u16 {
        (self.nodes.len() - self.silent.len()) as u16
    }

    /// Concludes a phase: every node has answered or failed.
    fn conclude(&mut self, cx: &mut Cx<'_>) {
        let set = &cx.settings.write_all;
        let answers = self.answers();
        let enough = |needed: u16| !set.strict || answers >= needed;
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Reading(_) if !enough(set.r) => finish(Outcome::Failed, cx),
            Phase::Reading(newest) => self.evaluate(newest.as_deref(), cx),
            // It was sent to all: a silent node may have stored it, or may still do so.
            Phase::Writing(_) if !enough(set.w) => finish(Outcome::Unknown, cx),
            Phase::Writing(answer) => finish(Outcome::Ok(answer), cx),
            Phase::Over => {}
        }
    }

    /// Continues with the newest version that was read.
    fn evaluate(&mut self, newest: Option<&Version>, cx: &mut Cx<'_>) {
        let now = newest.and_then(|v| v.value.as_ref());
        match evaluate(&self.request.op, now) {
            (Some(value), answer) => self.write(value, answer, cx),
            (None, answer) => finish(Outcome::Ok(answer), cx),
        }
    }
}

/// Keeps the newer version; on equal stamps the present one, as in the original.
fn keep_newer(newest: &mut Option<Arc<Version>>, version: Option<Arc<Version>>) {
    let newer = |v: &Arc<Version>| newest.as_ref().is_none_or(|n| v.stamp.time > n.stamp.time);
    if let Some(version) = version.filter(newer) {
        *newest = Some(version);
    }
}

fn finish(outcome: Outcome, cx: &mut Cx<'_>) {
    cx.effects.push(Effect::Finish(outcome));
}
