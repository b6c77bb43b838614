//! States as observed from outside, and the times of their changes: a node's status, role, term,
//! and the nodes that it can reach. Of clients only the last.
//!
//! They are kept beside the World, as the trace is, and written once, when a step is taken for the
//! first time. The trace has the reasons; this has the states, for every protocol alike.

use crate::ids::{Addr, NodeId};
use crate::network::Links;
use crate::paged::Paged;
use crate::protocol::{Role, Term};
use crate::time::Time;
use crate::world::{Host, Status, World};

/// The observed state of a node, client or balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aspect {
    /// Its status; a client is always up.
    pub status: Status,
    /// Its role; None for a client, and for a node that is down.
    pub role: Option<Role>,
    /// Its term, where the protocol has terms.
    pub term: Option<Term>,
    /// The others that it can reach.
    pub reach: Reach,
}

/// Reachability by links that are not cut in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It reaches everybody.
    Whole,
    /// It does not reach everybody directly, although the network is not split.
    Partly,
    /// It is on one side of a split network.
    Side {
        /// Sides count from 1, by the least node on them.
        number: u8,
        /// Whether more than half of the nodes are on it.
        majority: bool,
    },
    /// It reaches nobody.
    Alone,
}

/// A change of an observed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Time of the change.
    pub at: Time,
    /// Number of steps taken by then.
    pub steps: u64,
    /// The node, client or balancer.
    pub who: Addr,
    /// Its state from then on.
    pub aspect: Aspect,
}

/// All changes of one cluster's run, in order. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    changes: Paged<Change>,
    /// The last observed state of everybody, by dense number.
    last: Vec<Option<Aspect>>,
    any_cut: bool,
}

/// Number of changes that are never forgotten.
const MANY_CHANGES: usize = 40_000;

impl Aspect {
    /// A client that reaches everybody.
    const CLIENT: Self = Self { status: Status::Up, role: None, term: None, reach: Reach::Whole };

    fn of(host: &Host, reach: Reach) -> Self {
        let sign = host.machine().map(|m| m.sign());
        Self {
            status: host.status(),
            role: sign.map(|s| s.role),
            term: sign.and_then(|s| s.term),
            reach,
        }
    }
}

impl Signs {
    /// The observed states at the beginning of a run.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let mut signs = Self::default();
        signs.look_at_all(world);
        signs
    }

    /// All changes, in order.
    #[must_use]
    pub fn changes(&self) -> &Paged<Change> {
        &self.changes
    }

    /// Observes the nodes that took part in the World's last step.
    pub fn look(&mut self, world: &World) {
        for host in world.touched().iter().filter_map(|node| world.node(*node)) {
            let reach = self.last_of(host.id().into()).map_or(Reach::Whole, |a| a.reach);
            self.see(world, host.id().into(), Aspect::of(host, reach));
        }
    }

    /// Observes everybody: a statement can have changed anything.
    pub fn look_at_all(&mut self, world: &World) {
        let cut = world.links().any_cut();
        let splits = cut || self.any_cut;
        let sides = if cut { Sides::of(world) } else { Sides::default() };
        self.any_cut = cut;
        for host in world.nodes() {
            self.see(world, host.id().into(), Aspect::of(host, sides.of_node(world, host.id())));
        }
        if splits {
            for client in world.clients() {
                let reach = sides.of_client(world, client.id().into());
                self.see(world, client.id().into(), Aspect { reach, ..Aspect::CLIENT });
            }
        }
    }

    /// Forgets the changes after the World's last step: from here on the run will be another.
    pub fn forget_after(&mut self, world: &World) {
        let kept = self.changes.partition_point(|c| c.steps <= world.steps());
        self.changes.truncate(kept);
        self.last.clear();
        self.any_cut = world.links().any_cut();
        for place in 0..kept {
            let Change { who, aspect, .. } = self.changes[place];
            self.keep_last(who, aspect);
        }
    }

    /// Forgets the older half of the changes. False when there are few.
    pub fn forget_old(&mut self) -> bool {
        let many = self.changes.len() > MANY_CHANGES;
        if many {
            self.changes.drop_first(self.changes.len() / 2);
        }
        many
    }

    fn last_of(&self, who: Addr) -> Option<Aspect> {
        self.last.get(who.dense()).copied().flatten()
    }

    fn see(&mut self, world: &World, who: Addr, aspect: Aspect) {
        if self.last_of(who) != Some(aspect) {
            self.keep_last(who, aspect);
            let (at, steps) = (world.now(), world.steps());
            self.changes.push(Change { at, steps, who, aspect });
        }
    }

    fn keep_last(&mut self, who: Addr, aspect: Aspect) {
        let dense = who.dense();
        if self.last.len() <= dense {
            self.last.resize(dense + 1, None);
        }
        self.last[dense] = Some(aspect);
    }
}

/// The sides of a split network: for each node the number of its side, from 1. Empty while no link
/// is cut.
#[derive(Default)]
struct Sides {
    side: Vec<u8>,
    /// Number of nodes on each side.
    sizes: Vec<u16>,
}

impl Sides {
    fn of(world: &World) -> Self {
        let nodes = world.nodes().count();
        let mut sides = Self { side: vec![0; nodes], sizes: Vec::new() };
        for host in world.nodes().filter(|h| h.status() != Status::Left) {
            if sides.side[host.id().index()] == 0 {
                sides.spread(world, host.id());
            }
        }
        sides
    }

