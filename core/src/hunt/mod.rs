//! The hunt for failures: it searches runs of a cluster for one that breaks a property, and shrinks
//! it so that a person can follow it.
//!
//! A hunt is a stepper: it has no clock and no threads. Each [`Hunt::step`] plays one run (about a
//! millisecond) and reports progress, so that the caller decides when to paint, and when to stop.
//! Everything follows from [`Options`], which include the seed: the same options give the same
//! findings after the same number of steps, natively and in WebAssembly.
//!
//! ```
//! use quorumscope_core::hunt::{Hunt, Options, Step};
//!
//! let options = Options {
//!     properties: vec!["linearizable".into()],
//!     ..Options::of("cluster quorum nodes=3 w=1 r=1 latency=10ms")
//! };
//! let mut hunt = Hunt::new(&options)?;
//! let finding = loop {
//!     match hunt.step() {
//!         Step::Searching | Step::Shrinking => {} // Paint hunt.progress(); stop whenever you like.
//!         Step::Found(finding) => break finding,
//!         Step::Over => panic!("{}", hunt.progress().sentence(None)),
//!     }
//! };
//! assert_eq!(finding.property, "linearizable");
//! assert!(finding.script.starts_with("cluster quorum"));
//! # Ok::<(), String>(())
//! ```
//!
//! A page keeps the hunt in a worker: [`Options`] go in and [`Progress`] and [`Finding`] come out,
//! all of which serde carries. Further steps look for another failure: a hunt reports only findings
//! that differ from earlier ones in the property, in the kind of violation, or in the kinds of
//! faults. With several cores, several hunts share the runs ([`options::Share`]).
//!
//! [`arena`] reads the options; [`plan`] decides the times and kinds of acts, and [`act`] their
//! objects, by the cluster's state then; [`simulation`] plays a run and [`target`] judges it;
//! [`coverage`] counts the states seen; [`case`] is a whole run that can be judged again, which
//! [`shrink`] makes small; [`finding`] is the result.

mod act;
mod arena;
mod case;
mod chance;
mod coverage;
mod finding;
pub mod options;
mod plan;
mod progress;
mod shrink;
mod simulation;
mod target;
#[cfg(test)]
mod tests;

pub use arena::usual_faults;
pub use finding::Finding;
pub use options::{Bounds, FaultKind, OperationKind, Options, Strategy, Weight};
pub use progress::Progress;

use crate::run::{Command, Setup};
use arena::Arena;
use case::{Case, Court, Ruling};
use chance::Chance;
use coverage::{Seen, Tracker};
use plan::Plan;
use shrink::Shrinker;

/// A hunt.
#[derive(Clone, Debug)]
pub struct Hunt {
    options: Options,
    arena: Arena,
    court: Court,
    seen: Seen,
    findings: Vec<Finding>,
    phase: Phase,
    /// The number of the next run; runs of other hunts are counted too.
    next: u64,
    /// Number of runs played.
    runs: u64,
    /// Number of runs that hit a target.
    hits: u64,
}

/// The phase of a hunt.
#[derive(Clone, Debug)]
enum Phase {
    Searching,
    Shrinking(Box<Shrinker>),
    Over,
}

/// The result of a step of a hunt.
#[derive(Clone, Debug)]
pub enum Step {
    /// The search continues.
    Searching,
    /// A run hits a target, and is being shrunk.
    Shrinking,
    /// A failure was found and shrunk. The next step searches for another.
    Found(Box<Finding>),
    /// All runs that were asked for are done, or no run is left within the bounds.
    Over,
}

impl Hunt {
    /// A hunt that has not begun.
    ///
    /// # Errors
    /// One sentence about the first wrong option.
    pub fn new(options: &Options) -> Result<Self, String> {
        if options.share.of == 0 || options.share.number >= options.share.of {
            let (number, of) = (options.share.number, options.share.of);
            return Err(format!("there is no share {number} of {of}, they count from 0"));
        }
        let arena = Arena::new(options)?;
        Ok(Self {
            court: Court::new(&arena),
            seen: Seen::default(),
            findings: Vec::new(),
            phase: Phase::Searching,
            next: u64::from(options.share.number),
            runs: 0,
            hits: 0,
            options: options.clone(),
            arena,
        })
    }

