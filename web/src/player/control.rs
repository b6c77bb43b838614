//! Steering beside play and seek: breakpoints, jumps to the next event of interest, steps to the
//! next message of a kind, and the tree of branches.

use super::{Mode, Player, State};
use crate::story::Interest;
use quorumscope_core::condition::{self, Breakpoint, Breakpoints, Names, Stop};
use quorumscope_core::ids::MessageId;
use quorumscope_core::protocol::Kind;
use quorumscope_core::run::Run;
use quorumscope_core::session::{Beside, Played, Problem, Session};
use quorumscope_core::time::Time;
use quorumscope_core::timeline::Budget;

/// The number of steps that other branches may take at once when saved branches are restored.
const STEPS_AMONG: u64 = 200_000;

/// The settings of the buttons, and the breakpoint that stopped playing.
#[derive(Clone, Debug, Default)]
pub struct Steering {
    /// The target of the jump buttons.
    pub interest: Interest,
    /// The message kind of the step buttons. None for any event.
    pub kind: Option<Kind>,
    /// The breakpoint that stopped playing, and the place of the playhead since then.
    stop: Option<(Stop, Place)>,
    /// The selected message, and its cluster.
    selected: Option<(usize, MessageId)>,
}

type Play = fn(&mut Session, Time, &mut Budget, &mut Breakpoints) -> Played;

/// Playing until a breakpoint, which needs judges.
pub mod stops {
    use super::{Play, Session};

    crate::later::late!(Play = Session::play as Play);
}

/// The revision of the session, and the number of steps that its clusters have taken.
type Place = (u64, u64);

impl Steering {
    /// The selected message, and its cluster.
    pub const fn selected(&self) -> Option<(usize, MessageId)> {
        self.selected
    }
}

impl State {
    /// Plays to a time, and pauses if a breakpoint stops it.
    pub(super) fn play_to(&mut self, to: Time, budget: &mut Budget) -> Played {
        let Some(play) = stops::get().filter(|_| self.breakpoints.any_on()) else {
            let arrived = self.session.seek_some(to, budget);
            return if arrived { Played::Arrived } else { Played::Unfinished };
        };
        let played = play(&mut self.session, to, budget, &mut self.breakpoints);
        if let Played::Stopped(stop) = played {
            self.mode = Mode::Paused;
            self.steering.stop = Some((stop, self.place()));
        }
        played
    }

    pub(super) fn place(&self) -> Place {
        (self.session.revision(), self.session.worlds().map(|w| w.steps()).sum())
    }
}

impl Player {
    /// The target of the jump buttons.
    #[must_use]
    pub fn interest(&self) -> Interest {
        self.0.state.borrow().steering.interest
    }

    /// Sets the target of the jump buttons.
    pub fn set_interest(&self, interest: Interest) {
        self.0.state.borrow_mut().steering.interest = interest;
        self.tell();
    }

    /// Seeks to the next known event of interest, or to the last one before the playhead. False if
    /// there is none.
    pub fn jump(&self, interest: Interest, forward: bool) -> bool {
        let to = self.moment(interest, forward);
        if let Some(to) = to {
            self.seek(to);
        }
        to.is_some()
    }

    fn moment(&self, interest: Interest, forward: bool) -> Option<Time> {
        let now = self.session().now();
        let known = self.judging().violations(self.session().run());
        let violations = known.iter().map(|(.., at)| *at);
        let violations = violations
            .filter(|_| matches!(interest, Interest::Any | Interest::Violation))
            .filter(|at| if forward { *at > now } else { *at < now });
        let state = self.0.state.borrow();
        let stops = state.stories.iter().filter_map(|story| match forward {
            true => story.stop_after(now, interest),
            false => story.stop_before(now, interest),
        });
        let all = violations.chain(stops);
        if forward { all.min() } else { all.max() }
    }

    /// The message kind of the step buttons.
    #[must_use]
    pub fn step_kind(&self) -> Option<Kind> {
        self.0.state.borrow().steering.kind
    }

    /// Sets the message kind of the step buttons.
    pub fn set_step_kind(&self, kind: Option<Kind>) {
        self.0.state.borrow_mut().steering.kind = kind;
        self.tell();
    }

    /// Steps a number of deliveries of a kind forward, or back if negative, and pauses.
    ///
    /// # Errors
    /// If there are not as many. The playhead stays.
    pub fn step_to(&self, kind: Kind, by: i64) -> Result<(), String> {
        self.arrive(false);
        let mut state = self.0.state.borrow_mut();
        state.mode = Mode::Paused;
        let stepped = state.session.step_to(kind, by).map_err(|e| e.to_string());
        drop(state);
        self.tell();
        stepped
    }

    /// Steps as the step buttons are set.
    ///
    /// # Errors
    /// The sentence that says why there is no such step.
    pub fn step_as_chosen(&self, by: i64) -> Result<(), String> {
        match self.step_kind() {
            Some(kind) => self.step_to(kind, by),
            None => {
                self.step(by);
                Ok(())
            }
        }
    }

