//! Which writes are surely older than others, as far as clients can tell: a write that was answered
//! before another was asked for. Nothing is concluded from the order in which a store says that it
//! applied concurrent writes, so that nobody is accused wrongly.

use crate::history::{History, Operation, OperationId, Request, Text};
use std::collections::BTreeMap;

/// Where the value that was read may come from. Events are counted from 1 here, so that 0 is before
/// all of them.
#[derive(Clone, Copy, Debug)]
pub struct Sources {
    /// The write, if there is but one that it can come from, and it is not what was there before.
    pub only: Option<OperationId>,
    /// When the first of them was asked for; 0 if it may be what was there before.
    pub earliest_invocation: u32,
    /// When the last of them had been answered; `u32::MAX` if one never was. The value is surely
    /// older than a write that was asked for after this.
    pub latest_return: u32,
}

impl Sources {
    /// What was there before anything was asked.
    const INITIAL: Self = Self { only: None, earliest_invocation: 0, latest_return: 0 };

    fn of(id: OperationId, op: &Operation) -> Self {
        Self {
            only: Some(id),
            earliest_invocation: op.invoked.event + 1,
            latest_return: op.answered().map_or(u32::MAX, |at| at.event + 1),
        }
    }

    /// These, or others that are not among them.
    fn or(self, others: Option<Self>) -> Self {
        others.map_or(self, |others| Self {
            only: None,
            earliest_invocation: self.earliest_invocation.min(others.earliest_invocation),
            latest_return: self.latest_return.max(others.latest_return),
        })
    }
}

type KeyAndValue<'a> = (&'a str, Option<&'a str>);

/// The writes of a history by key and by what they leave.
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

    /// Where a value of `key` that was seen just before `event` may come from; `None` if from
    /// nowhere. An appended text may have made any value that ends with it.
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

    /// Where the value that a get read may come from; `None` if it is not a get that was answered.
    pub fn read_from(&self, op: &Operation) -> Option<Sources> {
        let value = op.value_read()?;
        self.sources(&op.key, value.map(|text| &**text), op.answered()?.event)
    }
}

/// The latest of what was learnt about each key: of events that grow, and of who says so.
#[derive(Clone, Debug, Default)]
pub struct Marks(BTreeMap<Text, Vec<Mark>>);

/// From an event on it is known that a key has a value at least as new as some write.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// From when on it is known.
    pub event: u32,
    /// The write was asked for at this event, counted from 1, or later.
    pub newer_than: u32,
    /// The operation that tells: the write, or the get that saw it.
    pub operation: OperationId,
}

impl Marks {
    /// Adds what is known from an event on that is not before those added so far. What says less
    /// than is known already is left out.
    pub fn add(&mut self, key: &Text, mark: Mark) {
        let marks = self.0.entry(key.clone()).or_default();
        if marks.last().is_none_or(|last| last.newer_than < mark.newer_than) {
            marks.push(mark);
        }
    }

    /// What was known of `key` just before an event.
    pub fn before(&self, key: &str, event: u32) -> Option<Mark> {
        let marks = self.0.get(key)?;
        let known = marks.partition_point(|mark| mark.event < event);
        known.checked_sub(1).map(|last| marks[last])
    }
}
