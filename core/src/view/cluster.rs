//! One cluster at the playhead.

use crate::ids::{Addr, NodeId};
use crate::order;
use crate::run::Statement;
use crate::session::Session;
use crate::settings::{Setting, Value};
use crate::sorted::SortedMap;
use crate::world::{Flight, Host, World};
use serde::Serialize;

/// The most entries of a log that are shown: the last ones.
const MAX_LOG_ENTRIES: usize = 1_000;

/// One cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cluster {
    /// The simulated system.
    pub preset: String,
    /// Its settings by name, as they are now: numbers and switches as such, times in
    /// milliseconds, the rest as the language writes it.
    pub settings: SortedMap<&'static str, serde_json::Value>,
    /// Whether a rule of its protocol was ever off.
    pub modified: bool,
    /// Its nodes, by id.
    pub nodes: Vec<Node>,
    /// The links between its nodes, and those of clients that are cut or changed.
    pub links: Vec<LinkState>,
    /// Messages in flight, by id.
    pub messages: Vec<MessageInFlight>,
    /// Its clients, by id.
    pub clients: Vec<Client>,
    /// The running node that leads in the highest term.
    pub leader: Option<String>,
    /// The details of its balancer; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balancer: Option<Vec<Detail>>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    /// `n1`
    pub id: String,
    /// `up`, `crashed`, `paused` or, when it was removed, `left`.
    pub status: &'static str,
    /// Its role; null when it is down.
    pub role: Option<&'static str>,
    /// Its term, where the protocol has terms and it is not down.
    pub term: Option<u32>,
    /// The answers that it would give from its own state.
    pub data: SortedMap<String, String>,
    /// Its log, where the protocol has one and it is not down.
    pub log: Option<Vec<LogEntry>>,
    /// Its disk.
    pub disk: Disk,
    /// The reading of its clock, in milliseconds.
    pub clock_ms: f64,
    /// Further details of its protocol, in display order.
    pub detail: Vec<Detail>,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogEntry {
    /// Its place, from 1.
    pub index: u32,
    /// The term it was made in.
    pub term: u32,
    /// Its operation, as the language writes it.
    pub op: String,
    /// Whether this node knows it to be committed.
    pub committed: bool,
}

/// A node's disk.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disk {
    /// Records behind the checkpoint.
    pub records: usize,
    /// Number of writes that are not durable yet.
    pub volatile: u64,
    /// Whether there is a checkpoint.
    pub checkpoint: bool,
    /// Whether its last record is torn.
    pub torn: bool,
    /// Duration of a durable write, in milliseconds, where it differs from the setting.
    pub own_time: Option<f64>,
}

/// One detail of a node that its protocol shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detail {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A link between two.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkState {
    /// The lower of its ends.
    pub a: String,
    /// The higher.
    pub b: String,
    /// `none`, `both`, `a>b` (nothing gets from a to b) or `b>a`.
    pub cut: &'static str,
    /// Latency of messages from a to b, as the language writes it.
    pub latency: String,
    /// Fraction of these messages that is lost.
    pub loss: f64,
}

/// A message in flight.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MessageInFlight {
    /// `m17`
    pub id: String,
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
    /// Its kind.
    pub kind: &'static str,
    /// Time of its sending.
    pub sent: f64,
    /// Time of its arrival, unless it is dropped or delayed on the way.
    pub arrives: f64,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    /// `c1`
    pub id: String,
    /// The nodes that it waits for, separated by commas; null when it waits for none.
    pub waiting_for: Option<String>,
    /// Its unanswered operation, as the language writes it.
    pub operation: Option<String>,
}

/// Whether a rule of a protocol was ever off up to the playhead.
pub(super) fn breaks_a_rule(session: &Session) -> bool {
    let told = session.run().commands.iter().take_while(|c| c.at <= session.now());
    told.into_iter().any(|c| matches!(c.statement, Statement::Rule(_, false)))
}

impl Cluster {
    pub(super) fn of(world: &World, is_modified: bool) -> Self {
        let mut messages: Vec<_> = world.flights().collect();
        order::by_key(&mut messages, |f| f.id);
        Self {
            preset: world.preset().to_string(),
            settings: settings(world),
            modified: is_modified,
            nodes: world.nodes().map(|host| Node::of(host, world)).collect(),
            links: links(world),
            messages: messages.into_iter().map(MessageInFlight::of).collect(),
            clients: world.clients().map(|c| Client::of(c, world)).collect(),
            leader: world.leader().map(|n| n.to_string()),
            balancer: world.balancer().map(|b| details(b.machine().detail())),
        }
    }
}

