//! Time travel: one cluster's run, simulated as far as anybody has looked, with the World anywhere
//! in it.
//!
//! The World stands at the playhead. Behind it lie checkpoints, a World every few thousand steps;
//! going back is going forward from the last of them. The trace is written once, when a step is
//! taken for the first time: going over it again writes nothing, since it would write the same.

use crate::client::Operation;
use crate::ids::EventId;
use crate::paged::Paged;
use crate::run::{Command, Setup};
use crate::signs::Signs;
use crate::time::Time;
use crate::trace::Trace;
use crate::world::{Next, World};
use std::sync::Arc;

/// Steps between checkpoints, at first.
const FIRST_INTERVAL: u64 = 2_048;
/// When there are more checkpoints than this, every other one is dropped.
const MAX_CHECKPOINTS: usize = 1_024;
/// The most steps that one run may have.
pub const MAX_STEPS: u64 = 50_000_000;

/// One cluster's run and where it is looked at. Cloning shares checkpoints and trace.
#[derive(Clone, Debug)]
pub struct Timeline {
    world: World,
    /// By step; the first is the beginning of the run.
    checkpoints: Vec<Arc<World>>,
    interval: u64,
    trace: Trace,
    signs: Signs,
    /// How many steps have ever been taken, and when the last moment looked at is.
    frontier: Frontier,
    /// What clients asked up to the frontier, kept when the playhead left it.
    asked: Paged<Operation>,
}

/// How far a run has been simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frontier {
    /// Steps.
    pub steps: u64,
    /// The time.
    pub time: Time,
}

/// How many steps may be taken before control goes back to the caller.
#[derive(Clone, Copy, Debug)]
pub struct Budget(u64);

impl Budget {
    /// As many as it takes.
    pub const UNLIMITED: Self = Self(u64::MAX);

    /// That many.
    #[must_use]
    pub const fn steps(steps: u64) -> Self {
        Self(steps)
    }

    /// Takes one step from it. False when none was left.
    pub(crate) fn spend(&mut self) -> bool {
        let left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        left
    }
}

