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
//! [`coverage`] counts the states seen, and [`corpus`] keeps the runs that saw new ones, from which
//! [`mutation`] and [`causes`] make others; [`systematic`] plays all choices within bounds; [`case`]
//! is a whole run that can be judged again, which [`shrink`] makes small; [`finding`] is the result.

mod act;
mod arena;
mod case;
mod causes;
mod chance;
mod corpus;
mod coverage;
mod finding;
mod mutation;
pub mod options;
mod plan;
mod progress;
mod shrink;
mod simulation;
mod systematic;
mod target;
#[cfg(test)]
mod tests;

pub use arena::usual_faults;
pub use finding::Finding;
pub use options::{Bounds, FaultKind, OperationKind, Options, Strategy, Weight};
pub use progress::Progress;

use arena::Arena;
use case::{Case, Court, Ruling};
use causes::Lineage;
use chance::Chance;
use corpus::Corpus;
use coverage::{Seen, Tracker};
use plan::Plan;
use shrink::Shrinker;
use systematic::{Searched, Systematic};

/// How often in a hundred a strategy that changes runs plays a fresh one.
const FRESH: u32 = 20;
/// Number of runs that are derived from the causes of one run.
const LINEAGE_RUNS: u32 = 12;

/// A hunt.
#[derive(Clone, Debug)]
pub struct Hunt {
    options: Options,
    arena: Arena,
    court: Court,
    seen: Seen,
    corpus: Corpus,
    /// A run whose causes are known, and how often they are still used.
    lineage: Option<Box<Lineage>>,
    lineage_left: u32,
    systematic: Option<Box<Systematic>>,
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
        let court = Court::new(&arena);
        let systematic = (options.strategy == Strategy::Systematic)
            .then(|| Box::new(Systematic::new(&arena, &court, options.bounds, options.share)));
        Ok(Self {
            court,
            systematic,
            seen: Seen::default(),
            corpus: Corpus::default(),
            lineage: None,
            lineage_left: 0,
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
            states: self.systematic.as_ref().map_or(self.seen.len(), |s| s.states()) as u64,
            hits: self.hits,
            best: shrinker.map(|s| s.best().0.commands.len()),
            tries: shrinker.map_or(0, |s| s.tries()),
            bounds: self.bounds(),
        }
    }

    /// The bounds of a systematic hunt that has come to its end, in words. One that shares the runs
    /// with others speaks of its part only.
    fn bounds(&self) -> Option<String> {
        let is_over = matches!(self.phase, Phase::Over) && self.findings.is_empty();
        let is_whole = self.options.share.of == 1;
        let systematic = self.systematic.as_ref().filter(|s| is_over && is_whole && s.is_over())?;
        Some(systematic.said(self.arena.setup.settings.nodes))
    }

    fn search(&mut self) -> Step {
        if self.systematic.is_some() {
            return self.search_systematically();
        }
        let number = self.next;
        self.next += u64::from(self.options.share.of);
        self.runs += 1;
        let mut chance = Chance::new(self.options.seed, number);
        let plan = self.plan(&mut chance);
        let seed = plan.seed;
        let setup = plan::with_seed(&self.arena.setup, plan.seed);
        let mut simulation = self.court.begin(&setup, &self.arena.beginning);
        let mut tracker = Tracker::new(&mut self.seen);
        let found = plan.play(&self.arena, &mut simulation, &mut chance, Some(&mut tracker));
        if found.is_none() {
            let fresh = tracker.fresh;
            self.corpus.keep(seed, &simulation.commands, fresh);
            return Step::Searching;
        }
        self.hits += 1;
        self.hit(Case { setup, commands: simulation.commands, until: self.arena.until })
    }

    fn search_systematically(&mut self) -> Step {
        let Some(systematic) = &mut self.systematic else { return Step::Over };
        match systematic.search(&self.arena) {
            Searched::Over => {
                self.phase = Phase::Over;
                Step::Over
            }
            Searched::Nothing => {
                self.runs += 1;
                Step::Searching
            }
            Searched::Hit(commands, until) => {
                self.runs += 1;
                self.hits += 1;
                self.hit(Case { setup: self.arena.setup.clone(), commands, until })
            }
        }
    }

    /// The plan of the next run. As long as no run is known that could be changed, it is random.
    fn plan(&mut self, chance: &mut Chance) -> Plan {
        let strategy = match self.options.strategy {
            Strategy::Mixed => {
                let weight = |kind, weight| Weight { kind, weight };
                let all = [
                    weight(Strategy::Swarm, 4),
                    weight(Strategy::Mutation, 3),
                    weight(Strategy::Causes, 3),
                ];
                chance.weighted(&all).unwrap_or_default()
            }
            chosen => chosen,
        };
        let changed = match strategy {
            Strategy::Mutation => self.changed(chance),
            Strategy::Causes => self.guided(chance),
            Strategy::Mixed | Strategy::Swarm | Strategy::Systematic => None,
        };
        changed.unwrap_or_else(|| Plan::random(&self.arena, chance))
    }

    /// The plan of a run that was done, with some changes. Now and then there is none, so that fresh
    /// runs come in.
    fn changed(&mut self, chance: &mut Chance) -> Option<Plan> {
        if chance.percent(FRESH) {
            return None;
        }
        let entry = self.corpus.choose(chance)?;
        Some(mutation::plan(&self.arena, &entry, &mut self.corpus, chance))
    }

    /// The plan of a run that was done, with something taken away that its outcome depended on.
    fn guided(&mut self, chance: &mut Chance) -> Option<Plan> {
        if chance.percent(FRESH) {
            return None;
        }
        if self.lineage_left == 0 || self.lineage.is_none() {
            let entry = self.corpus.choose(chance)?;
            self.lineage = Some(Box::new(Lineage::of(&self.arena, &self.court, &entry)));
            self.lineage_left = LINEAGE_RUNS;
        }
        self.lineage_left -= 1;
        self.lineage.as_ref().map(|lineage| lineage.plan(&self.arena, chance))
    }

    /// Judges a run that hits a target once more, from its beginning, and begins to shrink it.
    fn hit(&mut self, case: Case) -> Step {
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
