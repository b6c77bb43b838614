//! Time travel: one cluster's run, simulated up to the frontier, with the World anywhere in it.
//!
//! The World stands at the playhead. Behind it lie checkpoints, a World every few thousand steps.
//! Going back means replaying forward from the last checkpoint before the target. The trace is
//! written once, when a step is taken for the first time: a replay would write the same events.
//!
//! A long run does not fit in memory. To free memory ([`Timeline::make_room`]) checkpoints are
//! thinned, close together near the playhead and farther apart away from it, and the oldest events
//! are forgotten: the trace becomes a window of the run, with the playhead in it. A seek to a place
//! outside the window begins another window there, by replaying from a checkpoint some way before
//! it.

use crate::client::Operation;
use crate::ids::EventId;
use crate::paged::Paged;
use crate::run::{Command, Setup};
use crate::signs::Signs;
use crate::time::Time;
use crate::trace::{self, Event, Trace};
use crate::world::{Next, World};
use std::sync::Arc;

/// Steps between checkpoints, at first.
const FIRST_INTERVAL: u64 = 2_048;
/// When there are more checkpoints than this, every other one is dropped.
const MAX_CHECKPOINTS: usize = 1_024;
/// Number of checkpoints that are always kept.
const LEAST_CHECKPOINTS: usize = 64;
/// A checkpoint lies at most this part of its distance from the playhead from the next one, unless
/// the interval is shorter anyway.
const NEARNESS: u64 = 4;
/// Number of events before the playhead that are always kept: sentences and the first answers to
/// "why" look back this far.
pub const LOOK_BACK: u32 = 100_000;
/// The most steps that one run may have.
pub const MAX_STEPS: u64 = 50_000_000;

/// One cluster's run and its playhead. Clones share checkpoints and trace.
#[derive(Clone, Debug)]
pub struct Timeline {
    world: World,
    /// By step; the first is the beginning of the run.
    checkpoints: Vec<Arc<World>>,
    interval: u64,
    /// The most checkpoints; halved to free memory.
    most_checkpoints: usize,
    /// The events before the first step.
    beginning: Arc<[Event]>,
    trace: Trace,
    /// The step up to which the window of the trace reaches.
    recorded: u64,
    signs: Signs,
    /// The number of steps simulated so far, and the latest time reached.
    frontier: Frontier,
    /// The operations of clients up to the frontier, kept while the playhead is elsewhere.
    asked: Paged<Operation>,
}

/// The extent to which a run has been simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frontier {
    /// Number of steps.
    pub steps: u64,
    /// The time.
    pub time: Time,
}

/// Number of steps that may be taken before control returns to the caller.
#[derive(Clone, Copy, Debug)]
pub struct Budget(u64);

impl Budget {
    /// No limit.
    pub const UNLIMITED: Self = Self(u64::MAX);

    /// A budget of that many steps.
    #[must_use]
    pub const fn steps(steps: u64) -> Self {
        Self(steps)
    }

    /// Takes that many steps from the budget, or all that are left.
    pub(crate) fn spend_some(&mut self, steps: u64) {
        self.0 = self.0.saturating_sub(steps);
    }

    /// Takes one step from the budget. False when none was left.
    pub(crate) fn spend(&mut self) -> bool {
        let left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        left
    }
}

impl Timeline {
    /// The beginning of a run.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        let mut world = World::new(setup);
        let mut trace = Trace::default();
        let beginning: Arc<[Event]> = world.take_events().collect();
        beginning.iter().for_each(|event| trace.push(*event));
        let frontier = Frontier { steps: 0, time: Time::ZERO };
        let checkpoints = vec![Arc::new(world.clone())];
        let signs = Signs::new(&world);
        Self {
            world,
            checkpoints,
            interval: FIRST_INTERVAL,
            most_checkpoints: MAX_CHECKPOINTS,
            beginning,
            trace,
            recorded: 0,
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

    /// All events simulated so far, also beyond the playhead. Where the oldest were forgotten, a
    /// window of them with the playhead inside.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The observed states simulated so far, also beyond the playhead.
    #[must_use]
    pub fn signs(&self) -> &Signs {
        &self.signs
    }

    /// The first event that lies beyond the playhead.
    #[must_use]
    pub fn next_event(&self) -> EventId {
        EventId(self.world.events())
    }

    /// The operations of clients simulated so far, also beyond the playhead.
    #[must_use]
    pub fn operations(&self) -> &Paged<Operation> {
        if self.is_at_frontier() { self.world.operations() } else { &self.asked }
    }

    /// The extent to which the run has been simulated.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        self.frontier
    }

