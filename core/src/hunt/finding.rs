//! The findings of a hunt, in a form for a page, a terminal and a test.

use super::case::{Case, Ruling};
use crate::run::{Heal, NodeFault, Run, Statement};
use crate::script;
use serde::Serialize;

/// A run that hits a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The run, with a `show` at the moment at which the violation is seen, and the state hash
    /// there.
    #[serde(skip)]
    pub run: Run,
    /// The script of the run.
    pub script: String,
    /// The target that it hits: the word of a property, or a condition.
    pub property: String,
    /// The kind of violation by its common name, such as `Stale read`.
    pub kind: String,
    /// A sentence about the violation, with its full stop.
    pub sentence: String,
    /// The virtual time of the `show`, in microseconds.
    pub at_us: u64,
    /// The state hash there, as 16 hexadecimal digits.
    pub state: String,
    /// The number of statements that are not part of the fixed beginning.
    pub statements: usize,
    /// Number of runs until it was found.
    pub runs: u64,
    /// Number of runs that shrinking took.
    pub shrink_runs: u32,
    /// The kinds of faults that it needs, each once, in alphabetical order.
    pub faults: Vec<String>,
}

impl Finding {
    pub(super) fn of(case: &Case, ruling: &Ruling, fixed: usize, runs: (u64, u32)) -> Self {
        let run = case.run(Some(ruling.state));
        Self {
            script: script::print(&run),
            property: ruling.violation.target.to_string(),
            kind: ruling.violation.kind.clone(),
            sentence: format!("{}.", ruling.violation.sentence),
            at_us: case.until.as_us(),
            state: format!("{:016x}", ruling.state),
            statements: case.commands.len() - fixed,
            runs: runs.0,
            shrink_runs: runs.1,
            faults: fault_words(case, fixed),
            run,
        }
    }

    /// Whether another has the same kind of violation of the same target from the same kinds of
    /// faults.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let told = |f: &Self| (f.property.clone(), f.kind.clone(), f.faults.clone());
        told(self) == told(other)
    }
}

/// The kinds of faults in a case, each once.
pub fn fault_words(case: &Case, fixed: usize) -> Vec<String> {
    let words = case.commands[fixed..].iter().filter_map(|c| fault_word(&c.statement));
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    crate::order::sort(&mut words);
    words.dedup();
    words
}

/// The word for a fault; None for statements that are no fault, or undo one.
pub fn fault_word(statement: &Statement) -> Option<&'static str> {
    Some(match statement {
        Statement::Node(_, NodeFault::Resume) | Statement::Disk(_, None) => return None,
        Statement::Heal(Heal::Everything | Heal::Of(_) | Heal::Link(_)) => return None,
        Statement::Node(_, fault) => fault.word(),
        Statement::Disk(..) => "disk",
        Statement::Isolate(_) => "isolate",
        Statement::Cut(_) => "cut",
        Statement::Partition(_) => "partition",
        Statement::Link(..) => "link",
        Statement::Network(_) => "network",
        Statement::Message(_, fault) => fault.word(),
        Statement::ClockJump(..) | Statement::ClockRate(..) => "clock",
        Statement::Transfer(..) => "transfer",
        Statement::Add(_) => "add",
        Statement::Remove(_) => "remove",
        Statement::Ping(..)
        | Statement::Ask { .. }
        | Statement::Workload(_)
        | Statement::Rule(..)
        | Statement::Set(_) => return None,
    })
}
