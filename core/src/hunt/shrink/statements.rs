//! Fewer statements.

use super::Case;
use crate::run::{Command, Heal, NodeFault, Statement};
use std::ops::Range;

/// The most statements for which all pairs are tried to be left out together.
const MOST_FOR_PAIRS: usize = 24;

/// The case without statements after the moment of its judgement.
pub fn after_the_end(case: &Case, fixed: usize) -> Vec<Case> {
    let last = case.commands.partition_point(|c| c.at <= case.until).max(fixed);
    vec![without(case, last..case.commands.len())]
}

/// Versions without a part of the statements: halves, quarters, and so on, down to one at a time.
/// The last ones are left out first.
pub fn fewer(case: &Case, fixed: usize) -> Vec<Case> {
    let many = case.commands.len() - fixed;
    let mut versions = Vec::new();
    let mut size = many;
    while size > 0 {
        let mut end = case.commands.len();
        while end > fixed {
            let start = end.saturating_sub(size).max(fixed);
            versions.push(without(case, start..end));
            end = start;
        }
        size /= 2;
    }
    versions
}

/// Versions without two statements that depend on each other: neither can be left out alone.
pub fn without_pairs(case: &Case, fixed: usize) -> Vec<Case> {
    let commands = &case.commands;
    let all = commands.len() - fixed <= MOST_FOR_PAIRS;
    let mut versions = Vec::new();
    for second in fixed..commands.len() {
        for first in fixed..second {
            if all || belong_together(&commands[first].statement, &commands[second].statement) {
                let mut version = case.clone();
                version.commands.remove(second);
                version.commands.remove(first);
                versions.push(version);
            }
        }
    }
    versions
}

/// Whether the second statement undoes the first.
pub fn belong_together(first: &Statement, second: &Statement) -> bool {
    match (first, second) {
        (Statement::Node(a, fault), Statement::Node(b, back)) => {
            let takes_back = match fault {
                NodeFault::Pause => *back == NodeFault::Resume,
                NodeFault::Crash | NodeFault::Wipe => *back == NodeFault::Restart,
                _ => false,
            };
            a == b && takes_back
        }
        (
            Statement::Isolate(_)
            | Statement::Cut(_)
            | Statement::Partition(_)
            | Statement::Link(..),
            Statement::Heal(Heal::Everything),
        ) => true,
        (Statement::Isolate(a), Statement::Heal(Heal::Of(b))) => *b == (*a).into(),
        (Statement::Cut(a), Statement::Heal(Heal::Link(b))) => a == b,
        (Statement::Disk(a, Some(_)), Statement::Disk(b, None)) => a == b,
        (Statement::Workload(Some(_)), Statement::Workload(None)) => true,
        _ => false,
    }
}

fn without(case: &Case, range: Range<usize>) -> Case {
    let mut version = case.clone();
    version.commands.drain(range);
    version
}

/// The case with another statement at a place.
pub fn with(case: &Case, place: usize, statement: Statement) -> Case {
    let mut version = case.clone();
    version.commands[place].statement = statement;
    version
}

/// The case with the statements in the order of their times.
pub fn in_order(mut case: Case, fixed: usize) -> Case {
    crate::order::by_key(&mut case.commands[fixed..], |c: &Command| c.at);
    case
}
