//! The options of a hunt, as plain data that a page can hand to a worker.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Options of a hunt. Every field has a default; an empty script is the one field that is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The script of the run. The hunt uses its set-up: the cluster line, and its statements at 0 s
    /// about rules, settings, the network and the workload.
    pub script: String,
    /// The cluster of the script to use, from 0.
    pub cluster: usize,
    /// Virtual time in microseconds up to which the statements of the script are a fixed beginning:
    /// they are part of every run and stay unchanged. None: only the set-up is.
    pub from_us: Option<u64>,
    /// The targets: properties by the word that `why` uses (`linearizable`, `lost-writes`,
    /// `election-safety`), or conditions (`leaders > 1`). Empty: all judged properties.
    pub properties: Vec<String>,
    /// The kinds of faults with their weights. Empty: the faults that the protocol should survive,
    /// by its guarantees or its users' expectations.
    pub faults: Vec<Weight<FaultKind>>,
    /// The most faults in one run.
    pub most_faults: u32,
    /// The nodes that faults may affect, such as `n1`. Empty: all.
    pub nodes: Vec<String>,
    /// The links that faults may affect, such as `n1-n2` or `n1>n2`. Empty: those of the nodes.
    pub links: Vec<String>,
    /// The clients that make requests. Empty: all.
    pub clients: Vec<String>,
    /// The kinds of client operations with their weights. Empty: reads and writes of every kind.
    pub operations: Vec<Weight<OperationKind>>,
    /// The most client operations in one run.
    pub most_operations: u32,
    /// Number of keys, at least 1: `x`, `y`, `z`, `k4`, …
    pub keys: u16,
    /// An additional workload, in the form of the statement: `rate=20/s reads=50%`.
    pub workload: Option<String>,
    /// Virtual time in microseconds at which every run ends. None: a time that suits the protocol.
    pub until_us: Option<u64>,
    /// The seed. The same options give the same runs and the same result on every machine.
    pub seed: u64,
    /// The way in which runs are chosen.
    pub strategy: Strategy,
    /// The most runs before the hunt is over. None: the caller ends it.
    pub runs: Option<u64>,
    /// The bounds of [`Strategy::Systematic`].
    pub bounds: Bounds,
    /// A rule that must be at fault: a run counts only if it is correct with the rule followed.
    pub because_of: Option<String>,
    /// Whether shrinking keeps the cluster line as it is.
    pub keep_setup: bool,
    /// The part of the runs that this hunt plays: one of several in parallel.
    pub share: Share,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            script: String::new(),
            cluster: 0,
            from_us: None,
            properties: Vec::new(),
            faults: Vec::new(),
            most_faults: 10,
            nodes: Vec::new(),
            links: Vec::new(),
            clients: Vec::new(),
            operations: Vec::new(),
            most_operations: 12,
            keys: 2,
            workload: None,
            until_us: None,
            seed: 1,
            strategy: Strategy::default(),
            runs: None,
            bounds: Bounds::default(),
            because_of: None,
            keep_setup: false,
            share: Share::default(),
        }
    }
}

impl Options {
    /// The defaults for a script.
    #[must_use]
    pub fn of(script: &str) -> Self {
        Self { script: script.to_owned(), ..Self::default() }
    }
}

/// One of a number of hunts that share the runs: this one does every `of`-th, from `number` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The number of this hunt, from 0.
    pub number: u32,
    /// Number of hunts, at least 1.
    pub of: u32,
}

impl Default for Share {
    fn default() -> Self {
        Self { number: 0, of: 1 }
    }
}

/// A kind and its relative weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight<T> {
    /// The kind.
    pub kind: T,
    /// Its weight; 0 is never.
    pub weight: u32,
}

