//! Linearizability of a history: each operation can have taken effect at one moment between its
//! invocation and its return, such that every answer is that of a single key-value store (Herlihy &
//! Wing, *Linearizability: A Correctness Condition for Concurrent Objects*, 1990).
//!
//! Linearizability is local (their theorem 1): a history is linearizable if it is so key by key.
//! So each key is searched for itself, and a key that did not change need not be searched again
//! ([`Judge`]).
//!
//! An operation whose outcome is unknown may take effect at any time after its invocation, or
//! never; one that failed never did.

mod alternatives;
mod excerpt;
mod fault;
mod line;
mod model;
mod moments;
mod pair;
mod search;
mod seen;
#[cfg(test)]
mod tests;
mod trials;
mod values;
mod wanted;

pub use alternatives::alternatives;
pub use fault::Violation;
pub use moments::Axis;

use crate::check::{Property, Verdict};
use crate::history::{History, OperationId, Text};
use crate::order;
use excerpt::{Decision, Excerpt};
use model::KeyHistory;
use search::Placed;
use std::collections::BTreeMap;

/// The default number of calls that the search of one key may examine before it gives up: about a
/// second's worth, and some hundred megabytes at worst.
pub const DEFAULT_STEPS: u64 = 20_000_000;

/// The point of an operation's effect in an order that explains the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearizationPoint {
    /// The operation.
    pub operation: OperationId,
    /// It takes effect after this event and before the next; those after the same event do so in
    /// the order in which they are listed.
    pub after_event: u32,
}

/// The judgement of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Every answer is explained by these points; operations without one did not take effect.
    Linearizable(Vec<LinearizationPoint>),
    /// Nothing explains all answers.
    Violated(Violation),
    /// The search gave up: it would have needed more steps than allowed.
    Undecided,
}

/// The judgement of each key that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By key.
    pub keys: BTreeMap<Text, Judgement>,
}

impl Report {
    /// Whether the history is linearizable; `None` if that is unknown.
    #[must_use]
    pub fn is_linearizable(&self) -> Option<bool> {
        if self.violations().next().is_some() {
            Some(false)
        } else {
            let undecided = self.keys.values().any(|key| *key == Judgement::Undecided);
            (!undecided).then_some(true)
        }
    }

    /// The violations, by key.
    pub fn violations(&self) -> impl Iterator<Item = (&Text, &Violation)> {
        self.keys.iter().filter_map(|(key, judgement)| match judgement {
            Judgement::Violated(violation) => Some((key, violation)),
            Judgement::Linearizable(_) | Judgement::Undecided => None,
        })
    }

    /// The places of the operations' effects along an axis, by operation; for a key that is not
    /// linearizable those of its linearizable beginning.
    #[must_use]
    pub fn places(&self, axis: &Axis) -> Vec<(OperationId, u64)> {
        let points = |judgement: &Judgement| match judgement {
            Judgement::Linearizable(points) => axis.places(points),
            Judgement::Violated(violation) => axis.places(&violation.prefix),
            Judgement::Undecided => Vec::new(),
        };
        let mut places: Vec<_> = self.keys.values().flat_map(points).collect();
        order::by_key(&mut places, |(operation, _)| *operation);
        places
    }

    /// The violation that shows first in real time.
    #[must_use]
    pub fn first_violation(&self) -> Option<(&Text, &Violation)> {
        self.violations().min_by_key(|(_, violation)| violation.prefix_events)
    }

    /// Number of events of the longest linearizable beginning of `history`; unknown if a key is
    /// undecided.
    #[must_use]
    pub fn prefix_events(&self, history: &History) -> Option<u32> {
        match (self.first_violation(), self.is_linearizable()) {
            (Some((_, violation)), _) => Some(violation.prefix_events),
            (None, Some(_)) => Some(history.events()),
            (None, None) => None,
        }
    }

    /// One verdict on the whole of `history`, whose report this is. It names the violation that
    /// shows first.
    #[must_use]
    pub fn verdict(&self, history: &History) -> Verdict {
        let property = Property::Linearizability;
        match (self.first_violation(), self.is_linearizable()) {
            (Some((_, violation)), _) => violation.verdict(history),
            (None, Some(_)) => Verdict::holds(property),
            (None, None) => Verdict::undecided(property, "the search was given up as too long"),
        }
    }
}

