//! Shrinking: makes a case as small and as easy to read as possible, while it shows the same kind
//! of violation of the same target.
//!
//! A pass lists smaller versions of a case; the first that still shows the violation takes its
//! place, and the pass continues. When no pass finds a smaller version, the case is as small as
//! they can make it. Dropping statements is delta debugging (Zeller and Hildebrandt, *Simplifying
//! and Isolating Failure-Inducing Input*, 2002).

mod cluster;
mod faults;
mod messages;
mod operations;
mod shaken;
mod statements;
mod times;

use super::arena::Arena;
use super::case::{Case, Court, Ruling, Size};
use crate::run::Command;
use crate::script;
use crate::time::Time;
use messages::Described;

/// The most cases that are tried. Shrinking ends there, with the smallest case so far.
const MOST_TRIES: u32 = 6_000;

/// Lists smaller versions of a case; its first `fixed` statements stay.
type Pass = fn(&Case, fixed: usize) -> Vec<Case>;

/// The passes in their order: the most effective ones come first.
const PASSES: [Pass; 14] = [
    operations::instead_of_a_workload,
    statements::after_the_end,
    statements::fewer,
    times::shorter,
    statements::without_pairs,
    operations::fewer_as_asked,
    cluster::fewer_nodes,
    cluster::fewer_clients,
    faults::weaker,
    operations::simpler,
    times::rounder,
    cluster::defaults,
    operations::renumbered,
    shaken::shaken,
];

/// A case on its way to its smallest version.
#[derive(Clone, Debug)]
pub struct Shrinker {
    court: Court,
    best: Case,
    size: Size,
    ruling: Ruling,
    /// The messages that its statements name.
    messages: Vec<Described>,
    fixed: usize,
    /// The end of the fixed beginning: nothing is done before it.
    from: Time,
    keeps_setup: bool,
    pass: usize,
    /// The versions that the pass lists, and the next one to try.
    versions: Vec<Case>,
    next: usize,
    /// Whether any pass has found a smaller version since the first began.
    improved: bool,
    tries: u32,
}

impl Shrinker {
    /// Begins with a case and the ruling on it.
    #[must_use]
    pub fn new(arena: &Arena, court: &Court, case: Case, ruling: Ruling) -> Self {
        let fixed = if arena.is_fixed { arena.beginning.len() } else { 0 };
        let best = Case { until: ruling.at, ..case };
        let mut shrinker = Self {
            court: court.of(&ruling.violation),
            size: best.size(),
            best,
            ruling,
            messages: Vec::new(),
            fixed,
            from: if arena.is_fixed { arena.from } else { Time::ZERO },
            keeps_setup: arena.keeps_setup,
            pass: 0,
            versions: Vec::new(),
            next: 0,
            improved: false,
            tries: 0,
        };
        shrinker.messages = messages::describe(&shrinker.court, &shrinker.best);
        shrinker.list();
        shrinker
    }

    /// Tries one smaller version. False when none is left.
    pub fn step(&mut self) -> bool {
        loop {
            if self.tries >= MOST_TRIES {
                return false;
            }
            let Some(version) = self.versions.get(self.next) else {
                if !self.next_pass() {
                    return false;
                }
                continue;
            };
            self.next += 1;
            let other_setup = self.keeps_setup && version.setup != self.best.setup;
            let is_past = |c: &Command| c.at < self.from;
            let changes_past = version.commands.iter().skip(self.fixed).any(is_past);
            if other_setup || changes_past || version.size() >= self.size {
                continue;
            }
            let version = version.clone();
            if !self.try_it(&version)
                && let Some(other) = messages::retargeted(&self.court, &version, &self.messages)
            {
                self.try_it(&other);
            }
            return true;
        }
    }

    /// Tries a version, and goes on from it where it shows the violation.
    fn try_it(&mut self, version: &Case) -> bool {
        self.tries += 1;
        let ruling = self.court.judge(version).filter(|ruling| {
            ruling.violation.is_like(&self.ruling.violation) && can_be_written(version)
        });
        let Some(ruling) = ruling else { return false };
        self.best = Case { until: ruling.at, ..version.clone() };
        self.size = self.best.size();
        self.ruling = ruling;
        self.messages = messages::describe(&self.court, &self.best);
        self.improved = true;
        self.next -= 1;
        self.list();
        true
    }

    /// The smallest version so far and the ruling on it.
    #[must_use]
    pub fn best(&self) -> (&Case, &Ruling) {
        (&self.best, &self.ruling)
    }

    /// Number of versions tried.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.tries
    }

    fn list(&mut self) {
        self.versions = PASSES[self.pass](&self.best, self.fixed);
    }

    /// Begins the next pass; after the last the first again, if a smaller version was found since
    /// then.
    fn next_pass(&mut self) -> bool {
        self.pass += 1;
        if self.pass == PASSES.len() {
            if !self.improved {
                return false;
            }
            self.improved = false;
            self.pass = 0;
        }
        self.next = 0;
        self.list();
        true
    }
}

/// Whether a case is a run that the language can write.
fn can_be_written(case: &Case) -> bool {
    let run = case.run(None);
    script::parse(&script::print(&run)).as_ref() == Ok(&run)
}
