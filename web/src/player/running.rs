//! Lets time run, from one wake of the page to the next.

use super::wake::{self, Wants};
use super::{Flow, Mode, ON_AND_ON, Player, Show, State};
use crate::dom;
use gloo_timers::callback::Timeout;
use quorumscope_core::session::Played;
use quorumscope_core::time::{LATEST, Time};
use quorumscope_core::timeline::Budget;
use std::rc::Weak;

/// The largest number of steps in one wake, so that it fits into a frame.
const STEPS_PER_WAKE: u64 = 6_000;
/// The movement of the playhead, in microseconds, after which listeners are called in any case.
const GRAIN_US: u64 = 50_000;

impl Player {
    /// Lets time pass up to now. While time flows, the page wakes only when there is something to
    /// do, so code that needs the present state between two wakes calls this first. Every action of
    /// the user does.
    pub fn catch_up(&self) {
        // A page that is not visible stands still.
        let is_seen = dom::document().is_some_and(|document| !document.hidden());
        if is_seen && !self.0.telling.get() {
            self.go_on(dom::now_ms());
        }
    }

    /// Lets time pass up to now, by the page's clock.
    fn go_on(&self, at_ms: f64) {
        let mut state = self.0.state.borrow_mut();
        if !matches!(state.mode, Mode::Playing) {
            return;
        }
        let tell = state.advance(at_ms);
        drop(state);
        if tell { self.tell() } else { self.paint() }
    }

    /// Paints the state at the playhead.
    pub fn paint(&self) {
        self.paint_and(false);
    }

    /// Paints. `told` is true if listeners were called just before.
    pub(super) fn paint_and(&self, told: bool) {
        let rest = self.paint_all(told);
        let wake_ms = self.0.state.borrow_mut().plan(rest);
        self.wake_at(wake_ms);
    }

    /// Notes that the judges have news. While time flows, listeners learn it at the next wake,
    /// which comes soon: a wake for this alone would cost a frame.
    pub(super) fn hear(&self) {
        let soon = self.0.state.borrow_mut().hear(dom::now_ms());
        match soon {
            Some(wake_ms) => self.wake_at(Some(wake_ms)),
            None => self.tell(),
        }
    }

    /// True if the page will wake by itself, by a frame or a timer.
    #[must_use]
    pub fn is_awake(&self) -> bool {
        self.0.frame.borrow().is_some() || self.0.timer.borrow().is_some()
    }

    /// Paints with the next frame if one is requested already, else at once.
    pub fn paint_soon(&self) {
        if self.0.frame.borrow().is_none() {
            self.paint();
        }
    }

    /// Calls all painters. Returns for how long all pictures are right, in milliseconds.
    fn paint_all(&self, told: bool) -> f64 {
        let state = self.0.state.borrow();
        let show = Show { told, ..state.show() };
        let painters = self.0.painters.borrow();
        let painters = painters.iter().filter_map(Weak::upgrade);
        painters.map(|painter| painter.borrow_mut().paint(&show)).fold(ON_AND_ON, f64::min)
    }

    /// Requests a wake with the first frame after a time of the page's clock, or no wake. It
    /// replaces the former request.
    fn wake_at(&self, wake_ms: Option<f64>) {
        let wait = wake_ms.map(|ms| (ms - dom::now_ms()).ceil());
        let (mut frame, mut timer) = (self.0.frame.borrow_mut(), self.0.timer.borrow_mut());
        match wait {
            None => (*frame, *timer) = (None, None),
            Some(wait) if wait > 0.0 => {
                let player = self.clone();
                let ask = move || player.wake_at(Some(0.0));
                (*frame, *timer) = (None, Some(Timeout::new(wait as u32, ask)));
            }
            Some(_) => {
                *timer = None;
                let player = self.clone();
                let ask = || gloo_render::request_animation_frame(move |ms| player.on_frame(ms));
                frame.get_or_insert_with(ask);
            }
        }
    }

