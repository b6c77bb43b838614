//! Histories as JSON Lines: one event a line, in the order in which they happened.
//!
//! ```text
//! {"initial": {"x": "0"}}
//! {"process": 1, "type": "invoke", "f": "cas", "key": "x", "value": ["0", "1"], "time": 12.5}
//! {"process": 1, "type": "ok", "f": "cas", "key": "x", "value": ["0", "1"], "time": 31.2}
//! ```
//!
//! `applied` of a completion says whether the condition of an `upd`, `del` or `cas` held. Of a `set`
//! it may say false: the key was present, and the store overwrites nothing (as `peers` does).
//!
//! Times are in milliseconds, and are rounded to whole microseconds. Blank lines are skipped.

use super::{
    History, HistoryError, MAX_FILE_BYTES, Operation, OperationId, Outcome, Process, Request, Text,
};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The latest time that is read, in milliseconds: more than 31,000 years, and exact in µs.
const MAX_TIME_MS: f64 = 1e12;

/// What is wrong with a file, and where.
#[derive(Debug)]
pub struct ParseError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: Reason,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ParseError {}

/// What is wrong with a line.
#[derive(Debug)]
pub enum Reason {
    /// It is not JSON, or a field has the wrong type.
    Json(serde_json::Error),
    /// It cannot follow the lines before it.
    Event(HistoryError),
    /// A field is missing.
    Missing(&'static str),
    /// A field has a value that it cannot have there.
    Wrong(&'static str),
    /// The file has more than [`MAX_FILE_BYTES`] bytes.
    TooLarge,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "{}", without_line(&error.to_string())),
            Self::Event(error) => error.fmt(f),
            Self::Missing(field) => write!(f, "\"{field}\" is missing"),
            Self::Wrong(what) => f.write_str(what),
            Self::TooLarge => write!(f, "more than {MAX_FILE_BYTES} bytes"),
        }
    }
}

/// serde_json counts lines within the one line that it was given: of " at line 1 column 9" only
/// the column tells something.
fn without_line(message: &str) -> String {
    message.replace(" at line 1 column", " at column")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Invoke,
    Ok,
    Fail,
    Info,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Function {
    Get,
    Set,
    Upd,
    Del,
    Cas,
    Append,
}

/// The `value` of an event, by its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Value {
    /// `None` where the field is missing, which is never written.
    #[default]
    Missing,
    Null,
    One(Text),
    Two(Text, Text),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("null, a string or two strings")
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::One(text.into()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let short = |length| de::Error::invalid_length(length, &"two strings");
                let first = seq.next_element()?.ok_or_else(|| short(0))?;
                let second = seq.next_element()?.ok_or_else(|| short(1))?;
                match seq.next_element::<de::IgnoredAny>()? {
                    None => Ok(Value::Two(first, second)),
                    Some(_) => Err(short(3)),
                }
            }
        }
        deserializer.deserialize_any(Shape)
    }
}

/// A line as it is read: any field may be missing, so that the error can name it.
#[derive(Deserialize)]
struct Line {
    initial: Option<BTreeMap<Text, Option<Text>>>,
    process: Option<u32>,
    #[serde(rename = "type")]
    kind: Option<Type>,
    f: Option<Function>,
    key: Option<Text>,
    #[serde(default)]
    value: Value,
    applied: Option<bool>,
    time: Option<f64>,
}

/// A line as it is written.
#[derive(Serialize)]
struct Event<'a> {
    process: u32,
    #[serde(rename = "type")]
    kind: Type,
    f: &'a str,
    key: &'a str,
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<serde_json::Number>,
}

/// Reads a file portion by portion, for who has other things to do in between.
#[derive(Debug, Default)]
pub struct Reader {
    /// What was read so far.
    pub history: History,
    /// Where the next line begins, and which one that is, from 0.
    next: (usize, usize),
    has_begun: bool,
}

