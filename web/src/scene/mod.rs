//! The stage's view of one World: plain values that can be compared, so that unchanged parts are
//! not drawn again.

mod net;

pub use net::{Cut, LinkScene};

use crate::divergence::{Disputes, disputed};
use crate::judging::Latest;
use crate::look::{Fate, Hue};
use crate::stage::gesture::Wire;
use crate::stage::layout::Cast;
use crate::stage::ring::RingScene;
use net::Net;
use quorumscope_core::client::{Operation, Session};
use quorumscope_core::explain::{self, Ability};
use quorumscope_core::ids::{Addr, ClientId, NodeId};
use quorumscope_core::protocol::{Mark, NodeView, Role, Term};
use quorumscope_core::settings::{Coordinator, Preset};
use quorumscope_core::store::Word;
use quorumscope_core::time::{Span, Time};
use quorumscope_core::world::{Host, Status, World};
use std::rc::Rc;

/// The number of log cells under a node.
const CELLS: usize = 5;
/// The largest number of keys under a node, and of letters of all of them together.
const MOST_HELD: usize = 2;
const LONGEST_HELD: usize = 15;

/// One cluster at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The preset of the cluster.
    pub preset: Preset,
    /// The nodes, by id.
    pub nodes: Vec<NodeScene>,
    /// The clients, by id.
    pub clients: Vec<ClientScene>,
    /// The links between nodes, lower id first.
    pub links: Rc<Vec<LinkScene>>,
    /// The sides of a split network; empty while it is whole.
    pub sides: Vec<Vec<NodeId>>,
    /// The same sides with the clients that reach one side only, and a group of the clients that
    /// reach none.
    pub camps: Vec<Vec<Addr>>,
    /// The ability of each side on its own, and the same in a sentence.
    pub abilities: Vec<(Ability, String)>,
    /// The load balancer, if there is one.
    pub balancer: Option<BalancerScene>,
    /// The ring by which nodes share keys, if there is one.
    pub ring: Option<Rc<RingScene>>,
}

/// The memory of one cluster from one scene to the next.
#[derive(Debug, Default)]
pub struct Recall {
    disputes: Disputes,
    net: Option<Net>,
}

/// A node in a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeScene {
    /// Its id.
    pub id: NodeId,
    /// Its status: up, paused, crashed or left.
    pub status: Status,
    /// Its role; None while it is down.
    pub role: Option<Role>,
    /// Its term, if the protocol has terms.
    pub term: Option<Term>,
    /// The last entries of its log.
    pub cells: Vec<Cell>,
    /// The number of entries before those.
    pub hidden: u32,
    /// The values that it holds, shortened.
    pub holds: Vec<Held>,
    /// Further marks beside it.
    pub marks: Vec<Mark>,
    /// Its colour: that of its term, or its own if nodes on a ring have colours.
    pub tint: Hue,
    /// True if a write to its disk takes another time than the cluster's setting says.
    pub has_own_disk_time: bool,
}

/// A value that a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The key and its value.
    pub text: String,
    /// True if another running node holds another value.
    pub disputed: bool,
}

/// One entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its index in the log.
    pub index: u32,
    /// The colour of its term.
    pub hue: Hue,
    /// True if the node knows that it is committed.
    pub committed: bool,
}

/// A client in a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientScene {
    /// Its id.
    pub id: ClientId,
    /// The address that it waits for, if it waits for only one.
    pub asking: Option<Addr>,
    /// The address that it talks to, or would talk to next.
    pub with: Option<Addr>,
    /// Its present or last request.
    pub asks: String,
    /// The result of that request.
    pub gets: String,
    /// The outcome of that request. None if it has asked nothing.
    pub fate: Option<Fate>,
    /// True if it coordinates its operations, and so talks to all nodes.
    pub coordinates: bool,
    /// The cut links, by the other end. `Cut::Forth` is the direction from the client.
    pub cut: Vec<(Addr, Cut)>,
}

