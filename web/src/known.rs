//! The violations that were found, each with its run. A violation depends only on what happened
//! before it. So it holds in every run with the same beginning, and is ignored in runs that begin
//! differently.

use quorumscope_core::run::{Command, Run};
use quorumscope_core::time::Time;
use std::rc::Rc;

/// The largest number of violations that are kept. The oldest are dropped first.
const MOST_KNOWN: usize = 64;

/// A violation: cluster, property, and the time at which it was found.
pub type Violation = (usize, String, Time);

/// All violations that were found on this page.
#[derive(Debug, Default)]
pub struct Known(Vec<Found>);

/// A violation, and the run in which it was found.
#[derive(Debug)]
struct Found {
    violation: Violation,
    run: Rc<Run>,
}

impl Known {
    /// Adds a violation that was found in a run.
    pub fn add(&mut self, run: &Rc<Run>, violation: Violation) {
        let (cluster, property, _) = &violation;
        let again = |found: &Found| found.is_of(*cluster, property) && found.is_in(run);
        if self.0.iter().any(again) {
            return;
        }
        if self.0.len() == MOST_KNOWN {
            self.0.remove(0);
        }
        self.0.push(Found { violation, run: Rc::clone(run) });
    }

    /// The violations of a run, even beyond the playhead.
    #[must_use]
    pub fn of(&self, run: &Run) -> Vec<Violation> {
        let here = self.0.iter().filter(|found| found.is_in(run));
        here.map(|found| found.violation.clone()).collect()
    }
}

impl Found {
    fn is_of(&self, cluster: usize, property: &str) -> bool {
        self.violation.0 == cluster && self.violation.1 == property
    }

    /// True if the run has the same beginning as the one in which it was found.
    fn is_in(&self, run: &Run) -> bool {
        let at = self.violation.2;
        let same = |of: &Run| until(&of.commands, at) == until(&self.run.commands, at);
        std::ptr::eq(&*self.run, run) || self.run.clusters == run.clusters && same(run)
    }
}

/// The commands up to a time.
fn until(commands: &[Command], at: Time) -> &[Command] {
    &commands[..commands.partition_point(|command| command.at <= at)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Rc<Run> {
        Rc::new(crate::language::run(text).expect("a script"))
    }

    fn violation(ms: u64) -> Violation {
        (0, "linearizable".to_owned(), Time::from_ms(ms))
    }

    #[test]
    fn a_violation_stays_known_in_every_run_with_the_same_beginning() {
        let mut known = Known::default();
        let whole = run("cluster raft\n@1s crash n1\n@3s restart n1\n");
        known.add(&whole, violation(2_000));
        known.add(&whole, violation(2_500));
        assert_eq!(known.of(&whole), [violation(2_000)], "found once");
        let other_end = run("cluster raft\n@1s crash n1\n@4s crash n2\n");
        assert_eq!(known.of(&other_end), [violation(2_000)]);
        for other in [
            "cluster raft\n@1s crash n2\n",
            "cluster raft\n",
            "cluster raft seed=9\n@1s crash n1\n",
        ] {
            assert_eq!(known.of(&run(other)), [], "{other}");
        }
        assert_eq!(known.of(&whole), [violation(2_000)], "and it is still known");
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let mut known = Known::default();
        let runs: Vec<Rc<Run>> =
            (0..=MOST_KNOWN).map(|i| run(&format!("cluster raft seed={}\n", i + 1))).collect();
        for run in &runs {
            known.add(run, violation(1_000));
        }
        assert_eq!(known.of(&runs[0]), []);
        assert_eq!(known.of(&runs[MOST_KNOWN]).len(), 1);
    }
}