fn settings(world: &World) -> SortedMap<&'static str, serde_json::Value> {
    let given = |s: &'static Setting| Some((s.name, json(&s.read(world.settings())?)));
    Setting::of(world.preset()).filter_map(given).collect()
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Count(n) => (*n).into(),
        Value::Switch(on) => (*on).into(),
        Value::Fraction(p) => fraction(*p).into(),
        Value::Span(s) | Value::Period(Some(s)) => s.as_ms_f64().into(),
        Value::Period(None) => serde_json::Value::Null,
        Value::Range(_) | Value::Latency(_) | Value::Choice(_) => value.to_string().into(),
    }
}

fn fraction(ppm: crate::rng::Ppm) -> f64 {
    f64::from(ppm.0) / 1_000_000.0
}

impl Node {
    fn of(host: &Host, world: &World) -> Self {
        let view = host.machine().map(|m| m.view(MAX_LOG_ENTRIES));
        let sign = view.as_ref().map(|v| v.sign);
        let mut node = Self {
            id: host.id().to_string(),
            status: host.status().name(),
            role: sign.map(|s| s.role.name()),
            term: sign.and_then(|s| s.term).map(|t| t.0),
            data: SortedMap::new(),
            log: None,
            disk: Disk::of(host),
            clock_ms: host.clock().reading(world.now()).as_ms_f64(),
            detail: host.machine().map_or_else(Vec::new, |m| details(m.detail())),
        };
        if let Some(view) = view {
            node.data = view.data.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
            node.log = view.log.map(|log| log.into_iter().map(LogEntry::of).collect());
        }
        node
    }
}

fn details(rows: Vec<(&'static str, String)>) -> Vec<Detail> {
    rows.into_iter().map(|(name, value)| Detail { name, value }).collect()
}

impl LogEntry {
    fn of(cell: crate::protocol::LogCell) -> Self {
        let (index, term) = (cell.index.0, cell.term.0);
        Self { index, term, op: cell.op, committed: cell.committed }
    }
}

impl Disk {
    fn of(host: &Host) -> Self {
        let disk = host.disk();
        Self {
            records: disk.log_len(),
            volatile: disk.written().0.saturating_sub(disk.durable().0),
            checkpoint: disk.has_checkpoint(),
            torn: disk.is_torn(),
            own_time: host.own_disk_time().map(|takes| takes.as_us() as f64 / 1_000.0),
        }
    }
}

/// All pairs of nodes, and the links of clients that are cut or changed.
fn links(world: &World) -> Vec<LinkState> {
    let nodes: Vec<NodeId> = world.nodes().map(Host::id).collect();
    let pairs = nodes
        .iter()
        .enumerate()
        .flat_map(|(i, &a)| nodes[i + 1..].iter().map(move |&b| (Addr::from(a), Addr::from(b))));
    let of_client = |c: &crate::client::Session| {
        let client = Addr::from(c.id());
        nodes.iter().map(move |&n| (Addr::from(n), client))
    };
    let links = world.links();
    let unusual = |&(a, b): &(Addr, Addr)| {
        let differs = |a, b| links.is_cut(a, b) || links.is_changed(a, b);
        differs(a, b) || differs(b, a)
    };
    let of_clients: Vec<_> = world.clients().flat_map(of_client).filter(unusual).collect();
    pairs.chain(of_clients).map(|(a, b)| LinkState::of(a, b, world)).collect()
}

impl LinkState {
    fn of(a: Addr, b: Addr, world: &World) -> Self {
        let links = world.links();
        let behaviour = links.behaviour(a, b);
        Self {
            a: a.to_string(),
            b: b.to_string(),
            cut: match (links.is_cut(a, b), links.is_cut(b, a)) {
                (false, false) => "none",
                (true, true) => "both",
                (true, false) => "a>b",
                (false, true) => "b>a",
            },
            latency: behaviour.latency.to_string(),
            loss: fraction(behaviour.loss),
        }
    }
}

impl MessageInFlight {
    fn of(flight: &Flight) -> Self {
        Self {
            id: flight.id.to_string(),
            from: flight.from.to_string(),
            to: flight.to.to_string(),
            kind: flight.message.kind().name(),
            sent: flight.sent.as_ms_f64(),
            arrives: flight.arrives.as_ms_f64(),
        }
    }
}

impl Client {
    fn of(client: &crate::client::Session, world: &World) -> Self {
        let operation = client.open().and_then(|id| world.operation(id));
        let all = || world.nodes().map(|h| h.id().to_string()).collect::<Vec<_>>().join(", ");
        let asked = || client.asking().map_or_else(all, |a| a.to_string());
        Self {
            id: client.id().to_string(),
            waiting_for: operation.map(|_| asked()),
            operation: operation.map(|o| o.request.to_string()),
        }
    }
}
