//! Undo and redo of edits to a session.

use super::branch::Kept;
use super::{Branch, Session};
use crate::run::{Command, Cue};
use crate::timeline::Budget;

/// The most edits that can be undone.
const MAX_EDITS: usize = 1_000;
/// The most statements in runs that are kept for undo.
const MAX_KEPT_STATEMENTS: usize = 200_000;

/// An edit, with the data to undo it. These are runs, never Worlds: a run is replayed when it is
/// visited again.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A command was added at the end of a branch, at that place.
    Appended { branch: usize, place: usize },
    /// A cue was added to the story of a branch, at that place.
    Told { branch: usize, place: usize },
    /// A branch was made behind all others, with one command, and selected.
    Forked { from: usize },
    /// Other branches replaced these.
    Loaded { branches: Vec<Kept>, current: usize },
}

/// An undone edit, with the data to redo it.
#[derive(Clone, Debug)]
enum Undone {
    Appended { branch: usize, command: Command },
    Told { branch: usize, cue: Cue },
    Forked { from: usize, branch: Box<Kept> },
    Loaded { branches: Vec<Kept>, current: usize },
}

/// Edits done and undone, the last at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    done: Vec<Edit>,
    undone: Vec<Undone>,
}

impl Edit {
    fn statements(&self) -> usize {
        match self {
            Self::Loaded { branches, .. } => branches.iter().map(Kept::statements).sum(),
            Self::Appended { .. } | Self::Told { .. } | Self::Forked { .. } => 0,
        }
    }
}

impl Edits {
    /// Records an edit: edits undone before it can no longer be redone.
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
    /// Undoes the last edit. False when there is none.
    pub fn undo(&mut self) -> bool {
        let undone = self.undo_soon();
        self.return_some(&mut Budget::UNLIMITED.clone());
        undone
    }

    /// Undoes the last edit, but the playhead may have to [return](Session::return_some).
    pub fn undo_soon(&mut self) -> bool {
        let Some(edit) = self.edits.done.pop() else { return false };
        let undone = match edit {
            Edit::Appended { branch, place } => self.undo_append(branch, place),
            Edit::Told { branch, place } => {
                self.current = branch;
                Undone::Told { branch, cue: self.branch_mut().run.story.remove(place) }
            }
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

    /// Replaces all branches, and returns the old ones.
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

    /// Redoes the last undone edit. False when there is none.
    pub fn redo(&mut self) -> bool {
        let redone = self.redo_soon();
        self.return_some(&mut Budget::UNLIMITED.clone());
        redone
    }

    /// Redoes the last undone edit, but the playhead may have to [return](Session::return_some).
    pub fn redo_soon(&mut self) -> bool {
        let Some(undone) = self.edits.undone.pop() else { return false };
        let edit = match undone {
            Undone::Appended { branch, command } => self.redo_append(branch, command),
            Undone::Told { branch, cue } => {
                self.current = branch;
                let place = self.branch_mut().run.story.insert(cue);
                Edit::Told { branch, place }
            }
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