impl Reader {
    /// Reads up to so many more lines of the file; true when it has been read to its end.
    ///
    /// # Errors
    /// As [`History::parse`] has them; then there is no going on.
    pub fn read(&mut self, file: &[u8], lines: usize) -> Result<bool, ParseError> {
        if file.len() > MAX_FILE_BYTES {
            return Err(ParseError { line: 1, reason: Reason::TooLarge });
        }
        for _ in 0..lines {
            let (start, index) = self.next;
            let Some(rest) = file.get(start..).filter(|rest| !rest.is_empty()) else {
                return Ok(true);
            };
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            let text = &rest[..length];
            if !text.trim_ascii().is_empty() {
                self.history
                    .parse_line(text, !self.has_begun)
                    .map_err(|reason| ParseError { line: index + 1, reason })?;
                self.has_begun = true;
            }
            self.next = (start + length + 1, index + 1);
        }
        Ok(self.next.0 >= file.len())
    }
}

impl History {
    /// Reads a file of operations.
    ///
    /// # Errors
    /// With the first line that is not JSON, lacks something, or cannot follow the lines before.
    pub fn parse(file: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::default();
        while !reader.read(file, usize::MAX)? {}
        Ok(reader.history)
    }

    fn parse_line(&mut self, text: &[u8], is_first: bool) -> Result<(), Reason> {
        let line: Line = serde_json::from_slice(text).map_err(Reason::Json)?;
        let Some(initial) = line.initial else {
            return self.parse_event(line);
        };
        if !is_first {
            return Err(Reason::Wrong("\"initial\" belongs on the first line"));
        }
        let present = initial.into_iter().filter_map(|(key, value)| Some((key, value?)));
        *self = Self::new(present.collect());
        Ok(())
    }

    fn parse_event(&mut self, line: Line) -> Result<(), Reason> {
        let process = Process(line.process.ok_or(Reason::Missing("process"))?);
        let kind = line.kind.ok_or(Reason::Missing("type"))?;
        let function = line.f.ok_or(Reason::Missing("f"))?;
        let key = line.key.ok_or(Reason::Missing("key"))?;
        let time_us = line.time.map(microseconds).transpose()?;
        if kind == Type::Invoke {
            let request = request(function, line.value)?;
            return self.invoke(process, key, request, time_us).map(drop).map_err(Reason::Event);
        }
        let id = self.open_operation(process).ok_or(Reason::Event(HistoryError::Idle(process)))?;
        let open = self.operation(id);
        if open.key != key || open.request.word() != word(function) {
            return Err(Reason::Wrong("the process has another operation open"));
        }
        let outcome = match kind {
            Type::Invoke | Type::Ok => answer(&open.request, line.value, line.applied)?,
            Type::Fail => Outcome::Failed,
            Type::Info => Outcome::Unknown,
        };
        self.complete(process, outcome, time_us).map(drop).map_err(Reason::Event)
    }

    /// The history as a file of operations, which [`History::parse`] reads back as it is.
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
    /// By event, whose it is, and whether it is the return.
    events: Vec<(u32, bool)>,
    next: usize,
    has_begun: bool,
}

impl Lines {
    /// Those of a history, of which none is written yet.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let mut events = vec![(0, false); history.events() as usize];
        for (id, op) in history.iter() {
            events[op.invoked.event as usize] = (id.0, false);
            if let Some((at, _)) = &op.returned {
                events[at.event as usize] = (id.0, true);
            }
        }
        Self { events, next: 0, has_begun: false }
    }

    /// Writes the next lines of that history, at most so many events. False when none is left.
    pub fn write(&mut self, history: &History, out: &mut String, most: usize) -> bool {
        if !std::mem::replace(&mut self.has_begun, true) {
            push_line(out, &BTreeMap::from([("initial", history.initial())]));
        }
        let end = self.events.len().min(self.next.saturating_add(most));
        for &(id, is_return) in &self.events[self.next..end] {
            push_line(out, &event(history.operation(OperationId(id)), is_return));
        }
        self.next = end;
        end < self.events.len()
    }
}

