//! Operations of Porcupine: a JSON object per operation, with its call and its return.
//!
//! ```text
//! {"clientId": 0, "input": {"op": 1, "key": "x", "value": "3"}, "call": 0, "output": "", "return": 100}
//! ```
//!
//! Two of its models are supported, in the form of its own tests. The key-value store: `op` is 0
//! for get, 1 for put, 2 for append, and every key begins with the empty string. The register: `op`
//! is false for put, true for get, and it begins with 0. Words in place of numbers are read too.

use super::super::{History, MAX_OPERATIONS, Outcome, Process, Request, Text};
use super::datum::Datum;
use super::error::{ParseError, Reason};
use crate::order;
use std::collections::{BTreeMap, BTreeSet};

/// The key of operations without a key.
const ONLY_KEY: &str = "x";
/// Times are in nanoseconds. They are ignored where all of them lie within a millisecond.
const LEAST_SPAN_NS: i64 = 1_000_000;

/// The operations read so far, from which a history is made at the end.
#[derive(Debug, Default)]
pub struct Porcupine {
    operations: Vec<Operation>,
}

#[derive(Debug)]
struct Operation {
    line: usize,
    client: u64,
    key: Text,
    request: Request,
    /// The initial value of the operation's key.
    initial: &'static str,
    outcome: Outcome,
    call: i64,
    /// None where the operation did not return.
    returned: Option<i64>,
}

/// Whether an object is an operation of Porcupine.
pub fn is_operation(object: &Datum) -> bool {
    let has = |name| field(object, name).is_some();
    has("input") && (has("call") || has("return"))
}

/// The field of that name in any letter case: Go capitalises field names.
fn field<'a>(object: &'a Datum, name: &str) -> Option<&'a Datum> {
    let Datum::Map(entries) = object else { return None };
    let found = entries.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value).filter(|value| **value != Datum::Nil)
}

impl Porcupine {
    /// Adds the next operation.
    pub fn take(&mut self, object: &Datum, line: usize) -> Result<(), Reason> {
        if self.operations.len() == MAX_OPERATIONS {
            return Err(super::super::HistoryError::Full.into());
        }
        let input = field(object, "input").ok_or(Reason::Missing("input"))?;
        let call = time(object, "call")?.ok_or(Reason::Missing("call"))?;
        let returned = time(object, "return")?;
        if returned.is_some_and(|returned| returned < call) {
            return Err(Reason::wrong("the \"return\" is before the \"call\""));
        }
        let request = request(input)?;
        let output = field(object, "output").unwrap_or(&Datum::Nil);
        self.operations.push(Operation {
            line,
            client: client(object)?,
            key: field(input, "key").and_then(Datum::text).unwrap_or_else(|| ONLY_KEY.into()),
            initial: initial(input, output),
            outcome: match (&request, returned) {
                (_, None) => Outcome::Unknown,
                (Request::Get, _) => Outcome::Read(read(output)?),
                _ => Outcome::Done { applied: true },
            },
            request,
            call,
            returned,
        });
        Ok(())
    }

    /// The history, and the line of each event.
    ///
    /// An operation that begins before the last one of its client has ended gets another process:
    /// Porcupine allows this.
    pub fn history(self) -> Result<(History, Vec<usize>), ParseError> {
        let mut history = History::new(self.initial());
        let mut lines = Vec::with_capacity(2 * self.operations.len());
        let times = self.times();
        let mut free = Processes::of(&self.operations);
        let mut processes: Vec<Process> = vec![Process(0); self.operations.len()];
        for Event { place, at, is_return } in self.events() {
            let op = &self.operations[place];
            let time_us = times.map(|first| at.abs_diff(first).div_ceil(1_000));
            let taken = if is_return {
                free.end(op.client, processes[place]);
                history.complete(processes[place], op.outcome.clone(), time_us)
            } else {
                processes[place] = free.begin(op.client, op.returned.is_none());
                history.invoke(processes[place], op.key.clone(), op.request.clone(), time_us)
            };
            taken.map_err(|error| ParseError { line: op.line, reason: error.into() })?;
            lines.push(op.line);
        }
        Ok((history, lines))
    }

    fn initial(&self) -> BTreeMap<Text, Text> {
        let mut initial: BTreeMap<Text, Text> = BTreeMap::new();
        for op in &self.operations {
            initial.entry(op.key.clone()).or_insert_with(|| op.initial.into());
        }
        initial
    }

