//! The links between nodes, and the sides of a split. A hundred nodes have five thousand links that
//! seldom change, so the result is kept until one does.

use crate::stage::gesture::components;
use quorumscope_core::client::Session;
use quorumscope_core::explain;
use quorumscope_core::ids::{Addr, ClientId, NodeId};
use quorumscope_core::network::Links;
use quorumscope_core::world::{Status, World};
use std::rc::Rc;

/// One link between two nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkScene {
    /// The lower id.
    pub a: NodeId,
    /// The higher id.
    pub b: NodeId,
    /// The directions that are cut.
    pub cut: Cut,
    /// Its latency and loss, if they differ from the network's.
    pub note: Option<String>,
}

/// The directions of a link that are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// No direction.
    None,
    /// Both directions.
    Both,
    /// From the lower id to the higher.
    Forth,
    /// From the higher id to the lower.
    Back,
}

/// The links of one World as they are drawn, and the state that they were derived from.
#[derive(Debug)]
pub struct Net {
    of: Links,
    members: Vec<NodeId>,
    /// The links between nodes, lower id first.
    pub links: Rc<Vec<LinkScene>>,
    /// The sides of a split network; empty while it is whole.
    pub sides: Vec<Vec<NodeId>>,
    /// The same sides with the clients that reach one side only, and a group of the clients that
    /// reach none.
    pub camps: Vec<Vec<Addr>>,
}

impl Net {
    /// The net of a World with these members. It is derived anew only if links or members changed.
    /// Nodes that have left have no links.
    pub fn of<'a>(world: &World, members: Vec<NodeId>, last: &'a mut Option<Self>) -> &'a Self {
        let now = world.links();
        // The links or members changed: the old net is dropped.
        drop(last.take_if(|net| net.members != members || !net.of.is_shared_with(now)));
        last.get_or_insert_with(|| {
            let links = links(now, &members);
            let sides = sides(&members, &links);
            let clients: Vec<ClientId> = world.clients().map(Session::id).collect();
            let camps = camps(now, &members, &clients, &sides);
            Self { of: now.clone(), members, links: Rc::new(links), sides, camps }
        })
    }
}

impl LinkScene {
    /// The name for assistive technology: `link n1-n2, connected`, `link n1-n2, n1 to n2 cut`.
    #[must_use]
    pub fn name(&self) -> String {
        let Self { a, b, .. } = self;
        match self.cut {
            Cut::None => format!("link {a}-{b}, connected"),
            Cut::Both => format!("link {a}-{b}, cut"),
            Cut::Forth => format!("link {a}-{b}, {a} to {b} cut"),
            Cut::Back => format!("link {a}-{b}, {b} to {a} cut"),
        }
    }
}

fn links(links: &Links, members: &[NodeId]) -> Vec<LinkScene> {
    let mut all = Vec::with_capacity(members.len() * members.len() / 2);
    for (i, &a) in members.iter().enumerate() {
        all.extend(members[i + 1..].iter().map(|&b| link(links, a, b)));
    }
    all
}

fn link(links: &Links, a: NodeId, b: NodeId) -> LinkScene {
    let (x, y) = (a.into(), b.into());
    let cut = cut_between(links, x, y);
    let note = [(x, y), (y, x)]
        .into_iter()
        .find(|&(from, to)| links.is_changed(from, to))
        .map(|(from, to)| behaviour(links, from, to));
    LinkScene { a, b, cut, note }
}

/// The cut between two addresses. `Cut::Forth` is the direction from `x` to `y`.
fn cut_between(links: &Links, x: Addr, y: Addr) -> Cut {
    match (links.is_cut(x, y), links.is_cut(y, x)) {
        (false, false) => Cut::None,
        (true, true) => Cut::Both,
        (true, false) => Cut::Forth,
        (false, true) => Cut::Back,
    }
}

/// The cut links of an address with nodes and balancer.
pub fn cut_of(world: &World, who: Addr) -> Vec<(Addr, Cut)> {
    let links = world.links();
    if !links.any_cut() {
        return Vec::new();
    }
    let there = world.nodes().filter(|host| host.status() != Status::Left);
    let balancer = world.balancer().map(|_| Addr::Balancer);
    let others = there.map(|host| Addr::from(host.id())).chain(balancer);
    let cut = others.map(|other| (other, cut_between(links, who, other)));
    cut.filter(|(_, cut)| *cut != Cut::None).collect()
}

