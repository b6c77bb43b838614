//! Whether a property has been violated up to where a cluster stands: what its clients were told
//! must be linearizable, and Raft's servers must keep Raft's safety properties.
//!
//! To judge what clients were told costs more the more there is of it, and nobody who plays may wait
//! for that after every answer. But what is violated stays violated. So the judge looks ahead, the
//! further the longer the run is, judges once there, and knows of every step before: none is
//! violated, or all from one on, which is then looked for.

use crate::check::referee::Referee;
use crate::run::{Command, Setup};
use crate::timeline::Budget;
use crate::world::World;

/// How many calls the search of one key may look at.
const SEARCH: u64 = 1_000_000;
/// It looks ahead by this part of the steps that there were, so that all judging together costs a
/// fixed number of times what judging the end does.
const AHEAD: u64 = 32;

/// The judge of one cluster: a referee who is led along before the playhead.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    referee: Referee,
    /// Up to that step it is known.
    known: u64,
    /// The first step after which a property is violated, if that is known of one.
    violated: Option<u64>,
}

impl Judge {
    /// One that has seen nothing of a cluster yet.
    pub fn new(setup: &Setup) -> Self {
        Self { referee: Referee::new(setup, &[], SEARCH), known: 0, violated: None }
    }

    /// Follows the run, and knows how it is where the playhead stands. False when the budget ran out
    /// on the way; then another call goes on.
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
        // Where the run became another one the referee is back where it was the same.
        self.known = self.known.min(self.referee.world().steps());
        self.violated = self.violated.filter(|&step| step <= self.known);
        self.learn(world.steps(), budget)
    }

    /// Looks at one more step. Whether a property is violated up to here.
    pub fn look(&mut self, world: &World) -> bool {
        let steps = world.steps();
        if self.violated.is_none() && steps > self.known {
            self.learn(steps + steps / AHEAD, &mut Budget::UNLIMITED.clone());
        }
        self.has_found(world)
    }

    /// Whether a property is violated up to where a World stands of which that is known.
    pub fn has_found(&self, world: &World) -> bool {
        self.violated.is_some_and(|step| step <= world.steps())
    }

    /// Learns how it is up to a step, if there are that many. False when the budget ran out on the
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

    /// The first step after which a property is violated, where none is after the last one known,
    /// and one is `there`.
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

    /// Judging after every answer made playing wait, the longer the run the more.
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