/// A way to choose runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// The next three in turn.
    #[default]
    Mixed,
    /// Random faults; each run draws from kinds and weights of its own (swarm testing).
    Swarm,
    /// Takes a successful run and breaks the causes of its outcome.
    Causes,
    /// Changes runs that reached states which no run before had reached.
    Mutation,
    /// Every choice up to a depth, without continuing from a state that was seen before.
    Systematic,
}

/// The bounds of a systematic hunt: the most of each kind in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    /// Steps. Each has at most one act.
    pub steps: u32,
    /// Length of a step in microseconds of virtual time. 0: a length that suits the cluster.
    pub step_us: u64,
    /// Crashes. A crashed node may start again.
    pub crashes: u32,
    /// Messages dropped.
    pub drops: u32,
    /// Messages delayed by three steps.
    pub delays: u32,
    /// Nodes cut off. The network may heal again.
    pub isolations: u32,
    /// Election timers fired.
    pub timeouts: u32,
    /// Client operations.
    pub operations: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            steps: 6,
            step_us: 0,
            crashes: 1,
            drops: 0,
            delays: 0,
            isolations: 1,
            timeouts: 2,
            operations: 1,
        }
    }
}

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident, $what:literal, $(#[$first_doc:meta] $variant:ident = $word:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $(#[$first_doc] #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// The word for it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The kind of that word.
            ///
            /// # Errors
            /// One sentence that names those there are.
            pub fn named(word: &str) -> Result<Self, String> {
                Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
                    let all = Self::ALL.map(Self::word).join(", ");
                    format!("there is no {} {word}, expected one of {all}", $what)
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

kinds! {
    /// A kind of fault.
    FaultKind, "kind of fault",
    /// A node crashes, and later starts again.
    Crash = "crash",
    /// A node crashes and starts again at once.
    Restart = "restart",
    /// A node crashes and its disk is emptied.
    Wipe = "wipe",
    /// The last record of a crashed node's log is torn.
    Corrupt = "corrupt",
    /// A node stops for a while.
    Pause = "pause",
    /// Every link of a node is cut for a while.
    Isolate = "isolate",
    /// A link is cut for a while.
    Cut = "cut",
    /// A link is cut in one direction for a while.
    OneWay = "one-way",
    /// The network falls into two groups for a while.
    Partition = "partition",
    /// A message in flight is lost.
    Drop = "drop",
    /// A message in flight is doubled.
    Duplicate = "duplicate",
    /// A message in flight is delayed.
    Delay = "delay",
    /// A link is slow for a while.
    Slow = "slow",
    /// A link loses messages for a while.
    Loss = "loss",
    /// The disk of a node is slow for a while.
    Disk = "disk",
    /// A clock jumps.
    Clock = "clock",
    /// A clock runs fast or slow.
    Drift = "drift",
    /// An election timer fires.
    Timeout = "timeout",
    /// The leader hands its leadership over.
    Transfer = "transfer",
    /// A node joins or leaves.
    Member = "member",
}

kinds! {
    /// A kind of client operation.
    OperationKind, "kind of operation",
    /// A read.
    Get = "get",
    /// A write.
    Set = "set",
    /// A write of a present key.
    Upd = "upd",
    /// A removal.
    Del = "del",
    /// A compare-and-set.
    Cas = "cas",
    /// A text put behind the value.
    Append = "append",
}

impl Strategy {
    /// All of them, with their words.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Mixed, "mixed"),
        (Self::Swarm, "swarm"),
        (Self::Causes, "causes"),
        (Self::Mutation, "mutation"),
        (Self::Systematic, "systematic"),
    ];

    /// The strategy of that word.
    ///
    /// # Errors
    /// One sentence that names those there are.
    pub fn named(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|(_, name)| *name == word);
        found.map(|(strategy, _)| strategy).ok_or_else(|| {
            let all = Self::ALL.map(|(_, name)| name).join(", ");
            format!("there is no strategy {word}, expected one of {all}")
        })
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(s, _)| *s == self).map_or("", |(_, name)| name)
    }
}
