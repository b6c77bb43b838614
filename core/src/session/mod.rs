//! The state of a page: a run, its branches, and a playhead in it. No I/O.
//!
//! Every action of people becomes a statement here. A statement at the frontier extends the run;
//! one in the past makes a branch, a second run with the same beginning, and the old run stays.

mod beside;
mod branch;
mod jump;
mod play;
mod tree;
mod undo;

pub use beside::Beside;
pub use branch::Branch;
pub use play::Played;
pub use tree::{Difference, MAX_NAME_CHARS, Side};

use crate::run::{Command, Cue, CueKind, MAX_STATEMENTS, Run, Show, Statement};
use crate::script::Entry;
use crate::time::{LATEST, Time};
use crate::timeline::{Budget, MAX_STEPS, Timeline};
use crate::trace::Trace;
use crate::world::{World, hash};
use std::fmt;
use undo::{Edit, Edits};

/// The most branches of one run.
pub const MAX_BRANCHES: usize = 100;

/// Why `show` is no line of the console.
const SHOW_IN_CONSOLE: &str = "show belongs into a script: a link shows where the playhead stands";

/// A step back costs about as much as this many steps forward.
const BACK: u64 = 500;

/// A run with its branches, open for viewing and for statements.
#[derive(Clone, Debug)]
pub struct Session {
    branches: Vec<Branch>,
    current: usize,
    edits: Edits,
    revision: u64,
    /// Number of switches between branches.
    visits: u64,
}

