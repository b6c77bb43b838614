//! The playhead: it plays, pauses and seeks, and passes statements on to the session.
//!
//! There are two rates. Painters write directly to the page: while time [flows](Flow) they start
//! animations and are called again at the next event; while time runs faster, they are called on
//! every frame. Listeners are called at most six times a second, and only after a change. While
//! paused, nothing runs: there is neither a frame request nor a timer.

mod control;
mod flow;
mod pace;
mod running;
mod seeking;
mod speed;
mod telling;
mod wake;

pub use control::stops;
pub use flow::Flow;
pub use seeking::Progress;
pub use speed::{CHOICES, Speed};

use crate::judging::Judging;
use crate::language;
use crate::memory;
use crate::story::{Interest, Story};
use control::Steering;
use gloo_render::AnimationFrame;
use gloo_timers::callback::Timeout;
use pace::Pace;
use quorumscope_core::condition::Breakpoints;
use quorumscope_core::explain::{Beats, Scene};
use quorumscope_core::ids::{EventId, MessageId};
use quorumscope_core::run::Run;
use quorumscope_core::script::Entry;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use seeking::Way;
use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};

/// A painter returns this if its picture is right for one frame only.
pub const ONE_FRAME: f64 = 0.0;
/// A painter returns this if its picture stays right until the next event of the run.
pub const ON_AND_ON: f64 = f64::INFINITY;

/// Something that is drawn directly to the page.
pub trait Paint {
    /// Draws the state at the playhead, and starts animations while time flows. Returns the number
    /// of milliseconds of real time for which the picture is right if nothing happens in the run.
    fn paint(&mut self, show: &Show<'_>) -> f64;
}

/// The input of a painter.
pub struct Show<'a> {
    /// The run and its playhead.
    pub session: &'a Session,
    /// True if time is running.
    pub playing: bool,
    /// True if listeners were called just before. Work that causes layout is done then, together
    /// with theirs, because under a pointer the browser spends a second frame on each layout.
    pub told: bool,
    /// The speed.
    pub speed: Speed,
    /// The time of the page's clock at which the playhead reached its place, in milliseconds.
    pub at_ms: f64,
    /// The flow of time, if it is slow enough for animations.
    pub flow: Option<Flow>,
    /// The flow of time at any speed, for even movements that do not depend on events.
    pub drift: Option<Flow>,
    /// The selected message, and its cluster.
    pub selected: Option<(usize, MessageId)>,
}

/// A handle to the page's only player. Clones refer to the same player.
#[derive(Clone)]
pub struct Player(Rc<Shared>);

impl PartialEq for Player {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

type Listener = Rc<dyn Fn()>;

struct Shared {
    state: RefCell<State>,
    painters: RefCell<Vec<Weak<RefCell<dyn Paint>>>>,
    listeners: RefCell<Vec<Listener>>,
    /// Called after the listeners and the painters. These callbacks may do anything.
    afterwards: RefCell<Vec<Listener>>,
    frame: RefCell<Option<AnimationFrame>>,
    timer: RefCell<Option<Timeout>>,
    slice: RefCell<Option<Timeout>>,
    telling: Cell<bool>,
    /// True if the next seek opens a run.
    opens: Cell<bool>,
    judging: Judging,
}

struct State {
    session: Session,
    mode: Mode,
    speed: Speed,
    pace: Pace,
    stories: Vec<Story>,
    beats: Vec<Beats>,
    /// The number of statements in each gesture, so that they are undone together.
    gestures: Vec<usize>,
    regrets: Vec<usize>,
    told: (u64, u64, Time),
    /// True if there is something else to report to the listeners.
    heard: bool,
    /// The time of the last step, by the page's clock.
    happened_ms: f64,
    /// True if the simulation is behind the time that has passed.
    lags: bool,
    breakpoints: Breakpoints,
    steering: Steering,
    memory: memory::Watch,
    /// A sentence that the page has yet to show.
    problem: Option<String>,
}

enum Mode {
    Paused,
    Playing,
    Seeking(Way),
}

impl Player {
    /// A paused player at the beginning of a run.
    #[must_use]
    pub fn new(run: Run) -> Self {
        let state = State {
            session: Session::at_start(run),
            mode: Mode::Paused,
            speed: Speed::default(),
            pace: Pace::default(),
            stories: Vec::new(),
            beats: Vec::new(),
            gestures: Vec::new(),
            regrets: Vec::new(),
            told: (u64::MAX, 0, Time::ZERO),
            heard: false,
            happened_ms: 0.0,
            lags: false,
            breakpoints: Breakpoints::default(),
            steering: Steering::default(),
            memory: memory::Watch::default(),
            problem: None,
        };
        let player = Self(Rc::new(Shared {
            state: RefCell::new(state),
            painters: RefCell::default(),
            listeners: RefCell::default(),
            afterwards: RefCell::default(),
            frame: RefCell::default(),
            timer: RefCell::default(),
            slice: RefCell::default(),
            telling: Cell::new(false),
            opens: Cell::new(false),
            judging: Judging::default(),
        }));
        player.0.state.borrow_mut().read_on();
        player
    }

