//! What a run is: clusters, and statements at times. The language that writes it is
//! [`crate::script`]'s; what it looks like at a time is [`crate::world`]'s.

use crate::ids::{Addr, ClientId, MessageId, NodeId};
use crate::rng::{Latency, Ppm};
use crate::settings::{Change, Preset, Settings};
use crate::store::Request;
use crate::time::{Span, Time};
use std::sync::Arc;

/// The version of the language and of what its runs mean. A change that alters old runs raises it.
pub const LANGUAGE_VERSION: u32 = 2;
/// The most clusters that may live side by side.
pub const MAX_CLUSTERS: usize = 4;
/// The most statements in one run.
pub const MAX_STATEMENTS: usize = 100_000;
/// The longest script, in bytes.
pub const MAX_SCRIPT_BYTES: usize = 1 << 20;

/// A whole run: set-up, seed and commands, each at a virtual time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// One to four clusters on the same seed, which receive the same commands.
    pub clusters: Vec<Setup>,
    /// What people do, by time; at the same time in the order written.
    pub commands: Vec<Command>,
    /// Where the playhead stands when the run is opened.
    pub show: Option<Show>,
}

/// One cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// What system it is.
    pub preset: Preset,
    /// All its settings.
    pub settings: Arc<Settings>,
}

impl Setup {
    /// A preset as it is by default.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        Self { preset, settings: Arc::new(Settings::of(preset)) }
    }
}

/// A statement and when it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The virtual time; what happens at this very time happens before it.
    pub at: Time,
    /// What is done.
    pub statement: Statement,
}

/// Where the playhead stands when a link is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Show {
    /// The time.
    pub at: Time,
    /// The state hash that the sharer saw there.
    pub state: Option<u64>,
}

/// One thing that is done to the clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// Something that happens to one node.
    Node(NodeId, NodeFault),
    /// A durable write takes that long on the disk of a node; None: as long as the setting says.
    Disk(NodeId, Option<Span>),
    /// Every link of a node is cut, both ways.
    Isolate(NodeId),
    /// A link is cut; what is in flight on it is lost.
    Cut(Link),
    /// Links work again.
    Heal(Heal),
    /// Links between groups are cut; who is not named stays connected to all.
    Partition(Vec<Vec<Addr>>),
    /// A link's behaviour from now on.
    Link(Link, Behaviour),
    /// The same for every link.
    Network(Behaviour),
    /// Something that happens to one message in flight.
    Message(MessageId, MessageFault),
    /// The clock of a node or client jumps forward (positive) or back by microseconds.
    ClockJump(Addr, i64),
    /// Its clock runs at this rate, in millionths: 1,050,000 is five per cent fast.
    ClockRate(Addr, u32),
    /// The first sends the second a typed message by hand.
    Ping(NodeId, NodeId),
    /// The first, if it leads, hands its leadership to the second.
    Transfer(NodeId, NodeId),
    /// A node joins.
    Add(NodeId),
    /// A node leaves.
    Remove(NodeId),
    /// A client asks.
    Ask {
        /// Who asks.
        client: ClientId,
        /// What.
        request: Request,
        /// Whom; None: whom it talked to last, else the first node up as far as it knows.
        via: Option<Addr>,
    },
    /// Clients ask on their own from now on, or no more.
    Workload(Option<Workload>),
    /// A protocol's rule is followed or broken.
    Rule(Arc<str>, bool),
    /// A setting that can change while running.
    Set(Change),
}

/// What can happen to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeFault {
    /// The process dies; what was durable stays.
    Crash,
    /// It starts again from its disk.
    Restart,
    /// It stops running but not existing.
    Pause,
    /// It goes on.
    Resume,
    /// It crashes and its disk is emptied.
    Wipe,
    /// The last record of its log is torn.
    Corrupt,
    /// Its election timer fires now.
    Timeout,
}

/// A link between two, in one direction or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// One end; where messages come from when it is one way.
    pub from: Addr,
    /// The other end.
    pub to: Addr,
    /// Whether only messages from `from` to `to` are meant.
    pub one_way: bool,
}

/// Which links are healed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heal {
    /// Every link; behaviours set by `link` go back to the network's too.
    Everything,
    /// Every link of one node or client.
    Of(Addr),
    /// One link.
    Link(Link),
}

/// How links behave; None leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// How long messages take.
    pub latency: Option<Latency>,
    /// Messages lost.
    pub loss: Option<Ppm>,
    /// Messages that arrive twice.
    pub duplicate: Option<Ppm>,
    /// Messages held back.
    pub reorder: Option<Ppm>,
}

/// What can happen to a message in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageFault {
    /// It is lost.
    Drop,
    /// It is doubled; the double has an id of its own.
    Duplicate,
    /// It arrives now.
    Deliver,
    /// It arrives that much later.
    Delay(Span),
}

/// What clients do on their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Workload {
    /// Operations in a thousand seconds, over all clients: `20/s` is 20,000.
    pub rate_mhz: u32,
    /// The fraction that reads.
    pub reads: Ppm,
    /// How many keys: `k1`, `k2`, … (`x`, `y`, `z` for the first three).
    pub keys: u16,
}

impl Default for Workload {
    fn default() -> Self {
        Self { rate_mhz: 20_000, reads: Ppm(500_000), keys: 3 }
    }
}

impl Run {
    /// A preset, running, with nothing done to it.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        Self { clusters: vec![Setup::of(preset)], commands: Vec::new(), show: None }
    }

    /// Puts a statement where its time says, behind those of the same time. Returns its place.
    pub fn insert(&mut self, command: Command) -> usize {
        let place = self.commands.partition_point(|c| c.at <= command.at);
        self.commands.insert(place, command);
        place
    }
}