impl Timeline {
    /// The run's beginning.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        let mut world = World::new(setup);
        let mut trace = Trace::default();
        world.take_events().for_each(|event| trace.push(event));
        let frontier = Frontier { steps: 0, time: Time::ZERO };
        let checkpoints = vec![Arc::new(world.clone())];
        let signs = Signs::new(&world);
        Self {
            world,
            checkpoints,
            interval: FIRST_INTERVAL,
            trace,
            signs,
            frontier,
            asked: Paged::default(),
        }
    }

    /// The World at the playhead.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Everything that has happened as far as anybody has looked, also beyond the playhead.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What everybody showed as far as anybody has looked, also beyond the playhead.
    #[must_use]
    pub fn signs(&self) -> &Signs {
        &self.signs
    }

    /// The first event that lies beyond the playhead.
    #[must_use]
    pub fn next_event(&self) -> EventId {
        EventId(self.world.events())
    }

    /// What clients have asked as far as anybody has looked, also beyond the playhead.
    #[must_use]
    pub fn operations(&self) -> &Paged<Operation> {
        if self.is_at_frontier() { self.world.operations() } else { &self.asked }
    }

    /// How far anybody has looked.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        self.frontier
    }

    /// How many checkpoints are kept.
    #[must_use]
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }

    /// Goes to a time: all that is due then has happened. False when the budget ran out on the way;
    /// then another call goes on.
    pub fn seek(&mut self, commands: &[Command], to: Time, budget: &mut Budget) -> bool {
        self.jump(|world| world.last_step() <= to);
        self.run_to(commands, to, budget)
    }

    /// Goes on to a time from where it stands; nothing happens when that is past.
    fn run_to(&mut self, commands: &[Command], to: Time, budget: &mut Budget) -> bool {
        while let Some(next) = self.world.next(commands).filter(|n| n.at() <= to) {
            if self.world.steps() >= MAX_STEPS {
                // It goes no further: the playhead stays where it got.
                let reached = self.world.now();
                self.stand_at(reached);
                return true;
            }
            if !budget.spend() {
                return false;
            }
            self.take(next, commands);
        }
        self.stand_at(to);
        true
    }

    /// When what happens next happens.
    pub fn next_at(&mut self, commands: &[Command]) -> Option<Time> {
        self.world.next(commands).map(|n| n.at())
    }

    /// Takes one step forward, if there is anything to happen. True if there was.
    pub fn step(&mut self, commands: &[Command]) -> bool {
        let Some(next) = self.world.next(commands) else { return false };
        self.take(next, commands);
        self.frontier.time = self.frontier.time.max(self.world.now());
        true
    }

    fn take(&mut self, next: Next, commands: &[Command]) {
        let first_time = self.is_at_frontier();
        self.world.set_recording(first_time);
        self.world.take(next, commands);
        if first_time {
            match next {
                Next::Step(_) => self.signs.look(&self.world),
                Next::Command(_) => self.signs.look_at_all(&self.world),
            }
            self.keep();
        }
    }

    /// Goes on to where that many steps have been taken, or as many as there are. False when the
    /// budget ran out on the way; then another call goes on.
    pub fn go_on(&mut self, commands: &[Command], steps: u64, budget: &mut Budget) -> bool {
        while self.world.steps() < steps.min(MAX_STEPS) {
            if !budget.spend() {
                return false;
            }
            if !self.step(commands) {
                return true;
            }
        }
        true
    }

    /// Whether the next step will be taken for the first time.
    #[must_use]
    pub fn is_at_frontier(&self) -> bool {
        self.world.steps() >= self.frontier.steps
    }

    /// Keeps what a step for the first time leaves behind.
    fn keep(&mut self) {
        let trace = &mut self.trace;
        self.world.take_events().for_each(|event| trace.push(event));
        self.frontier.steps = self.world.steps();
        if self.world.steps().is_multiple_of(self.interval) {
            self.checkpoints.push(Arc::new(self.world.clone()));
            self.thin_out();
        }
    }

    fn thin_out(&mut self) {
        if self.checkpoints.len() > MAX_CHECKPOINTS {
            self.interval *= 2;
            let interval = self.interval;
            self.checkpoints.retain(|c| c.steps().is_multiple_of(interval));
        }
    }

    /// Goes back to where that many steps had been taken.
    pub fn seek_step(&mut self, commands: &[Command], steps: u64) {
        self.jump(|world| world.steps() <= steps);
        self.go_on(commands, steps, &mut Budget::UNLIMITED.clone());
        // Going back leads to the moment of the step, not to how long nothing happened after it.
        assert!(self.world.steps() <= steps);
    }

    /// Puts the last kept World for which `reached` holds in the place of the present one, unless
    /// the present one is as good and nearer.
    fn jump(&mut self, reached: impl Fn(&World) -> bool) {
        let after = self.checkpoints.partition_point(|c| reached(c));
        let kept = &self.checkpoints[after.saturating_sub(1)];
        if !reached(&self.world) || kept.steps() > self.world.steps() {
            if self.world.steps() >= self.frontier.steps {
                self.asked = self.world.operations().clone();
            }
            self.world = World::clone(kept);
        }
    }

    /// Stands at a time between what happened last and what happens next.
    pub fn stand_at(&mut self, time: Time) {
        self.world.stand_at(time);
        self.frontier.time = self.frontier.time.max(time);
    }

    /// Forgets all beyond the playhead: from here on the run will be another.
    pub fn forget_future(&mut self) {
        let world = &self.world;
        self.checkpoints.retain(|c| c.steps() <= world.steps());
        self.trace.truncate(world.events() as usize);
        self.signs.forget_after(world);
        self.frontier = Frontier { steps: world.steps(), time: world.now() };
    }

    /// Goes back to just before the command at that place, if it has been carried out, and forgets
    /// all beyond: the command will be another, or none.
    pub fn forget_command(&mut self, commands: &[Command], place: usize) {
        if self.world.commands_done() > place {
            self.jump(|world| world.commands_done() <= place);
            while let Some(next) = self.world.next(commands) {
                if matches!(next, Next::Command(_)) && self.world.commands_done() == place {
                    break;
                }
                self.take(next, commands);
            }
        }
        self.forget_future();
    }
}