    /// Invocations and returns in their order. Events at one time count as concurrent.
    fn events(&self) -> Vec<Event> {
        let mut events = Vec::with_capacity(2 * self.operations.len());
        for (place, op) in self.operations.iter().enumerate() {
            events.push(Event { place, at: op.call, is_return: false });
            events.extend(op.returned.map(|at| Event { place, at, is_return: true }));
        }
        order::by_key(&mut events, |event| (event.at, event.is_return));
        events
    }

    /// The first time, if times are kept.
    fn times(&self) -> Option<i64> {
        let first = self.operations.iter().map(|op| op.call).min()?;
        let last = self.operations.iter().filter_map(|op| op.returned).max()?;
        (last.checked_sub(first)? >= LEAST_SPAN_NS).then_some(first)
    }
}

struct Event {
    place: usize,
    at: i64,
    is_return: bool,
}

/// Assigns processes, so that none has two operations open.
struct Processes {
    busy: BTreeSet<u64>,
    /// By client, its further processes without an open operation.
    spare: BTreeMap<u64, Vec<u64>>,
    next: u64,
}

impl Processes {
    fn of(operations: &[Operation]) -> Self {
        let next = operations.iter().map(|op| op.client).max().map_or(0, |most| most + 1);
        Self { busy: BTreeSet::new(), spare: BTreeMap::new(), next }
    }

    /// A process for an operation of a client; an operation that does not return keeps it forever.
    fn begin(&mut self, client: u64, for_ever: bool) -> Process {
        if !for_ever && self.busy.insert(client) {
            return Process(client);
        }
        let spare = self.spare.get_mut(&client).and_then(Vec::pop);
        Process(spare.unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        }))
    }

    fn end(&mut self, client: u64, process: Process) {
        if process.0 == client {
            self.busy.remove(&client);
        } else {
            self.spare.entry(client).or_default().push(process.0);
        }
    }
}

fn client(object: &Datum) -> Result<u64, Reason> {
    /// Further processes are numbered from here on.
    const MOST: u64 = 1 << 30;
    let Some(client) = field(object, "clientId") else { return Ok(0) };
    client.whole().filter(|number| *number < MOST).ok_or_else(|| {
        Reason::wrong(format!("\"clientId\" must be a whole number, not {}", client.shown()))
    })
}

fn time(object: &Datum, name: &str) -> Result<Option<i64>, Reason> {
    let Some(time) = field(object, name) else { return Ok(None) };
    time.whole().map(Some).ok_or_else(|| {
        Reason::wrong(format!("{name:?} must be a time in whole nanoseconds, not {}", time.shown()))
    })
}

fn request(input: &Datum) -> Result<Request, Reason> {
    let unknown = |found: &str| {
        Reason::wrong(format!(
            "this is an operation of Porcupine, and its input {found} is not read: wanted is \"op\": \
             0, 1 or 2 (get, put, append), or false or true (put, get)"
        ))
    };
    let Some(op) = field(input, "op") else { return Err(unknown("without \"op\"")) };
    let word = match op {
        Datum::Bool(true) => "get".to_owned(),
        Datum::Bool(false) => "put".to_owned(),
        other => other.text().unwrap_or_default().to_ascii_lowercase(),
    };
    let value = || {
        let value = field(input, "value").and_then(Datum::text);
        value.ok_or_else(|| Reason::wrong("the \"input\" of a write needs a \"value\""))
    };
    match &*word {
        "0" | "get" | "read" => Ok(Request::Get),
        "1" | "put" | "set" | "write" => Ok(Request::Set(value()?)),
        "2" | "append" => Ok(Request::Append(value()?)),
        _ => Err(unknown(&format!("\"op\": {}", op.shown()))),
    }
}

/// Registers hold numbers, key-value stores hold strings.
fn initial(input: &Datum, output: &Datum) -> &'static str {
    let is_number = |value: Option<&Datum>| matches!(value, Some(Datum::Number(_)));
    let is_register = matches!(field(input, "op"), Some(Datum::Bool(_)));
    if is_register || is_number(field(input, "value")) || is_number(Some(output)) {
        "0"
    } else {
        ""
    }
}

fn read(output: &Datum) -> Result<Option<Text>, Reason> {
    // In some models the output is an object with a value.
    let value = field(output, "value").unwrap_or(output);
    match value {
        Datum::Nil | Datum::Map(_) => Ok(Some("".into())),
        value => value.text().map(Some).ok_or_else(|| {
            Reason::wrong(format!("the \"output\" of a get must be a value, not {}", value.shown()))
        }),
    }
}
