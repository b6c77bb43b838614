//! Whether a property has been violated up to where a cluster stands: what its clients were told
//! must be linearizable, and Raft's servers must keep Raft's safety properties.

use super::Happened;
use crate::check::linearizability::Judge as Linearizability;
use crate::check::raft_safety::RaftSafety;
use crate::history;
use crate::run::{Command, Setup};
use crate::settings::Preset;
use crate::timeline::Budget;
use crate::world::World;

/// How many calls the search of one key may look at.
const STEPS: u64 = 1_000_000;

/// The judge of one cluster. It has seen every step up to where it stands.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    answers: Linearizability,
    safety: RaftSafety,
    /// The run played once more from its beginning, until it stands where the playhead does.
    catching_up: Option<Box<World>>,
    violated: bool,
}

impl Judge {
    /// One that has seen nothing of a run yet.
    pub fn new(setup: &Setup) -> Self {
        // Only servers of Raft are looked at step by step.
        let world = || {
            let mut world = World::new(setup);
            world.set_recording(false);
            Box::new(world)
        };
        Self {
            answers: Linearizability::new(STEPS),
            safety: RaftSafety::new(),
            catching_up: (setup.preset == Preset::Raft).then(world),
            violated: false,
        }
    }

    /// Looks at all that happened before the playhead. False when the budget ran out on the way;
    /// then another call goes on.
    pub fn catch_up(&mut self, world: &World, commands: &[Command], budget: &mut Budget) -> bool {
        if let Some(own) = &mut self.catching_up {
            while own.steps() < world.steps() {
                if !budget.spend() {
                    return false;
                }
                if !own.advance(commands, world.now()) {
                    break;
                }
                self.safety.observe(own);
            }
            self.catching_up = None;
        }
        self.violated = self.safety.violation().is_some() || !self.are_answers_right(world);
        true
    }

    /// Looks at one more step. Whether a property is violated up to here.
    pub fn look(&mut self, world: &World, happened: Happened) -> bool {
        if !self.violated {
            let unsafe_now = self.safety.observe(world);
            self.violated = unsafe_now || happened.answered && !self.are_answers_right(world);
        }
        self.violated
    }

    /// What was found last.
    pub fn has_found(&self) -> bool {
        self.violated
    }

    fn are_answers_right(&mut self, world: &World) -> bool {
        let history = history::history(world);
        self.answers.check(&history).is_linearizable() != Some(false)
    }
}
