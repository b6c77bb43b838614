//! Pseudo-random numbers. The same seed gives the same numbers for ever.

use rand_core::Rng;
use rand_pcg::Pcg32;

/// A stream of pseudo-random numbers. Each number is used once.
#[derive(Debug)]
pub struct Draw(Pcg32);

impl Draw {
    /// The stream of a seed for a purpose.
    pub fn new(seed: u64, purpose: u64) -> Self {
        Self(Pcg32::new(seed, purpose))
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end
    }

    /// True with a probability of one in `count`.
    pub fn one_in(&mut self, count: u32) -> bool {
        self.below(count) == 0
    }

    /// One of some choices.
    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u32) as usize]
    }
}
