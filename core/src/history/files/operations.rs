//! The format of this program: a JSON object per event, in the order of the events.
//!
//! ```text
//! {"initial": {"x": "0"}}
//! {"process": 1, "type": "invoke", "f": "cas", "key": "x", "value": ["0", "1"], "time": 12.5}
//! {"process": "nemesis", "type": "info", "f": "start-partition", "time": 20}
//! {"process": 1, "type": "ok", "f": "cas", "key": "x", "value": ["0", "1"], "time": 31.2}
//! ```
//!
//! `applied` of a completion is the result of the condition of an `upd`, `del` or `cas`. For a
//! `set` it may be false: the key was present, and the store overwrites nothing (as `peers` does).
//!
//! Times are in milliseconds, or in the `unit` that the first line names, and are rounded to whole
//! microseconds.

use super::super::{History, HistoryError, Outcome, Process, Request, Text};
use super::KNOWN;
use super::datum::Datum;
use super::error::Reason;
use super::time::{Plausible, Unit};
use std::collections::BTreeMap;

/// Reads events into a history.
#[derive(Debug, Default)]
pub struct Operations {
    has_begun: bool,
    /// The unit that the file names, if any.
    unit: Option<Unit>,
    plausible: Plausible,
}

/// The type of an event: invocation or outcome of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Invoke,
    Ok,
    Fail,
    Info,
}

impl Type {
    /// The type of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "invoke" => Some(Self::Invoke),
            "ok" => Some(Self::Ok),
            "fail" => Some(Self::Fail),
            "info" => Some(Self::Info),
            _ => None,
        }
    }
}

/// The type of an event.
pub fn kind(event: &Datum) -> Result<Type, Reason> {
    let kind = present(event, "type").ok_or(Reason::Missing("type"))?;
    let known = kind.text().and_then(|name| Type::named(&name));
    known.ok_or_else(|| {
        Reason::wrong(format!(
            "\"type\" must be \"invoke\", \"ok\", \"fail\" or \"info\", not {}",
            kind.shown()
        ))
    })
}

/// The actor of an event: a client, or the nemesis, which injects faults.
pub enum Actor {
    Client(Process),
    Nemesis,
}

/// The actor of an event.
pub fn actor(event: &Datum) -> Result<Actor, Reason> {
    let process = present(event, "process").ok_or(Reason::Missing("process"))?;
    if process.text().as_deref() == Some("nemesis") {
        return Ok(Actor::Nemesis);
    }
    let number = process.whole::<u32>().map(|number| Actor::Client(Process(number.into())));
    number.ok_or_else(|| {
        Reason::wrong(format!(
            "\"process\" must be a whole number from 0 to {}, or \"nemesis\", not {}",
            u32::MAX,
            process.shown()
        ))
    })
}

/// The field of an event, unless it is null.
pub fn present<'a>(event: &'a Datum, field: &str) -> Option<&'a Datum> {
    event.get(field).filter(|value| **value != Datum::Nil)
}

/// The text of a mark: the action of the nemesis and its object.
pub fn deed(event: &Datum) -> Text {
    let deed = present(event, "f").and_then(Datum::text).unwrap_or_else(|| "fault".into());
    match present(event, "value").and_then(Datum::text) {
        Some(value) => format!("{deed} {value}").into(),
        None => deed,
    }
}

impl Operations {
    /// Adds the next event.
    pub fn take(&mut self, history: &mut History, event: &Datum) -> Result<(), Reason> {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        if event.get("initial").is_none() && event.get("unit").is_none() {
            return self.event(history, event);
        }
        if !is_first {
            let field = if event.get("unit").is_some() { "unit" } else { "initial" };
            return Err(Reason::wrong(format!("\"{field}\" belongs on the first line")));
        }
        self.unit = present(event, "unit").map(unit).transpose()?;
        let initial = present(event, "initial").map(initial).transpose()?;
        *history = History::new(initial.unwrap_or_default());
        Ok(())
    }

    /// Checks that the content fits the format: the times are plausible milliseconds.
    pub fn finish(&self) -> Result<(), Reason> {
        self.plausible.check()
    }

    fn time(&mut self, event: &Datum) -> Result<Option<u64>, Reason> {
        let Some(time) = present(event, "time") else { return Ok(None) };
        let read = self.unit.unwrap_or(Unit::Milliseconds).read(time)?;
        self.plausible.note_time(time);
        Ok(Some(read))
    }

    fn event(&mut self, history: &mut History, event: &Datum) -> Result<(), Reason> {
        if ["process", "type", "f"].iter().all(|field| event.get(field).is_none()) {
            return Err(Reason::wrong(format!("this object of JSON is no event; {KNOWN}")));
        }
        let process = match actor(event)? {
            Actor::Client(process) => process,
            Actor::Nemesis => {
                let at = self.time(event)?;
                return history.mark(deed(event), at).map_err(Reason::Event);
            }
        };
        let kind = kind(event)?;
        let word = word(event)?;
        let key = key(event)?;
        let value = value(event)?;
        let applied = applied(event)?;
        let time = self.time(event)?;
        if kind == Type::Invoke {
            let request = request(word, value)?;
            return history.invoke(process, key, request, time).map(drop).map_err(Reason::Event);
        }
        let id = history.open_operation(process).ok_or(HistoryError::Idle(process))?;
        let open = history.operation(id);
        if open.key != key || open.request.word() != word {
            return Err(Reason::wrong("the process has another operation open"));
        }
        let outcome = match kind {
            Type::Invoke | Type::Ok => answer(&open.request, value, applied)?,
            Type::Fail => Outcome::Failed,
            Type::Info => Outcome::Unknown,
        };
        if let (Some(from), Some(to), None) = (open.invoked.time_us, time, self.unit)
            && outcome.is_answer()
        {
            self.plausible.note_duration(to.saturating_sub(from));
        }
        history.complete(process, outcome, time).map(drop).map_err(Reason::Event)
    }
}