    /// Whether the window of the trace ends before the frontier.
    #[must_use]
    pub fn is_shortened(&self) -> bool {
        self.recorded < self.frontier.steps
    }

    /// Number of checkpoints kept.
    #[must_use]
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }

    /// Seeks to a time: all that is due then has happened. False when the budget ran out on the
    /// way; another call continues.
    pub fn seek(&mut self, commands: &[Command], to: Time, budget: &mut Budget) -> bool {
        self.jump(|world| world.last_step() <= to);
        self.play_on(commands, to, budget)
    }

    /// Plays on to a time, step by step, without a jump; does nothing when the time is past. False
    /// when the budget ran out on the way.
    pub(crate) fn play_on(&mut self, commands: &[Command], to: Time, budget: &mut Budget) -> bool {
        while let Some(next) = self.world.next(commands).filter(|n| n.at() <= to) {
            if self.world.steps() >= MAX_STEPS {
                // The run has reached its limit of steps: the playhead stays where it is.
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

    /// The time of the next step.
    pub fn next_at(&mut self, commands: &[Command]) -> Option<Time> {
        self.world.next(commands).map(|n| n.at())
    }

    /// Takes one step forward. False when no step is left.
    pub fn step(&mut self, commands: &[Command]) -> bool {
        let Some(next) = self.world.next(commands) else { return false };
        self.take(next, commands);
        self.frontier.time = self.frontier.time.max(self.world.now());
        true
    }

    fn take(&mut self, next: Next, commands: &[Command]) {
        let first_time = self.is_at_frontier();
        let records = self.world.steps() >= self.recorded;
        self.world.set_recording(records);
        self.world.take(next, commands);
        if first_time {
            match next {
                Next::Step(_) => self.signs.look(&self.world),
                Next::Command(_) => self.signs.look_at_all(&self.world),
            }
            self.frontier.steps = self.world.steps();
        }
        if records {
            self.keep();
        }
    }

    /// Plays on until that many steps have been taken, or none is left. False when the budget ran
    /// out on the way; another call continues.
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

    /// Records the events of a step, and its checkpoint where one is due.
    fn keep(&mut self) {
        let trace = &mut self.trace;
        self.world.take_events().for_each(|event| trace.push(event));
        self.recorded = self.world.steps();
        if self.recorded.is_multiple_of(FIRST_INTERVAL) {
            let place = self.checkpoints.partition_point(|c| c.steps() < self.recorded);
            let is_new = self.checkpoints.get(place).is_none_or(|c| c.steps() != self.recorded);
            if is_new {
                self.checkpoints.insert(place, Arc::new(self.world.clone()));
                self.thin_out();
            }
        }
    }

    /// Drops checkpoints while there are too many, the nearer to each other the farther away.
    fn thin_out(&mut self) {
        if self.checkpoints.len() <= self.most_checkpoints {
            return;
        }
        self.drop_between();
        while self.checkpoints.len() > self.most_checkpoints * 3 / 4 && self.interval < MAX_STEPS {
            self.interval *= 2;
            self.drop_between();
        }
    }

    fn drop_between(&mut self) {
        let (here, interval) = (self.recorded, self.interval);
        self.checkpoints.retain(|c| {
            let near = (c.steps().abs_diff(here) / NEARNESS / FIRST_INTERVAL).max(1);
            let grid = FIRST_INTERVAL << near.ilog2();
            c.steps().is_multiple_of(grid.min(interval))
        });
    }

    /// Forgets a part of the data that replaying brings back, the farthest from the playhead first.
    /// False when only the minimum is left.
    pub fn make_room(&mut self) -> bool {
        let head = self.world.events();
        let old = head.saturating_sub(LOOK_BACK).saturating_sub(self.trace.first().0);
        let beyond = (self.trace.len() as u32).saturating_sub(head);
        let least = LEAST_CHECKPOINTS.max(self.most_checkpoints / 2);
        if old.max(beyond) as usize >= 2 * trace::PAGE {
            if beyond > old {
                self.trace.shorten(head as usize);
                self.recorded = self.world.steps();
            } else {
                // Not all at once: events near the playhead are read the most.
                let part = if old > 8 * LOOK_BACK { old / 4 } else { old };
                self.trace.forget_before(EventId(self.trace.first().0 + part));
            }
            if self.checkpoints.len() > 2 * LEAST_CHECKPOINTS {
                self.keep_at_most(least);
            }
            return true;
        }
        if self.checkpoints.len() > LEAST_CHECKPOINTS && self.most_checkpoints > LEAST_CHECKPOINTS {
            self.keep_at_most(least);
            return true;
        }
        let turns = self.trace.forget_turns();
        self.signs.forget_old() || turns
    }

    fn keep_at_most(&mut self, checkpoints: usize) {
        self.most_checkpoints = checkpoints;
        self.thin_out();
    }

    /// Forgets everything except the frontier. The playhead stands at the beginning, and replaying
    /// brings back the rest.
    pub fn forget_all(&mut self) {
        self.checkpoints.truncate(1);
        self.interval = FIRST_INTERVAL;
        self.most_checkpoints = MAX_CHECKPOINTS;
        self.asked = Paged::default();
        self.begin_window_at(0);
    }

    /// Moves to a checkpoint, and begins the window of the trace there.
    fn begin_window_at(&mut self, place: usize) {
        self.world = World::clone(&self.checkpoints[place]);
        self.recorded = self.world.steps();
        self.trace.begin_at(EventId(self.world.events()));
        if place == 0 {
            self.trace.begin_at(EventId(0));
            self.beginning.iter().for_each(|event| self.trace.push(*event));
        }
    }

    /// Seeks to the state after that many steps, or after the last one, forward or back. False when
    /// the budget ran out on the way; another call continues.
    pub fn go_to_step(&mut self, commands: &[Command], steps: u64, budget: &mut Budget) -> bool {
        self.jump(|world| world.steps() <= steps);
        self.go_on(commands, steps, budget)
    }

    /// Goes back to the state after that many steps.
    pub fn seek_step(&mut self, commands: &[Command], steps: u64) {
        self.jump(|world| world.steps() <= steps);
        self.go_on(commands, steps, &mut Budget::UNLIMITED.clone());
        // The World stands at the moment of the step, also when nothing happened for long after it.
        assert!(self.world.steps() <= steps);
    }

    /// Replaces the World by the last checkpoint for which `reached` holds, unless the present
    /// World is as good and nearer. Where the window of the trace does not reach there, another
    /// begins some way before.
    fn jump(&mut self, reached: impl Fn(&World) -> bool) {
        let after = self.checkpoints.partition_point(|c| reached(c));
        let last = after.saturating_sub(1);
        let kept = &self.checkpoints[last];
        if reached(&self.world) && kept.steps() <= self.world.steps() {
            return;
        }
        if self.is_at_frontier() {
            self.asked = self.world.operations().clone();
        }
        let first = self.trace.first().0;
        let is_near = first == 0 || kept.events() >= first + LOOK_BACK / 2;
        if is_near && kept.steps() <= self.recorded {
            self.world = World::clone(kept);
            return;
        }
        let from = kept.events().saturating_sub(LOOK_BACK);
        let before = self.checkpoints.partition_point(|c| c.events() <= from).saturating_sub(1);
        let plays_on =
            reached(&self.world) && self.checkpoints[before].steps() <= self.world.steps();
        if !plays_on {
            self.begin_window_at(before);
        }
    }

    /// Moves the clock to a time between the last step and the next.
    pub fn stand_at(&mut self, time: Time) {
        self.world.stand_at(time);
        self.frontier.time = self.frontier.time.max(time);
    }

    /// Forgets everything beyond the playhead: from here on the run will be another.
    pub fn forget_future(&mut self) {
        let world = &self.world;
        self.checkpoints.retain(|c| c.steps() <= world.steps());
        self.trace.truncate(world.events() as usize);
        self.recorded = self.recorded.min(world.steps());
        self.signs.forget_after(world);
        self.frontier = Frontier { steps: world.steps(), time: world.now() };
    }

    /// Goes back to just before the command at that place, if it has been executed, and forgets
    /// everything beyond: the command will be changed or deleted.
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