/// The sides with their clients. A client belongs to a side if it reaches no other; clients that
/// reach no side are a group of their own. Empty if that makes only one group.
fn camps(
    links: &Links,
    members: &[NodeId],
    clients: &[ClientId],
    sides: &[Vec<NodeId>],
) -> Vec<Vec<Addr>> {
    if !links.any_cut() {
        return Vec::new();
    }
    let whole = [members.to_vec()];
    let sides = if sides.is_empty() { &whole[..] } else { sides };
    let mut camps: Vec<Vec<Addr>> =
        sides.iter().map(|side| side.iter().map(|&n| n.into()).collect()).collect();
    let mut alone: Vec<Addr> = Vec::new();
    for &client in clients {
        let client = Addr::from(client);
        let reaches = |side: &Vec<NodeId>| {
            side.iter().any(|&n| cut_between(links, client, n.into()) != Cut::Both)
        };
        let reached: Vec<usize> = (0..sides.len()).filter(|&i| reaches(&sides[i])).collect();
        match reached[..] {
            [] => alone.push(client),
            [only] => camps[only].push(client),
            _ => {}
        }
    }
    camps.extend((!alone.is_empty()).then_some(alone));
    if camps.len() > 1 { camps } else { Vec::new() }
}

fn behaviour(links: &Links, from: Addr, to: Addr) -> String {
    let now = links.behaviour(from, to);
    let mut note = explain::latency(&now.latency);
    if now.loss.0 > 0 {
        note.push_str(", ");
        note.push_str(&explain::percent(now.loss));
        note.push_str(" lost");
    }
    note
}

/// The groups of nodes that still reach each other in some direction, perhaps through others. Empty
/// if there is only one group.
fn sides(members: &[NodeId], links: &[LinkScene]) -> Vec<Vec<NodeId>> {
    if links.iter().all(|l| l.cut != Cut::Both) {
        return Vec::new();
    }
    let whole = links.iter().filter(|l| l.cut != Cut::Both).map(|l| (l.a, l.b));
    let sides = components(members, whole);
    if sides.len() > 1 { sides } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::script;
    use quorumscope_core::session::Session;
    use quorumscope_core::time::Time;

    #[test]
    fn a_net_is_made_again_when_a_link_changes_and_only_then() {
        let text = "cluster raft nodes=3 seed=7\n@1s cut n1-n2\n@2s heal n1-n2\n@9s show";
        let mut session = Session::new(script::parse(text).expect("the script is right"));
        let mut last = None;
        let mut made: Vec<Rc<Vec<LinkScene>>> = Vec::new();
        let mut seen = Vec::new();
        for ms in [300, 900, 1_200, 1_900, 2_100, 1_500, 500] {
            session.seek(Time::from_ms(ms));
            let world = session.world(0);
            let members = world.nodes().map(quorumscope_core::world::Host::id).collect();
            let links = &Net::of(world, members, &mut last).links;
            seen.push(links[0].cut == Cut::Both);
            if made.last().is_none_or(|last| !Rc::ptr_eq(last, links)) {
                made.push(Rc::clone(links));
            }
        }
        assert_eq!(seen, [false, false, true, true, false, true, false]);
        assert_eq!(made.len(), 5, "whole, cut, whole, cut, whole");
    }

    #[test]
    fn who_left_has_no_links() {
        let world = World::new(
            &quorumscope_core::run::Run::of(quorumscope_core::settings::Preset::Raft).clusters[0],
        );
        let mut last = None;
        let ids = |of: &Net| of.links.iter().map(|l| (l.a.0, l.b.0)).collect::<Vec<_>>();
        let three = [1, 2, 3].map(NodeId).to_vec();
        assert_eq!(ids(Net::of(&world, three, &mut last)), [(1, 2), (1, 3), (2, 3)]);
        assert_eq!(ids(Net::of(&world, vec![NodeId(1), NodeId(3)], &mut last)), [(1, 3)]);
    }
}
