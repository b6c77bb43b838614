//! The playhead: plays, pauses, seeks, and hands what people do to the session.
//!
//! Two speeds live here. Painters write straight to the page: while time [flows](Flow) they say how
//! things go on from here, and are called again when something happens; while it runs faster, on
//! every frame. Listeners are told at most ten times a second, and only when something changed.
//! Paused means that nothing runs: no frame is asked for and no timer is set.

mod control;
mod flow;
mod pace;
mod running;
mod speed;
mod wake;

pub use control::stops;
pub use flow::Flow;
pub use speed::{CHOICES, Speed};

use crate::dom;
use crate::judging::Judging;
use crate::language;
use crate::story::{Interest, Story};
use control::Steering;
use gloo_render::AnimationFrame;
use gloo_timers::callback::Timeout;
use pace::Pace;
use quorumscope_core::condition::Breakpoints;
use quorumscope_core::explain::{Beats, Scene};
use quorumscope_core::ids::{EventId, MessageId};
use quorumscope_core::run::{Run, Statement};
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::timeline::Budget;
use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};

/// How long a seek may go on before the page gets its turn, and how many steps it takes between two
/// looks at the clock.
const SLICE_MS: f64 = 12.0;
const STEPS_PER_LOOK: u64 = 2_000;

/// What a painter says whose picture is right for one frame.
pub const ONE_FRAME: f64 = 0.0;
/// What a painter says whose picture is right until something happens in the run.
pub const ON_AND_ON: f64 = f64::INFINITY;

/// Something that is drawn straight to the page.
pub trait Paint {
    /// Draws what is to be seen at the playhead, and while time flows how it goes on from there.
    /// Returns for how many milliseconds by the page's clock that is right, if nothing happens in
    /// the run.
    fn paint(&mut self, show: &Show<'_>) -> f64;
}

/// What a painter is shown.
pub struct Show<'a> {
    /// The run and its playhead.
    pub session: &'a Session,
    /// Whether time is running.
    pub playing: bool,
    /// Whether listeners were told just before: what has to be laid out anew is drawn with what they
    /// draw, since under a pointer the browser spends a second frame on each layout.
    pub told: bool,
    /// How fast.
    pub speed: Speed,
    /// The page's clock when the playhead came to where it stands.
    pub at_ms: f64,
    /// How time goes on, if that is so slow that what moves can be told where to.
    pub flow: Option<Flow>,
    /// How time goes on, if all of it passes: for what moves evenly, whatever happens in the run.
    pub drift: Option<Flow>,
    /// The message that is looked at, and its cluster.
    pub selected: Option<(usize, MessageId)>,
}

/// A handle on the one player of a page. Clones are the same player.
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
    frame: RefCell<Option<AnimationFrame>>,
    timer: RefCell<Option<Timeout>>,
    slice: RefCell<Option<Timeout>>,
    telling: Cell<bool>,
    judging: Judging,
}

struct State {
    session: Session,
    mode: Mode,
    speed: Speed,
    pace: Pace,
    stories: Vec<Story>,
    beats: Vec<Beats>,
    /// How many statements each gesture appended, for undoing them together.
    gestures: Vec<usize>,
    regrets: Vec<usize>,
    told: (u64, u64, Time),
    /// Whether there is something to tell beside that.
    heard: bool,
    /// When a step was last taken, by the page's clock.
    happened_ms: f64,
    /// Whether time has not got as far as it should have.
    lags: bool,
    breakpoints: Breakpoints,
    steering: Steering,
}

enum Mode {
    Paused,
    Playing,
    Seeking { to: Time, play: bool, done: Vec<Box<dyn FnOnce()>> },
}

impl Player {
    /// A player that stands where the run says, paused.
    #[must_use]
    pub fn new(run: Run) -> Self {
        let state = State {
            session: Session::new(run),
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
        };
        let player = Self(Rc::new(Shared {
            state: RefCell::new(state),
            painters: RefCell::default(),
            listeners: RefCell::default(),
            frame: RefCell::default(),
            timer: RefCell::default(),
            slice: RefCell::default(),
            telling: Cell::new(false),
            judging: Judging::default(),
        }));
        player.0.state.borrow_mut().read_on();
        player
    }

