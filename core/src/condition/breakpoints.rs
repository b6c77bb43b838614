//! Breakpoints: conditions at which playing stops.
//!
//! A breakpoint stops a run at the step in which its condition begins to hold: it holds after the
//! step, and did not before. Moments (`leader elected`) hold in their step only, so that the next
//! one stops again.

use super::judge::Judge;
use super::{Breaches, Condition, Follower, Happened, Moment};
use crate::ids::EventId;
use crate::run::{Command, Run};
use crate::time::Time;
use crate::timeline::{Budget, Timeline};
use crate::world::World;

/// The most breakpoints.
pub const MAX_BREAKPOINTS: usize = 50;

/// A condition at which playing stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakpoint {
    /// Its number, which is never reused.
    pub id: u32,
    /// Its condition.
    pub condition: Condition,
    /// Whether it is active.
    pub on: bool,
}

/// The stop of a run by a breakpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The breakpoint.
    pub breakpoint: u32,
    /// The cluster in which its condition began to hold, from 0.
    pub cluster: usize,
    /// The time of the stop.
    pub at: Time,
}

/// All breakpoints, and their knowledge of the run.
#[derive(Clone, Debug, Default)]
pub struct Breakpoints {
    list: Vec<Breakpoint>,
    last: u32,
    watch: Option<Watch>,
    /// A judge for each cluster, where a condition needs one.
    judges: Vec<Judge>,
    /// For each cluster a follower of the conditions that ask for the past, where there are any.
    followers: Vec<Follower>,
}

/// The knowledge of a run up to a playhead.
#[derive(Clone, Debug)]
struct Watch {
    /// The revision of the session, and the steps of each cluster.
    place: (u64, Vec<u64>),
    ready: bool,
    /// For each cluster and breakpoint: whether the condition holds between steps.
    held: Vec<Vec<bool>>,
}

impl Breakpoints {
    /// All breakpoints, oldest first.
    #[must_use]
    pub fn list(&self) -> &[Breakpoint] {
        &self.list
    }

    /// Whether any breakpoint is active: without one playing costs nothing extra.
    #[must_use]
    pub fn any_on(&self) -> bool {
        self.list.iter().any(|b| b.on)
    }

    /// Adds an active breakpoint; returns its number. None when there are [`MAX_BREAKPOINTS`].
    pub fn add(&mut self, condition: Condition) -> Option<u32> {
        if self.list.len() >= MAX_BREAKPOINTS {
            return None;
        }
        self.last += 1;
        self.list.push(Breakpoint { id: self.last, condition, on: true });
        self.watch = None;
        Some(self.last)
    }

    /// Switches a breakpoint on or off. False when none has that number.
    pub fn switch(&mut self, id: u32, on: bool) -> bool {
        self.watch = None;
        let found = self.list.iter_mut().find(|b| b.id == id);
        found.map(|b| b.on = on).is_some()
    }

    /// Removes a breakpoint. False when none has that number.
    pub fn remove(&mut self, id: u32) -> bool {
        self.watch = None;
        let before = self.list.len();
        self.list.retain(|b| b.id != id);
        self.list.len() < before
    }

    /// The breakpoint with that number.
    #[must_use]
    pub fn named(&self, id: u32) -> Option<&Breakpoint> {
        self.list.iter().find(|b| b.id == id)
    }

    /// A follower for each cluster, if a condition needs one.
    fn assign_followers(&mut self, run: &Run) {
        let all = self.list.iter().map(|b| &b.condition);
        let past: Vec<Condition> = all.filter(|c| c.needs_past()).cloned().collect();
        if self.followers.first().is_some_and(|f| f.conditions() != past) {
            self.followers.clear();
        }
        let clusters = if past.is_empty() { 0 } else { run.clusters.len() };
        self.followers.truncate(clusters);
        let new = run.clusters.iter().take(clusters).skip(self.followers.len());
        self.followers.extend(new.map(|setup| Follower::new(setup, past.clone())));
        for (follower, setup) in self.followers.iter_mut().zip(&run.clusters) {
            follower.follow(setup, &run.commands);
        }
    }

    fn needs_judge(&self) -> bool {
        self.list.iter().any(|b| b.on && b.condition.needs_judge())
    }

