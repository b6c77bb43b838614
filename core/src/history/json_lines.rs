//! Writes a history as JSON Lines, one event a line, in the order of the events. [`super::files`]
//! reads this format.

use super::{History, Mark, Operation, OperationId, Outcome, Request, Text};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Invoke,
    Ok,
    Fail,
    Info,
}

/// The `value` of an event, by its shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Value {
    Null,
    One(Text),
    Two(Text, Text),
}

/// A line of the file.
#[derive(Serialize)]
struct Event<'a> {
    process: Who,
    #[serde(rename = "type")]
    kind: Type,
    f: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<serde_json::Number>,
}

/// The first line.
#[derive(Serialize)]
struct First<'a> {
    initial: &'a BTreeMap<Text, Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
}

/// A process, or the nemesis by its name.
#[derive(Serialize)]
#[serde(untagged)]
enum Who {
    Client(u64),
    Nemesis(&'static str),
}

impl History {
    /// The history as a file of operations. [`History::parse`] reads the same history back.
    #[must_use]
    pub fn to_json_lines(&self) -> String {
        let (mut file, mut lines) = (String::new(), Lines::of(self));
        while lines.write(self, &mut file, usize::MAX) {}
        file
    }
}

/// The lines of a file of operations, portion by portion.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The operation of each event, and whether the event is its return.
    events: Vec<(u32, bool)>,
    next: usize,
    /// The next mark.
    mark: usize,
    has_begun: bool,
}

impl Lines {
    /// The lines of a history, none written yet.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let mut events = vec![(0, false); history.events() as usize];
        for (id, op) in history.iter() {
            events[op.invoked.event as usize] = (id.0, false);
            if let Some((at, _)) = &op.returned {
                events[at.event as usize] = (id.0, true);
            }
        }
        Self { events, next: 0, mark: 0, has_begun: false }
    }

    /// Writes the next lines of that history, at most `most` events. False when none is left.
    pub fn write(&mut self, history: &History, out: &mut String, most: usize) -> bool {
        if !std::mem::replace(&mut self.has_begun, true) {
            let unit = takes_long(history).then_some("ms");
            push_line(out, &First { initial: history.initial(), unit });
        }
        let end = self.events.len().min(self.next.saturating_add(most));
        for at in self.next..end {
            self.write_marks(history, out, at);
            let (id, is_return) = self.events[at];
            push_line(out, &event(history.operation(OperationId(id)), is_return));
        }
        self.next = end;
        let has_more = end < self.events.len();
        if !has_more {
            self.write_marks(history, out, end);
        }
        has_more
    }

    /// Writes the marks before an event.
    fn write_marks(&mut self, history: &History, out: &mut String, event: usize) {
        let rest = history.marks().iter().skip(self.mark);
        for mark in rest.take_while(|mark| mark.event as usize <= event) {
            self.mark += 1;
            push_line(out, &line_of_mark(mark));
        }
    }
}

/// Whether most answers took longer than a reader finds plausible without a named unit.
fn takes_long(history: &History) -> bool {
    const USUAL_US: u64 = 60_000_000;
    let duration = |op: &Operation| {
        let returned = op.answered()?.time_us?;
        Some(returned.saturating_sub(op.invoked.time_us?))
    };
    let durations = history.operations().iter().filter_map(duration);
    let (mut usual, mut longer) = (0_u32, 0_u32);
    for duration in durations {
        *if duration > USUAL_US { &mut longer } else { &mut usual } += 1;
    }
    longer > usual
}

fn line_of_mark(mark: &Mark) -> Event<'_> {
    Event {
        process: Who::Nemesis("nemesis"),
        kind: Type::Info,
        f: &mark.text,
        key: None,
        value: Value::Null,
        applied: None,
        time: mark.time_us.map(milliseconds),
    }
}

fn event(op: &Operation, is_return: bool) -> Event<'_> {
    let (at, (kind, value, applied)) = match &op.returned {
        Some((at, outcome)) if is_return => (at, told(&op.request, outcome)),
        _ => (&op.invoked, (Type::Invoke, asked(&op.request), None)),
    };
    let (process, f, key) = (Who::Client(op.process.number()), op.request.word(), Some(&*op.key));
    Event { process, kind, f, key, value, applied, time: at.time_us.map(milliseconds) }
}

fn push_line(out: &mut String, value: &impl Serialize) {
    let line = serde_json::to_string(value);
    out.push_str(&line.expect("strings, numbers and maps with string keys are JSON"));
    out.push('\n');
}

/// The `value` of an invocation.
fn asked(request: &Request) -> Value {
    match request {
        Request::Get | Request::Del => Value::Null,
        Request::Set(value) | Request::Upd(value) | Request::Append(value) => {
            Value::One(value.clone())
        }
        Request::Cas { expected, new } => Value::Two(expected.clone(), new.clone()),
    }
}

/// The `type`, `value` and `applied` of a completion.
fn told(request: &Request, outcome: &Outcome) -> (Type, Value, Option<bool>) {
    match outcome {
        Outcome::Read(None) => (Type::Ok, Value::Null, None),
        Outcome::Read(Some(value)) => (Type::Ok, Value::One(value.clone()), None),
        Outcome::Done { applied } => {
            let says = request.is_conditional() || !applied;
            (Type::Ok, asked(request), says.then_some(*applied))
        }
        Outcome::Failed => (Type::Fail, asked(request), None),
        Outcome::Unknown => (Type::Info, asked(request), None),
    }
}

/// Whole milliseconds without a fraction, as people write them.
fn milliseconds(time_us: u64) -> serde_json::Number {
    if time_us.is_multiple_of(1000) {
        (time_us / 1000).into()
    } else {
        serde_json::Number::from_f64(time_us as f64 / 1000.0).expect("the quotient is finite")
    }
}
