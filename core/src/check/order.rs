//! The order of writes as far as clients can know it: a write that was answered before another was
//! invoked is surely older. The order in which a store claims to have applied concurrent writes is
//! not used, so that no accusation is false.

use crate::history::{History, Operation, OperationId, Request, Text};
use std::collections::BTreeMap;

/// The possible sources of a value that was read. Events are counted from 1 here, so that 0 is
/// before all of them.
#[derive(Clone, Copy, Debug)]
pub struct Sources {
    /// The write, if it is the only possible source, and the initial value is none.
    pub only: Option<OperationId>,
    /// The invocation of the first of them; 0 if the initial value is among them.
    pub earliest_invocation: u32,
    /// The return of the last of them; `u32::MAX` if one never returned. The value is surely older
    /// than a write that was invoked after this.
    pub latest_return: u32,
}

impl Sources {
    /// The initial value.
    const INITIAL: Self = Self { only: None, earliest_invocation: 0, latest_return: 0 };

    fn of(id: OperationId, op: &Operation) -> Self {
        Self {
            only: Some(id),
            earliest_invocation: op.invoked.event + 1,
            latest_return: op.answered().map_or(u32::MAX, |at| at.event + 1),
        }
    }

    /// These sources together with others.
    fn or(self, others: Option<Self>) -> Self {
        others.map_or(self, |others| Self {
            only: None,
            earliest_invocation: self.earliest_invocation.min(others.earliest_invocation),
            latest_return: self.latest_return.max(others.latest_return),
        })
    }
}

type KeyAndValue<'a> = (&'a str, Option<&'a str>);

/// The writes of a history by key and by the value that they leave.
#[derive(Debug)]
pub struct Writes<'a> {
    history: &'a History,
    /// By key and value, in the order of invocation, each with the sources up to it.
    by_value: BTreeMap<KeyAndValue<'a>, Vec<(u32, Sources)>>,
    appends: BTreeMap<&'a str, Vec<OperationId>>,
}

impl<'a> Writes<'a> {
    /// The writes of a history that may have happened.
    pub fn new(history: &'a History) -> Self {
        let mut writes = Self { history, by_value: BTreeMap::new(), appends: BTreeMap::new() };
        for (id, op) in history.iter().filter(|(_, op)| op.may_have_written()) {
            let left = match &op.request {
                Request::Set(value) | Request::Upd(value) => Some(&**value),
                Request::Cas { new, .. } => Some(&**new),
                Request::Del => None,
                Request::Append(_) => {
                    writes.appends.entry(&op.key).or_default().push(id);
                    continue;
                }
                Request::Get => continue,
            };
            let sources = writes.by_value.entry((&op.key, left)).or_default();
            let before = sources.last().map(|(_, sources)| *sources);
            sources.push((op.invoked.event, Sources::of(id, op).or(before)));
        }
        writes
    }

    /// The possible sources of a value of `key` that was seen just before `event`; `None` if there
    /// are none. An appended text may have made any value that ends with it.
    pub fn sources(&self, key: &str, value: Option<&str>, event: u32) -> Option<Sources> {
        let is_initial = self.history.initial().get(key).map(|text| &**text) == value;
        let mut sources = is_initial.then_some(Sources::INITIAL);
        if let Some(direct) = self.by_value.get(&(key, value)) {
            let asked = direct.partition_point(|&(invoked, _)| invoked < event);
            if let Some(last) = asked.checked_sub(1) {
                sources = Some(direct[last].1.or(sources));
            }
        }
        for &id in self.appends.get(key).into_iter().flatten() {
            let op = self.history.operation(id);
            let makes = match (&op.request, value) {
                (Request::Append(text), Some(value)) => value.ends_with(&**text),
                _ => false,
            };
            if makes && op.invoked.event < event {
                sources = Some(Sources::of(id, op).or(sources));
            }
        }
        sources
    }

    /// The possible sources of the value that a get read; `None` if it is not an answered get.
    pub fn read_from(&self, op: &Operation) -> Option<Sources> {
        let value = op.value_read()?;
        self.sources(&op.key, value.map(|text| &**text), op.answered()?.event)
    }
}

/// The best knowledge about each key, by event, and the operation that it comes from.
#[derive(Clone, Debug, Default)]
pub struct Marks(BTreeMap<Text, Vec<Mark>>);

/// From an event on a key is known to have a value at least as new as some write.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The event from which on it is known.
    pub event: u32,
    /// The write was invoked at this event, counted from 1, or later.
    pub newer_than: u32,
    /// The source of the knowledge: the write, or the get that saw it.
    pub operation: OperationId,
}

impl Marks {
    /// Adds knowledge from an event on, which is not before those added so far. A weaker mark than
    /// the present one is ignored.
    pub fn add(&mut self, key: &Text, mark: Mark) {
        let marks = self.0.entry(key.clone()).or_default();
        if marks.last().is_none_or(|last| last.newer_than < mark.newer_than) {
            marks.push(mark);
        }
    }

    /// The knowledge about `key` just before an event.
    pub fn before(&self, key: &str, event: u32) -> Option<Mark> {
        let marks = self.0.get(key)?;
        let known = marks.partition_point(|mark| mark.event < event);
        known.checked_sub(1).map(|last| marks[last])
    }
}
