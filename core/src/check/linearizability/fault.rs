//! What is at fault in a history that is not linearizable, told so that a person can follow it.
//!
//! A beginning of a linearizable history is linearizable, and an invocation alone never does harm.
//! So there is a first return that cannot be explained; what came before it is the longest
//! linearizable beginning. Of the operations up to it most do not matter. Those that do are found
//! by Junker's *QuickXplain* (2004): a smallest set (none of it can be spared) such that the
//! answers of these, and the order in which they happened, contradict each other even if every
//! other write may have taken effect at any time or never, and every other read is forgotten.

use super::excerpt::{Decision, Excerpt};
use super::model::{Call, NEVER};
use super::search::Found;
use super::values::Values;
use super::{LinearizationPoint, pair, points};
use crate::check::text;
use crate::history::{History, OperationId};
use crate::order;
use std::cmp::Reverse;

/// How many calls may be looked at until it is known which return cannot be explained: some tenths of
/// a second's worth.
const STEPS_OF_PREFIX: u64 = 4_000_000;
/// How many calls one search may look at while faults are singled out: what is not settled within
/// that stays in the set, which is then larger than it need be, but not wrong.
const STEPS_PER_TRIAL: u64 = 200_000;
/// How many calls all these searches may look at.
const STEPS_OF_TRIALS: u64 = 5_000_000;

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

/// Finds the first return that cannot be explained, and what it contradicts. All returns of the
/// `whole` before the event `furthest` can be explained, and `part` of it is impossible. To judge
/// the beginning of a history takes at most `steps` steps, and no more than some tenths of a second;
/// where that does not suffice, the beginning is longer than what is known to be linearizable, and
/// has no order.
pub fn explain(
    whole: &Excerpt,
    mut furthest: u32,
    mut part: Excerpt,
    values: &mut Values,
    steps: u64,
) -> Violation {
    let mut left = steps.min(STEPS_OF_PREFIX);
    let (event, order) = loop {
        let event = first_unexplained(&part, furthest, values, &mut left);
        match whole.before(event).decide(values, &mut left) {
            Decision::Order(order) => break (event, order),
            Decision::GaveUp => break (event, Vec::new()),
            // What came before the part makes an earlier return impossible.
            Decision::Impossible { furthest: earlier, part: other } => {
                (furthest, part) = (earlier, other);
            }
        }
    };
    let mut trials = Trials::new(part.before(event + 1), event, values);
    let operations = trials.contradicted();
    let culprit = trials.seen.calls[trials.culprit].id;
    Violation { culprit, operations, prefix_events: event, prefix: points(&order) }
}

/// The event of the first return that cannot be explained: `part` is possible before it, and not
/// together with it. First in steps that double, as the fault tends to be near where the search
/// stopped; then by halving.
fn first_unexplained(part: &Excerpt, furthest: u32, values: &mut Values, steps: &mut u64) -> u32 {
    let mut returns: Vec<u32> = part.calls.iter().map(|call| call.returned).collect();
    order::sort(&mut returns);
    returns.truncate(returns.partition_point(|&event| event < NEVER));
    let mut bad = returns.len();
    let mut good = returns.partition_point(|&event| event < furthest).min(bad - 1);
    let mut stride = 1;
    while good + 1 < bad {
        let middle = (good + stride).min(good.midpoint(bad));
        match part.before(returns[middle]).search(values, steps) {
            Found::Order(_) => {
                good = middle;
                stride *= 2;
            }
            Found::Nothing { .. } | Found::GaveUp { .. } => bad = middle,
        }
    }
    returns[good]
}

/// Trials of which calls contradict a culprit.
struct Trials<'a> {
    values: &'a mut Values,
    /// What happened up to the answer of the culprit, or the latter part of it.
    seen: Excerpt,
    /// The place of the culprit among the calls.
    culprit: usize,
    steps: u64,
}

impl<'a> Trials<'a> {
    /// Trials of `seen`, which is impossible with the return at the event `returned`.
    fn new(seen: Excerpt, returned: u32, values: &'a mut Values) -> Self {
        let culprit = seen.calls.iter().position(|call| call.returned == returned);
        let culprit = culprit.expect("the return is that of a call");
        Self { seen, culprit, values, steps: STEPS_OF_TRIALS }
    }

    /// The culprit and a smallest set of calls that contradict it; of several such sets one of
    /// calls that returned late, as they are nearer to what happened. The culprit alone where the
    /// steps did not suffice.
    fn contradicted(&mut self) -> Vec<OperationId> {
        let mut latest_first: Vec<usize> = (0..self.seen.calls.len()).collect();
        latest_first.remove(self.culprit);
        order::by_key(&mut latest_first, |&call| {
            let returned = self.seen.calls[call].returned;
            (returned == NEVER, Reverse(returned))
        });
        let mut enough = 1;
        while enough < latest_first.len() && !self.is_contradiction(&latest_first[..enough]) {
            enough *= 2;
        }
        latest_first.truncate(enough);
        let mut needed = self.needed(&mut Vec::new(), true, &latest_first);
        if self.steps == 0 {
            needed.clear();
        }
        needed.push(self.culprit);
        let mut operations: Vec<OperationId> =
            needed.into_iter().map(|call| self.seen.calls[call].id).collect();
        order::sort(&mut operations);
        operations
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
        let mut is_kept = vec![false; self.seen.calls.len()];
        for &call in kept.iter().chain([&self.culprit]) {
            is_kept[call] = true;
        }
        let calls = self.seen.calls.iter().zip(is_kept);
        let calls: Vec<Call> = calls
            .filter_map(|(call, is_kept)| if is_kept { Some(*call) } else { call.relaxed() })
            .collect();
        // To lay the calls out is work as well.
        self.steps = self.steps.saturating_sub(calls.len() as u64);
        let mut steps = self.steps.min(STEPS_PER_TRIAL);
        self.steps -= steps;
        let found = self.seen.with_calls(calls).search(self.values, &mut steps);
        self.steps += steps;
        matches!(found, Found::Nothing { .. })
    }
}

/// A sentence that says what a violation is: of the two operations that contradict each other,
/// where there are two that do; else of all that together cannot be.
pub fn describe(history: &History, violation: &Violation) -> String {
    pair::describe(history, violation).unwrap_or_else(|| tangle(history, violation))
}

fn tangle(history: &History, violation: &Violation) -> String {
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