/// Whether a history is linearizable, and nothing more: stops at the first key that is not, without
/// a search for the fault. The search of one key may examine `steps` calls; `None` if that does not
/// suffice for a key, and no other is at fault.
#[must_use]
pub fn is_linearizable(history: &History, steps: u64) -> Option<bool> {
    let mut verdict = Some(true);
    for (key, operations) in history.by_key() {
        let mut key = KeyHistory::new(history, &key, &operations);
        match Excerpt::whole(&key).decide(&mut key.values, &mut steps.clone()) {
            Decision::Order(_) => {}
            Decision::Impossible { .. } => return Some(false),
            Decision::GaveUp => verdict = None,
        }
    }
    verdict
}

/// Judges every key of a history, with [`DEFAULT_STEPS`].
#[must_use]
pub fn check(history: &History) -> Report {
    check_within(history, DEFAULT_STEPS)
}

/// Judges every key of a history; the search of one key may examine `steps` calls.
#[must_use]
pub fn check_within(history: &History, steps: u64) -> Report {
    let judge = |(key, operations): (Text, Vec<OperationId>)| {
        let judgement = judge_key(history, &key, &operations, steps);
        (key, judgement)
    };
    Report { keys: history.by_key().into_iter().map(judge).collect() }
}

/// Judges a history that grows, or a beginning of it, and searches only the keys that gained or
/// lost events since the last time.
#[derive(Clone, Debug)]
pub struct Judge {
    steps: u64,
    /// The number of events that each key had.
    events: BTreeMap<Text, u32>,
    report: Report,
}

impl Judge {
    /// A judge without a history; the search of one key may examine `steps` calls.
    #[must_use]
    pub fn new(steps: u64) -> Self {
        Self { steps, events: BTreeMap::new(), report: Report::default() }
    }

    /// Judges `history`, which must be a continuation or a beginning of the one that was judged
    /// last, or that one itself; another history needs another judge.
    pub fn check(&mut self, history: &History) -> &Report {
        let mut changed = self.changed(history);
        while self.check_next(history, &mut changed) {}
        &self.report
    }

    /// The keys of such a history that gained or lost events since they were judged.
    pub fn changed(&mut self, history: &History) -> Changed {
        let mut keys = history.by_key();
        self.report.keys.retain(|key, _| keys.contains_key(key));
        self.events.retain(|key, _| keys.contains_key(key));
        keys.retain(|key, operations| {
            self.events.get(key) != Some(&count_events(history, operations))
        });
        Changed(keys)
    }

    /// Judges the next of these keys of the same history; false when none is left.
    pub fn check_next(&mut self, history: &History, changed: &mut Changed) -> bool {
        let Some((key, operations)) = changed.0.pop_first() else { return false };
        let judgement = judge_key(history, &key, &operations, self.steps);
        self.events.insert(key.clone(), count_events(history, &operations));
        self.report.keys.insert(key, judgement);
        true
    }

    /// The report so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Forgets everything: the next history may be another.
    pub fn forget(&mut self) {
        *self = Self::new(self.steps);
    }
}

/// Keys that must be judged, each with all its operations.
#[derive(Debug)]
pub struct Changed(BTreeMap<Text, Vec<OperationId>>);

fn count_events(history: &History, operations: &[OperationId]) -> u32 {
    let returns = operations.iter().filter(|&&id| history.operation(id).returned.is_some());
    (operations.len() + returns.count()) as u32
}

/// Judges one key; `operations` are all operations on it.
#[must_use]
pub fn judge_key(
    history: &History,
    key: &Text,
    operations: &[OperationId],
    steps: u64,
) -> Judgement {
    let mut key = KeyHistory::new(history, key, operations);
    let whole = Excerpt::whole(&key);
    match whole.decide(&mut key.values, &mut steps.clone()) {
        Decision::Order(order) => Judgement::Linearizable(points(&order)),
        Decision::Impossible { furthest, part } => {
            Judgement::Violated(fault::explain(&whole, furthest, part, &mut key.values, steps))
        }
        Decision::GaveUp => Judgement::Undecided,
    }
}

/// The points of an order: each operation takes effect as soon as it and all those before it in the
/// order are invoked. That is before it returns: a call is put into the order only before all
/// returns of calls that are not in it yet.
fn points(order: &[Placed]) -> Vec<LinearizationPoint> {
    let mut after_event = 0;
    let point = |placed: &Placed| {
        after_event = after_event.max(placed.invoked);
        LinearizationPoint { operation: placed.id, after_event }
    };
    order.iter().map(point).collect()
}
