//! What keeps one from another, and since when: crashes, pauses and cuts, read off the run's
//! statements and the World.

use super::case::{Case, moment};
use super::orders;
use crate::explain::words::{be, listed};
use crate::ids::{Addr, EventId, NodeId};
use crate::run::{Command, Heal, Statement};
use crate::time::Time;
use crate::trace::What;
use crate::world::Status;

/// Something that is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Barrier {
    /// What.
    pub kind: Kind,
    /// Since when.
    pub since: Time,
    /// The event that put it there.
    pub event: EventId,
}

/// What can be in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The other is down.
    Down,
    /// The other does not run.
    Paused,
    /// The other has left the cluster.
    Left,
    /// No message gets there.
    Cut,
    /// No message comes back.
    CutBack,
}

/// What keeps `from` from talking with `to` and hearing back at the playhead, if anything does; of
/// several things what came first.
pub fn between(case: &Case<'_>, from: Addr, to: Addr) -> Option<Barrier> {
    let cut = |from, to, kind| {
        let is_cut = case.scene.world.links().is_cut(from, to);
        let (event, since) = is_cut.then(|| cut_by(case, from, to, case.end)).flatten()?;
        Some(Barrier { kind, since, event })
    };
    let cuts = || [cut(from, to, Kind::Cut), cut(to, from, Kind::CutBack)].into_iter().flatten();
    to.node().and_then(|n| away(case, n)).or_else(|| cuts().min_by_key(|barrier| barrier.since))
}

/// Why a node does not run at the playhead, if it does not.
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

/// The statement that cut one direction of a link and was not healed before that event: its event
/// and its time.
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

/// The statement that healed one direction of a link before that event, if nothing has arrived that
/// way since.
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

/// Whether a statement cuts that direction or heals it; None when it leaves it as it is.
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

/// Whom a node cannot talk with, one clause for each reason: `n4 and n5 cannot be reached since
/// 2.00 s`. Those that it can talk with are left out.
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
    /// What it is, of these nodes.
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
