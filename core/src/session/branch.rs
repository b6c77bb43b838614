//! One run among several with the same beginning, and the playhead in it.

use crate::run::{Command, Run};
use crate::time::Time;
use crate::timeline::{Budget, MAX_STEPS, Timeline};

/// A run with its clusters simulated as far as anybody has looked.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// The run.
    pub run: Run,
    /// The branch that it began as, by place, and where it left it.
    pub forked: Option<(usize, Time)>,
    pub(super) timelines: Vec<Timeline>,
    /// Where the playhead stood, when it has to be replayed to get there.
    pub(super) stood: Option<Stand>,
    /// The number of the last visit: higher is later.
    pub(super) visited: u64,
}

/// A place in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stand {
    /// How many steps each cluster has taken.
    steps: Vec<u64>,
    /// The time; None: that of the last step.
    now: Option<Time>,
}

/// A branch as a value: what it takes to replay it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    name: String,
    run: Run,
    forked: Option<(usize, Time)>,
    stood: Stand,
}

impl Kept {
    /// The number of its statements: what it takes in memory goes by them.
    pub(super) fn statements(&self) -> usize {
        self.run.commands.len()
    }

    /// The branch, to be replayed to where it stood. Where one of `live` is the same run, what is
    /// known of that is taken over.
    pub(super) fn revived(self, live: &mut Vec<Branch>) -> Branch {
        let same = live.iter().position(|branch| branch.run == self.run);
        let known = same.map(|place| live.swap_remove(place));
        let mut branch = known.unwrap_or_else(|| Branch::new(String::new(), self.run));
        (branch.name, branch.forked) = (self.name, self.forked);
        branch.stood = Some(self.stood);
        branch
    }
}

impl Branch {
    pub(super) fn new(name: String, run: Run) -> Self {
        let timelines = run.clusters.iter().map(Timeline::new).collect();
        Self { name, run, forked: None, timelines, stood: None, visited: 0 }
    }

    /// What it takes to replay it.
    pub(super) fn kept(&self) -> Kept {
        let (name, run, forked) = (self.name.clone(), self.run.clone(), self.forked);
        Kept { name, run, forked, stood: self.stand() }
    }

    fn stand(&self) -> Stand {
        self.stood.clone().unwrap_or_else(|| Stand {
            steps: self.timelines.iter().map(|t| t.world().steps()).collect(),
            now: Some(self.now()),
        })
    }

    /// Forgets all but the run and where the playhead stood.
    pub(super) fn park(&mut self) {
        self.stood = Some(self.stand());
        self.timelines.iter_mut().for_each(Timeline::forget_all);
    }

    /// Whether anything is kept that [`Branch::park`] forgets.
    pub(super) fn is_simulated(&self) -> bool {
        self.timelines.iter().any(|t| t.world().steps() > 0 || t.checkpoints() > 1)
    }

    /// Goes on to where the playhead stood. False when the budget ran out on the way.
    pub(super) fn return_some(&mut self, budget: &mut Budget) -> bool {
        let Some(stood) = &self.stood else { return true };
        let commands = &self.run.commands;
        let mut clusters = self.timelines.iter_mut().zip(&stood.steps);
        let arrived = clusters.all(|(t, &steps)| t.go_to_step(commands, steps, budget));
        if arrived {
            let now = stood.now.unwrap_or_else(|| self.last_step());
            self.stood = None;
            self.all_stand_at(now);
        }
        arrived
    }

    /// Steps that are taken on the way to where the playhead stood, and of how many.
    pub(super) fn way_back(&self) -> (u64, u64) {
        let of = self.stood.iter().flat_map(|stood| &stood.steps).sum();
        (self.timelines.iter().map(|t| t.world().steps()).sum::<u64>().min(of), of)
    }

    /// The playhead is to go back so many events. False where there are several clusters.
    pub(super) fn aim_back(&mut self, events: u64) -> bool {
        let [only] = &self.timelines[..] else { return false };
        let steps = vec![only.world().steps().saturating_sub(events)];
        self.stood = Some(Stand { steps, now: None });
        true
    }

    fn last_step(&self) -> Time {
        self.timelines.iter().map(|t| t.world().last_step()).max().unwrap_or_default()
    }

    /// The latest time of it that anybody has looked at.
    #[must_use]
    pub fn frontier(&self) -> Time {
        self.timelines.iter().map(|t| t.frontier().time).max().unwrap_or(Time::ZERO)
    }