    fn on_frame(&self, at_ms: f64) {
        self.0.frame.borrow_mut().take();
        self.go_on(at_ms);
    }
}

impl State {
    /// Lets time pass up to now. True if listeners are to be called.
    fn advance(&mut self, at_ms: f64) -> bool {
        let to = self.session.now() + self.pace.pass(at_ms, self.speed);
        let stop = self.next_cue().filter(|at| *at <= to);
        let to = stop.unwrap_or(to);
        let before = self.place();
        let played = self.play_to(to, &mut Budget::steps(STEPS_PER_WAKE));
        self.lags = played == Played::Unfinished;
        let ended = match played {
            Played::Arrived if self.session.now() < to.min(LATEST) => Some(self.too_long()),
            _ => (!self.make_room()).then(|| self.no_room()),
        };
        if ended.is_some() {
            (self.mode, self.problem, self.heard) = (Mode::Paused, ended, true);
            return true;
        }
        if stop.is_some_and(|at| self.session.now() >= at) && played == Played::Arrived {
            self.come_to_cue();
            return true;
        }
        if self.place() != before {
            self.happened_ms = at_ms;
        }
        let now = self.key();
        let stopped = matches!(played, Played::Stopped(_));
        let is_new = self.heard || now != self.told;
        let changed = stopped || is_new && self.pace.may_tell(at_ms);
        if changed {
            (self.told, self.heard) = (now, false);
        }
        changed
    }

    /// Notes news that do not come from the run. Returns the time of the wake for them, by the
    /// page's clock, or None if listeners are to be called at once.
    fn hear(&mut self, at_ms: f64) -> Option<f64> {
        let flows = self.show().flow.is_some() && !self.lags;
        self.heard = flows;
        flows.then(|| self.pace.wake_by(at_ms + self.pace.tell_in(at_ms).max(wake::SLACK_MS)))
    }

    fn show(&self) -> Show<'_> {
        let playing = matches!(self.mode, Mode::Playing);
        let since = self.pace.last_ms().filter(|_| playing);
        Show {
            session: &self.session,
            playing,
            told: false,
            speed: self.speed,
            at_ms: since.unwrap_or_default(),
            flow: since.and_then(|ms| Flow::new(ms, self.speed)),
            drift: since.filter(|_| !self.lags).and_then(|ms| Flow::even(ms, self.speed)),
            selected: self.steering.selected(),
        }
    }

    /// The time of the next wake, by the page's clock, if the painted pictures are right for `rest`
    /// milliseconds. None while time stands still.
    fn plan(&mut self, rest: f64) -> Option<f64> {
        let show = self.show();
        if !show.playing {
            return None;
        }
        let (now_ms, now) = (show.at_ms, self.session.now());
        let wake_ms = match show.flow.filter(|_| !self.lags) {
            Some(flow) => {
                let until = |time: Time| flow.real_ms(time.since(now).as_us() as f64 + 1.0);
                let tell = if self.key() == self.told && !self.heard {
                    until(Time::from_us((now.as_us() / GRAIN_US + 1) * GRAIN_US))
                } else {
                    self.pace.tell_in(now_ms)
                };
                let cue = self.next_cue().map_or(f64::INFINITY, until);
                let due = self.session.next_at().map_or(f64::INFINITY, until).min(cue);
                Wants {
                    now_ms,
                    happened_ms: self.happened_ms,
                    due_ms: now_ms + due,
                    rest_ms: now_ms + rest.min(tell),
                }
                .wake_ms()
            }
            None => now_ms,
        };
        self.pace.plan(wake_ms);
        Some(wake_ms)
    }

    /// A value that changes when listeners may have something new to show.
    fn key(&self) -> (u64, u64, Time) {
        let steps = self.session.worlds().map(|w| w.steps()).sum();
        let grain = self.session.now().as_us() / GRAIN_US * GRAIN_US;
        (self.session.revision(), steps, Time::from_us(grain))
    }
}