    /// Makes a side of all nodes that a node can reach, directly or through others.
    fn spread(&mut self, world: &World, first: NodeId) {
        let number = self.sizes.len() as u8 + 1;
        let mut found = vec![first];
        self.side[first.index()] = number;
        let mut size = 0;
        while let Some(node) = found.pop() {
            size += 1;
            for other in world.nodes().filter(|h| h.status() != Status::Left) {
                let (a, b) = (node.into(), other.id().into());
                let side = &mut self.side[other.id().index()];
                if *side == 0 && connected(world.links(), a, b) {
                    *side = number;
                    found.push(other.id());
                }
            }
        }
        self.sizes.push(size);
    }

    fn of_node(&self, world: &World, node: NodeId) -> Reach {
        match self.side.get(node.index()).copied() {
            None | Some(0) => Reach::Whole,
            Some(number) if self.sizes.len() > 1 => match self.sizes[usize::from(number) - 1] {
                1 => Reach::Alone,
                size => {
                    let majority = size * 2 > self.sizes.iter().sum::<u16>();
                    Reach::Side { number, majority }
                }
            },
            Some(_) => {
                let mut others = others(world, node.into());
                let whole = others.all(|o| open_both_ways(world.links(), node.into(), o));
                if whole { Reach::Whole } else { Reach::Partly }
            }
        }
    }

    fn of_client(&self, world: &World, client: Addr) -> Reach {
        let links = world.links();
        if others(world, client).all(|o| open_both_ways(links, client, o)) {
            Reach::Whole
        } else if others(world, client).any(|o| connected(links, client, o)) {
            Reach::Partly
        } else {
            Reach::Alone
        }
    }
}

/// All nodes that have not left, except one.
fn others(world: &World, who: Addr) -> impl Iterator<Item = Addr> {
    let nodes = world.nodes().filter(|h| h.status() != Status::Left);
    nodes.map(|h| Addr::from(h.id())).filter(move |other| *other != who)
}

/// Whether messages pass in at least one direction.
fn connected(links: &Links, a: Addr, b: Addr) -> bool {
    !(links.is_cut(a, b) && links.is_cut(b, a))
}

fn open_both_ways(links: &Links, a: Addr, b: Addr) -> bool {
    !links.is_cut(a, b) && !links.is_cut(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;
    use crate::session::Session;

    fn session(script: &str) -> Session {
        Session::new(script::parse(script).expect("the script is right"))
    }

    fn of(session: &Session, who: Addr) -> Vec<(u64, Aspect)> {
        let changes = session.timeline(0).signs().changes().iter();
        changes.filter(|c| c.who == who).map(|c| (c.at.as_us() / 1_000, c.aspect)).collect()
    }

    #[test]
    fn tells_what_a_node_was_and_when() {
        let mut s = session(
            "cluster raft nodes=3 seed=7\n@2s crash n1\n@3s restart n1\n@4s pause n1\n@5s show",
        );
        s.seek(Time::from_ms(5_000));
        let n1 = of(&s, NodeId(1).into());
        let status_at = |ms: u64| n1.iter().rev().find(|(at, _)| *at <= ms).expect("known").1;
        assert_eq!(
            status_at(2_500),
            Aspect { status: Status::Crashed, role: None, term: None, reach: Reach::Whole }
        );
        assert_eq!(status_at(3_900).status, Status::Up);
        assert_eq!(status_at(4_500).status, Status::Paused);
        let led =
            s.timeline(0).signs().changes().iter().filter(|c| c.aspect.role == Some(Role::Leader));
        assert!(led.count() > 0, "somebody led");
    }

    #[test]
    fn sides_and_loneliness_are_told_apart() {
        let s = session(
            "cluster raft nodes=5 clients=1 seed=7\n@1s partition n1 n2 | n3 n4 n5 c1\n@2s heal\n\
             @3s isolate n5\n@4s heal\n@5s cut n1-n2\n@6s show",
        );
        let reach =
            |who: Addr| of(&s, who).iter().map(|(at, a)| (*at, a.reach)).collect::<Vec<_>>();
        let side = |number, majority| Reach::Side { number, majority };
        let n1: Vec<_> = reach(NodeId(1).into());
        assert!(
            n1.contains(&(1_000, side(1, false))) && n1.contains(&(5_000, Reach::Partly)),
            "{n1:?}"
        );
        assert!(
            n1.iter().any(|(at, r)| *at == 3_000 && *r == side(1, true)),
            "n5 is alone: two sides"
        );
        assert!(reach(NodeId(3).into()).contains(&(1_000, side(2, true))));
        assert!(reach(NodeId(5).into()).contains(&(3_000, Reach::Alone)));
        let c1 = reach(crate::ids::ClientId(1).into());
        assert_eq!(c1[0], (1_000, Reach::Partly));
    }

    /// After any history of edits, the signs of a run equal those of the same run played straight.
    #[test]
    fn a_branch_shows_what_the_same_run_shows_when_played_straight() {
        let mut s = session("cluster raft nodes=5 seed=3\n@1s crash n1\n@4s show");
        s.seek(Time::from_ms(2_500));
        let run = script::parse(
            "cluster raft nodes=5 seed=3\n@1s crash n1\n@2500ms isolate n2\n@6s show",
        )
        .expect("the script is right");
        s.append(run.commands[1].statement.clone()).expect("it fits");
        s.seek(Time::from_ms(6_000));
        let straight = Session::new(run);
        let (a, b) = (s.timeline(0).signs(), straight.timeline(0).signs());
        assert!(a.changes().iter().eq(b.changes().iter()));
        assert!(a.changes().len() > 8);
    }
}
