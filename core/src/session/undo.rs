//! Undo and redo of what people did to a session.

use super::branch::Kept;
use super::{Branch, Session};
use crate::run::Command;
use crate::timeline::Budget;

/// The most edits that can be undone.
const MAX_EDITS: usize = 1_000;
/// The most statements of runs that are kept for undoing.
const MAX_KEPT_STATEMENTS: usize = 200_000;

/// Something that was done, with what it takes to undo it. What is kept are runs, never Worlds: a
/// run is replayed when it is looked at again.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A command was added at the end of a branch, at that place.
    Appended { branch: usize, place: usize },
    /// A branch was made behind all others, with one command, and is looked at.
    Forked { from: usize },
    /// Other branches were put in the place of these.
    Loaded { branches: Vec<Kept>, current: usize },
}

/// Something that was undone, with what it takes to do it again.
#[derive(Clone, Debug)]
enum Undone {
    Appended { branch: usize, command: Command },
    Forked { from: usize, branch: Box<Kept> },
    Loaded { branches: Vec<Kept>, current: usize },
}

/// What was done and undone, last at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    done: Vec<Edit>,
    undone: Vec<Undone>,
}

impl Edit {
    fn statements(&self) -> usize {
        match self {
            Self::Loaded { branches, .. } => branches.iter().map(Kept::statements).sum(),
            Self::Appended { .. } | Self::Forked { .. } => 0,
        }
    }
}

impl Edits {
    /// Something was done: what was undone before it can no longer be redone.
    pub(super) fn done(&mut self, edit: Edit) {
        self.undone.clear();
        self.done.push(edit);
        while self.done.len() > MAX_EDITS || self.statements() > MAX_KEPT_STATEMENTS {
            self.done.remove(0);
        }
    }

    fn statements(&self) -> usize {
        self.done.iter().map(Edit::statements).sum()
    }

    pub(super) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}

impl Session {
    /// Undoes what was done last. False when there is nothing to undo.
    pub fn undo(&mut self) -> bool {
        let undone = self.undo_soon();
        self.return_some(&mut Budget::UNLIMITED.clone());
        undone
    }

    /// The same, but the playhead may have to [go to where it stood](Session::return_some).
    pub fn undo_soon(&mut self) -> bool {
        let Some(edit) = self.edits.done.pop() else { return false };
        let undone = match edit {
            Edit::Appended { branch, place } => self.undo_append(branch, place),
            Edit::Forked { from } => self.undo_fork(from),
            Edit::Loaded { branches, current } => {
                let (branches, current) = self.exchange(branches, current);
                Undone::Loaded { branches, current }
            }
        };
        self.edits.undone.push(undone);
        self.revision += 1;
        true
    }

    /// Puts branches in the place of those that there are, which it returns.
    fn exchange(&mut self, branches: Vec<Kept>, current: usize) -> (Vec<Kept>, usize) {
        let before = self.branches.iter().map(Branch::kept).collect();
        let mut live = std::mem::take(&mut self.branches);
        self.branches = branches.into_iter().map(|b| b.revived(&mut live)).collect();
        (before, std::mem::replace(&mut self.current, current))
    }

    fn undo_append(&mut self, branch: usize, place: usize) -> Undone {
        self.current = branch;
        assert_eq!(self.run().commands.len(), place + 1);
        let command = self.branch_mut().remove_last().expect("it was added there");
        Undone::Appended { branch, command }
    }

    fn undo_fork(&mut self, from: usize) -> Undone {
        let branch = self.branches.pop().expect("it was added behind all others");
        self.current = from;
        Undone::Forked { from, branch: Box::new(branch.kept()) }
    }

    /// Does again what was undone last. False when there is nothing to redo.
    pub fn redo(&mut self) -> bool {
        let redone = self.redo_soon();
        self.return_some(&mut Budget::UNLIMITED.clone());
        redone
    }

    /// The same, but the playhead may have to [go to where it stood](Session::return_some).
    pub fn redo_soon(&mut self) -> bool {
        let Some(undone) = self.edits.undone.pop() else { return false };
        let edit = match undone {
            Undone::Appended { branch, command } => self.redo_append(branch, command),
            Undone::Forked { from, branch } => {
                self.branches.push(branch.revived(&mut Vec::new()));
                self.current = self.branches.len() - 1;
                Edit::Forked { from }
            }
            Undone::Loaded { branches, current } => {
                let (branches, current) = self.exchange(branches, current);
                Edit::Loaded { branches, current }
            }
        };
        self.edits.done.push(edit);
        self.revision += 1;
        true
    }

    fn redo_append(&mut self, branch: usize, command: Command) -> Edit {
        self.current = branch;
        self.seek(command.at);
        let place = self.branch_mut().append_forgetting(command);
        Edit::Appended { branch, place }
    }
}
