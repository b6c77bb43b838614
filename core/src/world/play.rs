//! Playing a run: its next step, a due entry or a statement, and the execution of that step.

use super::World;
use crate::run::{Command, Run};
use crate::time::Time;

/// The next step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// An entry of the World's queue, due at that time.
    Step(Time),
    /// The next of the run's commands, at that time.
    Command(Time),
}

impl Next {
    /// Its time.
    #[must_use]
    pub fn at(self) -> Time {
        match self {
            Self::Step(at) | Self::Command(at) => at,
        }
    }
}

impl World {
    /// The next step of a run with those commands; None when none is left.
    pub fn next(&mut self, commands: &[Command]) -> Option<Next> {
        let due = self.next_due();
        let command = commands.get(self.commands_done()).map(|c| c.at);
        match (due, command) {
            // Entries due at the very time of a statement are executed before it.
            (Some(due), Some(at)) if due > at => Some(Next::Command(at)),
            (Some(due), _) => Some(Next::Step(due)),
            (None, at) => at.map(Next::Command),
        }
    }

    /// Executes the next step, as [`World::next`] returned it.
    pub fn take(&mut self, next: Next, commands: &[Command]) {
        match next {
            Next::Step(_) => {
                self.step();
            }
            Next::Command(_) => self.execute(&commands[self.commands_done()]),
        }
    }

    /// Executes the next step, unless it is later than `until`. False if nothing was executed.
    pub fn advance(&mut self, commands: &[Command], until: Time) -> bool {
        let next = self.next(commands).filter(|next| next.at() <= until);
        if let Some(next) = next {
            self.take(next, commands);
        }
        next.is_some()
    }
}

/// Plays the first cluster of a run to a time, without a trace.
#[must_use]
pub fn play(run: &Run, until: Time) -> World {
    watch(run, until, |_| true)
}

/// Plays the first cluster of a run to a time and calls `look` after every step. Ends early when
/// `look` returns false.
pub fn watch(run: &Run, until: Time, mut look: impl FnMut(&World) -> bool) -> World {
    let mut world = World::new(&run.clusters[0]);
    world.set_recording(false);
    while world.advance(&run.commands, until) && look(&world) {}
    world
}
