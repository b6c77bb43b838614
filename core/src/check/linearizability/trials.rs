//! Trials that find the calls that contradict a culprit.
//!
//! A trial keeps some calls as they were; the writes among the others may take effect at any time,
//! or never. The trial does not need every one of these: between two kept calls a successful order
//! passes through no state twice, so it uses at most one call of the same effect there, and one
//! more before the first. So the size of a trial depends on the kept calls, and not on the history.

use super::excerpt::Excerpt;
use super::model::{Call, Mutation, NEVER};
use super::search::Found;
use super::values::{ABSENT, Values};
use crate::history::OperationId;
use crate::order;
use std::cmp::Reverse;

/// The most calls that one trial may examine. A call that is not settled within that stays in the
/// set, which is then larger than necessary, but not wrong.
const STEPS_PER_TRIAL: u64 = 200_000;
/// The most calls that all trials of a culprit may examine.
const STEPS_OF_TRIALS: u64 = 5_000_000;
/// Preparing a call for a trial takes as long as examining this many.
const STEPS_TO_LAY_OUT: u64 = 4;
/// The largest set that is returned where the steps did not suffice.
const MOST_UNSETTLED: usize = 24;

/// Calls of the same effect, without their answers.
struct Class {
    call: Call,
    mutation: Mutation,
    count: usize,
}

/// Trials that find the calls that contradict a culprit.
pub struct Trials<'a> {
    values: &'a mut Values,
    /// The calls up to the answer of the culprit, or the latter part of them.
    seen: Excerpt,
    /// The place of the culprit among the calls.
    culprit: usize,
    /// By call, its class, if it may have changed anything.
    class_of: Vec<Option<usize>>,
    classes: Vec<Class>,
    steps: u64,
}

impl<'a> Trials<'a> {
    /// Trials of `seen`, which is impossible with the return at the event `returned`.
    pub fn new(seen: Excerpt, returned: u32, values: &'a mut Values) -> Self {
        let culprit = seen.calls.iter().position(|call| call.returned == returned);
        let culprit = culprit.expect("the return is that of a call");
        let (class_of, classes) = classes(&seen.calls);
        Self { seen, culprit, values, class_of, classes, steps: STEPS_OF_TRIALS }
    }

    /// The operation whose answer cannot be explained.
    pub fn culprit(&self) -> OperationId {
        self.seen.calls[self.culprit].id
    }

    /// A smallest set of calls that contradict the culprit; of several such sets one of calls that
    /// returned late, as they are nearer to the culprit. Where the steps did not suffice it may be
    /// larger than necessary; `None` where it would be too large to explain anything.
    pub fn contradicted(&mut self) -> Option<Vec<OperationId>> {
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
        let needed = self.needed(&mut Vec::new(), true, &latest_first);
        let says_something = self.steps > 0 || needed.len() <= MOST_UNSETTLED;
        says_something.then(|| needed.into_iter().map(|call| self.seen.calls[call].id).collect())
    }

    /// QuickXplain: the members of `candidates` that, together with `kept`, make a contradiction.
    /// `is_new` is whether `kept` has changed since it was found not to suffice.
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
        if self.steps == 0 {
            return false;
        }
        let mut places: Vec<usize> = kept.iter().copied().chain([self.culprit]).collect();
        order::sort(&mut places);
        let mut calls = self.others(&places);
        calls.extend(places.iter().map(|&place| self.seen.calls[place]));
        let work = calls.len() as u64 * STEPS_TO_LAY_OUT + self.classes.len() as u64;
        self.steps = self.steps.saturating_sub(work);
        let mut steps = self.steps.min(STEPS_PER_TRIAL);
        self.steps -= steps;
        let found = self.seen.with_calls(calls).search(self.values, &mut steps);
        self.steps += steps;
        matches!(found, Found::Nothing { .. })
    }

    /// The possible effects of all other calls, each as often as it can be of use.
    fn others(&self, kept: &[usize]) -> Vec<Call> {
        let mut left: Vec<usize> = self.classes.iter().map(|class| class.count).collect();
        for class in kept.iter().filter_map(|&place| self.class_of[place]) {
            left[class] -= 1;
        }
        // Appends make new states without end.
        let most = if self.values.has_appends() { usize::MAX } else { kept.len() };
        let idle = self.idle_values(kept);
        let others = self.classes.iter().zip(left).flat_map(|(class, left)| {
            let is_idle = match class.mutation {
                Mutation::Set(value) => idle.get(value.index()) == Some(&true),
                _ => false,
            };
            std::iter::repeat_n(class.call, if is_idle { 0 } else { left.min(most) })
        });
        others.collect()
    }

    /// By value, whether neither the kept calls nor the others can distinguish it from others.
    /// Setting such a value is of no use. Empty where that holds for none.
    fn idle_values(&self, kept: &[usize]) -> Vec<bool> {
        let kept = kept.iter().map(|&place| &self.seen.calls[place]);
        let mut all = kept.chain(self.classes.iter().map(|class| &class.call));
        if self.values.has_appends() || all.clone().any(Call::can_see_other) {
            return Vec::new();
        }
        let mut idle = vec![true; self.values.state_count()];
        idle[ABSENT.index()] = false;
        for state in all.by_ref().filter_map(Call::distinguishes) {
            idle[state.index()] = false;
        }
        idle
    }
}

/// The class of each call, and the classes.
fn classes(calls: &[Call]) -> (Vec<Option<usize>>, Vec<Class>) {
    let relaxed = calls.iter().enumerate();
    let mut relaxed: Vec<(Mutation, usize, Call)> = relaxed
        .filter_map(|(place, call)| {
            let call = call.relaxed()?;
            Some((call.open?, place, call))
        })
        .collect();
    order::by_key(&mut relaxed, |&(mutation, place, _)| (mutation, place));
    let (mut class_of, mut classes) = (vec![None; calls.len()], Vec::<Class>::new());
    for (mutation, place, call) in relaxed {
        match classes.last_mut() {
            Some(class) if class.mutation == mutation => class.count += 1,
            _ => classes.push(Class { call, mutation, count: 1 }),
        }
        class_of[place] = Some(classes.len() - 1);
    }
    (class_of, classes)
}
