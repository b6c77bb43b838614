//! Histories of Jepsen: the maps of `history.edn`, and the operations in `jepsen.log`.
//!
//! Two workloads are supported: registers (`read`, `write`, `cas`), also several of them by
//! Jepsen's `independent`, whose values are `[key value]`; and key-value stores (`get`, `put`,
//! `append`, `delete` with a `:key`). Times are in nanoseconds.

use super::super::{History, HistoryError, Outcome, Process, Request, Text};
use super::datum::{Datum, Parser, Syntax};
use super::error::Reason;
use super::operations::{Actor, Type, actor, deed, kind, present};
use super::time::Unit;
use std::collections::BTreeSet;

/// The key of the only register of a workload.
const REGISTER: &str = "r";

/// Reads the events of Jepsen into a history.
#[derive(Debug, Default)]
pub struct Jepsen {
    /// The keys of which a read returned the empty string.
    read_empty: BTreeSet<Text>,
    /// Whether a read returned that a key is absent.
    has_read_nil: bool,
}

impl Jepsen {
    /// Adds an event of `history.edn`.
    pub fn take(&mut self, history: &mut History, event: &Datum) -> Result<(), Reason> {
        let at = present(event, "time").map(|time| Unit::Nanoseconds.read(time)).transpose()?;
        match actor(event)? {
            Actor::Nemesis => history.mark(deed(event), at).map_err(Reason::Event),
            Actor::Client(process) => {
                let told = Told {
                    kind: kind(event)?,
                    f: event.get("f").and_then(Datum::text).ok_or(Reason::Missing("f"))?,
                    key: present(event, "key").and_then(Datum::text),
                    value: event.get("value").unwrap_or(&Datum::Nil),
                    at,
                };
                self.event(history, process, &told)
            }
        }
    }

    /// Adds the event of a line of `jepsen.log`. A line without an operation is skipped.
    pub fn take_line(&mut self, history: &mut History, line: &str) -> Result<(), Reason> {
        let Some(columns) = columns(line)? else { return Ok(()) };
        let [process, kind, f, rest @ ..] = &columns[..] else { return Ok(()) };
        let value = rest.first().unwrap_or(&Datum::Nil);
        let field = |name: &str, value: &Datum| (name.into(), value.clone());
        let event = Datum::Map(vec![
            field("process", process),
            field("type", kind),
            field("f", f),
            field("value", value),
        ]);
        self.take(history, &event)
    }

    /// Sets the initial values. A store of strings that are empty in the beginning, as in
    /// Porcupine's tests, reads the empty string where another reads nothing.
    pub fn finish(&self, history: &mut History) {
        if self.has_read_nil || self.read_empty.is_empty() {
            return;
        }
        let keys: BTreeSet<Text> = history.operations().iter().map(|op| op.key.clone()).collect();
        history.initial = keys.into_iter().map(|key| (key, "".into())).collect();
    }

    fn event(
        &mut self,
        history: &mut History,
        process: Process,
        told: &Told<'_>,
    ) -> Result<(), Reason> {
        if told.kind == Type::Invoke {
            let (key, request) = told.request()?;
            return history.invoke(process, key, request, told.at).map(drop).map_err(Reason::Event);
        }
        let id = history.open_operation(process).ok_or(HistoryError::Idle(process))?;
        let open = history.operation(id);
        let outcome = match (told.kind, &open.request) {
            (Type::Fail, _) => Outcome::Failed,
            (Type::Info, _) => Outcome::Unknown,
            (_, Request::Get) => Outcome::Read(told.read()?),
            _ => Outcome::Done { applied: true },
        };
        match &outcome {
            Outcome::Read(None) => self.has_read_nil = true,
            Outcome::Read(Some(value)) if value.is_empty() => {
                self.read_empty.insert(open.key.clone());
            }
            _ => {}
        }
        history.complete(process, outcome, told.at).map(drop).map_err(Reason::Event)
    }
}

/// The values of the columns after `jepsen.util`, if the line contains an operation.
fn columns(line: &str) -> Result<Option<Vec<Datum>>, Reason> {
    let Some((_, rest)) = line.split_once("jepsen.util") else { return Ok(None) };
    let rest = rest.trim_start_matches([' ', ':', '-', '\t']);
    // The name of the nemesis is a keyword.
    let rest = if rest.starts_with("nemesis") { &format!(":{rest}") } else { rest };
    let is_kind = |word: &str| word.strip_prefix(':').and_then(Type::named).is_some();
    if !rest.split_whitespace().nth(1).is_some_and(is_kind) {
        return Ok(None);
    }
    let columns = Parser::new(rest, Syntax::Edn).all();
    columns.map(Some).map_err(|_| {
        Reason::wrong(
            "this line of Jepsen's log is cut off: wanted are the columns process, type, f, value",
        )
    })
}

/// The content of a client's event.
struct Told<'a> {
    kind: Type,
    f: Text,
    key: Option<Text>,
    value: &'a Datum,
    at: Option<u64>,
}

impl Told<'_> {
    fn request(&self) -> Result<(Text, Request), Reason> {
        let (key, value) = self.keyed();
        let text = || {
            value.text().ok_or_else(|| {
                Reason::wrong(format!("{} needs one value, not {}", self.f, value.shown()))
            })
        };
        let request = match &*self.f {
            "read" | "get" | "r" => Request::Get,
            "write" | "put" | "set" | "w" => Request::Set(text()?),
            "append" => Request::Append(text()?),
            "delete" | "del" => Request::Del,
            "cas" => cas(value)?,
            other => {
                return Err(Reason::wrong(format!(
                    "this is a history of Jepsen, and its operation {other:?} is not read: wanted \
                     is a register (read, write, cas) or a key-value store (get, put, append, \
                     delete)"
                )));
            }
        };
        Ok((key, request))
    }

    /// The value that a read returned.
    fn read(&self) -> Result<Option<Text>, Reason> {
        match self.keyed().1 {
            Datum::Nil => Ok(None),
            value => value.text().map(Some).ok_or_else(|| {
                Reason::wrong(format!("a read tells one value or nil, not {}", value.shown()))
            }),
        }
    }

    /// The key and its value. `independent` writes both in the value.
    fn keyed(&self) -> (Text, &Datum) {
        if let Some(key) = &self.key {
            return (key.clone(), self.value);
        }
        if let Datum::List(items) = self.value
            && let [key, value] = &items[..]
            && let Some(key) = key.text()
            && (&*self.f != "cas" || matches!(value, Datum::List(_)))
        {
            return (key, value);
        }
        (REGISTER.into(), self.value)
    }
}

fn cas(value: &Datum) -> Result<Request, Reason> {
    if let Datum::List(items) = value
        && let [expected, new] = &items[..]
        && let (Some(expected), Some(new)) = (expected.text(), new.text())
    {
        return Ok(Request::Cas { expected, new });
    }
    Err(Reason::wrong(format!("cas needs a list of two values, not {}", value.shown())))
}
