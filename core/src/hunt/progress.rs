//! The progress of a hunt, in numbers and in a sentence.

use serde::Serialize;

/// The progress of a hunt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Runs that were played in the search.
    pub runs: u64,
    /// Distinct states that they covered, without the identities of nodes.
    pub states: u64,
    /// Runs that hit a target.
    pub hits: u64,
    /// While a run is shrunk: the statements of its smallest version so far.
    pub best: Option<usize>,
    /// While a run is shrunk: the versions that were tried.
    pub tries: u32,
    /// For a systematic hunt that is over: the bounds within which there is no failure, in words.
    pub bounds: Option<String>,
}

impl Progress {
    /// The sentence about a hunt without a finding. `seconds` is its duration, which only the
    /// caller knows.
    #[must_use]
    pub fn sentence(&self, seconds: Option<u64>) -> String {
        if let Some(bounds) = &self.bounds {
            return format!("None within: {bounds}.");
        }
        let runs = counted(self.runs, "run", "runs");
        let took = seconds.map(|s| format!(" ({s} s)")).unwrap_or_default();
        let states = counted(self.states, "distinct state", "distinct states");
        format!("Nothing found in {runs}{took}, covering {states}. That is no proof.")
    }
}

/// A number with its noun, the thousands set apart.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    format!("{apart} {}", if number == 1 { one } else { many })
}
