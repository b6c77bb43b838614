//! Fewer and simpler client operations.

use super::Case;
use super::statements::with;
use crate::run::{Command, Statement};
use crate::store::{Op, Request, Word};
use crate::world;

/// Versions with the operations of a workload as statements in its place.
pub fn instead_of_a_workload(case: &Case, fixed: usize) -> Vec<Case> {
    let is_workload = |c: &Command| matches!(c.statement, Statement::Workload(_));
    if case.commands.len() <= fixed || !case.commands[fixed..].iter().any(is_workload) {
        return Vec::new();
    }
    let world = world::play(&case.run(None), case.until);
    let mut version = case.clone();
    let kept = |place: usize, c: &Command| {
        place < fixed || !matches!(c.statement, Statement::Workload(_) | Statement::Ask { .. })
    };
    let commands = case.commands.iter().enumerate().filter(|(place, c)| kept(*place, c));
    version.commands = commands.map(|(_, c)| c.clone()).collect();
    for operation in world.operations().iter() {
        let statement = Statement::Ask {
            client: operation.client,
            request: (*operation.request).clone(),
            via: operation.via,
        };
        let command = Command { at: operation.invoked, statement };
        let place = version.commands.partition_point(|c| c.at <= command.at).max(fixed);
        version.commands.insert(place, command);
    }
    vec![version]
}

/// Simpler operations: a plain write in place of a conditional one, the first key, no target.
pub fn simpler(case: &Case, fixed: usize) -> Vec<Case> {
    let mut versions = Vec::new();
    for place in fixed..case.commands.len() {
        let Statement::Ask { client, request, via } = &case.commands[place].statement else {
            continue;
        };
        let mut push = |request: Request, via| {
            versions.push(with(case, place, Statement::Ask { client: *client, request, via }));
        };
        if via.is_some() {
            push(request.clone(), None);
        }
        let plain = match &request.op {
            Op::Upd(v) | Op::Append(v) | Op::Cas(_, v) => Some(Op::Set(v.clone())),
            Op::Del => Some(Op::Set("gone".into())),
            Op::Get | Op::Set(_) => None,
        };
        if let Some(op) = plain {
            push(Request { op, ..request.clone() }, *via);
        }
    }
    versions.extend(with_first_key(case, fixed));
    versions
}

/// The case with the first key in every operation.
fn with_first_key(case: &Case, fixed: usize) -> Option<Case> {
    let mut version = case.clone();
    for command in &mut version.commands[fixed..] {
        if let Statement::Ask { request, .. } = &mut command.statement {
            request.key = "x".into();
        }
    }
    (version != *case).then_some(version)
}

/// Values that count up from 1 in the order in which they are written.
pub fn renumbered(case: &Case, fixed: usize) -> Vec<Case> {
    let mut names: Vec<(Word, Word)> = Vec::new();
    let mut version = case.clone();
    let mut renamed = |value: &Word| -> Word {
        if let Some((_, new)) = names.iter().find(|(old, _)| old == value) {
            return new.clone();
        }
        let dot = if value.ends_with('.') { "." } else { "" };
        let new: Word = format!("{}{dot}", names.len() + 1).into();
        names.push((value.clone(), new.clone()));
        new
    };
    for command in &mut version.commands[fixed..] {
        if let Statement::Ask { request, .. } = &mut command.statement {
            request.op = match &request.op {
                Op::Set(v) => Op::Set(renamed(v)),
                Op::Upd(v) => Op::Upd(renamed(v)),
                Op::Append(v) => Op::Append(renamed(v)),
                Op::Cas(old, new) => Op::Cas(renamed(old), renamed(new)),
                same => same.clone(),
            };
        }
    }
    if version == *case { Vec::new() } else { vec![version] }
}
