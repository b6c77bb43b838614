//! Seeded random streams: one per concern, so that a draw by one never disturbs another.
//!
//! The generator is PCG-XSH-RR 64/32 of `rand_pcg`, whose stream is promised to be stable (O'Neill,
//! "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
//! Generation", 2014). The sampling on top is our own, since that of `rand` may change.

mod latency;

pub use latency::{Component, Latency, Shape};

use rand_core::Rng as _;
use rand_pcg::Pcg32;
use serde::{Serialize, Serializer};

/// Parts of a million: `Ppm(50_000)` is 5 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ppm(pub u32);

impl Ppm {
    /// Never.
    pub const NEVER: Self = Self(0);
    /// Always.
    pub const ALWAYS: Self = Self(1_000_000);
}

/// The purpose of a stream. Its number is part of the language's version: changing one changes
/// every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// A node's own randomness (election time-outs).
    Node(u16),
    /// Latency, loss and duplication of the messages that one address sends, by its dense number.
    Network(u16),
    /// Times and contents of the workload's requests.
    Workload,
    /// A client's own randomness (back-off).
    Client(u16),
    /// The load balancer's own randomness.
    Balancer,
    /// Generators of random scripts, in tests and in the hunt for failures.
    Script,
}

impl Concern {
    fn stream(self) -> u64 {
        let (kind, id) = match self {
            Self::Node(n) => (1, n),
            Self::Network(a) => (2, a),
            Self::Workload => (3, 0),
            Self::Client(c) => (4, c),
            Self::Script => (5, 0),
            Self::Balancer => (6, 0),
        };
        kind << 16 | u64::from(id)
    }
}

/// One random stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng(Pcg32);

impl Rng {
    /// The stream for one concern of the run with that seed.
    #[must_use]
    pub fn new(seed: u64, concern: Concern) -> Self {
        let stream = concern.stream();
        Self(Pcg32::new(scrambled(scrambled(seed) ^ stream), stream))
    }

    /// The next 32 bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number below `bound`, each equally likely (Lemire, 2019). `bound` 0 gives 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        let threshold = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
        loop {
            let wide = u64::from(self.bits()) * u64::from(bound);
            if wide as u32 >= threshold {
                return (wide >> 32) as u32;
            }
        }
    }

    /// A number in `low..=high`, each equally likely; `low` when the range is empty.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let width = high.saturating_sub(low);
        match u32::try_from(width) {
            Ok(width) if width < u32::MAX => low + u64::from(self.below(width + 1)),
            _ => {
                let wide = u64::from(self.bits()) << 32 | u64::from(self.bits());
                low + ((u128::from(wide) * (u128::from(width) + 1)) >> 64) as u64
            }
        }
    }

    /// True with that probability. Draws nothing when the answer is certain.
    pub fn chance(&mut self, p: Ppm) -> bool {
        match p {
            Ppm::NEVER => false,
            p if p >= Ppm::ALWAYS => true,
            Ppm(ppm) => self.below(1_000_000) < ppm,
        }
    }
}

/// Spreads near seeds apart (the finaliser of SplitMix64), since people use 1, 2, 3.
fn scrambled(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// Only the stream's next 64 bits are hashed: they stand for its state.
impl Serialize for Rng {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut next = self.clone();
        s.serialize_u64(u64::from(next.bits()) << 32 | u64::from(next.bits()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Golden values: when these change, every old link plays differently.
    #[test]
    fn streams_are_stable() {
        let draws = |seed, concern| {
            let mut rng = Rng::new(seed, concern);
            [rng.bits(), rng.below(100), rng.between(10_000, 20_000) as u32]
        };
        let got = [
            draws(1, Concern::Node(1)),
            draws(1, Concern::Node(2)),
            draws(2, Concern::Node(1)),
            draws(1, Concern::Workload),
        ];
        expect_test::expect_file!["golden.txt"].assert_eq(&format!("{got:?}\n"));
    }

    /// The streams that are compared in pairs: several of each kind.
    const STREAMS: [Concern; 13] = [
        Concern::Node(1),
        Concern::Node(2),
        Concern::Node(3),
        Concern::Node(4),
        Concern::Network(0),
        Concern::Network(1),
        Concern::Network(2),
        Concern::Network(3),
        Concern::Workload,
        Concern::Client(1),
        Concern::Client(2),
        Concern::Balancer,
        Concern::Script,
    ];
    const DRAWS: usize = 8;
    const SEEDS: u64 = 4_000;
    /// Number of classes; the top bits of a draw decide its class.
    const CLASSES: usize = 8;

    /// The largest chi² that any two streams have at the same draw, over the seeds that people use:
    /// the distance of their joint classes from an even distribution. 63 degrees of freedom: mean
    /// 63, standard deviation 11.2.
    fn worst_dependence(stream: impl Fn(u64, Concern) -> Rng) -> u64 {
        let draws_of = |seed, concern| {
            let mut rng = stream(seed, concern);
            [(); DRAWS].map(|()| (rng.bits() >> 29) as usize)
        };
        let mut cells = vec![[0u64; CLASSES * CLASSES]; STREAMS.len() * STREAMS.len() * DRAWS];
        for seed in 1..=SEEDS {
            let drawn = STREAMS.map(|concern| draws_of(seed, concern));
            for (i, a) in drawn.iter().enumerate() {
                for (j, b) in drawn.iter().enumerate().skip(i + 1) {
                    for (draw, (x, y)) in a.iter().zip(b).enumerate() {
                        cells[(i * STREAMS.len() + j) * DRAWS + draw][x * CLASSES + y] += 1;
                    }
                }
            }
        }
        let classes = (CLASSES * CLASSES) as u64;
        let chi_squared = |counts: &[u64; CLASSES * CLASSES]| {
            let squares: u64 = counts.iter().map(|n| n * n).sum();
            (squares * classes / SEEDS).saturating_sub(SEEDS)
        };
        cells.iter().filter(|counts| counts.iter().sum::<u64>() > 0).map(chi_squared).max().unwrap()
    }

    #[test]
    fn streams_of_a_run_are_independent() {
        let worst = worst_dependence(Rng::new);
        assert!(worst < 63 + 6 * 11, "two streams depend on each other: chi² is {worst}");
    }

    /// The measure rejects the derivation of version 1, in which the streams shared their state.
    #[test]
    fn streams_that_differ_in_their_increment_only_are_seen_to_depend_on_each_other() {
        let worst =
            worst_dependence(|seed, concern| Rng(Pcg32::new(scrambled(seed), concern.stream())));
        assert!(worst > 300, "chi² is {worst}");
    }

    #[test]
    fn below_stays_below_and_reaches_all() {
        let mut rng = Rng::new(7, Concern::Script);
        let mut seen = [0u32; 10];
        for _ in 0..10_000 {
            seen[rng.below(10) as usize] += 1;
        }
        assert!(seen.iter().all(|&n| (800..1200).contains(&n)), "{seen:?}");
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.between(5, 5), 5);
    }
}
