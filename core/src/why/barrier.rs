//! Barriers between nodes, and their beginnings: crashes, pauses and cuts, read off the run's
//! statements and the World.

use super::case::{Case, moment};
use super::orders;
use crate::explain::words::{be, listed};
use crate::ids::{Addr, EventId, NodeId};
use crate::run::{Command, Heal, Statement};
use crate::time::Time;
use crate::trace::What;
use crate::world::Status;

/// A barrier between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Barrier {
    /// Its kind.
    pub kind: Kind,
    /// Its beginning.
    pub since: Time,
    /// The event that caused it.
    pub event: EventId,
}

/// The kinds of barriers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The receiver is down.
    Down,
    /// The receiver is paused.
    Paused,
    /// The receiver has left the cluster.
    Left,
    /// No message gets there.
    Cut,
    /// No message comes back.
    CutBack,
}

/// The barrier that keeps `from` from reaching `to` and hearing back at the playhead, if there is
/// one; of several the first.
pub fn between(case: &Case<'_>, from: Addr, to: Addr) -> Option<Barrier> {
    let cut = |from, to, kind| {
        let is_cut = case.scene.world.links().is_cut(from, to);
        let (event, since) = is_cut.then(|| cut_by(case, from, to, case.end)).flatten()?;
        Some(Barrier { kind, since, event })
    };
    let cuts = || [cut(from, to, Kind::Cut), cut(to, from, Kind::CutBack)].into_iter().flatten();
    to.node().and_then(|n| away(case, n)).or_else(|| cuts().min_by_key(|barrier| barrier.since))
}

/// Why a node is not running at the playhead, if it is not.
pub fn away(case: &Case<'_>, node: NodeId) -> Option<Barrier> {
    let host = case.scene.world.node(node)?;
    let since = host.since();
    let (kind, what) = match host.status() {
        Status::Up => return None,
        Status::Crashed => (Kind::Down, What::Crashed(node)),
        Status::Paused => (Kind::Paused, What::Paused(node)),
        Status::Left => (Kind::Left, What::Left(node)),
    };
    let event = case.first_at(since, &|w| w == what)?;
    Some(Barrier { kind, since, event })
}

/// Event and time of the statement that cut one direction of a link, if the link was not healed
/// before the event `before`.
pub fn cut_by(case: &Case<'_>, from: Addr, to: Addr, before: EventId) -> Option<(EventId, Time)> {
    let commands = &case.scene.commands[..case.scene.world.commands_done()];
    let last = case.event(EventId(before.0.checked_sub(1)?))?.at;
    let mut cut: Option<usize> = None;
    for (place, command) in commands.iter().enumerate().take_while(|(_, c)| c.at <= last) {
        match effect(command, from, to) {
            Some(true) if cut.is_none() => {
                // At the same moment the event may come first.
                if command.at == last && orders::of(case, place).is_none_or(|e| e >= before) {
                    break;
                }
                cut = Some(place);
            }
            Some(false) => cut = None,
            _ => {}
        }
    }
    let place = cut?;
    Some((orders::of(case, place)?, commands[place].at))
}

/// The statement that healed one direction of a link before that event, if nothing has arrived in
/// that direction since.
pub fn opened_by(case: &Case<'_>, from: Addr, to: Addr, before: EventId) -> Option<EventId> {
    let commands = &case.scene.commands[..case.scene.world.commands_done()];
    let last = case.event(before)?.at;
    let (mut is_cut, mut healed) = (false, None);
    for (place, command) in commands.iter().enumerate().take_while(|(_, c)| c.at < last) {
        match effect(command, from, to) {
            Some(true) => (is_cut, healed) = (true, None),
            Some(false) if is_cut => (is_cut, healed) = (false, Some(place)),
            _ => {}
        }
    }
    let event = orders::of(case, healed?)?;
    let arrives = |w: What| matches!(w, What::Delivered(p) if (p.from, p.to) == (from, to));
    let is_first = !case.between(event, before).any(|(_, e)| arrives(e.what));
    is_first.then_some(event)
}

/// Whether a statement cuts (true) or heals (false) that direction; None when it does neither.
fn effect(command: &Command, from: Addr, to: Addr) -> Option<bool> {
    let ends = |addr: Addr| from == addr || to == addr;
    match &command.statement {
        Statement::Isolate(n) => ends((*n).into()).then_some(true),
        Statement::Cut(link) => orders::covers(*link, from, to).then_some(true),
        Statement::Partition(groups) => {
            let side = |addr| groups.iter().position(|g| g.contains(&addr));
            let apart = side(from).zip(side(to)).is_some_and(|(a, b)| a != b);
            apart.then_some(true)
        }
        Statement::Heal(Heal::Everything) => Some(false),
        Statement::Heal(Heal::Of(addr)) => ends(*addr).then_some(false),
        Statement::Heal(Heal::Link(link)) => orders::covers(*link, from, to).then_some(false),
        _ => None,
    }
}

/// The nodes that `from` cannot reach, one clause per reason: `n4 and n5 cannot be reached since
/// 2.00 s`. Nodes within reach are left out.
pub fn told(case: &Case<'_>, from: Addr, whom: &[NodeId]) -> Vec<String> {
    let mut reasons: Vec<(Barrier, Vec<NodeId>)> = Vec::new();
    for &node in whom {
        let Some(barrier) = between(case, from, node.into()) else { continue };
        let same = |b: &Barrier| (b.kind, b.since) == (barrier.kind, barrier.since);
        match reasons.iter_mut().find(|(b, _)| same(b)) {
            Some((_, nodes)) => nodes.push(node),
            None => reasons.push((barrier, vec![node])),
        }
    }
    reasons.iter().map(|(barrier, nodes)| barrier.told(from, nodes)).collect()
}

impl Barrier {
    /// A clause about the barrier of these nodes.
    pub fn told(&self, from: Addr, nodes: &[NodeId]) -> String {
        let (who, since) = (listed(nodes), moment(self.since));
        match self.kind {
            Kind::Down => format!("{who} {} down since {since}", be(nodes)),
            Kind::Paused => format!("{who} {} paused since {since}", be(nodes)),
            Kind::Left => format!("{who} left the cluster at {since}"),
            Kind::Cut => format!("{who} cannot be reached since {since}"),
            Kind::CutBack => format!("{who} cannot answer {from} since {since}"),
        }
    }
}
