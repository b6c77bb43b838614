//! What a page holds: a run, its branches, and a playhead in the middle of it. No I/O.
//!
//! Everything that people do ends as a statement here. A statement given where nothing has been
//! seen beyond it lengthens the run; one given in the past makes a second run with the same
//! beginning, a branch, and the old one stays.

mod branch;
mod jump;
mod play;
mod tree;
mod undo;

pub use branch::Branch;
pub use play::Played;
pub use tree::{Difference, MAX_NAME_CHARS, Side};

use crate::run::{Command, MAX_STATEMENTS, Run, Show, Statement};
use crate::time::{LATEST, Time};
use crate::timeline::{Budget, MAX_STEPS, Timeline};
use crate::trace::Trace;
use crate::world::{World, hash};
use std::fmt;
use undo::{Edit, Edits};

/// The most branches of one run.
pub const MAX_BRANCHES: usize = 100;

/// A step back costs about as much as so many forward.
const BACK: u64 = 500;

/// A run that is looked at and acted upon.
#[derive(Clone, Debug)]
pub struct Session {
    branches: Vec<Branch>,
    current: usize,
    edits: Edits,
    revision: u64,
    /// How often another branch was looked at.
    visits: u64,
}

/// Why something cannot be done; nothing was changed. Displays as one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The run has as many statements as a run may have.
    TooManyStatements,
    /// The time lies beyond the latest that a run may reach.
    TooLate,
    /// There is no such message in flight.
    NoSuchMessage(crate::ids::MessageId),
    /// The run has taken as many steps as a run may take.
    TooLong,
    /// What happened in a branch was forgotten, and replaying it takes long.
    Forgotten,
    /// The run has as many branches as a run may have.
    TooManyBranches,
    /// There is nothing of that name.
    NoSuchBranch,
    /// The last branch cannot go.
    OnlyBranch,
    /// A branch cannot be called that.
    BadName,
    /// Another branch is called that.
    NameTaken,
    /// No message of that kind is delivered, forward or back from the playhead.
    NoDelivery(crate::protocol::Kind, bool),
    /// The statement does not fit the run; the sentence says why.
    Statement(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyStatements => write!(f, "a run has at most {MAX_STATEMENTS} statements"),
            Self::TooLate => write!(f, "a run lasts at most 24 hours of virtual time"),
            Self::NoSuchMessage(id) => write!(f, "there is no message {id} in flight"),
            Self::TooLong => write!(f, "a run has at most {MAX_STEPS} events"),
            Self::Forgotten => f.write_str(
                "these branches must be replayed first: go to where they part, and compare then",
            ),
            Self::TooManyBranches => write!(f, "a run has at most {MAX_BRANCHES} branches"),
            Self::NoSuchBranch => write!(f, "there is no such branch"),
            Self::OnlyBranch => write!(f, "the only branch stays: it is the run"),
            Self::BadName => {
                write!(f, "the name of a branch has 1 to {} letters", tree::MAX_NAME_CHARS)
            }
            Self::NameTaken => write!(f, "another branch is called that"),
            Self::NoDelivery(kind, true) => {
                write!(f, "no {} is delivered from here on, as far as was looked", kind.name())
            }
            Self::NoDelivery(kind, false) => {
                write!(f, "no {} was delivered before", kind.name())
            }
            Self::Statement(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Problem {}

impl Session {
    /// A run, with the playhead where it says, or at its beginning.
    #[must_use]
    pub fn new(run: Run) -> Self {
        let mut session = Self::at_start(run);
        session.go_to_show();
        session
    }

    /// A run, with the playhead at its beginning, wherever it says.
    #[must_use]
    pub fn at_start(run: Run) -> Self {
        let main = Branch::new("main".into(), run);
        let edits = Edits::default();
        Self { branches: vec![main], current: 0, edits, revision: 0, visits: 0 }
    }

    fn go_to_show(&mut self) {
        if let Some(show) = self.run().show {
            self.seek(show.at);
        }
    }

    /// Puts another run in the place of all branches. It can be undone.
    pub fn load(&mut self, run: Run) {
        self.load_at_start(run);
        self.go_to_show();
    }

    /// The same, with the playhead at its beginning, wherever it says.
    pub fn load_at_start(&mut self, run: Run) {
        let old = std::mem::replace(self, Self::at_start(run));
        self.revision = old.revision + 1;
        self.edits = old.edits;
        let branches = old.branches.iter().map(Branch::kept).collect();
        self.edits.done(Edit::Loaded { branches, current: old.current });
    }

    /// Whether the run has to be replayed to get to where the playhead stood.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.branch().stood.is_some()
    }

    /// Goes on to where the playhead stood when this run was looked at last. False when the budget
    /// ran out on the way; then another call goes on.
    pub fn return_some(&mut self, budget: &mut Budget) -> bool {
        self.branch_mut().return_some(budget)
    }

    /// How far [`Session::return_some`] has come: steps that are taken, and of how many.
    #[must_use]
    pub fn way_back(&self) -> (u64, u64) {
        self.branch().way_back()
    }

    /// From now on the playhead is to [go](Session::return_some) so many events back. False where
    /// several clusters stand side by side: there only one step after the other leads back.
    pub fn aim_back(&mut self, events: u64) -> bool {
        self.branch_mut().aim_back(events)
    }

    /// Forgets some of what replaying brings back: of other branches first, of that first which was
    /// not looked at for the longest time. False when only the least is left.
    pub fn make_room(&mut self) -> bool {
        let current = self.current;
        let others = self.branches.iter_mut().enumerate().filter(|(place, _)| *place != current);
        let simulated = others.map(|(_, branch)| branch).filter(|branch| branch.is_simulated());
        if let Some(oldest) = simulated.min_by_key(|branch| branch.visited) {
            oldest.park();
            return true;
        }
        let mut any = false;
        for timeline in &mut self.branch_mut().timelines {
            any |= timeline.make_room();
        }
        any
    }

    /// The run that is looked at.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.branch().run
    }

    /// The run as it would be shared: it opens where the playhead stands, on this state.
    #[must_use]
    pub fn shared_run(&self) -> Run {
        let show = Show { at: self.now(), state: Some(self.hash()) };
        Run { show: Some(show), ..self.run().clone() }
    }

    /// The branch that is looked at.
    #[must_use]
    pub fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    fn branch_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.current]
    }

    /// All branches, oldest first.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The place of the branch that is looked at.
    #[must_use]
    pub fn current(&self) -> usize {
        self.current
    }

    /// Counts up whenever run or branch change.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The time at the playhead.
    #[must_use]
    pub fn now(&self) -> Time {
        self.branch().now()
    }

    /// When something happens next beyond the playhead, in whichever cluster; None when nothing ever
    /// will by itself.
    pub fn next_at(&mut self) -> Option<Time> {
        self.branch_mut().next().map(|(at, _)| at)
    }

    /// The latest time that anybody has looked at.
    #[must_use]
    pub fn frontier(&self) -> Time {
        self.branch().frontier()
    }

    /// One cluster's timeline; clusters count from 0.
    #[must_use]
    pub fn timeline(&self, cluster: usize) -> &Timeline {
        &self.branch().timelines[cluster]
    }

    /// One cluster at the playhead.
    #[must_use]
    pub fn world(&self, cluster: usize) -> &World {
        self.timeline(cluster).world()
    }

    /// All clusters at the playhead.
    pub fn worlds(&self) -> impl Iterator<Item = &World> {
        self.branch().timelines.iter().map(Timeline::world)
    }

    /// All that has happened in one cluster as far as anybody has looked.
    #[must_use]
    pub fn trace(&self, cluster: usize) -> &Trace {
        self.timeline(cluster).trace()
    }

    /// The state hash at the playhead, over all clusters.
    #[must_use]
    pub fn hash(&self) -> u64 {
        match &self.branch().timelines[..] {
            [only] => only.world().hash(),
            several => hash::combined(several.iter().map(|t| t.world().hash())),
        }
    }

    /// Goes to a time, however long that takes.
    pub fn seek(&mut self, to: Time) {
        self.seek_some(to, &mut Budget::UNLIMITED.clone());
    }

    /// Goes to a time. False when the budget ran out on the way; then another call goes on.
    pub fn seek_some(&mut self, to: Time, budget: &mut Budget) -> bool {
        let to = to.min(LATEST);
        self.branch_mut().seek(to, budget)
    }

    /// Goes on to where each cluster has taken so many steps, and stands there at a time before the
    /// next. False when the budget ran out on the way; then another call goes on. So a session comes
    /// to stand like another one, also in the middle of what happens at one moment.
    pub fn go_on(&mut self, steps: &[u64], now: Time, budget: &mut Budget) -> bool {
        self.branch_mut().go_on(steps, now, budget)
    }

    /// Goes that many events forward, or back when negative. Returns how many it went.
    pub fn step(&mut self, by: i64) -> i64 {
        let branch = self.branch_mut();
        let forward = by >= 0;
        let mut gone = 0;
        while gone < by.unsigned_abs() as i64 {
            let moved = if forward { branch.step_forward() } else { branch.step_back() };
            if !moved {
                break;
            }
            gone += 1;
        }
        if forward { gone } else { -gone }
    }

    /// The same until the budget runs out. Returns how many are left to go; none where nothing more
    /// happens.
    pub fn step_some(&mut self, by: i64, budget: &mut Budget) -> i64 {
        let mut left = by;
        while left != 0 && budget.spend() {
            let branch = self.branch_mut();
            let moved = if by > 0 {
                branch.step_forward()
            } else {
                // It is replayed from the checkpoint before.
                budget.spend_some(BACK);
                branch.step_back()
            };
            if !moved {
                return 0;
            }
            left -= by.signum();
        }
        left
    }

    /// Carries out a statement at the playhead.
    ///
    /// # Errors
    /// When the statement does not fit the run or what is there at the playhead; nothing changes.
    pub fn append(&mut self, statement: Statement) -> Result<(), Problem> {
        self.check(&statement)?;
        let at = self.now();
        // What else is due at this very moment happens first, as it will in every replay.
        self.seek(at);
        let command = Command { at, statement };
        let fork = self.branch().has_future().then(|| self.fork(&command.statement));
        let branch = self.current;
        let place = self.branch_mut().append(command);
        self.edits.done(fork.unwrap_or(Edit::Appended { branch, place }));
        self.revision += 1;
        Ok(())
    }

    fn check(&self, statement: &Statement) -> Result<(), Problem> {
        if self.run().commands.len() >= MAX_STATEMENTS {
            return Err(Problem::TooManyStatements);
        }
        if self.now() > LATEST {
            return Err(Problem::TooLate);
        }
        if self.branch().timelines.iter().any(|t| t.frontier().steps >= MAX_STEPS) {
            return Err(Problem::TooLong);
        }
        if self.branches.len() >= MAX_BRANCHES && self.branch().has_future() {
            return Err(Problem::TooManyBranches);
        }
        match statement {
            Statement::Message(id, _) if self.worlds().all(|w| w.flight(*id).is_none()) => {
                Err(Problem::NoSuchMessage(*id))
            }
            _ => Ok(()),
        }
    }

    /// Looks at another branch.
    fn leave_for(&mut self, branch: usize) {
        self.visits += 1;
        self.branch_mut().visited = self.visits;
        self.current = branch;
    }

    /// Makes a branch that ends at the playhead, and goes there.
    fn fork(&mut self, statement: &Statement) -> Edit {
        let name = self.name_after(statement);
        let from = self.current;
        let branch = self.branch().fork(name, from);
        self.branches.push(branch);
        self.leave_for(self.branches.len() - 1);
        Edit::Forked { from }
    }

    /// Looks at another branch, at the same time if it goes so far.
    ///
    /// # Errors
    /// When there is no such branch.
    pub fn switch(&mut self, branch: usize) -> Result<(), Problem> {
        let to = self.switch_soon(branch)?;
        self.seek(to);
        Ok(())
    }

    /// The same, but the playhead is yet to go to the time that is returned.
    ///
    /// # Errors
    /// When there is no such branch.
    pub fn switch_soon(&mut self, branch: usize) -> Result<Time, Problem> {
        if branch >= self.branches.len() {
            return Err(Problem::NoSuchBranch);
        }
        let now = self.now();
        self.leave_for(branch);
        self.revision += 1;
        Ok(now.min(self.frontier()))
    }

    /// Whether there is anything to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.edits.can_undo()
    }

    /// Whether there is anything to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.edits.can_redo()
    }
}

#[cfg(test)]
mod tests;
