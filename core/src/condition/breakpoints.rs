//! Breakpoints: conditions at which playing stops.
//!
//! A breakpoint stops a run at the step in which its condition begins to hold: it holds after the
//! step, and did not before. Moments (`leader elected`) hold in their step only, so that the next
//! one stops again.

use super::judge::Judge;
use super::{Condition, Happened, Moment};
use crate::ids::EventId;
use crate::run::Run;
use crate::time::Time;
use crate::timeline::{Budget, Timeline};

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
        }
        let watch = self.watch.as_mut().expect("it was made just now");
        if !watch.ready {
            let clusters = run.clusters.iter().zip(timelines);
            for (judge, (setup, timeline)) in self.judges.iter_mut().zip(clusters) {
                if !judge.catch_up((setup, &run.commands), timeline.world(), budget) {
                    return false;
                }
            }
            watch.ready = true;
            let held = |(i, timeline): (usize, &Timeline)| {
                let world = timeline.world();
                let violated = self.judges.get(i).is_some_and(|judge| judge.has_found(world));
                let moment = Moment { world, happened: Happened::default(), violated };
                self.list.iter().map(|b| b.condition.holds(&moment)).collect()
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
        timeline: &Timeline,
        from: EventId,
    ) -> Option<Stop> {
        let watch = self.watch.as_mut().filter(|w| w.ready)?;
        let world = timeline.world();
        let happened = Happened::since(from, world, timeline.trace());
        let violated = self.judges.get_mut(cluster).is_some_and(|judge| judge.look(world));
        let now = Moment { world, happened, violated };
        let rest = Moment { happened: Happened::default(), ..now };
        let mut stop = None;
        for (breakpoint, held) in self.list.iter().zip(&mut watch.held[cluster]) {
            if !breakpoint.on {
                continue;
            }
            let condition = &breakpoint.condition;
            let holds = condition.holds(&now);
            if holds && !*held && stop.is_none() {
                stop = Some(Stop { breakpoint: breakpoint.id, cluster, at: world.now() });
            }
            *held = if now.happened == rest.happened { holds } else { condition.holds(&rest) };
        }
        watch.place.1[cluster] = world.steps();
        stop
    }
}
