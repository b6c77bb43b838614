//! Fewer and simpler client operations.

use super::Case;
use super::statements::{in_order, with};
use crate::client::Operation;
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

/// Without some operations, and with the others at the times at which they began: one that waited for
/// its turn at its client does not need those before it.
pub fn fewer_as_asked(case: &Case, fixed: usize) -> Vec<Case> {
    let world = world::play(&case.run(None), case.until);
    let mut began = case.clone();
    let mut taken = vec![false; world.operations().len()];
    let mut waited = false;
    for command in &mut began.commands {
        let Statement::Ask { client, request, .. } = &command.statement else { continue };
        let is_it = |(place, o): &(usize, &Operation)| {
            !taken[*place]
                && o.client == *client
                && *o.request == *request
                && o.invoked >= command.at
        };
        if let Some((place, operation)) = world.operations().iter().enumerate().find(is_it) {
            taken[place] = true;
            waited |= operation.invoked > command.at;
            command.at = operation.invoked;
        }
    }
    if !waited {
        return Vec::new();
    }
    let asks = |place: &usize| matches!(case.commands[*place].statement, Statement::Ask { .. });
    let asks: Vec<usize> = (fixed..case.commands.len()).filter(asks).collect();
    let without = |some: &[usize]| {
        let mut version = began.clone();
        let mut place = 0;
        version.commands.retain(|_| {
            place += 1;
            !some.contains(&(place - 1))
        });
        in_order(version, fixed)
    };
    let halves = asks.chunks(asks.len().div_ceil(2).max(1)).map(without);
    halves.chain(asks.chunks(1).map(without)).collect()
}

/// Simpler operations: a plain write in place of a conditional one, the first key, no node named.
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
            Op::Upd(v) | Op::Append(v) | Op::Cas(_, v) => {
                Some(Op::Set(v.trim_end_matches('.').into()))
            }
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
