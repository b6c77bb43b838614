//! The hunt for failures on the page: its options, its progress, and the branches that it opens.
//!
//! The hunt has a worker of its own and is asked for a tenth of a second at a time, so that it can
//! be given up between two portions. The page has one hunt; the panel and `window.quorumscope`
//! share it.

mod finder;
mod rules;
mod script;

pub use finder::Finder;
pub use rules::Rules;

use crate::clerk::{Answer, Clerk, Found, Hunted, Portion, Request};
use crate::dom;
use crate::language;
use crate::player::Player;
use quorumscope_core::hunt::{Options, Progress};
use quorumscope_core::run::Run;
use quorumscope_core::time::Time;
use std::cell::RefCell;
use std::rc::Rc;

/// The length of a portion, in milliseconds.
const PORTION_MS: u32 = 100;
/// The longest time of shrinking beyond the budget, in milliseconds.
const MORE_FOR_SHRINKING_MS: f64 = 10_000.0;
/// The usual budget, in milliseconds.
pub const USUAL_MS: f64 = 30_000.0;

thread_local! {
    static HUNTING: Hunting = Hunting::default();
}

/// The phase of a hunt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// No hunt has begun.
    #[default]
    Idle,
    /// Runs are played.
    Searching,
    /// A run that fails is made small.
    Shrinking,
    /// A failure was found.
    Found,
    /// The budget is spent, or the hunt was given up.
    Ended,
}

impl Phase {
    /// Whether the hunt goes on.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Searching | Self::Shrinking)
    }

    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Searching => "searching",
            Self::Shrinking => "shrinking",
            Self::Found => "found",
            Self::Ended => "ended",
        }
    }
}

/// The state of the page's hunt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The phase.
    pub phase: Phase,
    /// The progress.
    pub progress: Progress,
    /// Real time since the hunt began or went on, in milliseconds.
    pub took_ms: f64,
    /// Runs played in that time.
    pub runs: u64,
    /// The sentence about the end of the hunt, or about a wrong option.
    pub sentence: Option<String>,
    /// Whether the hunt did not begin, because an option is wrong.
    pub was_refused: bool,
    /// The last failure.
    pub found: Option<Found>,
}

/// How a failure is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Not at all.
    Nothing,
    /// As a branch, at its beginning.
    Branch,
    /// As a branch that plays to the violation.
    Play,
}

type Listener = Rc<dyn Fn(&Report)>;

/// The page's hunt. Clones share one state.
#[derive(Clone, Default)]
pub struct Hunting(Rc<RefCell<State>>);

struct State {
    clerk: Clerk,
    report: Report,
    /// The number of the hunt: answers to an earlier one are dropped.
    number: u32,
    budget_ms: f64,
    began_ms: f64,
    /// Runs that were played before this part of the hunt.
    before: u64,
    cluster: usize,
    opening: Opening,
    stops: bool,
    player: Option<Player>,
    listeners: Vec<(u32, Listener)>,
    /// The revision and the time at which playing stops.
    until: Option<(u64, Time)>,
    /// The place of the last failure in its branch: where it diverges, and its end.
    place: Option<(Time, Time)>,
    watches: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            clerk: Clerk::default(),
            report: Report::default(),
            number: 0,
            budget_ms: USUAL_MS,
            began_ms: 0.0,
            before: 0,
            cluster: 0,
            opening: Opening::Nothing,
            stops: false,
            player: None,
            listeners: Vec::new(),
            until: None,
            place: None,
            watches: false,
        }
    }
}

impl Hunting {
    /// The page's hunt.
    #[must_use]
    pub fn here() -> Self {
        HUNTING.with(Self::clone)
    }

    /// The state.
    #[must_use]
    pub fn report(&self) -> Report {
        self.0.borrow().report.clone()
    }

    /// Calls `f` after every portion. Returns the number to stop that.
    pub fn listen(&self, f: impl Fn(&Report) + 'static) -> u32 {
        let mut state = self.0.borrow_mut();
        let id = state.listeners.last().map_or(0, |(id, _)| id + 1);
        state.listeners.push((id, Rc::new(f)));
        id
    }

    /// Stops calling a listener.
    pub fn forget(&self, id: u32) {
        self.0.borrow_mut().listeners.retain(|(i, _)| *i != id);
    }

    /// Begins a hunt. A failure becomes a branch of the player's run as `opening` says.
    ///
    /// # Errors
    /// If a hunt is running.
    pub fn start(
        &self,
        player: &Player,
        options: Options,
        budget_ms: f64,
        opening: Opening,
    ) -> Result<(), String> {
        if self.report().phase.is_running() {
            return Err("a hunt is running already: give it up first".to_owned());
        }
        self.0.borrow().clerk.dismiss();
        let mut state = self.0.borrow_mut();
        (state.cluster, state.opening, state.before) = (options.cluster, opening, 0);
        (state.player, state.budget_ms) = (Some(player.clone()), budget_ms);
        drop(state);
        self.set_out(Some(options));
        Ok(())
    }

    /// Goes on with the hunt, for a failure that differs from those found.
    ///
    /// # Errors
    /// If there is no hunt to go on with, or it is running.
    pub fn find_another(&self) -> Result<(), String> {
        let mut state = self.0.borrow_mut();
        match state.report.phase {
            Phase::Searching | Phase::Shrinking => {
                return Err("a hunt is running already".to_owned());
            }
            Phase::Idle => return Err("there is no hunt to go on with".to_owned()),
            Phase::Found | Phase::Ended => {}
        }
        state.before = state.report.progress.runs;
        drop(state);
        self.set_out(None);
        Ok(())
    }