    /// The session, for reading.
    #[must_use]
    pub fn session(&self) -> Ref<'_, Session> {
        Ref::map(self.0.state.borrow(), |s| &s.session)
    }

    /// The events of interest in one cluster.
    #[must_use]
    pub fn story(&self, cluster: usize) -> Ref<'_, Story> {
        Ref::map(self.0.state.borrow(), |s| &s.stories[cluster])
    }

    /// The events of one cluster that are worth a sentence.
    #[must_use]
    pub fn beats(&self, cluster: usize) -> Ref<'_, Beats> {
        Ref::map(self.0.state.borrow(), |s| &s.beats[cluster])
    }

    /// The state of the judges.
    #[must_use]
    pub fn judging(&self) -> &Judging {
        &self.0.judging
    }

    /// Asks the judges about the playhead, and calls the listeners after the answer.
    fn ask_judges(&self) {
        let again = Rc::downgrade(&self.0);
        self.0.judging.look(&self.session(), self.is_playing(), move |is_new| {
            if let Some(player) = again.upgrade().map(Self) {
                if is_new { player.hear() } else { player.ask_judges() }
            }
        });
    }

    /// Asks the judges for the moments of effect from about this time on.
    pub fn judge_since(&self, since: Time) {
        if self.0.judging.set_since(since) {
            self.ask_judges();
        }
    }

    /// True if time runs, or will run after the present seek.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        match self.0.state.borrow().mode {
            Mode::Playing => true,
            Mode::Seeking(Way { play, .. }) => play,
            Mode::Paused => false,
        }
    }

    /// The speed.
    #[must_use]
    pub fn speed(&self) -> Speed {
        self.0.state.borrow().speed
    }

    /// Calls `f` after changes; while playing, at most six times a second.
    pub fn listen(&self, f: impl Fn() + 'static) {
        self.0.listeners.borrow_mut().push(Rc::new(f));
    }

    /// Calls `f` after all listeners and painters.
    pub fn listen_afterwards(&self, f: impl Fn() + 'static) {
        self.0.afterwards.borrow_mut().push(Rc::new(f));
    }

    /// Adds a painter. It is removed when it is dropped.
    pub fn attach(&self, painter: &Rc<RefCell<dyn Paint>>) {
        let mut painters = self.0.painters.borrow_mut();
        painters.retain(|p| p.strong_count() > 0);
        painters.push(Rc::downgrade(painter));
    }

    /// Starts time.
    pub fn play(&self) {
        match &mut self.0.state.borrow_mut().mode {
            Mode::Seeking(way) => way.play = true,
            mode @ Mode::Paused => *mode = Mode::Playing,
            Mode::Playing => return,
        }
        self.0.state.borrow_mut().pace = Pace::default();
        self.tell();
    }

    /// Stops time.
    pub fn pause(&self) {
        self.catch_up();
        match &mut self.0.state.borrow_mut().mode {
            Mode::Seeking(way) => way.play = false,
            mode => *mode = Mode::Paused,
        }
        self.tell();
    }

    /// Plays or pauses.
    pub fn toggle(&self) {
        if self.is_playing() { self.pause() } else { self.play() }
    }

    /// Sets the speed.
    pub fn set_speed(&self, speed: Speed) {
        self.catch_up();
        self.0.state.borrow_mut().speed = speed;
        self.tell();
    }

    /// Seeks to the next event of interest, or to the last one before the playhead. If everything
    /// is of interest and there is none, seeks to the end of the simulated time, or to the
    /// beginning. False if the playhead stays.
    pub fn stop_at(&self, forward: bool) -> bool {
        let found = self.jump(self.interest(), forward);
        if found || self.interest() != Interest::Any {
            return found;
        }
        let edge = if forward { self.session().frontier() } else { Time::ZERO };
        self.seek(edge);
        true
    }

    /// Runs statements of the language at the playhead.
    ///
    /// # Errors
    /// The sentence that says why not. Nothing has changed then.
    pub fn append(&self, text: &str) -> Result<(), String> {
        let entries = language::statements(text, self.session().run())?;
        self.arrive(true);
        self.carry_out(entries)
    }

    /// Runs statements, which are undone together.
    fn carry_out(&self, entries: Vec<Entry>) -> Result<(), String> {
        let mut state = self.0.state.borrow_mut();
        let heads = state.heads();
        let mut done = 0;
        let mut problem = None;
        for entry in entries {
            match state.session.enter(entry) {
                Ok(()) => done += 1,
                Err(why) => {
                    problem = Some(why.to_string());
                    break;
                }
            }
        }
        if problem.is_some() {
            (0..done).for_each(|_| _ = state.session.undo());
        } else {
            state.gestured(done);
        }
        state.reread_from(&heads);
        drop(state);
        self.tell();
        problem.map_or(Ok(()), Err)
    }

    /// Replaces the run by another, and seeks to the moment that it names. It can be undone.
    pub fn load(&self, run: Run) {
        self.load_then(run, |_| {});
    }

    /// The same, and calls `done` as [`Player::seek_then`] does.
    pub fn load_then(&self, run: Run, done: impl FnOnce(Result<(), String>) + 'static) {
        self.arrive(false);
        let show = run.show;
        let mut state = self.0.state.borrow_mut();
        state.session.load_at_start(run);
        state.gestured(1);
        state.reread();
        drop(state);
        self.keep_pace(show.map_or(Time::ZERO, |show| show.at));
        match show {
            Some(show) => self.open_at(show.at, done),
            None => {
                self.tell();
                done(Ok(()));
            }
        }
    }

    /// Takes the sentence that the page has yet to show.
    #[must_use]
    pub fn take_problem(&self) -> Option<String> {
        self.0.state.borrow_mut().problem.take()
    }

    /// Sets a sentence for the page to show.
    pub fn complain(&self, sentence: String) {
        self.0.state.borrow_mut().problem = Some(sentence);
        self.tell();
    }

    /// Undoes the last gesture.
    pub fn undo(&self) {
        self.arrive(true);
        let mut state = self.0.state.borrow_mut();
        let count = state.gestures.pop().unwrap_or(1);
        let undone = (0..count).take_while(|_| state.session.undo_soon()).count();
        state.regrets.push(undone);
        state.reread();
        drop(state);
        self.tell();
        self.go_back();
    }

    /// Redoes the last gesture that was undone.
    pub fn redo(&self) {
        self.arrive(true);
        let mut state = self.0.state.borrow_mut();
        let count = state.regrets.pop().unwrap_or(1);
        let done = (0..count).take_while(|_| state.session.redo_soon()).count();
        state.gestures.push(done);
        state.reread();
        drop(state);
        self.tell();
        self.go_back();
    }

    /// Calls the listeners, then paints. A call from inside of a listener does nothing more.
    fn tell(&self) {
        self.0.state.borrow_mut().read_on();
        if self.0.telling.replace(true) {
            return;
        }
        let listeners = self.0.listeners.borrow().clone();
        listeners.iter().for_each(|listener| listener());
        self.0.telling.set(false);
        self.ask_judges();
        self.paint_and(true);
        let afterwards = self.0.afterwards.borrow().clone();
        afterwards.iter().for_each(|listener| listener());
    }
}

