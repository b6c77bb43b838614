//! Whether a property has been violated up to a cluster's present: the answers to its clients must
//! be linearizable, and Raft's servers must keep Raft's safety properties.
//!
//! Judging costs more the longer the history is, and playing must not wait for it after every
//! answer. But a violation is permanent. So the judge works ahead, the further the longer the run
//! is, judges once there, and knows about every step before: none is violated, or all from one on,
//! which it then searches.

use crate::check::referee::Referee;
use crate::run::{Command, Setup};
use crate::timeline::Budget;
use crate::world::World;

/// The most calls that the search of one key may examine.
const SEARCH: u64 = 1_000_000;
/// The judge works ahead by this part of the steps so far, so that all judging together costs a
/// constant factor more than judging the end.
const AHEAD: u64 = 32;

/// The judge of one cluster: a referee that runs ahead of the playhead.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    referee: Referee,
    /// The last step for which the result is known.
    known: u64,
    /// The first step after which a property is violated, if such a step is known.
    violated: Option<u64>,
}

impl Judge {
    /// A judge at the beginning of a cluster's run.
    pub fn new(setup: &Setup) -> Self {
        Self { referee: Referee::new(setup, &[], SEARCH), known: 0, violated: None }
    }

    /// Follows the run, so that the result at the playhead is known. False when the budget ran out
    /// on the way; another call continues.
    pub fn catch_up(
        &mut self,
        (setup, commands): (&Setup, &[Command]),
        world: &World,
        budget: &mut Budget,
    ) -> bool {
        if !self.referee.follow(setup, commands) {
            *self = Self::new(setup);
            self.referee.follow(setup, commands);
        }
        // Where the run was changed, the referee has gone back to the common beginning.
        self.known = self.known.min(self.referee.world().steps());
        self.violated = self.violated.filter(|&step| step <= self.known);
        self.learn(world.steps(), budget)
    }

    /// Examines one more step. True if a property is violated up to here.
    pub fn look(&mut self, world: &World) -> bool {
        let steps = world.steps();
        if self.violated.is_none() && steps > self.known {
            self.learn(steps + steps / AHEAD, &mut Budget::UNLIMITED.clone());
        }
        self.has_found(world)
    }

    /// Whether a property is violated up to a World's step, for which the result is known.
    pub fn has_found(&self, world: &World) -> bool {
        self.violated.is_some_and(|step| step <= world.steps())
    }

    /// Finds the result up to a step, or up to the last one. False when the budget ran out on the
    /// way.
    fn learn(&mut self, steps: u64, budget: &mut Budget) -> bool {
        if self.violated.is_some() || steps <= self.known {
            return true;
        }
        if !self.referee.go_to(steps, budget) {
            return false;
        }
        let there = self.referee.world().steps();
        if self.is_violated(there) {
            self.violated = Some(self.first_violated(there));
        }
        self.known = there;
        true
    }

    /// The first step after which a property is violated; none is violated after the last known
    /// step, and one is after the step `there`.
    fn first_violated(&mut self, there: u64) -> u64 {
        let (mut good, mut bad) = (self.known, there);
        while bad - good > 1 {
            let middle = u64::midpoint(good, bad);
            if self.is_violated(middle) {
                bad = middle;
            } else {
                good = middle;
            }
        }
        bad
    }

    fn is_violated(&mut self, step: u64) -> bool {
        self.referee.go_to(step, &mut Budget::UNLIMITED.clone());
        let history = self.referee.history();
        let is_unsafe = self.referee.unsafe_step().is_some();
        is_unsafe || self.referee.judge().check(&history).is_linearizable() == Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;
    use crate::time::Time;

    /// Judging after every answer slowed playing, the more the longer the run.
    #[test]
    fn it_judges_far_more_seldom_than_it_looks() {
        let run = script::parse("cluster raft nodes=3 seed=7\n@0s workload rate=100/s").unwrap();
        let setup = &run.clusters[0];
        let (mut judge, mut world) = (Judge::new(setup), World::new(setup));
        assert!(judge.catch_up((setup, &run.commands), &world, &mut Budget::UNLIMITED.clone()));
        let (mut looked, mut judged) = (0, 0);
        while world.advance(&run.commands, Time::from_ms(20_000)) {
            let known = judge.known;
            assert!(!judge.look(&world));
            looked += 1;
            judged += u32::from(judge.known != known);
        }
        assert!(looked > 8_000, "{looked} steps are few");
        assert!(judged < 400, "it judged {judged} times in {looked} steps");
    }
}
