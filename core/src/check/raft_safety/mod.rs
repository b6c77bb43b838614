//! Raft's safety properties (Ongaro 2014, figure 3.2), checked while a run is played.
//!
//! [`RaftSafety::observe`] is called after every step and examines the servers that took part in
//! it: one as a rule, all of them when the operator changes the members. The state that a server
//! shows (term, log, commit index) is compared with its earlier state and with the states of
//! others. None of the protocol's own rules is used; its digests show only *where* a log has
//! changed, and the entries there are read and hashed again.
//!
//! A property concerns the state of servers, so a violation is found at the step that causes it,
//! whether or not a client ever notices.

mod mirror;
#[cfg(test)]
mod tests;
mod violation;

pub use violation::{SafetyProperty, SafetyViolation};

use crate::ids::NodeId;
use crate::paged::Paged;
use crate::protocol::raft::Server;
use crate::protocol::{Index, Machine, Term};
use crate::sorted::SortedMap;
use crate::world::{Host, World};
use mirror::{Cell, Mirror};
use violation::{Found, Witness};

/// The judge of one run. A clone is cheap, so that it can be kept with a World.
#[derive(Clone, Debug, Default)]
pub struct RaftSafety {
    mirrors: Vec<Mirror>,
    /// The leader of each term.
    leaders: SortedMap<Term, Witness>,
    /// The digest of the log up to each pair of index and term.
    logs: SortedMap<(Index, Term), (u64, Witness)>,
    /// The committed entries, by index.
    committed: Paged<Committed>,
    first: Option<SafetyViolation>,
}

/// An entry that has been committed.
#[derive(Clone, Copy, Debug)]
struct Committed {
    cell: Cell,
    /// The term of the first server that knew of it.
    in_term: Term,
    by: Witness,
}

impl RaftSafety {
    /// A judge of a run that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Examines the servers that took part in the World's last step. True if that step is the first
    /// to violate a property. Takes time in proportion to the changes.
    pub fn observe(&mut self, world: &World) -> bool {
        if self.first.is_some() {
            return false;
        }
        self.first = world.touched().iter().find_map(|id| self.observe_node(world, *id));
        self.first.is_some()
    }

    fn observe_node(&mut self, world: &World, id: NodeId) -> Option<SafetyViolation> {
        let host = world.node(id)?;
        let Some(Machine::Raft(server)) = host.machine() else { return None };
        let me = Witness { node: id, since: world.now() };
        let found = self.look(me, host, server, world.settings().fsync);
        found.map(|f| f.at(world.now(), world.steps(), id))
    }

    /// The first violation, if there was one. After it the judge stops.
    #[must_use]
    pub fn violation(&self) -> Option<&SafetyViolation> {
        self.first.as_ref()
    }

    fn look(&mut self, me: Witness, host: &Host, server: &Server, fsync: bool) -> Option<Found> {
        let place = me.node.index();
        while self.mirrors.len() <= place {
            self.mirrors.push(Mirror::default());
        }
        let mut mirror = std::mem::take(&mut self.mirrors[place]);
        let found = mirror
            .keeps_promises(host, server, fsync)
            .or_else(|| self.log_changed(me, &mut mirror, server))
            .or_else(|| self.leads(me, &mirror, server))
            .or_else(|| self.commits(me, &mirror, server));
        mirror.remember(host, server);
        self.mirrors[place] = mirror;
        found
    }

    /// Checks leader append-only, and log matching for every new entry.
    fn log_changed(&mut self, me: Witness, mirror: &mut Mirror, server: &Server) -> Option<Found> {
        let log = server.log();
        let same = mirror.same_upto(log);
        let led = mirror.led.filter(|&t| t == server.term() && server.leads());
        if let Some(term) = led.filter(|_| same < mirror.last()) {
            return Some(Found::LeaderRemoved { term, from: same.next() });
        }
        mirror.truncate(same);
        if log.base().index > same {
            let found = self.adopt_snapshot(mirror, server);
            if found.is_some() {
                return found;
            }
        }
        while mirror.last() < log.last_index() {
            let index = mirror.last().next();
            let cell = mirror.push(index, log)?;
            let (digest, by) = *self.logs.or_insert_with((index, cell.term), || (cell.digest, me));
            if digest != cell.digest {
                return Some(Found::LogsDiffer { other: by, index, term: cell.term });
            }
        }
        None
    }

    /// Adopts a snapshot that was received. It covers committed entries, so it must agree with
    /// those of others.
    fn adopt_snapshot(&self, mirror: &mut Mirror, server: &Server) -> Option<Found> {
        let base = server.log().base();
        let covered = base.index.0 as usize;
        if self.committed.len() < covered || self.committed[covered - 1].cell.term != base.term {
            return Some(Found::SnapshotOfUncommitted { index: base.index });
        }
        mirror.cells = self.committed.iter().take(covered).map(|c| c.cell).collect();
        None
    }

    /// Checks election safety and leader completeness, once for every leader.
    fn leads(&mut self, me: Witness, mirror: &Mirror, server: &Server) -> Option<Found> {
        let term = server.term();
        if !server.leads() || mirror.led == Some(term) {
            return None;
        }
        if let Some(&other) = self.leaders.get(&term).filter(|l| l.node != me.node) {
            return Some(Found::TwoLeaders { other, term });
        }
        self.leaders.insert(term, me);
        let before = self.committed_before(term);
        let last = self.committed.get(before.checked_sub(1)?)?;
        let held = mirror.cells.get(before - 1).is_some_and(|c| c.digest == last.cell.digest);
        (!held).then(|| self.missing(mirror, before, term))
    }

    /// Number of entries that had been committed in terms before that one.
    fn committed_before(&self, term: Term) -> usize {
        let (mut low, mut high) = (0, self.committed.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.committed[middle].in_term < term { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn missing(&self, mirror: &Mirror, upto: usize, term: Term) -> Found {
        let lacks = |i: usize| {
            mirror.cells.get(i).is_none_or(|c| c.digest != self.committed[i].cell.digest)
        };
        let place = (0..upto).find(|&i| lacks(i)).unwrap_or(upto - 1);
        let committed = self.committed[place];
        let index = Index(place as u32 + 1);
        Found::LeaderLacks { term, index, by: committed.by, in_term: committed.in_term }
    }

    /// Checks state machine safety: a committed entry never changes.
    fn commits(&mut self, me: Witness, mirror: &Mirror, server: &Server) -> Option<Found> {
        let commit = server.commit();
        let orderly = server.state().applied() <= commit && commit <= server.log().last_index();
        if !orderly {
            return Some(Found::AppliedTooMuch);
        }
        let (known, now) = (self.committed.len(), commit.0 as usize);
        if mirror.commit == commit && now <= known {
            return None;
        }
        let both = known.min(now);
        if both > 0 && mirror.cells[both - 1].digest != self.committed[both - 1].cell.digest {
            return Some(self.contradiction(mirror, both));
        }
        for place in known..now {
            let least = self.committed.last().map_or(Term(0), |c| c.in_term);
            let in_term = server.term().max(least);
            self.committed.push(Committed { cell: mirror.cells[place], in_term, by: me });
        }
        None
    }

    fn contradiction(&self, mirror: &Mirror, upto: usize) -> Found {
        let differs = |i: &usize| mirror.cells[*i].digest != self.committed[*i].cell.digest;
        let place = (0..upto).find(differs).unwrap_or(upto - 1);
        let before = self.committed[place];
        Found::CommittedTwice {
            index: Index(place as u32 + 1),
            term: mirror.cells[place].term,
            by: before.by,
            before: before.cell.term,
        }
    }
}
