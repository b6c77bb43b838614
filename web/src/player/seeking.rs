//! Seeks in slices of time, so that the page stays responsive.

use super::{Mode, Player, State};
use crate::clock;
use crate::dom;
use crate::memory::{self, Room};
use gloo_timers::callback::Timeout;
use quorumscope_core::time::{LATEST, Time};
use quorumscope_core::timeline::{Budget, MAX_STEPS};

/// The length of a slice, in milliseconds.
const SLICE_MS: f64 = 12.0;
/// The length of the first slice when a run is opened, in milliseconds. Most runs arrive within it,
/// so that no other moment is shown before.
const FIRST_MS: f64 = 80.0;
const LONG_SLICE_MS: f64 = 40.0;
/// The time after which a seek is long, in milliseconds.
const LONG_MS: f64 = 400.0;
/// The number of steps between two looks at the clock.
const STEPS_PER_LOOK: u64 = 2_000;

/// The goal of a seek.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// A time.
    Time(Time),
    /// The place of the playhead before the run was changed.
    Back,
    /// A number of events forward, or back if negative.
    Steps {
        /// The number of events that are left.
        left: i64,
        /// The number of all events.
        of: i64,
    },
}

/// The callback at the end of a seek, with a sentence if the playhead did not reach the goal.
pub(super) type Done = Box<dyn FnOnce(Result<(), String>)>;

/// A seek in progress.
pub(super) struct Way {
    pub(super) goal: Goal,
    /// True if time runs after the seek.
    pub(super) play: bool,
    pub(super) done: Vec<Done>,
    /// True until the first slice, if the seek opens a run.
    opens: bool,
    began_ms: f64,
    from: Time,
}

/// The progress of a long seek.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The progress in percent (0 to 99).
    pub percent: u8,
    /// The goal, in words.
    pub label: String,
}

/// The sentence for callbacks of a seek that was replaced by another movement.
const OVERTAKEN: &str = "the playhead did not get there: something else moved it first";

impl Player {
    /// Seeks to a time, in slices if it is far; then plays or pauses as before.
    pub fn seek(&self, to: Time) {
        self.seek_then(to, |_| {});
    }

    /// Seeks to a time, and calls `done` at its end, with a sentence if the playhead did not get
    /// there.
    pub fn seek_then(&self, to: Time, done: impl FnOnce(Result<(), String>) + 'static) {
        self.set_out(Goal::Time(to), self.is_playing(), Box::new(done));
    }

    /// Seeks to the moment that an opened run names.
    pub(super) fn open_at(&self, to: Time, done: impl FnOnce(Result<(), String>) + 'static) {
        self.0.opens.set(true);
        self.seek_then(to, done);
    }

    /// Steps a number of events forward, or back if negative, and pauses.
    pub fn step(&self, by: i64) {
        self.step_then(by, |_| {});
    }

    /// The same, and calls `done` as [`Player::seek_then`] does.
    pub fn step_then(&self, by: i64, done: impl FnOnce(Result<(), String>) + 'static) {
        self.arrive(false);
        let back = by < 0 && self.0.state.borrow_mut().session.aim_back(by.unsigned_abs());
        let goal = if back { Goal::Back } else { Goal::Steps { left: by, of: by } };
        self.set_out(goal, false, Box::new(done));
    }

    /// Returns to the place of the playhead, if the run has to be replayed for that.
    pub(super) fn go_back(&self) {
        if self.session().is_away() {
            self.set_out(Goal::Back, self.is_playing(), Box::new(|_| {}));
        }
    }

    /// Cancels a seek. The playhead stays where it is.
    pub fn stop_here(&self) {
        self.arrive(false);
        self.tell();
    }

