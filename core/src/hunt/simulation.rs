//! One run being played for a hunt: without a trace, watched by the judges that must see every step.

use super::coverage::Tracker;
use super::target::{Targets, Violation};
use crate::check::raft_safety::RaftSafety;
use crate::condition::Happened;
use crate::run::{Command, Setup, Statement};
use crate::time::Time;
use crate::world::World;

/// The most steps of one run: one that has more is ended.
const MOST_STEPS: u64 = 300_000;

/// A run as far as it was played.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// Where it stands.
    pub world: World,
    /// The judge of Raft's safety, who has watched it.
    pub safety: RaftSafety,
    /// Its statements; those that lie ahead too.
    pub commands: Vec<Command>,
    /// What happened in the last step, where a condition asks for that.
    pub happened: Happened,
}

impl Simulation {
    /// A cluster at its beginning, with the statements of its run.
    #[must_use]
    pub fn new(setup: &Setup, commands: Vec<Command>) -> Self {
        let mut world = World::new(setup);
        world.set_recording(false);
        world.take_events();
        Self { world, safety: RaftSafety::new(), commands, happened: Happened::default() }
    }

    /// Plays on to a time, and ends early at the step that hits a target.
    pub fn play(
        &mut self,
        until: Time,
        targets: &Targets,
        mut tracker: Option<&mut Tracker<'_>>,
    ) -> Option<Violation> {
        self.world.set_recording(targets.needs_events);
        while self.world.steps() < MOST_STEPS && self.world.advance(&self.commands, until) {
            if targets.watches_safety {
                self.safety.observe(&self.world);
            }
            if targets.needs_events {
                self.happened = Happened::of(&self.world, self.world.fresh_events().iter());
                self.world.take_events();
            }
            if let Some(tracker) = &mut tracker {
                tracker.look(&self.world);
            }
            if let Some(found) = targets.look(self) {
                return Some(found);
            }
        }
        self.stand_at(until);
        None
    }

    /// Plays on to a time, without a look at targets other than Raft's safety.
    pub fn play_on(&mut self, until: Time) {
        while self.world.steps() < MOST_STEPS && self.world.advance(&self.commands, until) {
            self.safety.observe(&self.world);
        }
        self.stand_at(until);
    }

    /// Stands at a time between what happened last and what comes next.
    fn stand_at(&mut self, at: Time) {
        if self.world.steps() < MOST_STEPS && at >= self.world.last_step() {
            self.world.stand_at(at);
        }
    }

    /// Does something at a time that is not before where the World stands. What is due until then
    /// must have happened.
    pub fn act(&mut self, at: Time, statement: Statement) {
        let place = self.world.commands_done();
        debug_assert!(self.commands.get(place).is_none_or(|next| next.at >= at));
        // Behind what the run says for the same time: as `Run::insert` does.
        let behind = self.commands[place..].partition_point(|c| c.at <= at);
        self.commands.insert(place + behind, Command { at, statement });
    }
}
