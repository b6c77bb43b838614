//! A learner's attempt at a step: which goals hold, since when, and what counts against it.
//!
//! An attempt replays the run by itself, so a page tells it the whole run after each change
//! ([`Attempt::follow`]) and how far it has played ([`Attempt::go_to`]); undo, scrubbing and branches
//! need nothing else.

use super::model::{Allow, Start, Step};
use crate::condition::{Condition, Follower};
use crate::run::{Command, Run};
use crate::time::{LATEST, Time};
use crate::timeline::Budget;

/// An attempt at one step.
#[derive(Clone, Debug)]
pub struct Attempt {
    start: Start,
    goals: usize,
    allow: Allow,
    conditions: Vec<Condition>,
    commands: Vec<Command>,
    follower: Follower,
    seen: Seen,
}

/// Observations of a run up to the present.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// For each goal: the moment at which it came to hold first.
    since: Vec<Option<Time>>,
    broken: Option<Broken>,
    /// Conditions of `never` that held at the start, and have held since.
    excused: Vec<bool>,
    reached: Option<Reached>,
}

/// A condition of `never` that came to hold before the goals were reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its place among the step's `never`, from 0.
    pub never: usize,
    /// The moment at which it came to hold.
    pub at: Time,
    /// The moment before, to go back to; the start at the earliest.
    pub before: Time,
}

/// The moment at which the last goal came to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The moment.
    pub at: Time,
    /// The learner's statements until then.
    pub statements: usize,
}

impl Attempt {
    /// An attempt at its beginning: the learner has done nothing yet.
    #[must_use]
    pub fn new(step: &Step, start: &Start) -> Self {
        let claims = step.goals.iter().chain(&step.never);
        let conditions: Vec<Condition> = claims.map(|claim| claim.condition.clone()).collect();
        let follower = follower(start, conditions.clone());
        let mut attempt = Self {
            start: start.clone(),
            goals: step.goals.len(),
            allow: step.allow.clone(),
            conditions,
            commands: start.run.commands.clone(),
            follower,
            seen: Seen::default(),
        };
        attempt.begin_again();
        attempt
    }

    /// Takes the whole run as it is now, after a statement, an undo, or a change of the past. What was
    /// seen of the common beginning stays.
    ///
    /// # Errors
    /// One sentence where the run does not continue the start of this step; then nothing changes.
    pub fn follow(&mut self, run: &Run) -> Result<(), String> {
        if self.start.added(run).is_none() {
            return Err(format!(
                "This run does not go on from where the step starts, at {}.",
                self.start.at
            ));
        }
        let (old, new) = (&self.commands, &run.commands);
        let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let next = [old.get(same), new.get(same)].into_iter().flatten().map(|c| c.at).min();
        let done = self.follower.world().commands_done() > same;
        let is_past = next.is_some_and(|at| self.follower.world().now() > at);
        self.commands.clone_from(new);
        if done || is_past {
            self.begin_again();
        } else {
            self.follower.follow(&self.start.run.clusters[0], &self.commands);
        }
        Ok(())
    }

    /// Plays to a moment, forward or back. False when the budget of steps ran out on the way; another
    /// call continues.
    pub fn go_to(&mut self, time: Time, budget: &mut Budget) -> bool {
        let time = time.min(LATEST);
        if time < self.follower.world().now() {
            self.begin_again();
        }
        loop {
            if !budget.spend() {
                return false;
            }
            let before = self.follower.world().now();
            if !self.follower.step(time) {
                break;
            }
            self.look(before);
        }
        let before = self.follower.world().now();
        if time > before {
            self.follower.stand_at(time);
            self.look(before);
        }
        true
    }

    fn begin_again(&mut self) {
        self.follower = follower(&self.start, self.conditions.clone());
        self.follower.follow(&self.start.run.clusters[0], &self.commands);
        self.seen = Seen {
            since: vec![None; self.goals],
            excused: vec![true; self.conditions.len() - self.goals],
            ..Seen::default()
        };
        if self.start.at == Time::ZERO {
            self.look(Time::ZERO);
        }
    }

