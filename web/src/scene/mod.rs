//! What the stage shows of one World: plain values that compare, so that nothing is drawn again
//! that did not change.

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
use quorumscope_core::settings::Preset;
use quorumscope_core::store::Word;
use quorumscope_core::time::{Span, Time};
use quorumscope_core::world::{Host, Status, World};
use std::rc::Rc;

/// How many cells of a log stand under a node.
const CELLS: usize = 5;
/// How many keys stand there, and how many letters they may have together.
const MOST_HELD: usize = 2;
const LONGEST_HELD: usize = 15;

/// One cluster at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// What system it is.
    pub preset: Preset,
    /// Its nodes, by id.
    pub nodes: Vec<NodeScene>,
    /// Its clients, by id.
    pub clients: Vec<ClientScene>,
    /// The links between nodes, lower id first.
    pub links: Rc<Vec<LinkScene>>,
    /// The sides of a split network; empty while it is whole.
    pub sides: Vec<Vec<NodeId>>,
    /// What each side can do by itself, and the same in a sentence.
    pub abilities: Vec<(Ability, String)>,
    /// The load balancer, where one stands among them.
    pub balancer: Option<BalancerScene>,
    /// The ring that they share out keys by, where there is one.
    pub ring: Option<Rc<RingScene>>,
}

/// What is remembered of one cluster from one scene to the next.
#[derive(Debug, Default)]
pub struct Recall {
    disputes: Disputes,
    net: Option<Net>,
}

/// One node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeScene {
    /// Which.
    pub id: NodeId,
    /// Whether it runs.
    pub status: Status,
    /// What it is; None when it is down.
    pub role: Option<Role>,
    /// Its term, where there are terms.
    pub term: Option<Term>,
    /// The end of its log.
    pub cells: Vec<Cell>,
    /// How many entries lie before those.
    pub hidden: u32,
    /// What it holds, in short.
    pub holds: Vec<Held>,
    /// What else is to be seen of it at a glance.
    pub marks: Vec<Mark>,
    /// Its colour: its term's, or its own where the ring tells nodes apart.
    pub tint: Hue,
    /// Whether a write takes another time on its disk than the setting says.
    pub has_own_disk_time: bool,
}

/// A piece of what a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// A key and its value.
    pub text: String,
    /// Whether another running node holds another value.
    pub disputed: bool,
}

/// One entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its place.
    pub index: u32,
    /// The colour of its term.
    pub hue: Hue,
    /// Whether the node knows it to be committed.
    pub committed: bool,
}

/// One client.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientScene {
    /// Which.
    pub id: ClientId,
    /// Whom it waits for, one node.
    pub asking: Option<Addr>,
    /// Whom it talks to, or would.
    pub with: Option<Addr>,
    /// What it asks, or asked last.
    pub asks: String,
    /// What came of it.
    pub gets: String,
    /// The same as one of few cases; None: it has asked nothing.
    pub fate: Option<Fate>,
}

/// The load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct BalancerScene {
    /// The nodes that it believes down.
    pub down: Vec<NodeId>,
    /// The nodes to or from which nothing gets.
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

    /// What assistive technology reads, and what its menu is called.
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

/// Who is at fault where judges found that a property does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blamed {
    /// The nodes.
    pub nodes: Vec<NodeId>,
    /// The clients whose operations contradict each other, and the key.
    pub clients: Vec<(ClientId, Word)>,
}

impl Blamed {
    /// Who it is in one cluster.
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
    /// What there is to see of a World.
    #[cfg(test)]
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self::after(world, &mut Recall::default())
    }

    /// What there is to see of a World, where it is known what there was before.
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
        let clients = world.clients().map(|c| client(world, c)).collect();
        let balancer = BalancerScene::of(world);
        let abilities = sides.iter().map(|side| explain::ability(world, side)).collect();
        Self { preset: world.preset(), nodes, clients, links, sides, abilities, balancer, ring }
    }

    /// Who is to be placed on the stage.
    #[must_use]
    pub fn cast(&self) -> Cast {
        Cast {
            nodes: self.nodes.iter().map(|n| n.id).collect(),
            clients: self.clients.iter().map(|c| (c.id, c.with)).collect(),
            sides: self.sides.clone(),
            balancer: self.balancer.is_some(),
            ring: self.ring.is_some(),
        }
    }

    /// The links as a drawn line meets them.
    #[must_use]
    pub fn wires(&self) -> Vec<Wire> {
        let wire = |l: &LinkScene| Wire { a: l.a, b: l.b, cut: l.cut == Cut::Both };
        self.links.iter().map(wire).collect()
    }

    /// One node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&NodeScene> {
        self.nodes.iter().find(|n| n.id == id)
    }

    /// One link.
    #[must_use]
    pub fn link(&self, a: NodeId, b: NodeId) -> Option<&LinkScene> {
        self.links.iter().find(|l| (l.a, l.b) == (a, b))
    }

    /// Whether every link of a node is cut both ways, or any at all.
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
    /// What is drawn of it: where there is no room for its log, that makes no difference.
    #[must_use]
    pub fn shown(&self, compact: bool) -> Self {
        if !compact {
            return self.clone();
        }
        let Self { id, status, role, term, tint, has_own_disk_time, ref marks, .. } = *self;
        let (cells, hidden, holds, marks) = (Vec::new(), 0, Vec::new(), marks.clone());
        Self { id, status, role, term, cells, hidden, holds, marks, tint, has_own_disk_time }
    }

    /// What assistive technology reads: `n1, leader, term 2, up`, `n3, crashed`.
    #[must_use]
    pub fn name(&self) -> String {
        let Some(role) = self.role else { return format!("{}, {}", self.id, self.status.name()) };
        let term = self.term.map_or(String::new(), |t| format!(", term {t}"));
        format!("{}, {}{term}, {}", self.id, role.name(), self.status.name())
    }
}

impl ClientScene {
    /// What assistive technology reads: `c1, waiting for n2`.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.fate, self.asking) {
            (Some(Fate::Waiting), Some(node)) => format!("{}, waiting for {node}", self.id),
            (Some(Fate::Waiting), None) => format!("{}, waiting for the nodes", self.id),
            (None, _) => format!("{}, idle", self.id),
            _ => format!("{}, {}: {}", self.id, self.asks, self.gets),
        }
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

/// The first keys and values, as far as they fit under a node; disputed ones before others.
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
    ClientScene { id: session.id(), asking, with, asks, gets, fate }
}

fn waited(op: &Operation, now: Time) -> String {
    format!("{} {}", Fate::WAITING, short(now.since(op.invoked)))
}

/// A length of time as it is read in passing: hundredths of a second.
#[must_use]
pub fn short(span: Span) -> String {
    let hundredths = span.as_us() / 10_000;
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}
