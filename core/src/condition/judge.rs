//! Whether a property has been violated up to where a cluster stands: what its clients were told
//! must be linearizable, and Raft's servers must keep Raft's safety properties.

use super::Happened;
use crate::check::raft_safety::RaftSafety;
use crate::check::referee::Referee;
use crate::history::history;
use crate::run::{Command, Setup};
use crate::timeline::Budget;
use crate::world::World;

/// How many calls the search of one key may look at.
const STEPS: u64 = 1_000_000;

/// The judge of one cluster. Step by step it watches the World that is played; a referee knows what it
/// must know where the playhead comes to stand elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    referee: Referee,
    safety: RaftSafety,
    violated: bool,
}

impl Judge {
    /// One that has seen nothing of a cluster yet.
    pub fn new(setup: &Setup) -> Self {
        let referee = Referee::new(setup, &[], STEPS);
        Self { referee, safety: RaftSafety::new(), violated: false }
    }

    /// Goes to where the playhead stands. False when the budget ran out on the way; then another
    /// call goes on.
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
        let there = self.referee.go_to(world.steps(), budget);
        if there {
            self.safety = self.referee.safety().clone();
            self.violated = self.is_unsafe() || !self.are_answers_right(world);
        }
        there
    }

    /// Looks at one more step. Whether a property is violated up to here.
    pub fn look(&mut self, world: &World, happened: Happened, budget: &mut Budget) -> bool {
        if !self.violated {
            self.safety.observe(world);
            self.referee.take_over(world, &self.safety);
            if happened.answered {
                // To judge what was asked takes about a step for each operation.
                budget.charge(world.operations().len() as u64);
            }
            self.violated = self.is_unsafe() || happened.answered && !self.are_answers_right(world);
        }
        self.violated
    }

    /// What was found last.
    pub fn has_found(&self) -> bool {
        self.violated
    }

    fn is_unsafe(&self) -> bool {
        self.safety.violation().is_some()
    }

    fn are_answers_right(&mut self, world: &World) -> bool {
        self.referee.judge().check(&history(world)).is_linearizable() != Some(false)
    }
}
