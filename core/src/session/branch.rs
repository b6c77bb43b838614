//! One run among several with the same beginning, and the playhead in it.

use crate::run::{Command, Run};
use crate::time::Time;
use crate::timeline::{Budget, MAX_STEPS, Timeline};

/// A run with its clusters, simulated up to the frontier.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// The run.
    pub run: Run,
    /// Place of the branch from which it was made, and the time at which it diverges.
    pub forked: Option<(usize, Time)>,
    pub(super) timelines: Vec<Timeline>,
    /// The playhead's former position, while it must be replayed.
    pub(super) stood: Option<Stand>,
    /// The number of the last visit: higher is later.
    pub(super) visited: u64,
}

/// A position in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stand {
    /// Number of steps of each cluster.
    steps: Vec<u64>,
    /// The time; None means that of the last step.
    now: Option<Time>,
}

/// A branch as a value: the data to replay it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    name: String,
    run: Run,
    forked: Option<(usize, Time)>,
    stood: Stand,
}

impl Kept {
    /// Number of its statements, to which its size in memory is proportional.
    pub(super) fn statements(&self) -> usize {
        self.run.statements()
    }

    /// The branch, which must be replayed to its former position. The simulation of one of `live`
    /// with the same run is reused.
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

    /// The data to replay it.
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

    /// Forgets everything but the run and the position of the playhead.
    pub(super) fn park(&mut self) {
        self.stood = Some(self.stand());
        self.timelines.iter_mut().for_each(Timeline::forget_all);
    }

    /// Whether it keeps anything that [`Branch::park`] forgets.
    pub(super) fn is_simulated(&self) -> bool {
        self.timelines.iter().any(|t| t.world().steps() > 0 || t.checkpoints() > 1)
    }

    /// Replays towards the playhead's former position. False when the budget ran out on the way.
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

    /// Steps already replayed towards the playhead's former position, and steps in total.
    pub(super) fn way_back(&self) -> (u64, u64) {
        let of = self.stood.iter().flat_map(|stood| &stood.steps).sum();
        (self.timelines.iter().map(|t| t.world().steps()).sum::<u64>().min(of), of)
    }

    /// Sets a target for the playhead, that many events back. False where there are several
    /// clusters.
    pub(super) fn aim_back(&mut self, events: u64) -> bool {
        let [only] = &self.timelines[..] else { return false };
        let steps = vec![only.world().steps().saturating_sub(events)];
        self.stood = Some(Stand { steps, now: None });
        true
    }

    fn last_step(&self) -> Time {
        self.timelines.iter().map(|t| t.world().last_step()).max().unwrap_or_default()
    }

    /// The latest time simulated so far.
    #[must_use]
    pub fn frontier(&self) -> Time {
        self.timelines.iter().map(|t| t.frontier().time).max().unwrap_or(Time::ZERO)
    }

    pub(super) fn now(&self) -> Time {
        self.timelines.iter().map(|t| t.world().now()).max().unwrap_or(Time::ZERO)
    }

    /// Whether events or statements beyond the playhead are known.
    pub(super) fn has_future(&self) -> bool {
        let told = self.run.commands.last().is_some_and(|c| c.at > self.now());
        told || self.timelines.iter().any(|t| !t.is_at_frontier())
    }

    /// A branch with the same run up to the playhead.
    pub(super) fn fork(&self, name: String, from: usize) -> Self {
        let mut fork = Self { name, forked: Some((from, self.now())), ..self.clone() };
        let now = fork.now();
        let told = fork.run.commands.partition_point(|c| c.at <= now);
        fork.run.commands.truncate(told);
        fork.run.story.truncate_after(now);
        fork.run.show = None;
        fork.timelines.iter_mut().for_each(Timeline::forget_future);
        fork
    }

    /// Adds a command at the playhead and executes it. Returns its place.
    pub(super) fn append(&mut self, command: Command) -> usize {
        let at = command.at;
        let place = self.run.insert(command);
        assert_eq!(place + 1, self.run.commands.len());
        self.seek(at, &mut Budget::UNLIMITED.clone());
        place
    }

    /// Adds a command, and forgets everything simulated beyond the playhead.
    pub(super) fn append_forgetting(&mut self, command: Command) -> usize {
        self.timelines.iter_mut().for_each(Timeline::forget_future);
        self.append(command)
    }

    /// Removes the last command; the playhead stays at its time.
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

    /// Takes one step in the cluster whose next is earliest. False when none is left.
    pub(super) fn step_forward(&mut self) -> bool {
        let next = self.next_cluster(crate::time::LATEST);
        if let Some(first) = next {
            self.step_cluster(first);
        }
        next.is_some()
    }

    /// The cluster whose next step is earliest, if there is one until that time and the run is not
    /// too long.
    pub(super) fn next_cluster(&mut self, until: Time) -> Option<usize> {
        self.next().filter(|(at, _)| *at <= until).map(|(_, first)| first)
    }

    /// Time and cluster of the earliest next step.
    pub(super) fn next(&mut self) -> Option<(Time, usize)> {
        let commands = &self.run.commands;
        (self.timelines.iter_mut().enumerate())
            .filter(|(_, t)| t.world().steps() < MAX_STEPS)
            .filter_map(|(i, t)| t.next_at(commands).map(|at| (at, i)))
            .min()
    }

    /// Takes one step in that cluster, whose next is earliest; all clusters stand at its time.
    pub(super) fn step_cluster(&mut self, first: usize) {
        self.timelines[first].step(&self.run.commands);
        let at = self.timelines[first].world().now();
        self.all_stand_at(at);
    }

    /// Goes back to before the latest step of all clusters; the playhead moves to the step before
    /// that.
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
