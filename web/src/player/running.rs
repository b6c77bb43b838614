//! How time runs: from one wake of the page to the next.

use super::wake::{self, Wants};
use super::{Flow, Mode, ON_AND_ON, Player, Show, State};
use crate::dom;
use gloo_timers::callback::Timeout;
use quorumscope_core::session::Played;
use quorumscope_core::time::{LATEST, Time};
use quorumscope_core::timeline::Budget;
use std::rc::Weak;

/// Steps that a wake may take, so that it fits in a frame.
const STEPS_PER_WAKE: u64 = 6_000;
/// Listeners are told when the playhead has moved by so many microseconds, whatever happened.
const GRAIN_US: u64 = 50_000;

impl Player {
    /// While time flows the page wakes only when there is something to do. Whoever wants to know
    /// how things are between two wakes calls this first; what people do always does.
    pub fn catch_up(&self) {
        // A page that cannot be seen stands still.
        let is_seen = dom::document().is_some_and(|document| !document.hidden());
        if is_seen && !self.0.telling.get() {
            self.go_on(dom::now_ms());
        }
    }

    /// Time has passed up to now, by the page's clock.
    fn go_on(&self, at_ms: f64) {
        let mut state = self.0.state.borrow_mut();
        if !matches!(state.mode, Mode::Playing) {
            return;
        }
        let tell = state.advance(at_ms);
        drop(state);
        if tell { self.tell() } else { self.paint() }
    }

    /// Paints what is at the playhead.
    pub fn paint(&self) {
        self.paint_and(false);
    }

    /// Paints, and says whether listeners were told just before.
    pub(super) fn paint_and(&self, told: bool) {
        let rest = self.paint_all(told);
        let wake_ms = self.0.state.borrow_mut().plan(rest);
        self.wake_at(wake_ms);
    }

    /// The judges say something new. While time flows that is told when the page wakes next, and
    /// soon: a wake of its own would cost a frame for a word.
    pub(super) fn hear(&self) {
        let soon = self.0.state.borrow_mut().hear(dom::now_ms());
        match soon {
            Some(wake_ms) => self.wake_at(Some(wake_ms)),
            None => self.tell(),
        }
    }

    /// Whether the page will wake by itself, with a frame or after a while.
    #[must_use]
    pub fn is_awake(&self) -> bool {
        self.0.frame.borrow().is_some() || self.0.timer.borrow().is_some()
    }

    /// Paints with the next frame, if that is on its way already, and else at once.
    pub fn paint_soon(&self) {
        if self.0.frame.borrow().is_none() {
            self.paint();
        }
    }

    /// Returns for how long that is right.
    fn paint_all(&self, told: bool) -> f64 {
        let state = self.0.state.borrow();
        let show = Show { told, ..state.show() };
        let painters = self.0.painters.borrow();
        let painters = painters.iter().filter_map(Weak::upgrade);
        painters.map(|painter| painter.borrow_mut().paint(&show)).fold(ON_AND_ON, f64::min)
    }

    /// Wakes with the next frame from then on, by the page's clock, or never. What it waited for
    /// before is forgotten.
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
    /// Lets time pass up to now. True when it is time to tell of a change.
    fn advance(&mut self, at_ms: f64) -> bool {
        let to = self.session.now() + self.pace.pass(at_ms, self.speed);
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

    /// There is something to tell that does not come of the run. When the page is to wake for it, by
    /// its clock; None: it is to be told at once.
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

    /// When the page wakes next, by its clock, if what is painted is right for so long. Never, where
    /// time stands still.
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
                let due = self.session.next_at().map_or(f64::INFINITY, until);
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

    /// Changes when there may be something new to see, other than what painters paint.
    fn key(&self) -> (u64, u64, Time) {
        let steps = self.session.worlds().map(|w| w.steps()).sum();
        let grain = self.session.now().as_us() / GRAIN_US * GRAIN_US;
        (self.session.revision(), steps, Time::from_us(grain))
    }
}
