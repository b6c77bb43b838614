//! Random choices of a hunt.

use super::coverage::mixed;
use super::options::Weight;
use crate::rng::{Concern, Rng};
use crate::time::Span;

/// The random stream of one run of a hunt.
#[derive(Clone, Debug)]
pub struct Chance(Rng);

impl Chance {
    /// The stream of the run of that number.
    #[must_use]
    pub fn new(seed: u64, run: u64) -> Self {
        Self(Rng::new(mixed(seed).wrapping_add(run), Concern::Script))
    }

    /// A number below a bound; 0 where the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.below(u32::try_from(bound).unwrap_or(u32::MAX)) as usize
    }

    /// A number between two, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.between(low, high)
    }

    /// True with that percentage.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.below(100) < percent
    }

    /// One of the items; None if there are none.
    pub fn one_of<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.below(items.len())).copied()
    }

    /// One of the items, by weight; None if all weights are 0.
    pub fn weighted<T: Copy>(&mut self, items: &[Weight<T>]) -> Option<T> {
        let total: u32 = items.iter().map(|w| w.weight).sum();
        let mut left = self.0.below(total);
        let chosen = items.iter().find(|w| {
            let hit = left < w.weight;
            left = left.saturating_sub(w.weight);
            hit
        });
        chosen.filter(|_| total > 0).map(|w| w.kind)
    }

    /// One of the spans, scaled by a whole factor.
    pub fn span_ms(&mut self, choices: &[u64], factor: u64) -> Span {
        Span::from_ms(self.one_of(choices).unwrap_or(1) * factor.max(1))
    }
}
