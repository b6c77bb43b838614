//! The seeds of random runs, on which guarantees are tested.

use std::env;
use std::ops::Range;
use std::str::FromStr;

/// The seeds of the random runs: 1 to 1,000, or `SEEDS` of them from `FIRST_SEED` on. The auditors
/// noticed the planted bugs within the first 200; the rest is margin.
pub fn seeds() -> Range<u64> {
    let first = variable("FIRST_SEED").unwrap_or(1);
    first..first + variable("SEEDS").unwrap_or(1_000)
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}