fn event(op: &Operation, is_return: bool) -> Event<'_> {
    let (at, (kind, value, applied)) = match &op.returned {
        Some((at, outcome)) if is_return => (at, told(&op.request, outcome)),
        _ => (&op.invoked, (Type::Invoke, asked(&op.request), None)),
    };
    let (process, f, key) = (op.process.0, op.request.word(), &*op.key);
    Event { process, kind, f, key, value, applied, time: at.time_us.map(milliseconds) }
}

fn push_line(out: &mut String, value: &impl Serialize) {
    let line = serde_json::to_string(value);
    out.push_str(&line.expect("strings, numbers and maps with string keys are JSON"));
    out.push('\n');
}

fn word(function: Function) -> &'static str {
    match function {
        Function::Get => "get",
        Function::Set => "set",
        Function::Upd => "upd",
        Function::Del => "del",
        Function::Cas => "cas",
        Function::Append => "append",
    }
}

fn request(function: Function, value: Value) -> Result<Request, Reason> {
    match (function, value) {
        (Function::Get, Value::Null | Value::Missing) => Ok(Request::Get),
        (Function::Del, Value::Null | Value::Missing) => Ok(Request::Del),
        (Function::Set, Value::One(value)) => Ok(Request::Set(value)),
        (Function::Upd, Value::One(value)) => Ok(Request::Upd(value)),
        (Function::Append, Value::One(value)) => Ok(Request::Append(value)),
        (Function::Cas, Value::Two(expected, new)) => Ok(Request::Cas { expected, new }),
        (_, Value::Missing) => Err(Reason::Missing("value")),
        (Function::Get, _) => Err(Reason::Wrong("the \"value\" of a get must be null")),
        (Function::Del, _) => Err(Reason::Wrong("the \"value\" of a del must be null")),
        (Function::Cas, _) => Err(Reason::Wrong("the \"value\" of a cas must be two strings")),
        _ => Err(Reason::Wrong("the \"value\" that is written must be a string")),
    }
}