    /// The session, to look at.
    #[must_use]
    pub fn session(&self) -> Ref<'_, Session> {
        Ref::map(self.0.state.borrow(), |s| &s.session)
    }

    /// What has happened in one cluster.
    #[must_use]
    pub fn story(&self, cluster: usize) -> Ref<'_, Story> {
        Ref::map(self.0.state.borrow(), |s| &s.stories[cluster])
    }

    /// What is worth a sentence in one cluster.
    #[must_use]
    pub fn beats(&self, cluster: usize) -> Ref<'_, Beats> {
        Ref::map(self.0.state.borrow(), |s| &s.beats[cluster])
    }

    /// What the judges say.
    #[must_use]
    pub fn judging(&self) -> &Judging {
        &self.0.judging
    }

    /// Asks the judges about the playhead, and tells when they have answered.
    fn ask_judges(&self) {
        let again = Rc::downgrade(&self.0);
        self.0.judging.look(&self.session(), self.is_playing(), move |is_new| {
            if let Some(player) = again.upgrade().map(Self) {
                if is_new { player.hear() } else { player.ask_judges() }
            }
        });
    }

    /// From now on the judges tell where operations take effect from about that time on.
    pub fn judge_since(&self, since: Time) {
        if self.0.judging.set_since(since) {
            self.ask_judges();
        }
    }

    /// Whether time runs, or will when a seek has arrived.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        match self.0.state.borrow().mode {
            Mode::Playing => true,
            Mode::Seeking { play, .. } => play,
            Mode::Paused => false,
        }
    }

    /// How fast it plays.
    #[must_use]
    pub fn speed(&self) -> Speed {
        self.0.state.borrow().speed
    }

    /// Calls `f` when something changed, at most ten times a second while playing.
    pub fn listen(&self, f: impl Fn() + 'static) {
        self.0.listeners.borrow_mut().push(Rc::new(f));
    }

    /// From now on it paints too, until it is dropped.
    pub fn attach(&self, painter: &Rc<RefCell<dyn Paint>>) {
        let mut painters = self.0.painters.borrow_mut();
        painters.retain(|p| p.strong_count() > 0);
        painters.push(Rc::downgrade(painter));
    }

    /// Time runs.
    pub fn play(&self) {
        match &mut self.0.state.borrow_mut().mode {
            Mode::Seeking { play, .. } => *play = true,
            mode @ Mode::Paused => *mode = Mode::Playing,
            Mode::Playing => return,
        }
        self.0.state.borrow_mut().pace = Pace::default();
        self.tell();
    }

    /// Time stands still.
    pub fn pause(&self) {
        self.catch_up();
        match &mut self.0.state.borrow_mut().mode {
            Mode::Seeking { play, .. } => *play = false,
            mode => *mode = Mode::Paused,
        }
        self.tell();
    }

    /// Plays or pauses.
    pub fn toggle(&self) {
        if self.is_playing() { self.pause() } else { self.play() }
    }

    /// Changes the speed.
    pub fn set_speed(&self, speed: Speed) {
        self.catch_up();
        self.0.state.borrow_mut().speed = speed;
        self.tell();
    }

    /// That many events forward, or back; pauses.
    pub fn step(&self, by: i64) {
        self.arrive(false);
        let mut state = self.0.state.borrow_mut();
        state.mode = Mode::Paused;
        state.session.step(by);
        drop(state);
        self.tell();
    }

    /// Goes to a time, in slices where that is far; then goes on as before.
    pub fn seek(&self, to: Time) {
        self.seek_then(to, || {});
    }

    /// Goes to a time, and calls `done` when it stands there or when another seek came between.
    pub fn seek_then(&self, to: Time, done: impl FnOnce() + 'static) {
        let play = self.is_playing();
        let waiting = self.take_waiting();
        let mut all: Vec<Box<dyn FnOnce()>> = waiting;
        all.push(Box::new(done));
        let mut state = self.0.state.borrow_mut();
        (state.mode, state.pace) = (Mode::Seeking { to, play, done: all }, Pace::default());
        drop(state);
        self.seek_on();
    }

    fn take_waiting(&self) -> Vec<Box<dyn FnOnce()>> {
        self.0.slice.borrow_mut().take();
        match &mut self.0.state.borrow_mut().mode {
            Mode::Seeking { done, .. } => std::mem::take(done),
            _ => Vec::new(),
        }
    }

    fn seek_on(&self) {
        let mut state = self.0.state.borrow_mut();
        let Mode::Seeking { to, .. } = state.mode else { return };
        let until = dom::now_ms() + SLICE_MS;
        let mut go_on = || state.session.seek_some(to, &mut Budget::steps(STEPS_PER_LOOK));
        let mut arrived = go_on();
        while !arrived && dom::now_ms() < until {
            arrived = go_on();
        }
        // What there is to read of the way is read on the way: at its end it would take long.
        state.read_on();
        let tells = arrived || state.pace.may_tell(dom::now_ms());
        drop(state);
        if arrived {
            self.arrive(true);
        } else {
            let player = self.clone();
            *self.0.slice.borrow_mut() = Some(Timeout::new(0, move || player.seek_on()));
        }
        if tells {
            self.tell();
        }
    }

    /// What is under way arrives: playing at this very moment, a seek where it has got to.
    fn arrive(&self, resume: bool) {
        self.catch_up();
        let waiting = self.take_waiting();
        let mut state = self.0.state.borrow_mut();
        if let Mode::Seeking { play, .. } = state.mode {
            state.mode = if play && resume { Mode::Playing } else { Mode::Paused };
            state.pace = Pace::default();
        }
        drop(state);
        waiting.into_iter().for_each(|done| done());
    }

    /// To the next moment of what the jump buttons go to, or the last before the playhead; where
    /// they go to anything, else to the end of what is known, or to the beginning. False when there
    /// is none.
    pub fn stop_at(&self, forward: bool) -> bool {
        let found = self.jump(self.interest(), forward);
        if found || self.interest() != Interest::Any {
            return found;
        }
        let edge = if forward { self.session().frontier() } else { Time::ZERO };
        self.seek(edge);
        true
    }

    /// Carries out what the language says, at the playhead.
    ///
    /// # Errors
    /// The sentence that says why not; nothing changed.
    pub fn append(&self, text: &str) -> Result<(), String> {
        let statements = language::statements(text, self.session().run())?;
        self.arrive(true);
        self.carry_out(statements)
    }

    /// Carries out statements; undone together.
    fn carry_out(&self, statements: Vec<Statement>) -> Result<(), String> {
        let mut state = self.0.state.borrow_mut();
        let heads = state.heads();
        let mut done = 0;
        let mut problem = None;
        for statement in statements {
            match state.session.append(statement) {
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

    /// Puts another run in the place of this one; it can be undone.
    pub fn load(&self, run: Run) {
        self.arrive(false);
        let mut state = self.0.state.borrow_mut();
        state.session.load(run);
        state.gestured(1);
        state.reread();
        drop(state);
        self.tell();
    }

    /// Undoes the last gesture.
    pub fn undo(&self) {
        self.arrive(true);
        let mut state = self.0.state.borrow_mut();
        let count = state.gestures.pop().unwrap_or(1);
        let undone = (0..count).take_while(|_| state.session.undo()).count();
        state.regrets.push(undone);
        state.reread();
        drop(state);
        self.tell();
    }

    /// Does it again.
    pub fn redo(&self) {
        self.arrive(true);
        let mut state = self.0.state.borrow_mut();
        let count = state.regrets.pop().unwrap_or(1);
        let done = (0..count).take_while(|_| state.session.redo()).count();
        state.gestures.push(done);
        state.reread();
        drop(state);
        self.tell();
    }

    /// Tells the listeners, then paints. What they do may lead here again; then once is enough.
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
    }
}

impl State {
    /// So many edits were made together.
    fn gestured(&mut self, edits: usize) {
        self.gestures.push(edits);
        self.regrets.clear();
    }

    /// Reads what the traces have that the stories do not.
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

    /// The run is another from those events on.
    fn reread_from(&mut self, heads: &[EventId]) {
        for (story, &head) in self.stories.iter_mut().zip(heads) {
            story.rewind(head);
        }
        for (i, (beats, &head)) in self.beats.iter_mut().zip(heads).enumerate() {
            beats.rewind(&Scene::of(&self.session, i), head);
        }
        self.read_on();
    }

    /// The run is another.
    fn reread(&mut self) {
        self.stories.clear();
        self.beats.clear();
        self.read_on();
    }
}