    /// Looks at the World after a step; before the start there is nothing to see.
    fn look(&mut self, before: Time) {
        let now = self.follower.world().now();
        if now < self.start.at || self.goals == 0 {
            return;
        }
        let is_start = before < self.start.at || now == self.start.at;
        for never in 0..self.seen.excused.len() {
            let holds = self.follower.holds(self.goals + never);
            if !holds {
                self.seen.excused[never] = false;
            } else if is_start {
                self.seen.excused[never] &= is_start;
            } else if !self.seen.excused[never]
                && self.seen.broken.is_none()
                && self.seen.reached.is_none()
            {
                let before = before.max(self.start.at);
                self.seen.broken = Some(Broken { never, at: now, before });
            }
        }
        for (goal, since) in self.seen.since.iter_mut().enumerate() {
            if since.is_none() && self.follower.holds(goal) {
                *since = Some(now);
            }
        }
        if self.seen.reached.is_none() && self.seen.since.iter().all(Option::is_some) {
            self.seen.reached = Some(Reached { at: now, statements: self.statements() });
        }
    }

    /// The moment up to which it has been played.
    #[must_use]
    pub fn now(&self) -> Time {
        self.follower.world().now()
    }

    /// For each goal: the moment at which it first came to hold.
    #[must_use]
    pub fn since(&self) -> &[Option<Time>] {
        &self.seen.since
    }

    /// Whether a goal holds at the present moment; one that came to hold stays ticked.
    #[must_use]
    pub fn holds_now(&self, goal: usize) -> bool {
        self.follower.holds_at_rest(goal)
    }

    /// The first condition of `never` that came to hold, if one did before the goals were reached.
    #[must_use]
    pub fn broken(&self) -> Option<Broken> {
        self.seen.broken
    }

    /// The moment at which all goals had come to hold, whatever else is the case.
    #[must_use]
    pub fn reached(&self) -> Option<Reached> {
        self.seen.reached
    }

    /// The learner's statements that have been executed.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.done().len()
    }

    fn done(&self) -> &[Command] {
        let given = self.start.run.commands.len();
        let done = self.follower.world().commands_done();
        self.commands.get(given..done).unwrap_or_default()
    }

    /// The reason why what the learner did until now does not count: a sentence. None if it counts.
    #[must_use]
    pub fn objection(&self) -> Option<String> {
        let allow = &self.allow;
        let until = self.seen.reached.map_or(self.done().len(), |reached| reached.statements);
        let done = &self.done()[..until.min(self.done().len())];
        if let Some(other) = done.iter().find(|c| !allow.permits(&c.statement)) {
            let words = allow.words();
            return Some(format!("{} does not count here; allowed: {words}.", other.statement));
        }
        if let Some(most) = allow.statements.filter(|most| done.len() > *most) {
            let many = done.len();
            return Some(format!("These are {many} statements; this step allows {most}."));
        }
        let reached = self.seen.reached.map_or_else(|| self.now(), |reached| reached.at);
        if let Some(within) = allow.within.filter(|within| reached > *within) {
            return Some(format!("The goals must be reached by {within} of virtual time."));
        }
        None
    }

    /// Whether the step is solved: its goals are reached as it allows, and nothing happened that must
    /// never happen.
    #[must_use]
    pub fn is_solved(&self) -> bool {
        self.seen.reached.is_some() && self.seen.broken.is_none() && self.objection().is_none()
    }

    /// The run up to the moment at which the goals were reached: it goes into a proof, and the next
    /// step may go on from it. None before.
    #[must_use]
    pub fn run(&self) -> Option<Run> {
        let at = self.seen.reached?.at;
        let mut run = self.start.run.clone();
        run.commands = self.commands.iter().filter(|c| c.at <= at).cloned().collect();
        run.show = Some(crate::run::Show { at, state: None });
        Some(run)
    }
}

fn follower(start: &Start, conditions: Vec<Condition>) -> Follower {
    let given = start.run.commands.len();
    Follower::of_part(&start.run.clusters[0], conditions, given, start.at)
}
