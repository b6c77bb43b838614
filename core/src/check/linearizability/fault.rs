//! What is at fault in a history that is not linearizable, told so that a person can follow it.
//!
//! A beginning of a linearizable history is linearizable, and an invocation alone never does harm.
//! So there is a first return that cannot be explained; what came before it is the longest
//! linearizable beginning. Of the operations up to it most do not matter. Those that do are found
//! by Junker's *QuickXplain* (2004): a smallest set (none of it can be spared) such that the
//! answers of these, and the order in which they happened, contradict each other even if every
//! other write may have taken effect at any time or never, and every other read is forgotten.

use super::excerpt::{Decision, Excerpt};
use super::model::NEVER;
use super::search::Found;
use super::trials::Trials;
use super::values::Values;
use super::{LinearizationPoint, pair, points};
use crate::check::{Property, Verdict, naming, text};
use crate::history::{History, OperationId};
use crate::order;

/// How many calls may be looked at until it is known which return cannot be explained: some tenths of
/// a second's worth.
const STEPS_OF_PREFIX: u64 = 4_000_000;
/// How many calls before the culprit are near, and how many more if these do not suffice.
const NEAR: [usize; 4] = [8, 32, 128, 512];
/// How many calls may be looked at to find out whether what is near suffices.
const STEPS_NEARBY: u64 = 200_000;

/// Why a key is not linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation whose answer could not be explained when it came.
    pub culprit: OperationId,
    /// The culprit and what it contradicts, in the order of invocation.
    pub operations: Vec<OperationId>,
    /// Whether that is all it takes. Where it would have taken too long to single that out, the culprit
    /// stands alone.
    pub is_singled_out: bool,
    /// Number of events before the answer of the culprit: the longest linearizable beginning.
    pub prefix_events: u32,
    /// An order that explains that beginning.
    pub prefix: Vec<LinearizationPoint>,
}

impl Violation {
    /// The verdict that tells of it, on the history that it is in.
    #[must_use]
    pub fn verdict(&self, history: &History) -> Verdict {
        let returned = &history.operation(self.culprit).returned;
        let text = describe(history, self);
        let verdict = Verdict::violated(Property::Linearizability, self.operations.clone(), text)
            .at(returned.as_ref().and_then(|(at, _)| at.time_us));
        naming::named(history, verdict)
    }
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

/// What contradicts the return at that event of what happened shortly before it, when all that had
/// returned by then is surely past. Where the same value is written again and again, that says more:
/// else each of these writes would have to be named, as the one that it cannot have been.
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

/// A sentence that says what a violation is: of the two operations that contradict each other,
/// where there are two that do; else of all that together cannot be.
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