impl State {
    /// Notes that this many edits form one gesture.
    fn gestured(&mut self, edits: usize) {
        self.gestures.push(edits);
        self.regrets.clear();
    }

    /// Reads the new events of all clusters.
    fn read_on(&mut self) {
        let clusters = self.session.run().clusters.len();
        self.stories.resize_with(clusters, Story::default);
        self.beats.resize_with(clusters, Beats::default);
        for (i, story) in self.stories.iter_mut().enumerate() {
            story.read(self.session.timeline(i), &self.session.run().commands);
        }
        for (i, beats) in self.beats.iter_mut().enumerate() {
            beats.read(&Scene::of(&self.session, i));
        }
    }

    /// The first event of each cluster beyond the playhead.
    fn heads(&self) -> Vec<EventId> {
        let clusters = 0..self.session.run().clusters.len();
        clusters.map(|i| self.session.timeline(i).next_event()).collect()
    }

    /// Reads again from these events on, because the run has changed there.
    fn reread_from(&mut self, heads: &[EventId]) {
        for (story, &head) in self.stories.iter_mut().zip(heads) {
            story.rewind(head);
        }
        for (i, (beats, &head)) in self.beats.iter_mut().zip(heads).enumerate() {
            beats.rewind(&Scene::of(&self.session, i), head);
        }
        self.read_on();
    }

    /// Reads everything again, because the run is another.
    fn reread(&mut self) {
        self.stories.clear();
        self.beats.clear();
        self.read_on();
    }
}
