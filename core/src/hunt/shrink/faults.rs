//! Weaker faults: a wipe becomes a crash, a crash a pause, a pause an isolated node, that a cut
//! link, that a cut in one direction. The statement that undoes the fault changes with it.

use super::Case;
use super::statements::{belong_together, with};
use crate::ids::{Addr, NodeId};
use crate::run::{Heal, Link, NodeFault, Statement};

/// A fault that lasts, and the statement that undoes it.
struct Weaker {
    fault: Statement,
    undo: Option<Statement>,
}

/// Each fault replaced by weaker ones, the weakest first.
pub fn weaker(case: &Case, fixed: usize) -> Vec<Case> {
    let mut versions = Vec::new();
    for place in fixed..case.commands.len() {
        let undo = undo_of(case, place);
        for weaker in weaker_than(&case.commands[place].statement, case) {
            let mut version = with(case, place, weaker.fault);
            match (undo, weaker.undo) {
                (Some(undo), Some(statement)) => version.commands[undo].statement = statement,
                (Some(undo), None) => {
                    version.commands.remove(undo);
                }
                (None, _) => {}
            }
            versions.push(version);
        }
    }
    versions
}

/// The first statement behind a place that undoes the one there.
fn undo_of(case: &Case, place: usize) -> Option<usize> {
    let fault = &case.commands[place].statement;
    let behind = &case.commands[place + 1..];
    let undo = behind.iter().position(|c| belong_together(fault, &c.statement));
    undo.map(|behind| place + 1 + behind)
}

fn weaker_than(fault: &Statement, case: &Case) -> Vec<Weaker> {
    match fault {
        Statement::Node(n, NodeFault::Wipe) => {
            let mut weaker = vec![crash(*n)];
            weaker.splice(0..0, below_crash(*n, case));
            weaker
        }
        Statement::Node(n, NodeFault::Crash) => below_crash(*n, case),
        Statement::Node(n, NodeFault::Restart) => vec![pause(*n)],
        Statement::Node(n, NodeFault::Pause) => below_pause(*n, case),
        Statement::Isolate(n) => below_isolate(*n, case),
        Statement::Partition(groups) => below_partition(groups, case),
        Statement::Cut(link) if !link.one_way => {
            [*link, Link { from: link.to, to: link.from, ..*link }]
                .map(|l| cut(Link { one_way: true, ..l }))
                .into()
        }
        Statement::Link(link, behaviour) if !link.one_way => {
            [*link, Link { from: link.to, to: link.from, ..*link }]
                .map(|l| Weaker {
                    fault: Statement::Link(Link { one_way: true, ..l }, behaviour.clone()),
                    undo: None,
                })
                .into()
        }
        // All links of one node are fewer than all.
        Statement::Heal(Heal::Everything) => Vec::new(),
        _ => Vec::new(),
    }
}

fn crash(n: NodeId) -> Weaker {
    let statement = |fault| Statement::Node(n, fault);
    Weaker { fault: statement(NodeFault::Crash), undo: Some(statement(NodeFault::Restart)) }
}

fn pause(n: NodeId) -> Weaker {
    let statement = |fault| Statement::Node(n, fault);
    Weaker { fault: statement(NodeFault::Pause), undo: Some(statement(NodeFault::Resume)) }
}

fn isolate(n: NodeId) -> Weaker {
    Weaker { fault: Statement::Isolate(n), undo: Some(Statement::Heal(Heal::Of(n.into()))) }
}

fn cut(link: Link) -> Weaker {
    Weaker { fault: Statement::Cut(link), undo: Some(Statement::Heal(Heal::Link(link))) }
}

fn below_crash(n: NodeId, case: &Case) -> Vec<Weaker> {
    let mut weaker = below_pause(n, case);
    weaker.push(pause(n));
    weaker
}

fn below_pause(n: NodeId, case: &Case) -> Vec<Weaker> {
    let mut weaker = below_isolate(n, case);
    weaker.push(isolate(n));
    weaker
}

/// The single links of a node.
fn below_isolate(n: NodeId, case: &Case) -> Vec<Weaker> {
    let others = (1..=case.setup.settings.nodes).map(NodeId).filter(|other| *other != n);
    let links = |other: NodeId| {
        let link =
            |from: NodeId, to: NodeId, one_way| Link { from: from.into(), to: to.into(), one_way };
        let (low, high) = (n.min(other), n.max(other));
        [cut(link(n, other, true)), cut(link(other, n, true)), cut(link(low, high, false))]
    };
    others.flat_map(links).collect()
}

/// An isolated node, or one link; or the same groups with one member not named.
fn below_partition(groups: &[Vec<Addr>], case: &Case) -> Vec<Weaker> {
    let mut weaker = Vec::new();
    for n in groups.iter().flatten().filter_map(|a| a.node()) {
        weaker.extend(below_isolate(n, case));
    }
    for n in groups.iter().flatten().filter_map(|a| a.node()) {
        weaker.push(isolate(n));
    }
    for (group, member) in groups
        .iter()
        .enumerate()
        .flat_map(|(group, members)| (0..members.len()).map(move |member| (group, member)))
    {
        if groups[group].len() > 1 {
            let mut fewer = groups.to_vec();
            fewer[group].remove(member);
            weaker.push(Weaker {
                fault: Statement::Partition(fewer),
                undo: Some(Statement::Heal(Heal::Everything)),
            });
        }
    }
    weaker
}