    /// The message kinds that have been delivered in any cluster, as far as is known.
    #[must_use]
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds = self.0.state.borrow().stories.iter().fold(
            std::collections::BTreeSet::new(),
            |mut all, story| {
                all.extend(story.kinds());
                all
            },
        );
        kinds.extend(self.step_kind());
        kinds.into_iter().collect()
    }

    /// All breakpoints, oldest first.
    #[must_use]
    pub fn breakpoints(&self) -> Vec<Breakpoint> {
        self.0.state.borrow().breakpoints.list().to_vec()
    }

    /// Adds a breakpoint and returns its number.
    ///
    /// # Errors
    /// The sentence that says what is wrong with the condition, and where, or that there are too
    /// many.
    pub fn add_breakpoint(&self, text: &str) -> Result<u32, String> {
        let names = Names::of(self.session().run());
        let condition = condition::parse(text, names).map_err(|e| e.to_string())?;
        let added = self.0.state.borrow_mut().breakpoints.add(condition);
        self.tell();
        added.ok_or_else(|| format!("there are {} breakpoints already", condition::MAX_BREAKPOINTS))
    }

    /// Switches a breakpoint on or off.
    ///
    /// # Errors
    /// If no breakpoint has this number.
    pub fn switch_breakpoint(&self, id: u32, on: bool) -> Result<(), String> {
        let found = self.0.state.borrow_mut().breakpoints.switch(id, on);
        self.tell();
        found.then_some(()).ok_or_else(|| no_breakpoint(id))
    }

    /// Removes a breakpoint.
    ///
    /// # Errors
    /// If no breakpoint has this number.
    pub fn remove_breakpoint(&self, id: u32) -> Result<(), String> {
        let found = self.0.state.borrow_mut().breakpoints.remove(id);
        self.tell();
        found.then_some(()).ok_or_else(|| no_breakpoint(id))
    }

    /// The breakpoint that stopped playing and its condition, while the playhead stands there.
    #[must_use]
    pub fn stop(&self) -> Option<(Stop, String)> {
        let state = self.0.state.borrow();
        let (stop, place) = state.steering.stop?;
        let stands = place == state.place() && matches!(state.mode, Mode::Paused);
        let breakpoint = state.breakpoints.named(stop.breakpoint).filter(|_| stands)?;
        Some((stop, breakpoint.condition.to_string()))
    }

    /// The selected message, and its cluster.
    #[must_use]
    pub fn selected_message(&self) -> Option<(usize, MessageId)> {
        self.0.state.borrow().steering.selected()
    }

    /// Selects a message, or none.
    pub fn select_message(&self, message: Option<(usize, MessageId)>) {
        self.0.state.borrow_mut().steering.selected = message;
        self.tell();
    }

    /// Switches to another branch.
    ///
    /// # Errors
    /// If there is no such branch.
    pub fn switch(&self, branch: usize) -> Result<(), String> {
        let mut to = None;
        self.change_branches(true, |state| {
            to = Some(state.session.switch_soon(branch)?);
            Ok(())
        })?;
        to.into_iter().for_each(|to| self.seek(to));
        Ok(())
    }

    /// Adds a branch with a run that was found elsewhere, and seeks to where it diverges. Returns that
    /// time.
    ///
    /// # Errors
    /// If its clusters simulate other systems, or there are too many branches.
    pub fn branch_off(&self, name: &str, run: Run) -> Result<Time, String> {
        let mut to = Time::ZERO;
        self.change_branches(true, |state| {
            to = state.session.branch_off(name, run)?;
            state.gestured(1);
            Ok(())
        })?;
        self.seek(to);
        Ok(to)
    }

    /// Restores saved branches around the loaded run, which is the branch with index `current`.
    ///
    /// # Errors
    /// If they cannot be the branches of one run.
    pub fn put_among(&self, all: Vec<Beside>, current: usize) -> Result<(), String> {
        let mut state = self.0.state.borrow_mut();
        let put = state.session.put_among(all, current, &mut Budget::steps(STEPS_AMONG));
        drop(state);
        self.tell();
        put.map_err(|e| e.to_string())
    }

    /// Renames a branch.
    ///
    /// # Errors
    /// If the name is not possible.
    pub fn rename_branch(&self, branch: usize, name: &str) -> Result<(), String> {
        self.change_branches(false, |state| {
            state.session.rename(branch, name)?;
            state.gestured(1);
            Ok(())
        })
    }

    /// Deletes a branch.
    ///
    /// # Errors
    /// If it is the only one, or does not exist.
    pub fn delete_branch(&self, branch: usize) -> Result<(), String> {
        self.change_branches(true, |state| {
            state.session.delete(branch)?;
            state.gestured(1);
            Ok(())
        })
    }

    fn change_branches(
        &self,
        reread: bool,
        change: impl FnOnce(&mut State) -> Result<(), Problem>,
    ) -> Result<(), String> {
        self.arrive(true);
        let mut state = self.0.state.borrow_mut();
        let changed = change(&mut state).map_err(|e| e.to_string());
        if reread {
            state.reread();
        }
        drop(state);
        self.tell();
        changed
    }
}

fn no_breakpoint(id: u32) -> String {
    format!("there is no breakpoint {id}")
}