    /// The progress of a seek, if it is long.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        let state = self.0.state.borrow();
        let Mode::Seeking(way) = &state.mode else { return None };
        (dom::now_ms() - way.began_ms >= LONG_MS).then(|| state.progress(way))
    }

    fn set_out(&self, goal: Goal, play: bool, done: Done) {
        let overtaken = self.take_waiting();
        let mut state = self.0.state.borrow_mut();
        let (began_ms, from) = (dom::now_ms(), state.session.now());
        let opens = self.0.opens.take();
        state.mode = Mode::Seeking(Way { goal, play, done: vec![done], opens, began_ms, from });
        state.pace = super::Pace::default();
        drop(state);
        self.seek_on();
        overtaken.into_iter().for_each(|done| done(Err(OVERTAKEN.to_owned())));
    }

    fn take_waiting(&self) -> Vec<Done> {
        self.0.slice.borrow_mut().take();
        match &mut self.0.state.borrow_mut().mode {
            Mode::Seeking(way) => std::mem::take(&mut way.done),
            _ => Vec::new(),
        }
    }

    fn seek_on(&self) {
        let mut state = self.0.state.borrow_mut();
        let Some(arrived) = state.slice() else { return };
        // New events are read in every slice; at the end of the seek that would take long.
        state.read_on();
        let stopped = (!state.make_room()).then(|| state.no_room());
        let ended = match (stopped, arrived) {
            (Some(why), _) => Some(Err(why)),
            (None, true) => Some(state.is_there()),
            (None, false) => None,
        };
        let tells = ended.is_some() || state.pace.may_tell(dom::now_ms());
        if let Some(Err(why)) = &ended {
            state.problem = Some(why.clone());
        }
        drop(state);
        let waiting = match ended {
            Some(_) => self.end_way(true),
            None => {
                let player = self.clone();
                *self.0.slice.borrow_mut() = Some(Timeout::new(0, move || player.seek_on()));
                Vec::new()
            }
        };
        if tells {
            self.tell();
        }
        let ended = ended.unwrap_or(Ok(()));
        waiting.into_iter().for_each(|done| done(ended.clone()));
    }

    /// Ends what is in progress: time passes up to now, and a seek stops where it is.
    pub(super) fn arrive(&self, resume: bool) {
        self.catch_up();
        let overtaken = self.end_way(resume);
        overtaken.into_iter().for_each(|done| done(Err(OVERTAKEN.to_owned())));
    }

    /// Ends a seek, and returns the callbacks that wait for it.
    fn end_way(&self, resume: bool) -> Vec<Done> {
        let waiting = self.take_waiting();
        let mut state = self.0.state.borrow_mut();
        if let Mode::Seeking(way) = &state.mode {
            let play = way.play && resume;
            state.mode = if play { Mode::Playing } else { Mode::Paused };
            state.pace = super::Pace::default();
        }
        waiting
    }
}

impl State {
    /// Seeks for one slice. True if the goal is reached. None if there is no seek.
    fn slice(&mut self) -> Option<bool> {
        let Mode::Seeking(way) = &mut self.mode else { return None };
        let now_ms = dom::now_ms();
        let is_long = now_ms - way.began_ms > LONG_MS;
        let slice_ms = if is_long { LONG_SLICE_MS } else { SLICE_MS };
        let opens = std::mem::take(&mut way.opens);
        let until = now_ms + if opens { FIRST_MS } else { slice_ms };
        loop {
            let mut budget = Budget::steps(STEPS_PER_LOOK);
            let arrived = match &mut way.goal {
                Goal::Time(to) => self.session.seek_some(*to, &mut budget),
                Goal::Back => self.session.return_some(&mut budget),
                Goal::Steps { left, .. } => {
                    *left = self.session.step_some(*left, &mut budget);
                    *left == 0
                }
            };
            if arrived || dom::now_ms() >= until {
                return Some(arrived);
            }
        }
    }

    /// Checks that the playhead stands at the goal.
    ///
    /// # Errors
    /// The sentence that says why it does not.
    fn is_there(&self) -> Result<(), String> {
        let Mode::Seeking(way) = &self.mode else { return Ok(()) };
        match way.goal {
            Goal::Time(to) if self.session.now() < to.min(LATEST) => Err(self.too_long()),
            _ => Ok(()),
        }
    }

    /// The sentence about a run that has as many events as a run may have.
    pub(super) fn too_long(&self) -> String {
        let at = clock::moment(self.session.now());
        format!(
            "A run has at most {} million events: this one stops at {at}.",
            MAX_STEPS / 1_000_000
        )
    }

    /// The sentence about a run that has no more memory.
    pub(super) fn no_room(&self) -> String {
        let (at, most) = (clock::moment(self.session.now()), memory::MOST >> 20);
        format!("A run may take {most} MB of memory: this one stops at {at}.")
    }

    /// Drops data that replaying restores, if the memory has grown too large. False if there is
    /// nothing left to drop, and no memory to go on.
    pub(super) fn make_room(&mut self) -> bool {
        match self.memory.look(memory::size()) {
            Room::Enough => true,
            Room::Wanted => {
                self.session.make_room();
                true
            }
            Room::Needed => self.session.make_room(),
        }
    }

    fn progress(&self, way: &Way) -> Progress {
        let part = |done: u64, of: u64| (done * 100).checked_div(of).unwrap_or(0).min(99) as u8;
        let now = self.session.now();
        let (percent, label) = match way.goal {
            Goal::Time(to) => {
                let from = if way.from < to { way.from } else { Time::ZERO };
                let (gone, all) = (now.since(from.min(now)), to.since(from.min(to)));
                (part(gone.as_us(), all.as_us()), format!("Going to {}", clock::moment(to)))
            }
            Goal::Back => {
                let (gone, of) = self.session.way_back();
                (part(gone, of), "Replaying the run".to_owned())
            }
            Goal::Steps { left, of } => {
                let (left, of) = (left.unsigned_abs(), of.unsigned_abs());
                (
                    part(of - left, of),
                    format!(
                        "Going {of} events {}",
                        if way.goal.is_forward() { "on" } else { "back" }
                    ),
                )
            }
        };
        Progress { percent, label }
    }
}

impl Goal {
    const fn is_forward(self) -> bool {
        !matches!(self, Self::Steps { of: ..0, .. })
    }
}