    /// Evaluates all conditions at the playhead. False when the budget ran out on the way; another
    /// call continues.
    pub(crate) fn settle(
        &mut self,
        run: &Run,
        revision: u64,
        timelines: &[Timeline],
        budget: &mut Budget,
    ) -> bool {
        let place = (revision, timelines.iter().map(|t| t.world().steps()).collect());
        if self.watch.as_ref().is_none_or(|w| w.place != place) {
            self.watch = Some(Watch { place, ready: false, held: Vec::new() });
            let judged = if self.needs_judge() { timelines.len() } else { 0 };
            self.judges.truncate(judged);
            let new = run.clusters.iter().take(judged).skip(self.judges.len());
            self.judges.extend(new.map(Judge::new));
            self.assign_followers(run);
        }
        let watch = self.watch.as_mut().expect("it was made just now");
        if !watch.ready {
            let clusters = run.clusters.iter().zip(timelines);
            for (judge, (setup, timeline)) in self.judges.iter_mut().zip(clusters) {
                if !judge.catch_up((setup, &run.commands), timeline.world(), budget) {
                    return false;
                }
            }
            for (follower, timeline) in self.followers.iter_mut().zip(timelines) {
                if !follower.go_to(timeline.world().steps(), budget) {
                    return false;
                }
                follower.stand_at(timeline.world().now());
            }
            watch.ready = true;
            let held = |(i, timeline): (usize, &Timeline)| {
                let world = timeline.world();
                let moment = Moment {
                    world,
                    happened: Happened::default(),
                    violated: self.judges.get(i).is_some_and(|judge| judge.has_found(world)),
                    broken: Breaches::default(),
                    done: done(&run.commands, world),
                };
                let holds = |b: &Breakpoint| match in_past(self.followers.get(i), &b.condition) {
                    Some((follower, place)) => follower.holds_at_rest(place),
                    None => b.condition.holds(&moment),
                };
                self.list.iter().map(holds).collect()
            };
            watch.held = timelines.iter().enumerate().map(held).collect();
        }
        true
    }

    /// Evaluates the conditions after one more step of a cluster, whose first event is `from`.
    /// Returns the stop, if a breakpoint stops here.
    pub(crate) fn look(
        &mut self,
        cluster: usize,
        (timeline, commands): (&Timeline, &[Command]),
        from: EventId,
    ) -> Option<Stop> {
        let watch = self.watch.as_mut().filter(|w| w.ready)?;
        let world = timeline.world();
        if let Some(follower) = self.followers.get_mut(cluster) {
            follower.go_to(world.steps(), &mut Budget::UNLIMITED.clone());
        }
        let follower = self.followers.get(cluster);
        let now = Moment {
            world,
            happened: Happened::since(from, world, timeline.trace()),
            violated: self.judges.get_mut(cluster).is_some_and(|judge| judge.look(world)),
            broken: Breaches::default(),
            done: done(commands, world),
        };
        let rest = Moment { happened: Happened::default(), ..now };
        let mut stop = None;
        for (breakpoint, held) in self.list.iter().zip(&mut watch.held[cluster]) {
            if !breakpoint.on {
                continue;
            }
            let condition = &breakpoint.condition;
            let past = in_past(follower, condition);
            let holds = match past {
                Some((follower, place)) => follower.holds(place),
                None => condition.holds(&now),
            };
            if holds && !*held && stop.is_none() {
                stop = Some(Stop { breakpoint: breakpoint.id, cluster, at: world.now() });
            }
            *held = match past {
                Some((follower, place)) => follower.holds_at_rest(place),
                None if now.happened == rest.happened => holds,
                None => condition.holds(&rest),
            };
        }
        watch.place.1[cluster] = world.steps();
        stop
    }
}

/// The follower of a condition that asks for the past, and the condition's place with it.
fn in_past<'a>(
    follower: Option<&'a Follower>,
    condition: &Condition,
) -> Option<(&'a Follower, usize)> {
    let follower = follower.filter(|_| condition.needs_past())?;
    let place = follower.conditions().iter().position(|other| other == condition)?;
    Some((follower, place))
}

/// The commands that a World has executed.
fn done<'a>(commands: &'a [Command], world: &World) -> &'a [Command] {
    &commands[..world.commands_done().min(commands.len())]
}