/// The load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct BalancerScene {
    /// The nodes that it believes down.
    pub down: Vec<NodeId>,
    /// The nodes with which its link is cut in either direction.
    pub cut: Vec<NodeId>,
}

impl BalancerScene {
    fn of(world: &World) -> Option<Self> {
        let lb = Addr::Balancer;
        let is_cut = |n: Addr| world.links().is_cut(lb, n) || world.links().is_cut(n, lb);
        let nodes = world.nodes().map(Host::id);
        let down = world.balancer()?.machine().believed_down();
        Some(Self { down, cut: nodes.filter(|n| is_cut((*n).into())).collect() })
    }

    /// The name for assistive technology. It is also the title of its menu.
    #[must_use]
    pub fn name(&self) -> String {
        let list = |nodes: &[NodeId]| {
            nodes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
        };
        let mut name = "lb, load balancer".to_owned();
        if !self.down.is_empty() {
            name.push_str(&format!(", takes {} for dead", list(&self.down)));
        }
        if !self.cut.is_empty() {
            name.push_str(&format!(", cut from {}", list(&self.cut)));
        }
        name
    }
}

/// The nodes and clients at fault in the violations that judges found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blamed {
    /// The nodes.
    pub nodes: Vec<NodeId>,
    /// The clients whose operations contradict each other, and the key of the first such operation.
    pub clients: Vec<(ClientId, Word)>,
}

impl Blamed {
    /// Collects them for one cluster.
    #[must_use]
    pub fn of(world: &World, judged: &Latest, cluster: usize) -> Self {
        let mut blamed = Self::default();
        for verdict in judged.violated(cluster) {
            let nodes = world.nodes().map(Host::id);
            let named = |id: &NodeId| verdict.nodes.iter().any(|name| *name == id.to_string());
            blamed.nodes.extend(nodes.filter(named));
            for &number in &verdict.operations {
                let operation = world.operations().get(number as usize - 1);
                let Some(Operation { client, request, .. }) = operation else { continue };
                if blamed.clients.iter().all(|(known, _)| known != client) {
                    blamed.clients.push((*client, request.key.clone()));
                }
            }
        }
        blamed
    }
}

