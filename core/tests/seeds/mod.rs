//! How many random runs a promise is tried on.

use std::env;
use std::ops::Range;
use std::str::FromStr;

/// Two hundred, within which the auditors notice what is wrong; `SEEDS` says how many and `FIRST_SEED` from where, for longer searches by hand.
pub fn seeds() -> Range<u64> {
    let first = variable("FIRST_SEED").unwrap_or(1);
    first..first + variable("SEEDS").unwrap_or(200)
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}