fn unit(unit: &Datum) -> Result<Unit, Reason> {
    let named = unit.text().and_then(|name| Unit::named(&name));
    named.ok_or_else(|| {
        Reason::wrong(format!("\"unit\" must be \"ms\", \"us\" or \"ns\", not {}", unit.shown()))
    })
}

fn initial(values: &Datum) -> Result<BTreeMap<Text, Text>, Reason> {
    let wrong = || Reason::wrong("\"initial\" must be an object of keys and their values");
    let Datum::Map(entries) = values else { return Err(wrong()) };
    let mut initial = BTreeMap::new();
    for (key, value) in entries {
        match value {
            Datum::Text(value) => drop(initial.insert(key.clone(), value.clone())),
            Datum::Nil => {}
            _ => return Err(wrong()),
        }
    }
    Ok(initial)
}

fn word(event: &Datum) -> Result<&'static str, Reason> {
    const WORDS: [&str; 6] = ["get", "set", "upd", "del", "cas", "append"];
    let f = present(event, "f").ok_or(Reason::Missing("f"))?;
    let word = WORDS.into_iter().find(|word| matches!(f, Datum::Text(f) if **f == **word));
    word.ok_or_else(|| {
        Reason::wrong(format!("\"f\" must be get, set, upd, del, cas or append, not {}", f.shown()))
    })
}

fn key(event: &Datum) -> Result<Text, Reason> {
    match present(event, "key").ok_or(Reason::Missing("key"))? {
        Datum::Text(key) => Ok(key.clone()),
        other => Err(Reason::wrong(format!("\"key\" must be a string, not {}", other.shown()))),
    }
}

fn applied(event: &Datum) -> Result<Option<bool>, Reason> {
    match present(event, "applied") {
        None => Ok(None),
        Some(Datum::Bool(applied)) => Ok(Some(*applied)),
        Some(other) => {
            Err(Reason::wrong(format!("\"applied\" must be true or false, not {}", other.shown())))
        }
    }
}

/// The `value` of an event, by its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Missing,
    Null,
    One(Text),
    Two(Text, Text),
}

fn value(event: &Datum) -> Result<Value, Reason> {
    let Some(value) = event.get("value") else { return Ok(Value::Missing) };
    match value {
        Datum::Nil => return Ok(Value::Null),
        Datum::Text(value) => return Ok(Value::One(value.clone())),
        Datum::List(items) => {
            if let [Datum::Text(first), Datum::Text(second)] = &items[..] {
                return Ok(Value::Two(first.clone(), second.clone()));
            }
        }
        _ => {}
    }
    Err(Reason::wrong(format!(
        "\"value\" must be null, a string or a list of two strings, not {}",
        match value {
            Datum::List(_) => "another list".to_owned(),
            other => other.shown(),
        }
    )))
}

fn request(word: &str, value: Value) -> Result<Request, Reason> {
    match (word, value) {
        ("get", Value::Null | Value::Missing) => Ok(Request::Get),
        ("del", Value::Null | Value::Missing) => Ok(Request::Del),
        ("set", Value::One(value)) => Ok(Request::Set(value)),
        ("upd", Value::One(value)) => Ok(Request::Upd(value)),
        ("append", Value::One(value)) => Ok(Request::Append(value)),
        ("cas", Value::Two(expected, new)) => Ok(Request::Cas { expected, new }),
        (_, Value::Missing) => Err(Reason::Missing("value")),
        ("get", _) => Err(Reason::wrong("the \"value\" of a get must be null")),
        ("del", _) => Err(Reason::wrong("the \"value\" of a del must be null")),
        ("cas", _) => Err(Reason::wrong("the \"value\" of a cas must be two strings")),
        _ => Err(Reason::wrong("the \"value\" that is written must be a string")),
    }
}

/// The outcome that an `ok` reports.
fn answer(open: &Request, value: Value, applied: Option<bool>) -> Result<Outcome, Reason> {
    let applied = applied.unwrap_or(true);
    if !applied && !open.may_be_refused() {
        return Err(Reason::wrong("\"applied\" can be false for set, upd, del and cas only"));
    }
    match (open, value) {
        (Request::Get, Value::One(value)) => Ok(Outcome::Read(Some(value))),
        (Request::Get, Value::Null) => Ok(Outcome::Read(None)),
        (Request::Get, Value::Missing) => Err(Reason::Missing("value")),
        (Request::Get, Value::Two(..)) => Err(Reason::wrong("a get reads one value or null")),
        (_, Value::Missing) => Ok(Outcome::Done { applied }),
        (_, value) if value == asked(open) => Ok(Outcome::Done { applied }),
        _ => Err(Reason::wrong("the \"value\" is not the one of the invocation")),
    }
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