impl Scene {
    /// The scene of a World without memory of an earlier scene.
    #[cfg(test)]
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self::after(world, &mut Recall::default())
    }

    /// The scene of a World. `recall` carries the memory from the scene before.
    #[must_use]
    pub fn after(world: &World, recall: &mut Recall) -> Self {
        let view = |host: &Host| host.machine().map(|m| m.view(CELLS));
        let views: Vec<Option<NodeView>> = world.nodes().map(view).collect();
        let disputed = recall.disputes.lasting(disputed(views.iter().flatten()), world.now());
        let ring = RingScene::of(world, views.iter().flatten()).map(Rc::new);
        let node =
            |(host, view): (&Host, &Option<NodeView>)| node(world, host, view.as_ref(), &disputed);
        let nodes: Vec<NodeScene> = world.nodes().zip(&views).map(node).collect();
        let stays = |n: &&NodeScene| n.status != Status::Left;
        let members = nodes.iter().filter(stays).map(|n| n.id).collect();
        let net = Net::of(world, members, &mut recall.net);
        let (links, sides) = (Rc::clone(&net.links), net.sides.clone());
        let camps = net.camps.clone();
        let clients = world.clients().map(|c| client(world, c)).collect();
        let balancer = BalancerScene::of(world);
        let abilities = sides.iter().map(|side| explain::ability(world, side)).collect();
        Self {
            preset: world.preset(),
            nodes,
            clients,
            links,
            sides,
            camps,
            abilities,
            balancer,
            ring,
        }
    }

    /// The input of the stage's layout.
    #[must_use]
    pub fn cast(&self) -> Cast {
        Cast {
            nodes: self.nodes.iter().map(|n| n.id).collect(),
            clients: self.clients.iter().map(|c| (c.id, c.with)).collect(),
            sides: self.sides.clone(),
            camps: self.camps.clone(),
            balancer: self.balancer.is_some(),
            ring: self.ring.is_some(),
        }
    }

    /// The links that a drawn line may cross: those between nodes, and those of clients and
    /// balancer, even without a visible wire.
    #[must_use]
    pub fn wires(&self) -> Vec<Wire> {
        let link = |l: &LinkScene| Wire {
            a: l.a.into(),
            b: l.b.into(),
            cut: l.cut == Cut::Both,
            drawn: true,
        };
        let mut wires: Vec<Wire> = self.links.iter().map(link).collect();
        for client in &self.clients {
            wires.extend(self.partners().map(|b| Wire {
                a: client.id.into(),
                b,
                cut: client.cut_from(b) == Cut::Both,
                drawn: client.talks_to(b),
            }));
        }
        if let Some(balancer) = &self.balancer {
            wires.extend(self.members().map(|n| Wire {
                a: Addr::Balancer,
                b: n.into(),
                cut: balancer.cut.contains(&n),
                drawn: true,
            }));
        }
        wires
    }

    /// The nodes that have not left.
    pub fn members(&self) -> impl Iterator<Item = NodeId> {
        self.nodes.iter().filter(|n| n.status != Status::Left).map(|n| n.id)
    }

    /// The addresses that a client may talk to.
    fn partners(&self) -> impl Iterator<Item = Addr> {
        let balancer = self.balancer.iter().map(|_| Addr::Balancer);
        self.members().map(Addr::from).chain(balancer)
    }

    /// The client with this id.
    #[must_use]
    pub fn client(&self, id: ClientId) -> Option<&ClientScene> {
        self.clients.iter().find(|c| c.id == id)
    }

    /// The node with this id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&NodeScene> {
        self.nodes.iter().find(|n| n.id == id)
    }

    /// The link between two nodes, lower id first.
    #[must_use]
    pub fn link(&self, a: NodeId, b: NodeId) -> Option<&LinkScene> {
        self.links.iter().find(|l| (l.a, l.b) == (a, b))
    }

    /// True for a node if all of its links are cut in both directions; true if any is cut at all.
    #[must_use]
    pub fn cut_around(&self, id: NodeId) -> (bool, bool) {
        let mut around = self.links.iter().filter(|l| l.a == id || l.b == id).peekable();
        let some = around.peek().is_some();
        let cuts: Vec<Cut> = around.map(|l| l.cut).collect();
        let all = some && cuts.iter().all(|&c| c == Cut::Both);
        (all, cuts.iter().any(|&c| c != Cut::None))
    }
}

impl NodeScene {
    /// The parts that are drawn. Without room for its log, changes of the log make no difference.
    #[must_use]
    pub fn shown(&self, compact: bool) -> Self {
        if !compact {
            return self.clone();
        }
        let Self { id, status, role, term, tint, has_own_disk_time, ref marks, .. } = *self;
        let (cells, hidden, holds, marks) = (Vec::new(), 0, Vec::new(), marks.clone());
        Self { id, status, role, term, cells, hidden, holds, marks, tint, has_own_disk_time }
    }

    /// The name for assistive technology: `n1, leader, term 2, up`, `n3, crashed`.
    #[must_use]
    pub fn name(&self) -> String {
        let Some(role) = self.role else { return format!("{}, {}", self.id, self.status.name()) };
        let term = self.term.map_or(String::new(), |t| format!(", term {t}"));
        format!("{}, {}{term}, {}", self.id, role.name(), self.status.name())
    }
}

impl ClientScene {
    /// The name for assistive technology: `c1, waiting for n2`.
    #[must_use]
    pub fn name(&self) -> String {
        let name = match (self.fate, self.asking) {
            (Some(Fate::Waiting), Some(node)) => format!("{}, waiting for {node}", self.id),
            (Some(Fate::Waiting), None) => format!("{}, waiting for the nodes", self.id),
            (None, _) => format!("{}, idle", self.id),
            _ => format!("{}, {}: {}", self.id, self.asks, self.gets),
        };
        let cut: Vec<String> = self.cut.iter().map(|(who, _)| who.to_string()).collect();
        match &cut[..] {
            [] => name,
            cut => format!("{name}, cut from {}", cut.join(" and ")),
        }
    }

