//! Numbers drawn from a stream, the same for ever for the same seed.

use rand_core::Rng;
use rand_pcg::Pcg32;

/// Draws numbers; which one is never asked for twice.
#[derive(Debug)]
pub struct Draw(Pcg32);

impl Draw {
    /// The numbers of that seed, for that purpose.
    pub fn new(seed: u64, purpose: u64) -> Self {
        Self(Pcg32::new(seed, purpose))
    }

    /// One of those below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end
    }

    /// True once in so many times.
    pub fn one_in(&mut self, count: u32) -> bool {
        self.below(count) == 0
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u32) as usize]
    }
}