    fn set_out(&self, options: Option<Options>) {
        let mut state = self.0.borrow_mut();
        state.number += 1;
        state.began_ms = dom::now_ms();
        state.stops = false;
        let progress =
            if options.is_some() { Progress::default() } else { state.report.progress.clone() };
        state.report = Report { phase: Phase::Searching, progress, ..Report::default() };
        drop(state);
        self.tell();
        self.ask(options, false);
    }

    /// Gives the hunt up. A failure that is being shrunk is reported as it is.
    pub fn give_up(&self) {
        self.0.borrow_mut().stops = true;
    }

    fn ask(&self, begin: Option<Options>, stop_shrinking: bool) {
        let (clerk, number) = {
            let state = self.0.borrow();
            (state.clerk.clone(), state.number)
        };
        let portion = Portion { begin, ms: PORTION_MS, stop_shrinking };
        let hunting = self.clone();
        clerk.ask(Request::Hunt(Box::new(portion)), None, move |answer| {
            if let Answer::Hunted(hunted) = answer
                && hunting.0.borrow().number == number
            {
                hunting.take(hunted);
            }
        });
    }

    fn take(&self, hunted: Result<Box<Hunted>, String>) {
        let mut state = self.0.borrow_mut();
        let took_ms = dom::now_ms() - state.began_ms;
        let hunted = match hunted {
            Ok(hunted) => *hunted,
            Err(why) => {
                state.report = Report {
                    phase: Phase::Ended,
                    sentence: Some(why),
                    was_refused: true,
                    ..Report::default()
                };
                drop(state);
                return self.tell();
            }
        };
        let (over, stops) = (took_ms - state.budget_ms, state.stops);
        let before = state.before;
        let report = &mut state.report;
        (report.took_ms, report.runs) = (took_ms, hunted.progress.runs.saturating_sub(before));
        let shrinks = hunted.progress.best.is_some();
        report.progress = hunted.progress;
        let mut goes_on = None;
        if let Some(found) = hunted.found {
            report.phase = Phase::Found;
            report.sentence = Some(found.sentence.clone());
            report.found = Some(found);
        } else if hunted.is_over || (!shrinks && (stops || over >= 0.0)) {
            report.phase = Phase::Ended;
            report.sentence = Some(report.progress.sentence(Some((took_ms / 1_000.0) as u64)));
        } else {
            report.phase = if shrinks { Phase::Shrinking } else { Phase::Searching };
            goes_on = Some(shrinks && (stops || over >= MORE_FOR_SHRINKING_MS));
        }
        drop(state);
        if self.report().phase == Phase::Found {
            self.open();
        }
        self.tell();
        if let Some(stop_shrinking) = goes_on {
            self.ask(None, stop_shrinking);
        }
    }

    /// Opens the failure as a branch.
    fn open(&self) {
        let state = self.0.borrow();
        let (Some(player), Some(found)) = (state.player.clone(), state.report.found.clone()) else {
            return;
        };
        let (cluster, opening) = (state.cluster, state.opening);
        drop(state);
        self.0.borrow_mut().place = None;
        if opening == Opening::Nothing {
            return;
        }
        let at = Time::from_us(found.at_us);
        match branch(&player, cluster, &found) {
            Ok(from) => {
                self.0.borrow_mut().place = Some((from, at));
                if opening == Opening::Play {
                    self.play();
                }
            }
            Err(why) => player.complain(why),
        }
    }

    /// Plays the last failure from where its branch diverges to the violation.
    pub fn play(&self) {
        let state = self.0.borrow();
        let (Some(player), Some((from, at))) = (state.player.clone(), state.place) else { return };
        drop(state);
        self.watch(&player);
        player.seek(from);
        let revision = player.session().revision();
        self.0.borrow_mut().until = Some((revision, at));
        player.play();
    }

    /// Seeks to the violation of the last failure.
    pub fn go_there(&self) {
        let state = self.0.borrow();
        let (Some(player), Some((_, at))) = (state.player.clone(), state.place) else { return };
        drop(state);
        player.pause();
        player.seek(at);
    }

    /// Whether the last failure was opened as a branch.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.borrow().place.is_some()
    }

    /// Stops at the violation when time gets there.
    fn watch(&self, player: &Player) {
        if std::mem::replace(&mut self.0.borrow_mut().watches, true) {
            return;
        }
        let (hunting, p) = (self.clone(), player.clone());
        player.listen_afterwards(move || {
            let until = hunting.0.borrow().until;
            let Some((revision, at)) = until else { return };
            let (now, known) = (p.session().now(), p.session().revision());
            if revision != known {
                hunting.0.borrow_mut().until = None;
            } else if now >= at && p.is_playing() {
                hunting.0.borrow_mut().until = None;
                p.pause();
                p.seek(at);
            }
        });
    }

    fn tell(&self) {
        let (report, listeners) = {
            let state = self.0.borrow();
            (state.report.clone(), state.listeners.clone())
        };
        listeners.iter().for_each(|(_, f)| f(&report));
    }
}

/// Adds the branch of a failure, and returns the time at which it diverges.
fn branch(player: &Player, cluster: usize, found: &Found) -> Result<Time, String> {
    let run = language::run(&found.script)?;
    let mut clusters = player.session().run().clusters.clone();
    if let (Some(place), Some(own)) = (clusters.get_mut(cluster), run.clusters.first()) {
        *place = own.clone();
    }
    // A statement about a node or a client that another cluster lacks is refused here.
    let run = language::run(&language::print(&Run { clusters, show: None, ..run }))?;
    player.branch_off(&found.kind, run)
}
