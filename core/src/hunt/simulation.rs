//! One run of a hunt, played without a trace under the judges that must see every step.

use super::coverage::Tracker;
use super::target::{Targets, Violation};
use crate::check::raft_safety::RaftSafety;
use crate::condition::Happened;
use crate::run::{Command, Setup, Statement};
use crate::time::Time;
use crate::world::World;

/// The most steps of one run: a longer one is ended.
const MOST_STEPS: u64 = 300_000;

/// A run, as far as it was played.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// Its present state.
    pub world: World,
    /// The judge of Raft's safety, which has watched it.
    pub safety: RaftSafety,
    /// Its statements, including future ones.
    pub commands: Vec<Command>,
    /// The events of the last step, where a condition needs them.
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

    /// Plays on to a time, and ends early at a step that hits a target.
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

    /// Plays on to a time, without checking targets other than Raft's safety.
    pub fn play_on(&mut self, until: Time) {
        while self.world.steps() < MOST_STEPS && self.world.advance(&self.commands, until) {
            self.safety.observe(&self.world);
        }
        self.stand_at(until);
    }

    /// Moves the clock to a time between the last step and the next.
    fn stand_at(&mut self, at: Time) {
        if self.world.steps() < MOST_STEPS && at >= self.world.last_step() {
            self.world.stand_at(at);
        }
    }

    /// Adds a statement at a time that is not before the World's present. All entries due until
    /// then must have been executed.
    pub fn act(&mut self, at: Time, statement: Statement) {
        let place = self.world.commands_done();
        debug_assert!(self.commands.get(place).is_none_or(|next| next.at >= at));
        // Behind the run's other statements at the same time, like `Run::insert`.
        let behind = self.commands[place..].partition_point(|c| c.at <= at);
        self.commands.insert(place + behind, Command { at, statement });
    }
}
