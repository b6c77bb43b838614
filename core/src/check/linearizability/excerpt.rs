//! Excerpts of a history, and a verdict without a complete search.
//!
//! A search that finds an order is fast. A search that must show that there is none has to try all
//! possible predecessors, back to the beginning. But the operations that make an order impossible
//! are mostly near the place where the search got stuck. So where a search takes long, the calls
//! around that place are judged as an [`Excerpt`]: if that alone is impossible, so is the whole.

use super::model::{Call, KeyHistory, NEVER};
use super::search::{Found, Placed, search};
use super::values::{ABSENT, OTHER, State, Values};
use crate::order;

/// Steps per call that a search may take before excerpts are tried: searches that find an order
/// take a few.
const PATIENCE: u64 = 200;
/// Steps per call that the search of an excerpt may take.
const EXCERPT_PATIENCE: u64 = 2_000;
/// Numbers of calls before and after the place at which a search got stuck that make an excerpt.
const RADII: [usize; 4] = [32, 128, 512, 2_048];

/// The result of a decision.
#[derive(Debug)]
pub enum Decision {
    /// There is such an order.
    Order(Vec<Placed>),
    /// There is none.
    Impossible {
        /// All returns before this event can be explained.
        furthest: u32,
        /// The excerpt that is impossible by itself.
        part: Excerpt,
    },
    /// The allowed steps did not suffice.
    GaveUp,
}

/// Calls on a key, and the states in which they may have begun.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// In the order of invocation.
    pub calls: Vec<Call>,
    initials: Vec<State>,
}

impl Excerpt {
    /// The excerpt of all calls on a key.
    pub fn whole(key: &KeyHistory) -> Self {
        Self { calls: key.calls.clone(), initials: vec![key.initial] }
    }

    /// The excerpt as it was before an event.
    pub fn before(&self, event: u32) -> Self {
        self.with_calls(self.calls.iter().filter_map(|call| call.before(event)).collect())
    }

    /// The excerpt with other calls.
    pub fn with_calls(&self, calls: Vec<Call>) -> Self {
        Self { calls, initials: self.initials.clone() }
    }

    /// Looks for an order, from any of the states in which the calls may have begun.
    pub fn search(&self, values: &mut Values, steps: &mut u64) -> Found {
        search(&self.calls, &self.initials, values, steps)
    }

    /// Decides whether there is an order, in the way that is likely to be fastest.
    pub fn decide(&self, values: &mut Values, steps: &mut u64) -> Decision {
        let mut patience = (*steps).min(PATIENCE * (self.calls.len() as u64 + 100));
        *steps -= patience;
        let furthest = match self.search(values, &mut patience) {
            Found::Order(order) => return Decision::Order(order),
            Found::Nothing { furthest } => {
                return Decision::Impossible { furthest, part: self.clone() };
            }
            Found::GaveUp { furthest } => furthest,
        };
        if let Some(part) = self.impossible_part(furthest, values, steps) {
            return Decision::Impossible { furthest, part };
        }
        match self.search(values, steps) {
            Found::Order(order) => Decision::Order(order),
            Found::Nothing { furthest } => Decision::Impossible { furthest, part: self.clone() },
            Found::GaveUp { .. } => Decision::GaveUp,
        }
    }

    /// A part around an event that is impossible by itself, if one is found.
    fn impossible_part(&self, event: u32, values: &mut Values, steps: &mut u64) -> Option<Self> {
        if values.has_appends() {
            return None; // The states that such a part may begin with are too many.
        }
        let middle = self.calls.partition_point(|call| call.invoked < event);
        let radii = RADII.into_iter().take_while(|&radius| radius < self.calls.len());
        let mut parts = radii.map(|radius| {
            let first = &self.calls[middle.saturating_sub(radius)];
            let last = self.calls.get(middle + radius);
            self.part(first.invoked, last.map_or(NEVER, |call| call.invoked))
        });
        parts.find(|part| {
            let mut patience = (*steps).min(EXCERPT_PATIENCE * part.calls.len() as u64);
            *steps -= patience;
            let found = part.search(values, &mut patience);
            *steps += patience;
            matches!(found, Found::Nothing { .. })
        })
    }

    /// The calls from one event to another. In any order of the whole, consider the place of the
    /// first call that was invoked from `start` on. All calls that had returned by `start` are
    /// before it. So the rest is an order of the calls from `start` on, and of some of those that
    /// were open then, beginning with some state.
    pub(super) fn part(&self, start: u32, end: u32) -> Self {
        let calls = self.calls.iter().filter_map(|call| {
            let call = call.before(end)?;
            if call.invoked >= start {
                return Some(call);
            }
            if call.returned >= start { call.relaxed() } else { None }
        });
        let calls: Vec<Call> = calls.collect();
        let mut initials: Vec<State> =
            calls.iter().filter_map(Call::distinguishes).chain([ABSENT, OTHER]).collect();
        order::sort(&mut initials);
        initials.dedup();
        Self { calls, initials }
    }
}
