//! The memory of a condition: what `then` and `for` must know of the steps before the present one.

use super::{Condition, Moment};
use crate::time::Time;

/// The memory of one condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory(Vec<Slot>);

/// The memory of one `then` or `for`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slot {
    /// Of `then`: whether the first part held after a step before the present one.
    before: bool,
    /// Of `then`: whether it held up to the present one.
    seen: bool,
    /// Of `for`: since when it has held.
    since: Option<Time>,
}

impl Memory {
    /// The empty memory of a condition.
    pub fn of(condition: &Condition) -> Self {
        Self(vec![Slot::default(); slots(condition)])
    }

    /// Takes in a step. Whether the condition holds after it.
    pub fn look(&mut self, condition: &Condition, moment: &Moment<'_>) -> bool {
        Reader { slots: &mut self.0, next: 0, looks: true }.holds(condition, moment)
    }

    /// Whether the condition holds at the step that was taken in last, seen so.
    pub fn holds(&self, condition: &Condition, moment: &Moment<'_>) -> bool {
        let mut slots = self.0.clone();
        Reader { slots: &mut slots, next: 0, looks: false }.holds(condition, moment)
    }
}

/// The number of `then` and `for` in a condition.
fn slots(condition: &Condition) -> usize {
    match condition {
        Condition::Not(inner) => slots(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().map(slots).sum(),
        Condition::Then(first, second) => 1 + slots(first) + slots(second),
        Condition::For(inner, _) => 1 + slots(inner),
        _ => 0,
    }
}

/// The evaluation of one condition with its memory: slots are taken in the order of the parts, so
/// every part is evaluated, also where another one decides.
struct Reader<'a> {
    slots: &'a mut [Slot],
    next: usize,
    looks: bool,
}

impl Reader<'_> {
    fn holds(&mut self, condition: &Condition, moment: &Moment<'_>) -> bool {
        match condition {
            Condition::Not(inner) => !self.holds(inner, moment),
            Condition::All(parts) => self.count(parts, moment) == parts.len(),
            Condition::Any(parts) => self.count(parts, moment) > 0,
            Condition::Then(first, second) => self.then(first, second, moment),
            Condition::For(inner, span) => {
                let place = self.take();
                let holds = self.holds(inner, moment);
                let now = moment.world.now();
                let Some(slot) = self.slots.get_mut(place) else { return false };
                slot.since = if holds { slot.since.or(Some(now)) } else { None };
                slot.since.is_some_and(|since| now.since(since) >= *span)
            }
            plain => plain.holds(moment),
        }
    }

    fn count(&mut self, parts: &[Condition], moment: &Moment<'_>) -> usize {
        parts.iter().filter(|part| self.holds(part, moment)).count()
    }

    fn then(&mut self, first: &Condition, second: &Condition, moment: &Moment<'_>) -> bool {
        let place = self.take();
        let (first, second) = (self.holds(first, moment), self.holds(second, moment));
        let Some(slot) = self.slots.get_mut(place) else { return false };
        if self.looks {
            slot.before = slot.seen;
            slot.seen |= first;
        }
        slot.before && second
    }

    fn take(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }
}
