//! The parts of a run: clusters, and statements at times. [`crate::script`] defines the language
//! that writes a run, [`crate::world`] its state at a time.

mod cue;

pub use cue::{Cue, CueKind, MAX_CUE_CHARS, Pace, Story};

use crate::ids::{Addr, ClientId, MessageId, NodeId};
use crate::rng::{Latency, Ppm};
use crate::settings::{Change, Preset, Settings};
use crate::store::Request;
use crate::time::{Span, Time};
use std::sync::Arc;

/// The version of the language and of its semantics. A change that alters old runs raises it.
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
    /// The statements of the run, ordered by time; at equal times in the order written.
    pub commands: Vec<Command>,
    /// Captions, chapters and speeds: they change nothing in the World.
    pub story: Story,
    /// The position of the playhead when the run is opened.
    pub show: Option<Show>,
}

/// One cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The simulated system.
    pub preset: Preset,
    /// All its settings.
    pub settings: Arc<Settings>,
}

impl Setup {
    /// A preset with its default settings.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        Self { preset, settings: Arc::new(Settings::of(preset)) }
    }
}

/// A statement and the time of its execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The virtual time. All else that happens at this very time happens first.
    pub at: Time,
    /// The statement.
    pub statement: Statement,
}

/// The position of the playhead when a link is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Show {
    /// The time.
    pub at: Time,
    /// The state hash that the sharer saw there.
    pub state: Option<u64>,
}

/// A statement: one action on the clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A fault or an action at one node.
    Node(NodeId, NodeFault),
    /// A durable write takes that long on the disk of a node; None restores the setting's time.
    Disk(NodeId, Option<Span>),
    /// Every link of a node is cut, both ways.
    Isolate(NodeId),
    /// A link is cut; messages in flight on it are lost.
    Cut(Link),
    /// Links work again.
    Heal(Heal),
    /// Links between groups are cut; a node that is not named stays connected to all.
    Partition(Vec<Vec<Addr>>),
    /// A link's behaviour from now on.
    Link(Link, Behaviour),
    /// The behaviour of every link from now on.
    Network(Behaviour),
    /// A fault of one message in flight.
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
    /// A client makes a request.
    Ask {
        /// The client.
        client: ClientId,
        /// The request.
        request: Request,
        /// The node or balancer to ask. None: the one that it talked to last, else the first node
        /// that it believes to be up.
        via: Option<Addr>,
    },
    /// Clients make requests on their own from now on (Some), or no more (None).
    Workload(Option<Workload>),
    /// A protocol's rule is followed or broken.
    Rule(Arc<str>, bool),
    /// A setting that can change while running.
    Set(Change),
}

/// A fault or an action at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeFault {
    /// The process crashes; durable data stay.
    Crash,
    /// It starts again from its disk.
    Restart,
    /// The process stops running but keeps its memory.
    Pause,
    /// The paused process continues.
    Resume,
    /// It crashes and its disk is emptied.
    Wipe,
    /// The last record of its log is torn.
    Corrupt,
    /// Its election timer fires now.
    Timeout,
}

/// A link between two ends, in one direction or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// One end; where messages come from when it is one way.
    pub from: Addr,
    /// The other end.
    pub to: Addr,
    /// Whether the link means only messages from `from` to `to`.
    pub one_way: bool,
}

/// The links that are healed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heal {
    /// Every link; behaviours set by `link` return to the network's too.
    Everything,
    /// Every link of one node or client.
    Of(Addr),
    /// One link.
    Link(Link),
}

/// A change of a link's behaviour; None leaves a part unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// Latency of messages.
    pub latency: Option<Latency>,
    /// Fraction of messages lost.
    pub loss: Option<Ppm>,
    /// Fraction of messages that arrive twice.
    pub duplicate: Option<Ppm>,
    /// Fraction of messages that arrive late, out of order.
    pub reorder: Option<Ppm>,
}

/// A fault of a message in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageFault {
    /// It is lost.
    Drop,
    /// It is duplicated; the copy has an id of its own.
    Duplicate,
    /// It arrives now.
    Deliver,
    /// It arrives that much later.
    Delay(Span),
}

/// The requests that clients make on their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Workload {
    /// Operations per thousand seconds, over all clients: `20/s` is 20,000.
    pub rate_mhz: u32,
    /// Fraction of reads.
    pub reads: Ppm,
    /// Number of keys: `k1`, `k2`, … (`x`, `y`, `z` for the first three).
    pub keys: u16,
}

impl Default for Workload {
    fn default() -> Self {
        Self { rate_mhz: 20_000, reads: Ppm(500_000), keys: 3 }
    }
}

impl Run {
    /// A run of a preset without any statement.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        Self {
            clusters: vec![Setup::of(preset)],
            commands: Vec::new(),
            story: Story::default(),
            show: None,
        }
    }

    /// Number of its statements, including those of its story.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.commands.len() + self.story.cues().len()
    }

    /// Inserts a statement at its time, behind those of the same time. Returns its place.
    pub fn insert(&mut self, command: Command) -> usize {
        let place = self.commands.partition_point(|c| c.at <= command.at);
        self.commands.insert(place, command);
        place
    }
}