    /// Plays one run, of the search or of the shrinking.
    pub fn step(&mut self) -> Step {
        match &mut self.phase {
            Phase::Over => Step::Over,
            Phase::Searching if self.options.runs.is_some_and(|most| self.runs >= most) => {
                self.phase = Phase::Over;
                Step::Over
            }
            Phase::Searching => self.search(),
            Phase::Shrinking(shrinker) => {
                if shrinker.step() {
                    return Step::Shrinking;
                }
                let (case, ruling) = shrinker.best();
                let fixed = if self.arena.is_fixed { self.arena.beginning.len() } else { 0 };
                let runs = (self.runs, shrinker.tries());
                let finding = Finding::of(case, ruling, fixed, runs);
                self.phase = Phase::Searching;
                if self.findings.iter().any(|known| known.is_like(&finding)) {
                    return Step::Searching;
                }
                self.findings.push(finding.clone());
                Step::Found(Box::new(finding))
            }
        }
    }

    /// Ends the shrinking with the smallest case so far.
    pub fn stop_shrinking(&mut self) -> Option<Finding> {
        let Phase::Shrinking(shrinker) = &self.phase else { return None };
        let (case, ruling) = shrinker.best();
        let fixed = if self.arena.is_fixed { self.arena.beginning.len() } else { 0 };
        let finding = Finding::of(case, ruling, fixed, (self.runs, shrinker.tries()));
        self.phase = Phase::Searching;
        self.findings.push(finding.clone());
        Some(finding)
    }

    /// The findings so far.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The progress of the hunt.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let shrinker = match &self.phase {
            Phase::Shrinking(shrinker) => Some(shrinker),
            _ => None,
        };
        Progress {
            runs: self.runs,
            states: self.seen.len() as u64,
            hits: self.hits,
            best: shrinker.map(|s| s.best().0.commands.len()),
            tries: shrinker.map_or(0, |s| s.tries()),
            bounds: None,
        }
    }

    fn search(&mut self) -> Step {
        let number = self.next;
        self.next += u64::from(self.options.share.of);
        self.runs += 1;
        let mut chance = Chance::new(self.options.seed, number);
        let plan = Plan::random(&self.arena, &mut chance);
        let setup = plan::with_seed(&self.arena.setup, plan.seed);
        let mut simulation = self.court.begin(&setup, &self.arena.beginning);
        let mut tracker = Tracker::new(&mut self.seen);
        let found = plan.play(&self.arena, &mut simulation, &mut chance, Some(&mut tracker));
        if found.is_none() {
            return Step::Searching;
        }
        self.hits += 1;
        self.hit(setup, simulation.commands)
    }

    /// Judges a run that hits a target once more, from its beginning, and begins to shrink it.
    fn hit(&mut self, setup: Setup, commands: Vec<Command>) -> Step {
        let case = Case { setup, commands, until: self.arena.until };
        match self.different(case) {
            Some((case, ruling)) => {
                let shrinker = Shrinker::new(&self.arena, &self.court, case, ruling);
                self.phase = Phase::Shrinking(Box::new(shrinker));
                Step::Shrinking
            }
            None => Step::Searching,
        }
    }

    /// The case and the ruling on it, unless an earlier finding is like it: then without a kind of
    /// fault that the earlier one needs, if it still hits a target.
    fn different(&self, case: Case) -> Option<(Case, Ruling)> {
        let ruling = self.court.judge(&case)?;
        let like = |f: &&Finding| {
            let violation = &ruling.violation;
            f.property == violation.target.to_string() && f.kind == violation.kind
        };
        let known: Vec<&Finding> = self.findings.iter().filter(like).collect();
        if known.is_empty() {
            return Some((case, ruling));
        }
        let fixed = if self.arena.is_fixed { self.arena.beginning.len() } else { 0 };
        let mut case = case;
        for finding in known {
            let present = finding::fault_words(&case, fixed);
            if !finding.faults.iter().all(|word| present.contains(word)) {
                continue;
            }
            let without = |word: &String| {
                let mut other = case.clone();
                let mut place = 0;
                other.commands.retain(|c| {
                    place += 1;
                    place <= fixed || finding::fault_word(&c.statement) != Some(word.as_str())
                });
                self.court.judge(&other).map(|_| other)
            };
            case = finding.faults.iter().find_map(without)?;
        }
        self.court.judge(&case).map(|ruling| (case, ruling))
    }
}
