//! A follower of one cluster's run: it replays the run by itself and says after each step which
//! conditions hold, also those that ask for the past.
//!
//! A World is a pure function of the run, so nothing has to be handed over step by step: whoever
//! plays, goes back or changes the run tells the follower the run and how far to go.

use super::memory::Memory;
use super::panel::Panel;
use super::{Condition, Happened, Moment};
use crate::run::{Command, Setup};
use crate::time::{LATEST, Time};
use crate::timeline::Budget;
use crate::world::World;

/// Conditions on one cluster, and what has been seen of its run.
#[derive(Clone, Debug)]
pub struct Follower {
    setup: Setup,
    commands: Vec<Command>,
    conditions: Vec<Condition>,
    /// Commands at the beginning that `did` and `statements` do not count.
    given: usize,
    /// The step after which memories begin.
    from: Time,
    world: World,
    panel: Panel,
    happened: Happened,
    memories: Vec<Memory>,
    /// For each condition: whether it holds after the last step.
    holds: Vec<bool>,
}

impl Follower {
    /// A follower at the beginning of a cluster's run.
    #[must_use]
    pub fn new(setup: &Setup, conditions: Vec<Condition>) -> Self {
        Self::of_part(setup, conditions, 0, Time::ZERO)
    }

    /// A follower of a part of a run: `did` and `statements` do not count the first `given`
    /// commands, and `then` and `for` know nothing of the time before `from`.
    #[must_use]
    pub fn of_part(setup: &Setup, conditions: Vec<Condition>, given: usize, from: Time) -> Self {
        let mut world = World::new(setup);
        world.set_recording(true);
        world.take_events();
        let mut follower = Self {
            setup: setup.clone(),
            commands: Vec::new(),
            given,
            from,
            world,
            panel: Panel::of(&conditions),
            happened: Happened::default(),
            memories: conditions.iter().map(Memory::of).collect(),
            holds: Vec::new(),
            conditions,
        };
        follower.look();
        follower
    }

    /// Replaces the commands of the run. What was seen of the common beginning stays; where the
    /// run differs before the present, it begins again.
    pub fn follow(&mut self, setup: &Setup, commands: &[Command]) {
        let same = self.commands.iter().zip(commands).take_while(|(old, new)| old == new).count();
        let next = commands.get(same).map(|command| command.at);
        let is_common = *setup == self.setup
            && self.world.commands_done() <= same
            && next.is_none_or(|at| self.world.last_step() <= at && self.world.now() <= at);
        if !is_common {
            self.begin_again(setup);
        }
        if same < commands.len() || commands.len() != self.commands.len() {
            self.commands = commands.to_vec();
        }
    }

    fn begin_again(&mut self, setup: &Setup) {
        let conditions = std::mem::take(&mut self.conditions);
        let commands = std::mem::take(&mut self.commands);
        *self = Self { commands, ..Self::of_part(setup, conditions, self.given, self.from) };
    }

    /// Goes to the state after that many steps, or after the last one. False when the budget ran out
    /// on the way; another call continues.
    pub fn go_to(&mut self, steps: u64, budget: &mut Budget) -> bool {
        if self.world.steps() > steps {
            self.begin_again(&self.setup.clone());
        }
        while self.world.steps() < steps {
            if !budget.spend() {
                return false;
            }
            if !self.step(LATEST) {
                return true;
            }
        }
        true
    }

    /// Takes one step that is due at or before a time. False when there is none.
    pub fn step(&mut self, until: Time) -> bool {
        if !self.world.advance(&self.commands, until) {
            return false;
        }
        self.happened = Happened::of(&self.world, self.world.fresh_events().iter());
        self.world.take_events();
        self.look();
        true
    }

    /// Stands at a time between the last step and the next, and looks again: a duration may be over
    /// though nothing has happened.
    pub fn stand_at(&mut self, time: Time) {
        if time > self.world.now() {
            self.world.stand_at(time);
            self.happened = Happened::default();
            self.look();
        }
    }

    fn look(&mut self) {
        self.panel.look(&self.world, &self.commands, self.happened);
        let mut memories = std::mem::take(&mut self.memories);
        let moment = self.moment(self.happened);
        let remembers = self.world.now() >= self.from;
        let pairs = self.conditions.iter().zip(&mut memories);
        let holds = pairs.map(|(condition, memory)| {
            if remembers {
                memory.look(condition, &moment)
            } else {
                memory.holds(condition, &moment)
            }
        });
        self.holds = holds.collect();
        self.memories = memories;
    }

    fn moment(&self, happened: Happened) -> Moment<'_> {
        let done = self.world.commands_done();
        Moment {
            world: &self.world,
            happened,
            violated: self.panel.is_violated(),
            broken: self.panel.broken(),
            done: self.commands.get(self.given.min(done)..done).unwrap_or_default(),
        }
    }

    /// The World where it stands.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The conditions.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Whether the condition at a place holds after the last step.
    #[must_use]
    pub fn holds(&self, place: usize) -> bool {
        self.holds.get(place).copied().unwrap_or(false)
    }

    /// Whether it holds where nothing happens any more: moments such as `leader elected` are over.
    #[must_use]
    pub fn holds_at_rest(&self, place: usize) -> bool {
        let moment = self.moment(Happened::default());
        let pair = self.conditions.get(place).zip(self.memories.get(place));
        pair.is_some_and(|(condition, memory)| memory.holds(condition, &moment))
    }
}
