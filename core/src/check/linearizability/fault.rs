//! The operations at fault in a history that is not linearizable, explained for a person.
//!
//! A beginning of a linearizable history is linearizable, and an invocation alone never violates
//! it. So there is a first return that cannot be explained; the events before it are the longest
//! linearizable beginning. Most of its operations do not matter. Those that do are found by
//! Junker's *QuickXplain* (2004): a smallest set (every member is needed) such that the answers of
//! these, and the order in which they happened, contradict each other even if every other write may
//! have taken effect at any time or never, and every other read is forgotten.

use super::excerpt::{Decision, Excerpt};
use super::model::NEVER;
use super::search::Found;
use super::trials::Trials;
use super::values::Values;
use super::{LinearizationPoint, pair, points};
use crate::check::{Property, Verdict, naming, text};
use crate::history::{History, OperationId};
use crate::order;

/// The most calls that may be examined to find the first return that cannot be explained: some
/// tenths of a second's worth.
const STEPS_OF_PREFIX: u64 = 4_000_000;
/// Numbers of calls before the culprit that count as near: the first, then the next if these do not
/// suffice.
const NEAR: [usize; 4] = [8, 32, 128, 512];
/// The most calls that may be examined to find out whether the near ones suffice.
const STEPS_NEARBY: u64 = 200_000;

/// The reason why a key is not linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation whose answer could not be explained when it came.
    pub culprit: OperationId,
    /// The culprit and the operations that it contradicts, in the order of invocation.
    pub operations: Vec<OperationId>,
    /// Whether this is a smallest set. Where singling it out would have taken too long, the culprit
    /// stands alone.
    pub is_singled_out: bool,
    /// Number of events before the answer of the culprit: the longest linearizable beginning.
    pub prefix_events: u32,
    /// An order that explains that beginning.
    pub prefix: Vec<LinearizationPoint>,
}

impl Violation {
    /// The verdict of this violation, on the history that it belongs to.
    #[must_use]
    pub fn verdict(&self, history: &History) -> Verdict {
        let returned = &history.operation(self.culprit).returned;
        let text = describe(history, self);
        let verdict = Verdict::violated(Property::Linearizability, self.operations.clone(), text)
            .at(returned.as_ref().and_then(|(at, _)| at.time_us));
        naming::named(history, verdict)
    }
}

/// Finds the first return that cannot be explained, and the operations that it contradicts. All
/// returns of the `whole` before the event `furthest` can be explained, and `part` of it is
/// impossible. Judging the beginning of a history takes at most `steps` steps, and no more than
/// some tenths of a second; where that does not suffice, the reported beginning may be longer than
/// the linearizable one, and has no order.
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
            // Calls before the part make an earlier return impossible.
            Decision::Impossible { furthest: earlier, part: other } => {
                (furthest, part) = (earlier, other);
            }
        }
    };
    let seen = part.before(event + 1);
    let mut trials = Trials::new(seen.clone(), event, values);
    let culprit = trials.culprit();
    let contradicted = trials.contradicted().or_else(|| nearby(&seen, event, values));
    let is_singled_out = contradicted.is_some();
    let mut operations = contradicted.unwrap_or_default();
    operations.push(culprit);
    order::sort(&mut operations);
    let prefix = points(&order);
    Violation { culprit, operations, is_singled_out, prefix_events: event, prefix }
}

/// The recent operations that contradict the return at that event, when all calls that had returned
/// before them are surely past. Where the same value is written repeatedly, this explains more:
/// else each of these writes would have to be named, as one that it cannot have been.
fn nearby(seen: &Excerpt, event: u32, values: &mut Values) -> Option<Vec<OperationId>> {
    if values.has_appends() {
        return None;
    }
    let culprit = seen.calls.iter().position(|call| call.returned == event)?;
    NEAR.into_iter().find_map(|radius| {
        let first = &seen.calls[culprit.saturating_sub(radius)];
        let part = seen.part(first.invoked, NEVER);
        let mut steps = STEPS_NEARBY;
        match part.search(values, &mut steps) {
            Found::Nothing { .. } => Trials::new(part, event, values).contradicted(),
            Found::Order(_) | Found::GaveUp { .. } => None,
        }
    })
}

/// The event of the first return that cannot be explained: `part` is possible before it, and not
/// together with it. The search goes first in steps that double, as the fault tends to be near the
/// place where the search stopped; then it halves.
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

/// A sentence about a violation: it names the two operations that contradict each other, where two
/// suffice; else all operations of the set.
fn describe(history: &History, violation: &Violation) -> String {
    if !violation.is_singled_out {
        let culprit = history.operation(violation.culprit);
        let claim = format!("{}{}", text::deed(culprit), text::at(culprit));
        return format!(
            "{claim}, which what came before does not allow; what of that it contradicts takes too long to find out"
        );
    }
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