    pub(super) fn now(&self) -> Time {
        self.timelines.iter().map(|t| t.world().now()).max().unwrap_or(Time::ZERO)
    }

    /// Whether anything beyond the playhead is known or told.
    pub(super) fn has_future(&self) -> bool {
        let told = self.run.commands.last().is_some_and(|c| c.at > self.now());
        told || self.timelines.iter().any(|t| !t.is_at_frontier())
    }

    /// The same run up to the playhead, and nothing beyond.
    pub(super) fn fork(&self, name: String, from: usize) -> Self {
        let mut fork = Self { name, forked: Some((from, self.now())), ..self.clone() };
        let now = fork.now();
        let told = fork.run.commands.partition_point(|c| c.at <= now);
        fork.run.commands.truncate(told);
        fork.run.show = None;
        fork.timelines.iter_mut().for_each(Timeline::forget_future);
        fork
    }

    /// Adds a command at the playhead and carries it out. Returns its place.
    pub(super) fn append(&mut self, command: Command) -> usize {
        let at = command.at;
        let place = self.run.insert(command);
        assert_eq!(place + 1, self.run.commands.len());
        self.seek(at, &mut Budget::UNLIMITED.clone());
        place
    }

    /// The same, and what had been seen beyond the playhead is forgotten.
    pub(super) fn append_forgetting(&mut self, command: Command) -> usize {
        self.timelines.iter_mut().for_each(Timeline::forget_future);
        self.append(command)
    }

    /// Takes the last command away again; the playhead stays at its time.
    pub(super) fn remove_last(&mut self) -> Option<Command> {
        let place = self.run.commands.len().checked_sub(1)?;
        let now = self.now();
        for timeline in &mut self.timelines {
            timeline.forget_command(&self.run.commands, place);
        }
        let command = self.run.commands.pop();
        self.seek(now, &mut Budget::UNLIMITED.clone());
        command
    }

    pub(super) fn seek(&mut self, to: Time, budget: &mut Budget) -> bool {
        self.stood = None;
        let commands = &self.run.commands;
        self.timelines.iter_mut().all(|t| t.seek(commands, to, budget))
    }

    pub(super) fn go_on(&mut self, steps: &[u64], now: Time, budget: &mut Budget) -> bool {
        let commands = &self.run.commands;
        let mut clusters = self.timelines.iter_mut().zip(steps);
        let arrived = clusters.all(|(t, &steps)| t.go_on(commands, steps, budget));
        if arrived {
            self.all_stand_at(now);
        }
        arrived
    }

    /// One event of whichever cluster's comes first. False when nothing will ever happen.
    pub(super) fn step_forward(&mut self) -> bool {
        let next = self.next_cluster(crate::time::LATEST);
        if let Some(first) = next {
            self.step_cluster(first);
        }
        next.is_some()
    }

    /// The cluster in which something happens first, if anything does until that time and the run
    /// may go on.
    pub(super) fn next_cluster(&mut self, until: Time) -> Option<usize> {
        self.next().filter(|(at, _)| *at <= until).map(|(_, first)| first)
    }

    /// When something happens next, and in which cluster first.
    pub(super) fn next(&mut self) -> Option<(Time, usize)> {
        let commands = &self.run.commands;
        (self.timelines.iter_mut().enumerate())
            .filter(|(_, t)| t.world().steps() < MAX_STEPS)
            .filter_map(|(i, t)| t.next_at(commands).map(|at| (at, i)))
            .min()
    }

    /// One event of that cluster, whose next comes first; all stand at its time.
    pub(super) fn step_cluster(&mut self, first: usize) {
        self.timelines[first].step(&self.run.commands);
        let at = self.timelines[first].world().now();
        self.all_stand_at(at);
    }

    /// Back to before the last event of whichever cluster's came last; the playhead goes to the
    /// event before that.
    pub(super) fn step_back(&mut self) -> bool {
        let commands = &self.run.commands;
        let last = (self.timelines.iter().enumerate())
            .filter(|(_, t)| t.world().steps() > 0)
            .map(|(i, t)| (t.world().last_step(), i))
            .max();
        let Some((_, last)) = last else { return false };
        let steps = self.timelines[last].world().steps() - 1;
        self.timelines[last].seek_step(commands, steps);
        let at = self.last_step();
        self.all_stand_at(at);
        true
    }

    fn all_stand_at(&mut self, at: Time) {
        for timeline in &mut self.timelines {
            timeline.stand_at(at);
        }
    }
}
