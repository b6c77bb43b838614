//! Playing a run: what comes next in it, be it an event or a statement, and letting that happen.

use super::World;
use crate::run::{Command, Run};
use crate::time::Time;

/// What happens next in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// What is due in the World's queue, at that time.
    Step(Time),
    /// The next of the run's commands, at that time.
    Command(Time),
}

impl Next {
    /// When.
    #[must_use]
    pub fn at(self) -> Time {
        match self {
            Self::Step(at) | Self::Command(at) => at,
        }
    }
}

impl World {
    /// What comes next in the run of those commands; None when nothing ever will.
    pub fn next(&mut self, commands: &[Command]) -> Option<Next> {
        let due = self.next_due();
        let command = commands.get(self.commands_done()).map(|c| c.at);
        match (due, command) {
            // What is due at a statement's very time happens before it.
            (Some(due), Some(at)) if due > at => Some(Next::Command(at)),
            (Some(due), _) => Some(Next::Step(due)),
            (None, at) => at.map(Next::Command),
        }
    }

    /// Lets what comes next happen, as [`World::next`] said it.
    pub fn take(&mut self, next: Next, commands: &[Command]) {
        match next {
            Next::Step(_) => {
                self.step();
            }
            Next::Command(_) => self.execute(&commands[self.commands_done()]),
        }
    }

    /// Lets what comes next happen, unless that is later than `until`. True if anything happened.
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

/// The same, and lets `look` look at the World after every step. Ends early when that returns false.
pub fn watch(run: &Run, until: Time, mut look: impl FnMut(&World) -> bool) -> World {
    let mut world = World::new(&run.clusters[0]);
    world.set_recording(false);
    while world.advance(&run.commands, until) && look(&world) {}
    world
}
