//! Linearization points as places along the axis of a picture.

use super::LinearizationPoint;
use crate::history::{History, OperationId};
use crate::order;

/// The places of a history's events along one axis: their times, where all events have one and
/// these never fall; else consecutive places, a thousand units apart.
#[derive(Clone, Debug, Default)]
pub struct Axis {
    events: Vec<u64>,
    is_timed: bool,
}

impl Axis {
    /// The axis of a history.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let mut times = vec![None; history.events() as usize];
        for op in history.operations() {
            times[op.invoked.event as usize] = op.invoked.time_us;
            if let Some((at, _)) = &op.returned {
                times[at.event as usize] = at.time_us;
            }
        }
        let known: Option<Vec<u64>> = times.iter().copied().collect();
        let known = known.filter(|times| times.is_sorted());
        let is_timed = known.is_some();
        let in_order = || (0..times.len() as u64).map(|event| event * 1_000).collect();
        Self { events: known.unwrap_or_else(in_order), is_timed }
    }

    /// Whether the places are microseconds, and not merely an order.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.is_timed
    }

    /// The place of an event.
    #[must_use]
    pub fn at(&self, event: u32) -> u64 {
        self.events.get(event as usize).or(self.events.last()).copied().unwrap_or(0)
    }

    /// The place of the last event.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.events.last().copied().unwrap_or(0)
    }

    /// The places of the operations' effects, by operation. Those after the same event are spread
    /// evenly over the time up to the next; so each lies between its invocation and its return, and
    /// they lie in their order.
    #[must_use]
    pub fn places(&self, points: &[LinearizationPoint]) -> Vec<(OperationId, u64)> {
        let mut places = Vec::with_capacity(points.len());
        for group in points.chunk_by(|a, b| a.after_event == b.after_event) {
            let event = group[0].after_event;
            let (from, to) = (self.at(event), self.at(event + 1));
            let parts = group.len() as u64 + 1;
            let place = |(i, point): (u64, &LinearizationPoint)| {
                (point.operation, from + (to - from) * i / parts)
            };
            places.extend((1..).zip(group).map(place));
        }
        order::by_key(&mut places, |(operation, _)| *operation);
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::linearizability::{Judgement, check};
    use crate::check::simulated::{ALL_FUNCTIONS, Workload, apply, simulate};
    use std::collections::BTreeMap;

    /// Replaying the operations in the order of their places gives every answer of the history, and
    /// each place is between invocation and return.
    #[test]
    fn places_explain_the_answers() {
        for seed in 0..400 {
            let workload = Workload {
                operations: 60,
                processes: 5,
                keys: 2,
                functions: ALL_FUNCTIONS,
                values: if seed % 2 == 0 { &["a", "b", "ab", ""] } else { &[] },
                unknown: (seed % 15) as u32,
                lies: 0,
                refused: 0,
            };
            let history = simulate(seed, &workload);
            let axis = Axis::of(&history);
            let report = check(&history);
            assert!(report.keys.values().all(|key| matches!(key, Judgement::Linearizable(_))));
            let mut places = report.places(&axis);
            order::by_key(&mut places, |&(_, place)| place);
            let mut store: BTreeMap<&str, String> = BTreeMap::new();
            let mut placed = 0;
            for (id, place) in places {
                let op = history.operation(id);
                assert!(
                    place > axis.at(op.invoked.event),
                    "seed {seed}: {id} after its invocation"
                );
                let state = store.remove(&*op.key);
                let (state, outcome) = apply(state.as_deref(), &op.request);
                store.extend(state.map(|state| (&*op.key, state)));
                if let Some(at) = op.answered() {
                    assert!(place < axis.at(at.event), "seed {seed}: {id} before its return");
                    assert_eq!(&outcome, op.outcome(), "seed {seed}: {id}");
                    placed += 1;
                }
            }
            let answered = history.operations().iter().filter(|op| op.answered().is_some());
            assert_eq!(placed, answered.count(), "seed {seed}: all that was answered has a place");
        }
    }

    #[test]
    fn without_times_events_lie_in_their_order() {
        let file = |times: [&str; 2]| {
            let [asked, told] = times;
            let line = |kind, time| {
                format!(r#"{{"process":1,"type":"{kind}","f":"set","key":"x","value":"1"{time}}}"#)
            };
            History::parse(format!("{}\n{}", line("invoke", asked), line("ok", told)).as_bytes())
        };
        let axis = |times| Axis::of(&file(times).unwrap());
        let timed = axis([r#","time":2"#, r#","time":5"#]);
        assert_eq!((timed.is_timed(), timed.at(0), timed.end()), (true, 2_000, 5_000));
        for times in [["", ""], [r#","time":5"#, r#","time":2"#], ["", r#","time":2"#]] {
            let axis = axis(times);
            assert_eq!((axis.is_timed(), axis.at(0), axis.end()), (false, 0, 1_000));
        }
    }
}
