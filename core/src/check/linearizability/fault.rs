//! What is at fault in a history that is not linearizable, told so that a person can follow it.
//!
//! A beginning of a linearizable history is linearizable, and an invocation alone never does harm.
//! So there is a first return that cannot be explained; what came before it is the longest
//! linearizable beginning. Of the operations up to it most do not matter. Those that do are found
//! by Junker's *QuickXplain* (2004): a smallest set (none of it can be spared) such that the
//! answers of these, and the order in which they happened, contradict each other even if every
//! other write may have taken effect at any time or never, and every other read is forgotten.

use super::model::{Call, KeyHistory, NEVER};
use super::search::{self, Found};
use super::{LinearizationPoint, points};
use crate::check::text;
use crate::history::{History, OperationId};
use std::cmp::Reverse;

/// How many calls one search may look at while faults are singled out: what is not settled within
/// that stays in the set, which is then larger than it need be, but not wrong.
const STEPS_PER_TRIAL: u64 = 200_000;

/// Why a key is not linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation whose answer could not be explained when it came.
    pub culprit: OperationId,
    /// The culprit and what it contradicts, in the order of invocation.
    pub operations: Vec<OperationId>,
    /// Number of events before the answer of the culprit: the longest linearizable beginning.
    pub prefix_events: u32,
    /// An order that explains that beginning.
    pub prefix: Vec<LinearizationPoint>,
}

/// Finds the first return that cannot be explained, and what it contradicts. All returns before
/// the event `furthest` are known to be explained, and not all of the history is. Each of the two
/// uses about `steps` steps at most; where that does not suffice, the beginning may be shorter and
/// the set larger than need be.
pub fn explain(key: &mut KeyHistory, furthest: u32, steps: u64) -> Violation {
    let mut returns: Vec<u32> = key.calls.iter().map(|call| call.returned).collect();
    returns.sort_unstable();
    returns.truncate(returns.partition_point(|&event| event < NEVER));
    let first = first_unexplained(key, &returns, furthest, steps);
    let order = match search_before(key, returns[first], &mut steps.clone()) {
        Found::Order(order) => order,
        Found::Nothing { .. } | Found::GaveUp => Vec::new(),
    };
    let mut trials = Trials::new(key, returns[first], steps);
    let culprit = trials.calls[trials.culprit].id;
    let operations = trials.contradicted();
    Violation { culprit, operations, prefix_events: returns[first], prefix: points(&order) }
}

/// The place in `returns` of the first one that cannot be explained: all before it can be, and not
/// all together with it. First in steps that double, as the fault tends to be near where the
/// search stopped; then by halving.
fn first_unexplained(
    key: &mut KeyHistory,
    returns: &[u32],
    furthest: u32,
    mut steps: u64,
) -> usize {
    let mut good = returns.partition_point(|&event| event < furthest);
    let mut bad = returns.len();
    let mut stride = 1;
    while good + 1 < bad {
        let middle = (good + stride).min(good.midpoint(bad));
        match search_before(key, returns[middle], &mut steps) {
            Found::Order(_) => {
                good = middle;
                stride *= 2;
            }
            Found::Nothing { .. } | Found::GaveUp => bad = middle,
        }
    }
    good
}

/// Judges what had happened before an event.
fn search_before(key: &mut KeyHistory, event: u32, steps: &mut u64) -> Found {
    let calls: Vec<Call> = key.calls.iter().filter_map(|call| call.before(event)).collect();
    search::search(&calls, key.initial, &mut key.values, steps)
}

/// Trials of which calls contradict a culprit.
struct Trials<'a> {
    key: &'a mut KeyHistory,
    /// The calls up to the answer of the culprit, in the order of invocation.
    calls: Vec<Call>,
    /// The place of the culprit among them.
    culprit: usize,
    steps: u64,
}

impl<'a> Trials<'a> {
    fn new(key: &'a mut KeyHistory, returned: u32, steps: u64) -> Self {
        let calls: Vec<Call> =
            key.calls.iter().filter_map(|call| call.before(returned + 1)).collect();
        let culprit = calls.iter().position(|call| call.returned == returned);
        Self { culprit: culprit.expect("the return is that of a call"), calls, key, steps }
    }

    /// The culprit and a smallest set of calls that contradict it; of several such sets one of calls that
    /// returned late, as they are nearer to what happened.
    fn contradicted(&mut self) -> Vec<OperationId> {
        let mut latest_first: Vec<usize> = (0..self.calls.len()).collect();
        latest_first.remove(self.culprit);
        latest_first.sort_by_key(|&call| {
            let returned = self.calls[call].returned;
            (returned == NEVER, Reverse(returned))
        });
        let mut enough = 1;
        while enough < latest_first.len() && !self.is_contradiction(&latest_first[..enough]) {
            enough *= 2;
        }
        latest_first.truncate(enough);
        let mut needed = self.needed(&mut Vec::new(), true, &latest_first);
        needed.push(self.culprit);
        needed.sort_unstable();
        needed.into_iter().map(|call| self.calls[call].id).collect()
    }

    /// QuickXplain: which of `candidates`, together with `kept`, it takes for a contradiction.
    /// `is_new` tells whether `kept` has changed since it was found not to suffice.
    fn needed(&mut self, kept: &mut Vec<usize>, is_new: bool, candidates: &[usize]) -> Vec<usize> {
        if is_new && self.is_contradiction(kept) {
            return Vec::new();
        }
        if candidates.len() <= 1 {
            return candidates.to_vec();
        }
        let (late, early) = candidates.split_at(candidates.len() / 2);
        let before = kept.len();
        kept.extend(late);
        let mut needed = self.needed(kept, true, early);
        kept.truncate(before);
        kept.extend(&needed);
        let needed_late = self.needed(kept, !needed.is_empty(), late);
        kept.truncate(before);
        needed.extend(needed_late);
        needed
    }

    /// Whether these calls contradict the culprit, whatever the others may have done.
    fn is_contradiction(&mut self, kept: &[usize]) -> bool {
        let mut is_kept = vec![false; self.calls.len()];
        for &call in kept.iter().chain([&self.culprit]) {
            is_kept[call] = true;
        }
        let calls = self.calls.iter().zip(is_kept);
        let calls: Vec<Call> = calls
            .filter_map(|(call, is_kept)| if is_kept { Some(*call) } else { call.relaxed() })
            .collect();
        let mut steps = self.steps.min(STEPS_PER_TRIAL);
        self.steps -= steps;
        let found = search::search(&calls, self.key.initial, &mut self.key.values, &mut steps);
        self.steps += steps;
        matches!(found, Found::Nothing { .. })
    }
}

/// A sentence that says what a violation is.
pub fn describe(history: &History, violation: &Violation) -> String {
    let culprit = history.operation(violation.culprit);
    let claim = format!("{}{}", text::deed(culprit), text::at(culprit));
    let others = violation.operations.iter().filter(|&&id| id != violation.culprit);
    let others: Vec<String> = others
        .map(|&id| {
            let op = history.operation(id);
            format!("{} ({})", text::deed(op), text::span(op))
        })
        .collect();
    match others.split_last() {
        None => format!("{claim}, which nothing that was asked by then explains"),
        Some((last, [])) => format!("{claim}, which contradicts that {last}"),
        Some((last, rest)) => {
            format!("{claim}, which contradicts that {}, and {last}", rest.join(", "))
        }
    }
}