/// The reason why an action is impossible; nothing was changed. Displays as one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The run has the largest number of statements.
    TooManyStatements,
    /// The time lies beyond the latest of a run.
    TooLate,
    /// There is no such message in flight.
    NoSuchMessage(crate::ids::MessageId),
    /// The run has the largest number of steps.
    TooLong,
    /// The events of a branch were forgotten, and replaying takes long.
    Forgotten,
    /// The run has the largest number of branches.
    TooManyBranches,
    /// No branch has that name.
    NoSuchBranch,
    /// The last branch cannot be deleted.
    OnlyBranch,
    /// A branch cannot have that name.
    BadName,
    /// Another branch has that name.
    NameTaken,
    /// No message of that kind is delivered, forward or back from the playhead.
    NoDelivery(crate::protocol::Kind, bool),
    /// The statement does not fit the run; the sentence has the reason.
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
                let most = tree::MAX_NAME_CHARS;
                write!(f, "the name of a branch has 1 to {most} letters, and no control characters")
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
    /// A session with the playhead where the run says, or at the beginning.
    #[must_use]
    pub fn new(run: Run) -> Self {
        let mut session = Self::at_start(run);
        session.go_to_show();
        session
    }

    /// A session with the playhead at the beginning, whatever the run says.
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

    /// Replaces all branches by another run. It can be undone.
    pub fn load(&mut self, run: Run) {
        self.load_at_start(run);
        self.go_to_show();
    }

    /// Like [`Session::load`], with the playhead at the beginning, whatever the run says.
    pub fn load_at_start(&mut self, run: Run) {
        let old = std::mem::replace(self, Self::at_start(run));
        self.revision = old.revision + 1;
        self.edits = old.edits;
        let branches = old.branches.iter().map(Branch::kept).collect();
        self.edits.done(Edit::Loaded { branches, current: old.current });
    }

    /// Whether the run must be replayed to the playhead's former position.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.branch().stood.is_some()
    }

    /// Replays towards the playhead's former position. False when the budget ran out on the way;
    /// another call continues.
    pub fn return_some(&mut self, budget: &mut Budget) -> bool {
        self.branch_mut().return_some(budget)
    }

    /// Progress of [`Session::return_some`]: steps already replayed, and steps in total.
    #[must_use]
    pub fn way_back(&self) -> (u64, u64) {
        self.branch().way_back()
    }

    /// Sets a target that many events back, to which [`Session::return_some`] goes. False where
    /// several clusters stand side by side: there only single steps lead back.
    pub fn aim_back(&mut self, events: u64) -> bool {
        self.branch_mut().aim_back(events)
    }

    /// Forgets a part of the data that replaying brings back: of other branches first, beginning
    /// with the one visited the longest time ago. False when only the minimum is left.
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

    /// The run of the selected branch.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.branch().run
    }

    /// The run to be shared: it opens at the present playhead, with this state.
    #[must_use]
    pub fn shared_run(&self) -> Run {
        let show = Show { at: self.now(), state: Some(self.hash()) };
        Run { show: Some(show), ..self.run().clone() }
    }

    /// The selected branch.
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

    /// The place of the selected branch.
    #[must_use]
    pub fn current(&self) -> usize {
        self.current
    }

    /// A number that grows whenever run or branch change.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The time at the playhead.
    #[must_use]
    pub fn now(&self) -> Time {
        self.branch().now()
    }

    /// The time of the next step beyond the playhead, in any cluster; None when none is left.
    pub fn next_at(&mut self) -> Option<Time> {
        self.branch_mut().next().map(|(at, _)| at)
    }

    /// The latest time simulated so far.
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

    /// All events of one cluster simulated so far.
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

    /// Seeks to a time, without a limit of steps.
    pub fn seek(&mut self, to: Time) {
        self.seek_some(to, &mut Budget::UNLIMITED.clone());
    }

    /// Seeks to a time. False when the budget ran out on the way; another call continues.
    pub fn seek_some(&mut self, to: Time, budget: &mut Budget) -> bool {
        let to = to.min(LATEST);
        self.branch_mut().seek(to, budget)
    }

    /// Plays on until each cluster has taken that many steps, and stands at a time before the next.
    /// False when the budget ran out on the way; another call continues. So a session reaches the
    /// same position as another one, also between steps of one moment.
    pub fn go_on(&mut self, steps: &[u64], now: Time, budget: &mut Budget) -> bool {
        self.branch_mut().go_on(steps, now, budget)
    }

    /// Steps that many events forward, or back when negative. Returns the number of steps taken.
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

    /// Steps like [`Session::step`] until the budget runs out. Returns the number of steps left;
    /// none where no further event follows.
    pub fn step_some(&mut self, by: i64, budget: &mut Budget) -> i64 {
        let mut left = by;
        while left != 0 && budget.spend() {
            let branch = self.branch_mut();
            let moved = if by > 0 {
                branch.step_forward()
            } else {
                // A step back is replayed from the checkpoint before.
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

    /// Executes a statement at the playhead.
    ///
    /// # Errors
    /// When the statement does not fit the run or the state at the playhead; nothing changes.
    pub fn append(&mut self, statement: Statement) -> Result<(), Problem> {
        self.check(&statement)?;
        let at = self.now();
        // Entries due at this very moment come first, as in every replay.
        self.seek(at);
        let command = Command { at, statement };
        let fork = self.branch().has_future().then(|| self.fork(&command.statement));
        let branch = self.current;
        let place = self.branch_mut().append(command);
        self.edits.done(fork.unwrap_or(Edit::Appended { branch, place }));
        self.revision += 1;
        Ok(())
    }

    /// Executes a line of the console at the playhead.
    ///
    /// # Errors
    /// As [`Session::append`] and [`Session::tell`]; and for `show`, which only a script can have.
    pub fn enter(&mut self, entry: Entry) -> Result<(), Problem> {
        match entry {
            Entry::Do(statement) => self.append(statement),
            Entry::Tell(kind) => self.tell(kind),
            Entry::Show(_) => Err(Problem::Statement(SHOW_IN_CONSOLE.into())),
        }
    }

    /// Adds a caption, a chapter or a speed at the playhead. The World and the events simulated
    /// beyond it stay.
    ///
    /// # Errors
    /// When the run has the largest number of statements; nothing changes.
    pub fn tell(&mut self, kind: CueKind) -> Result<(), Problem> {
        self.check_room()?;
        let (at, branch) = (self.now(), self.current);
        let place = self.branch_mut().run.story.insert(Cue { at, kind });
        self.edits.done(Edit::Told { branch, place });
        self.revision += 1;
        Ok(())
    }

    /// Checks that the run can have one more statement at the playhead.
    fn check_room(&self) -> Result<(), Problem> {
        if self.run().statements() >= MAX_STATEMENTS {
            return Err(Problem::TooManyStatements);
        }
        if self.now() > LATEST {
            return Err(Problem::TooLate);
        }
        Ok(())
    }

    fn check(&self, statement: &Statement) -> Result<(), Problem> {
        self.check_room()?;
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

    /// Selects another branch.
    fn leave_for(&mut self, branch: usize) {
        self.visits += 1;
        self.branch_mut().visited = self.visits;
        self.current = branch;
    }

    /// Makes a branch that ends at the playhead, and selects it.
    fn fork(&mut self, statement: &Statement) -> Edit {
        let name = self.name_after(statement);
        let from = self.current;
        let branch = self.branch().fork(name, from);
        self.branches.push(branch);
        self.leave_for(self.branches.len() - 1);
        Edit::Forked { from }
    }

    /// Selects another branch, at the same time if it reaches so far.
    ///
    /// # Errors
    /// When there is no such branch.
    pub fn switch(&mut self, branch: usize) -> Result<(), Problem> {
        let to = self.switch_soon(branch)?;
        self.seek(to);
        Ok(())
    }

    /// Selects another branch, like [`Session::switch`], but does not seek: returns the time to
    /// seek to.
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

    /// Whether an edit can be undone.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.edits.can_undo()
    }

    /// Whether an edit can be redone.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.edits.can_redo()
    }
}

#[cfg(test)]
mod tests;