/// The outcome that an `ok` tells.
fn answer(open: &Request, value: Value, applied: Option<bool>) -> Result<Outcome, Reason> {
    let applied = applied.unwrap_or(true);
    if !applied && !open.may_be_refused() {
        return Err(Reason::Wrong("\"applied\" can be false for set, upd, del and cas only"));
    }
    match (open, value) {
        (Request::Get, Value::One(value)) => Ok(Outcome::Read(Some(value))),
        (Request::Get, Value::Null) => Ok(Outcome::Read(None)),
        (Request::Get, Value::Missing) => Err(Reason::Missing("value")),
        (Request::Get, Value::Two(..)) => Err(Reason::Wrong("a get reads one value or null")),
        (_, Value::Missing) => Ok(Outcome::Done { applied }),
        (_, value) if value == asked(open) => Ok(Outcome::Done { applied }),
        _ => Err(Reason::Wrong("the \"value\" is not the one of the invocation")),
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

fn microseconds(time_ms: f64) -> Result<u64, Reason> {
    if (0.0..=MAX_TIME_MS).contains(&time_ms) {
        // In range, so the conversion is exact but for the rounding that is asked for.
        Ok((time_ms * 1000.0).round() as u64)
    } else {
        Err(Reason::Wrong("\"time\" must be from 0 to 1e12 ms"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    const EXAMPLE: &str = r#"{"initial":{"x":"0"}}
{"process":1,"type":"invoke","f":"cas","key":"x","value":["0","1"],"time":12.5}
{"process":2,"type":"invoke","f":"get","key":"x","value":null,"time":13}
{"process":1,"type":"ok","f":"cas","key":"x","value":["0","1"],"applied":true,"time":31.2}
{"process":2,"type":"ok","f":"get","key":"x","value":"1","time":31.201}
{"process":2,"type":"invoke","f":"del","key":"x","value":null}
{"process":2,"type":"info","f":"del","key":"x","value":null}
"#;

    #[test]
    fn what_is_written_is_what_was_read() {
        let history = History::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(history.to_json_lines(), EXAMPLE);
        assert_eq!(history.operation(super::super::OperationId(0)).invoked.time_us, Some(12_500));
    }

    fn check_error(file: &str, expected: &Expect) {
        expected.assert_eq(&History::parse(file.as_bytes()).unwrap_err().to_string());
    }

    #[test]
    fn errors_say_line_and_reason() {
        let invoke = r#"{"process":1,"type":"invoke","f":"set","key":"x","value":"1"}"#;
        let info = r#"{"process":1,"type":"info","f":"set","key":"x","value":"1"}"#;
        check_error("hello", &expect!["line 1: expected value at column 1"]);
        check_error(r#"{"process":1,"#, &expect!["line 1: EOF while parsing a value at column 13"]);
        check_error(r#"{"process":1}"#, &expect![[r#"line 1: "type" is missing"#]]);
        check_error(
            r#"{"process":-1}"#,
            &expect!["line 1: invalid value: integer `-1`, expected u32 at column 13"],
        );
        check_error(
            r#"{"process":1,"type":"invoke","f":"put","key":"x"}"#,
            &expect![[r#"
                line 1: unknown variant `put`, expected one of `get`, `set`, `upd`, `del`, `cas`, `append` at column 38"#]],
        );
        check_error(
            r#"{"process":1,"type":"invoke","f":"cas","key":"x","value":["1"]}"#,
            &expect!["line 1: invalid length 1, expected two strings at column 62"],
        );
        check_error(
            r#"{"process":1,"type":"invoke","f":"set","key":"x","value":7}"#,
            &expect![[
                r#"line 1: invalid type: integer `7`, expected null, a string or two strings at column 58"#
            ]],
        );
        check_error(
            r#"{"process":1,"type":"invoke","f":"set","key":"x","value":null}"#,
            &expect![[r#"line 1: the "value" that is written must be a string"#]],
        );
        check_error(
            &format!("{invoke}\n\n{invoke}"),
            &expect!["line 3: process 1 has an operation open already"],
        );
        check_error(
            &format!("{invoke}\n{info}\n{invoke}"),
            &expect!["line 3: process 1 asks again after an outcome that it did not learn"],
        );
        check_error(info, &expect!["line 1: process 1 has no operation open"]);
        check_error(
            &format!("{invoke}\n{}", info.replace("\"x\"", "\"y\"")),
            &expect!["line 2: the process has another operation open"],
        );
        check_error(
            &format!("{invoke}\n{}", info.replace("info", "ok").replace("\"1\"", "\"2\"")),
            &expect![[r#"line 2: the "value" is not the one of the invocation"#]],
        );
        check_error(
            &format!(
                "{}\n{}",
                invoke.replace("set", "append"),
                info.replace("set", "append")
                    .replace("info", "ok")
                    .replace('}', ",\"applied\":false}")
            ),
            &expect![[r#"line 2: "applied" can be false for set, upd, del and cas only"#]],
        );
        check_error(
            &format!("{invoke}\n{{\"initial\":{{}}}}"),
            &expect![[r#"line 2: "initial" belongs on the first line"#]],
        );
        check_error(
            &invoke.replace('}', ",\"time\":-3}"),
            &expect![[r#"line 1: "time" must be from 0 to 1e12 ms"#]],
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics(file in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = History::parse(&file);
        }

        /// Damage to a good file is read or refused, and what is read is written back the same.
        #[test]
        fn damaged_files_are_read_or_refused(
            at in 0..EXAMPLE.len(),
            byte in prop::sample::select(&b"0{}[]\",:\nxn-."[..]),
        ) {
            let mut file = EXAMPLE.as_bytes().to_vec();
            file[at] = byte;
            if let Ok(history) = History::parse(&file) {
                let written = history.to_json_lines();
                prop_assert_eq!(History::parse(written.as_bytes()).unwrap(), history);
            }
        }

        #[test]
        fn times_are_read_as_they_were_written(time_us in 0_u64..1_000_000_000_000_000) {
            let number = milliseconds(time_us).as_f64().unwrap();
            prop_assert_eq!(microseconds(number).unwrap(), time_us);
        }
    }
}
