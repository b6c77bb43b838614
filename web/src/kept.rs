//! The runs of this page, kept where a reload, going back and coming again find them.
//!
//! What is on the page belongs to its entry in the browser's history: there a reload and going back
//! find it, also in a frame that has no storage. What people did is kept in the browser's storage too,
//! so that it can be offered on the next visit.

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

/// Where the storage has it, and under which name the history's entry.
const KEY: &str = "quorumscope-run";
/// It is written again no sooner than so many milliseconds later.
const REST_MS: f64 = 500.0;
/// What is longer than that is written less often.
const LONG_BYTES: usize = 64 << 10;
const LONG_REST_MS: f64 = 5_000.0;
/// The longest text that is kept, in bytes: browsers keep some megabytes.
const MOST_BYTES: usize = 2 << 20;

/// All branches of a page, and where its playhead stood.
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
    /// The branch that it began as, and where it left it, in microseconds.
    forked: Option<(usize, u64)>,
    /// How far it was seen, in microseconds.
    reached_us: u64,
}

impl Kept {
    /// What there is to keep of a session. What was made of the same revision is not made again.
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

    /// What this entry of the browser's history has: what was on the page before it was reloaded or left.
    #[must_use]
    pub fn here() -> Option<Self> {
        let state = web_sys::window()?.history().ok()?.state().ok()?;
        let text = js_sys::Reflect::get(&state, &KEY.into()).ok()?.as_string()?;
        serde_json::from_str(&text).ok()
    }

    /// What people last did here, on an earlier visit.
    #[must_use]
    pub fn last() -> Option<Self> {
        serde_json::from_str(&dom::remembered(KEY)?).ok()
    }

    /// What it is, in short.
    #[must_use]
    pub fn told(&self) -> String {
        let script = self.branches.get(self.current).map_or("", |branch| &branch.script);
        let lines = script.lines().filter(|line| line.starts_with('@')).count();
        let plural = if lines == 1 { "" } else { "s" };
        let at = scale::moment(Time::from_us(self.now_us));
        format!("A run with {lines} statement{plural}, left at {at}")
    }

    /// Puts it on the page. False if it cannot be read, as where another version wrote it.
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
        // The run itself is there, whatever became of the others.
        let _ = player.put_among(all, self.current);
        if self.playing {
            player.play();
        }
        true
    }
}

/// Forgets what this entry of the history has: what stopped the program would stop it again.
pub fn forget_here() {
    write_here(&JsValue::NULL);
}

/// Forgets what people last did here.
pub fn forget_last() {
    dom::forget(KEY);
}

fn write_here(state: &JsValue) {
    let history = web_sys::window().and_then(|w| w.history().ok());
    // A frame may be forbidden to change it: then a reload begins anew.
    let _ = history.map(|history| history.replace_state_with_url(state, "", None));
}

/// Keeps what is on a page, whenever that has changed. Clones are the same one.
#[derive(Clone, Default)]
pub struct Keeper(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    /// What was written last: the revision, the playhead, whether time ran.
    written: Option<(u64, Time, bool)>,
    /// The revision at which the page was opened: before it people have done nothing.
    opened: u64,
    /// When it was written, by the page's clock.
    at_ms: f64,
    later: Option<Timeout>,
    /// What was written last, and its length in bytes.
    kept: Option<Kept>,
    bytes: usize,
}

impl Keeper {
    /// One for a page that was just opened.
    #[must_use]
    pub fn new(player: &Player) -> Self {
        let state = State { opened: player.session().revision(), ..State::default() };
        Self(Rc::new(RefCell::new(state)))
    }

    /// Something may have changed: it is written down, at once or a moment later.
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

    /// Writes it down now.
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
        // A plain object takes whatever is set.
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
