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
mod seeking;
mod speed;
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
use quorumscope_core::run::{Run, Statement};
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use seeking::Way;
use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};

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
    /// Called when listeners were told and all is painted: what these do may lead anywhere.
    afterwards: RefCell<Vec<Listener>>,
    frame: RefCell<Option<AnimationFrame>>,
    timer: RefCell<Option<Timeout>>,
    slice: RefCell<Option<Timeout>>,
    telling: Cell<bool>,
    /// Whether the next way is that of a run that is opened.
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
    memory: memory::Watch,
    /// A sentence that is yet to be shown.
    problem: Option<String>,
}

enum Mode {
    Paused,
    Playing,
    Seeking(Way),
}

impl Player {
    /// A player that stands at the beginning of a run, paused.
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
            Mode::Seeking(Way { play, .. }) => play,
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

    /// Calls `f` when listeners were told and all is painted.
    pub fn listen_afterwards(&self, f: impl Fn() + 'static) {
        self.0.afterwards.borrow_mut().push(Rc::new(f));
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
            Mode::Seeking(way) => way.play = true,
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
            Mode::Seeking(way) => way.play = false,
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

    /// Puts another run in the place of this one, and goes to where it says; it can be undone.
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
        match show {
            Some(show) => self.open_at(show.at, done),
            None => {
                self.tell();
                done(Ok(()));
            }
        }
    }

    /// A sentence that is to be shown, once.
    #[must_use]
    pub fn take_problem(&self) -> Option<String> {
        self.0.state.borrow_mut().problem.take()
    }

    /// The page shows a sentence when it draws next.
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

    /// Does it again.
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
        let afterwards = self.0.afterwards.borrow().clone();
        afterwards.iter().for_each(|listener| listener());
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
