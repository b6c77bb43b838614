//! Undo and redo of what people did to a session.

use super::{Branch, Session};
use crate::run::Command;

/// The most edits that can be undone.
const MAX_EDITS: usize = 1_000;

/// Something that was done, with what it takes to undo it.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A command was added at the end of a branch, at that place.
    Appended { branch: usize, place: usize },
    /// A branch was made behind all others, with one command, and is looked at.
    Forked { from: usize },
    /// Other branches were put in the place of these.
    Loaded { branches: Vec<Branch>, current: usize },
}

/// Something that was undone, with what it takes to do it again.
#[derive(Clone, Debug)]
enum Undone {
    Appended { branch: usize, command: Command },
    Forked { from: usize, branch: Box<Branch> },
    Loaded { branches: Vec<Branch>, current: usize },
}

/// What was done and undone, last at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    done: Vec<Edit>,
    undone: Vec<Undone>,
}

impl Edits {
    /// Something was done: what was undone before it can no longer be redone.
    pub(super) fn done(&mut self, edit: Edit) {
        self.undone.clear();
        if self.done.len() == MAX_EDITS {
            self.done.remove(0);
        }
        self.done.push(edit);
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
        let Some(edit) = self.edits.done.pop() else { return false };
        let undone = match edit {
            Edit::Appended { branch, place } => self.undo_append(branch, place),
            Edit::Forked { from } => self.undo_fork(from),
            Edit::Loaded { branches, current } => {
                let branches = std::mem::replace(&mut self.branches, branches);
                let current = std::mem::replace(&mut self.current, current);
                Undone::Loaded { branches, current }
            }
        };
        self.edits.undone.push(undone);
        self.revision += 1;
        true
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
        Undone::Forked { from, branch: Box::new(branch) }
    }

    /// Does again what was undone last. False when there is nothing to redo.
    pub fn redo(&mut self) -> bool {
        let Some(undone) = self.edits.undone.pop() else { return false };
        let edit = match undone {
            Undone::Appended { branch, command } => self.redo_append(branch, command),
            Undone::Forked { from, branch } => {
                self.branches.push(*branch);
                self.current = self.branches.len() - 1;
                Edit::Forked { from }
            }
            Undone::Loaded { branches, current } => {
                let branches = std::mem::replace(&mut self.branches, branches);
                let current = std::mem::replace(&mut self.current, current);
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
