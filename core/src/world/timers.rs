//! The timers of one node or client.
//!
//! A timer that is reset before it runs out, as an election timer is at every heartbeat, leaves its
//! entry in the queue unchanged; when the entry comes up too early it is put back. So a timer costs
//! one entry in the queue however often it is reset.

use super::queue::{Due, Queue};
use crate::ids::EventId;
use crate::protocol::Timer;
use crate::time::{Span, Time};
use serde::Serialize;

/// Timers by place. A place is reused when its timer is done and its queue entry is gone.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Timers(Vec<Place>);

#[derive(Clone, Debug, Serialize)]
struct Place {
    set: Option<Set>,
    /// The time of this place's entry in the queue.
    queued: Option<Time>,
}

/// A running timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Set {
    /// The timer.
    pub timer: Timer,
    /// The time at which it was set.
    pub since: Time,
    /// The time at which it runs out.
    pub due: Time,
    /// The event that set it.
    pub cause: EventId,
}

impl Timers {
    /// Sets or resets a timer.
    pub fn set(&mut self, set: Set, owner: usize, queue: &mut Queue) {
        let place = self.place_for(set.timer);
        let entry = &mut self.0[place];
        entry.set = Some(set);
        if entry.queued.is_none_or(|at| at > set.due) {
            entry.queued = Some(set.due);
            queue.push(set.due, Due::Timer(owner, place));
        }
    }

    fn place_for(&mut self, timer: Timer) -> usize {
        let same = self.0.iter().position(|p| p.set.is_some_and(|s| s.timer == timer));
        let free = || self.0.iter().position(|p| p.set.is_none() && p.queued.is_none());
        same.or_else(free).unwrap_or_else(|| {
            self.0.push(Place { set: None, queued: None });
            self.0.len() - 1
        })
    }

    /// Cancels the timers that match.
    pub fn cancel(&mut self, matches: impl Fn(Timer) -> bool) {
        for place in &mut self.0 {
            if place.set.is_some_and(|s| matches(s.timer)) {
                place.set = None;
            }
        }
    }

    /// Handles the queue entry of a place that has come up. True when its timer is due; the entry
    /// of a timer that was reset meanwhile goes back into the queue.
    pub fn is_due(&mut self, place: usize, now: Time, owner: usize, queue: &mut Queue) -> bool {
        let entry = &mut self.0[place];
        if entry.queued != Some(now) {
            return false;
        }
        match entry.set {
            Some(set) if set.due <= now => return true,
            Some(set) => {
                entry.queued = Some(set.due);
                queue.push(set.due, Due::Timer(owner, place));
            }
            None => entry.queued = None,
        }
        false
    }

    /// Takes a due timer: its entry leaves the queue with this.
    pub fn take(&mut self, place: usize) -> Option<Set> {
        self.0[place].queued = None;
        self.0[place].set.take()
    }

    /// Removes the entry from the queue but keeps the timer: its owner is paused and is informed
    /// later.
    pub fn hold(&mut self, place: usize) {
        self.0[place].queued = None;
    }

    /// Puts every timer without an entry back into the queue, at the earliest now.
    pub fn release(&mut self, now: Time, owner: usize, queue: &mut Queue) {
        for (place, entry) in self.0.iter_mut().enumerate() {
            if let (Some(set), None) = (entry.set, entry.queued) {
                let at = set.due.max(now);
                entry.queued = Some(at);
                queue.push(at, Due::Timer(owner, place));
            }
        }
    }

    /// Stretches the remaining time of every timer by `numerator / denominator`.
    pub fn stretch(&mut self, now: Time, by: (u64, u64), owner: usize, queue: &mut Queue) {
        for place in 0..self.0.len() {
            if let Some(set) = self.0[place].set {
                let left = set.due.since(now).scaled(by.0, by.1);
                let due = now + left.max(Span::from_us(1));
                self.set(Set { due, ..set }, owner, queue);
            }
        }
    }

    /// All running timers.
    pub fn iter(&self) -> impl Iterator<Item = &Set> {
        self.0.iter().filter_map(|p| p.set.as_ref())
    }
}
