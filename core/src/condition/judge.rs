//! Whether a property has been violated up to where a cluster stands: what its clients were told
//! must be linearizable, and Raft's servers must keep Raft's safety properties.

use super::Happened;
use crate::check::referee::Referee;
use crate::run::{Command, Setup};
use crate::timeline::Budget;
use crate::world::World;

/// How many calls the search of one key may look at.
const STEPS: u64 = 1_000_000;

/// The judge of one cluster: a referee who is led along with the playhead.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    referee: Referee,
    violated: bool,
}

impl Judge {
    /// One that has seen nothing of a cluster yet.
    pub fn new(setup: &Setup) -> Self {
        Self { referee: Referee::new(setup, &[], STEPS), violated: false }
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
            self.violated = self.is_unsafe() || !self.are_answers_right();
        }
        there
    }

    /// Looks at one more step. Whether a property is violated up to here.
    pub fn look(&mut self, world: &World, happened: Happened) -> bool {
        if !self.violated {
            self.referee.go_to(world.steps(), &mut Budget::UNLIMITED.clone());
            self.violated = self.is_unsafe() || happened.answered && !self.are_answers_right();
        }
        self.violated
    }

    /// What was found last.
    pub fn has_found(&self) -> bool {
        self.violated
    }

    fn is_unsafe(&self) -> bool {
        self.referee.unsafe_step().is_some()
    }

    fn are_answers_right(&mut self) -> bool {
        let history = self.referee.history();
        self.referee.judge().check(&history).is_linearizable() != Some(false)
    }
}
