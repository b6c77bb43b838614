//! Stores the runs of this page, so that a reload, the Back button and the next visit find them.
//!
//! The page's state is stored in its entry of the browser's history, for reload and Back; that
//! works even in a frame without storage. Runs that people changed are stored in the browser's
//! local storage too, and offered on the next visit.

use crate::dom;
use crate::language;
use crate::player::Player;
use crate::transport::scale;
use gloo_timers::callback::Timeout;
use quorumscope_core::run::{Run, Show};
use quorumscope_core::session::{Beside, Session};
use quorumscope_core::time::Time;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The key in local storage, and the property in the history's state.
const KEY: &str = "quorumscope-run";
/// The least time between two writes, in milliseconds.
const REST_MS: f64 = 500.0;
/// Longer texts, in bytes, are written less often.
const LONG_BYTES: usize = 64 << 10;
const LONG_REST_MS: f64 = 5_000.0;
/// The longest text that is stored, in bytes. Browsers allow some megabytes.
const MOST_BYTES: usize = 2 << 20;

/// All branches of a page, and the place of its playhead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    branches: Vec<Branch>,
    current: usize,
    now_us: u64,
    playing: bool,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Branch {
    name: String,
    script: String,
    /// The branch that it was forked from, and the time of the fork in microseconds.
    forked: Option<(usize, u64)>,
    /// The latest time that was simulated, in microseconds.
    reached_us: u64,
}

impl Kept {
    /// The state of a session. Scripts of `last` are used again, which must be of the same
    /// revision.
    fn of(session: &Session, playing: bool, last: Option<Self>) -> Self {
        let branch = |branch: &quorumscope_core::session::Branch| Branch {
            name: branch.name.clone(),
            script: language::print(&Run { show: None, ..branch.run.clone() }),
            forked: branch.forked.map(|(from, at)| (from, at.as_us())),
            reached_us: 0,
        };
        let made = || session.branches().iter().map(branch).collect();
        let mut branches: Vec<Branch> = last.map_or_else(made, |last| last.branches);
        for (kept, branch) in branches.iter_mut().zip(session.branches()) {
            kept.reached_us = branch.frontier().as_us();
        }
        Self { branches, current: session.current(), now_us: session.now().as_us(), playing }
    }

    /// The state in the present history entry: that of the page before it was reloaded or left.
    #[must_use]
    pub fn here() -> Option<Self> {
        serde_json::from_str(&written_here()?).ok()
    }

    /// The state that an earlier visit left.
    #[must_use]
    pub fn last() -> Option<Self> {
        serde_json::from_str(&dom::remembered(KEY)?).ok()
    }

    /// A short description.
    #[must_use]
    pub fn told(&self) -> String {
        let script = self.branches.get(self.current).map_or("", |branch| &branch.script);
        let lines = script.lines().filter(|line| line.starts_with('@')).count();
        let plural = if lines == 1 { "" } else { "s" };
        let at = scale::moment(Time::from_us(self.now_us));
        format!("A run with {lines} statement{plural}, left at {at}")
    }

    /// Restores it on the page. False if it cannot be parsed, perhaps because another version wrote
    /// it.
    pub fn open(&self, player: &Player) -> bool {
        let beside = |branch: &Branch| {
            Some(Beside {
                name: branch.name.clone(),
                run: language::run(&branch.script).ok()?,
                forked: branch.forked.map(|(from, at)| (from, Time::from_us(at))),
                reached: Time::from_us(branch.reached_us),
            })
        };
        let all: Option<Vec<Beside>> = self.branches.iter().map(beside).collect();
        let Some((all, own)) = all.and_then(|all| {
            let own = all.get(self.current)?.run.clone();
            Some((all, own))
        }) else {
            return false;
        };
        player.pause();
        let show = Show { at: Time::from_us(self.now_us), state: None };
        player.load(Run { show: Some(show), ..own });
        // The current run is there even if the other branches cannot be restored.
        let _ = player.put_among(all, self.current);
        if self.playing {
            player.play();
        }
        true
    }
}

/// Clears the present history entry, after a crash that its state would cause again.
pub fn forget_here() {
    write_here(&JsValue::NULL);
}

/// Removes the state that an earlier visit left.
pub fn forget_last() {
    dom::forget(KEY);
}

/// Whether the present history entry holds a state, readable or not.
#[must_use]
pub fn is_here() -> bool {
    written_here().is_some()
}

fn written_here() -> Option<String> {
    let state = web_sys::window()?.history().ok()?.state().ok()?;
    js_sys::Reflect::get(&state, &KEY.into()).ok()?.as_string()
}

fn write_here(state: &JsValue) {
    let history = web_sys::window().and_then(|w| w.history().ok());
    // A frame may be forbidden to change its history. A reload then starts anew.
    let _ = history.map(|history| history.replace_state_with_url(state, "", None));
}

/// Stores the state of a page whenever it changes. Clones share one state.
#[derive(Clone, Default)]
pub struct Keeper(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    /// The last written revision, the playhead, and whether time ran.
    written: Option<(u64, Time, bool)>,
    /// The revision at which the page was opened. Nobody has changed that one.
    opened: u64,
    /// The time of the last write, by the page's clock, in milliseconds.
    at_ms: f64,
    later: Option<Timeout>,
    /// The last written state, and its length in bytes.
    kept: Option<Kept>,
    bytes: usize,
}

impl Keeper {
    /// A keeper for a page that was just opened.
    #[must_use]
    pub fn new(player: &Player) -> Self {
        let state = State { opened: player.session().revision(), ..State::default() };
        Self(Rc::new(RefCell::new(state)))
    }

    /// Writes the state if it has changed, at once or a moment later.
    pub fn look(&self, player: &Player) {
        let mut state = self.0.borrow_mut();
        if state.written == Some(key(player)) || state.later.is_some() {
            return;
        }
        let rest = if state.bytes > LONG_BYTES { LONG_REST_MS } else { REST_MS };
        let rest = state.at_ms + rest - dom::now_ms();
        if rest > 0.0 {
            let (keeper, player) = (self.clone(), player.clone());
            let later = move || {
                keeper.0.borrow_mut().later = None;
                keeper.write(&player);
            };
            state.later = Some(Timeout::new(rest.ceil() as u32, later));
            return;
        }
        drop(state);
        self.write(player);
    }

    /// Writes the state now, if it has changed.
    pub fn write(&self, player: &Player) {
        let mut state = self.0.borrow_mut();
        let key = key(player);
        let before = state.written.replace(key);
        if before == Some(key) {
            return;
        }
        state.at_ms = dom::now_ms();
        let same = before.is_some_and(|(revision, ..)| revision == key.0);
        let last = state.kept.take().filter(|_| same);
        let kept = Kept::of(&player.session(), player.is_playing(), last);
        let text = serde_json::to_string(&kept).unwrap_or_default();
        (state.kept, state.bytes) = (Some(kept), text.len());
        if text.len() > MOST_BYTES {
            return;
        }
        let own = js_sys::Object::new();
        // Setting a property of a plain object cannot fail.
        let _ = js_sys::Reflect::set(&own, &KEY.into(), &text.as_str().into());
        write_here(&own);
        if key.0 > state.opened && !player.session().run().commands.is_empty() {
            dom::remember(KEY, &text);
        }
    }
}

fn key(player: &Player) -> (u64, Time, bool) {
    let session = player.session();
    (session.revision(), session.now(), player.is_playing())
}
