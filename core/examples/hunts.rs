//! Measures the hunt: `cargo run --release -p quorumscope-core --example hunts -- [STRATEGY] [FILTER]`
//!
//! One line a planted flaw, and one a rule of each protocol switched off: in how many of nine hunts,
//! each with a seed of its own, it was found within the budget, the median of the seconds and of the
//! runs until then, and the statements of the shrunk script, the shortest and the longest, against
//! those of the script that is known.

#[path = "../tests/flaws/mod.rs"]
mod flaws;

use quorumscope_core::hunt::{Finding, Hunt, Options, Step, Strategy};
use std::time::Duration;

/// The core has virtual time only; this is a tool around it, and holds the stopwatch.
#[expect(clippy::disallowed_types, reason = "the time until something is found is measured")]
type Clock = std::time::Instant;

const SEEDS: u64 = 9;
const BUDGET: Duration = Duration::from_secs(4);

/// One hunt.
struct Measured {
    found: Option<Finding>,
    searched: Duration,
    shrunk: Duration,
}

fn main() {
    let mut wanted = std::env::args().skip(1);
    let strategy = wanted.next().map_or(Ok(Strategy::Mixed), |word| Strategy::named(&word));
    let strategy = strategy.unwrap_or_else(|sentence| panic!("{sentence}"));
    let filter = wanted.next().unwrap_or_default();
    for flaw in flaws::FLAWS.iter().filter(|flaw| flaw.name.contains(&filter)) {
        let hunts: Vec<Measured> =
            (1..=SEEDS).map(|seed| hunt(&Options { strategy, ..flaw.options(seed) })).collect();
        line(flaw.name, Some(flaw.statements()), &hunts);
    }
    let all: Vec<Vec<flaws::Broken>> = (1..=SEEDS).map(flaws::rules).collect();
    for (place, rule) in all[0].iter().enumerate().filter(|(_, r)| r.name.contains(&filter)) {
        let of_seed = |rules: &Vec<flaws::Broken>| {
            hunt(&Options { strategy, ..rules[place].options.clone() })
        };
        line(&rule.name, Some(rule.statements), &all.iter().map(of_seed).collect::<Vec<_>>());
    }
}

fn hunt(options: &Options) -> Measured {
    let began = Clock::now();
    let mut hunt = Hunt::new(options).unwrap_or_else(|sentence| panic!("{sentence}"));
    let mut searched = Duration::ZERO;
    loop {
        match hunt.step() {
            Step::Found(finding) => {
                let shrunk = began.elapsed().saturating_sub(searched);
                return Measured { found: Some(*finding), searched, shrunk };
            }
            Step::Searching => {
                searched = began.elapsed();
                if searched > BUDGET {
                    return Measured { found: None, searched, shrunk: Duration::ZERO };
                }
            }
            Step::Shrinking | Step::Over => {}
        }
    }
}

fn line(name: &str, known: Option<usize>, hunts: &[Measured]) {
    let found: Vec<&Finding> = hunts.iter().filter_map(|h| h.found.as_ref()).collect();
    let mut times: Vec<f64> = hunts.iter().map(|h| h.searched.as_secs_f64()).collect();
    let mut runs: Vec<u64> = found.iter().map(|f| f.runs).collect();
    let mut statements: Vec<usize> = found.iter().map(|f| f.statements).collect();
    let shrunk = hunts.iter().map(|h| h.shrunk.as_secs_f64()).fold(0.0, f64::max);
    times.sort_by(f64::total_cmp);
    runs.sort_unstable();
    statements.sort_unstable();
    let middle = |all: &[usize]| all.get(all.len() / 2).copied().unwrap_or(0);
    let known = known.map(|known| format!(" of {known}")).unwrap_or_default();
    println!(
        "{name:<48} {}/{} {:>7.3} s (at most {:.2}) {:>6} runs; shrunk {}..{}..{}{known} in at most {shrunk:.2} s",
        found.len(),
        hunts.len(),
        times[times.len() / 2],
        times[times.len() - 1],
        runs.get(runs.len() / 2).unwrap_or(&0),
        statements.first().unwrap_or(&0),
        middle(&statements),
        statements.last().unwrap_or(&0),
    );
}