    /// The cut of the link with an address. `Cut::Forth` is the direction from the client.
    #[must_use]
    pub fn cut_from(&self, who: Addr) -> Cut {
        self.cut.iter().find(|(other, _)| *other == who).map_or(Cut::None, |(_, cut)| *cut)
    }

    /// True if a wire is drawn to an address: the client asks it, or would ask it next.
    #[must_use]
    pub fn talks_to(&self, who: Addr) -> bool {
        let to_all = self.with.is_none() && (self.coordinates || self.fate == Some(Fate::Waiting));
        self.with == Some(who) || to_all && matches!(who, Addr::Node(_))
    }
}

fn node(world: &World, host: &Host, view: Option<&NodeView>, disputed: &[Word]) -> NodeScene {
    let (cells, hidden) = view.map_or_else(Default::default, cells);
    let term = view.and_then(|v| v.sign.term);
    NodeScene {
        id: host.id(),
        status: host.status(),
        role: view.map(|v| v.sign.role),
        term,
        cells,
        hidden,
        holds: view.map_or_else(Vec::new, |v| holds(v, disputed)),
        marks: world.marks(host),
        tint: Hue::of_node(host.id(), term, Hue::are_own(world)),
        has_own_disk_time: host.own_disk_time().is_some(),
    }
}

fn cells(view: &NodeView) -> (Vec<Cell>, u32) {
    let log = view.log.as_deref().unwrap_or_default();
    let cell = |c: &quorumscope_core::protocol::LogCell| Cell {
        index: c.index.0,
        hue: Hue::of(Some(c.term)),
        committed: c.committed,
    };
    let hidden = log.first().map_or(0, |c| c.index.0.saturating_sub(1));
    (log.iter().map(cell).collect(), hidden)
}

/// The first keys and values that fit under a node; disputed ones before others.
fn holds(view: &NodeView, disputed: &[Word]) -> Vec<Held> {
    let is_disputed = |key: &Word| disputed.binary_search(key).is_ok();
    let (first, rest): (Vec<_>, Vec<_>) = view.data.iter().partition(|(key, _)| is_disputed(key));
    let mut held = Vec::new();
    let mut length = 0;
    for (key, value) in first.into_iter().chain(rest) {
        length += key.len() + value.len() + 2;
        if held.len() == MOST_HELD || length > LONGEST_HELD {
            held.push(Held { text: "…".to_owned(), disputed: false });
            break;
        }
        held.push(Held { text: format!("{key}={value}"), disputed: is_disputed(key) });
    }
    held
}

fn client(world: &World, session: &Session) -> ClientScene {
    let open = session.open().and_then(|id| world.operation(id));
    let last = session.last().and_then(|id| world.operation(id));
    let asking = session.asking();
    let asks = |op: &Operation| op.request.to_string();
    let (asks, gets, fate) = match (open, last) {
        (Some(op), _) => (asks(op), waited(op, world.now()), Some(Fate::Waiting)),
        (None, Some(op)) => (asks(op), Fate::said(op), Some(Fate::of(op))),
        (None, None) => (String::new(), String::new(), None),
    };
    let with = asking.or(session.prefers().map(Addr::from));
    let id = session.id();
    let (coordinates, cut) = (coordinates(world), net::cut_of(world, id.into()));
    ClientScene { id, asking, with, asks, gets, fate, coordinates, cut }
}

/// True if clients coordinate their operations.
fn coordinates(world: &World) -> bool {
    match world.preset() {
        Preset::WriteAll => true,
        Preset::Quorum => world.settings().quorum.coordinator == Coordinator::Client,
        _ => false,
    }
}

fn waited(op: &Operation, now: Time) -> String {
    format!("{} {}", Fate::WAITING, short(now.since(op.invoked)))
}

/// A span in seconds, with two digits after the point.
#[must_use]
pub fn short(span: Span) -> String {
    let hundredths = span.as_us() / 10_000;
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}
