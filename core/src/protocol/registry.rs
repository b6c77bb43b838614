//! All protocols as one: machines, messages, records and checkpoints, generated from the rows of
//! [`crate::registry`].

use super::contract::{Cx, Disk, Input, Nothing, Payload, Protocol, Term};
use super::message::{self, Ask, Reply};
use super::{Kind, LogMarks, Mark, NodeView, Sign};
use super::{
    bully, chain, detector, election, peers, primary_backup, quorum_store, raft, ring, write_all,
};
use crate::ids::NodeId;
use crate::registry::protocols;
use crate::settings::{Leg, Preset, Settings};
use crate::time::Time;
use serde::Serialize;
use std::sync::{Arc, OnceLock};

macro_rules! registry {
    ($($(#[$doc:meta])* $variant:ident {
        module: $module:ident, settings: $field:ident,
        machine: $machine:ty, message: $message:ty, record: $record:ty, checkpoint: $checkpoint:ty,
    })*) => {
        /// A node's state machine, of any protocol.
        #[derive(Clone, Debug, Serialize)]
        pub enum Machine {
            $($(#[$doc])* $variant(Box<$machine>),)*
        }

        /// A message between nodes, clients and the balancer.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub enum Message {
            /// A client asks a node.
            Ask(Ask),
            /// A node answers a client.
            Reply(Reply),
            /// Sent by hand from one node to another.
            Ping,
            /// The answer to a ping.
            Pong,
            /// A sign of life.
            Heartbeat(detector::Message),
            /// A message of a bully election.
            Bully(bully::Message),
            $($(#[$doc])* $variant($message),)*
        }

        /// A record on a node's disk.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub enum Record {
            $($(#[$doc])* $variant($record),)*
        }

        /// A checkpoint on a node's disk.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub enum Checkpoint {
            $($(#[$doc])* $variant($checkpoint),)*
        }

        /// The functions of all protocols.
        const ALL: Table = Table {
            format_disk: |preset, members, settings, disk| match preset {
                $(Preset::$variant => <$machine as Protocol>::format_disk(members, settings, disk),)*
            },
            boot: |preset, me, members, settings, disk| match preset {
                $(Preset::$variant => {
                    let machine = <$machine as Protocol>::boot(me, members, settings, disk);
                    Machine::$variant(Box::new(machine))
                })*
            },
            step: |machine, input, cx| match machine {
                $(Machine::$variant(m) => Protocol::step(&mut **m, input, cx),)*
            },
            view: |machine, most| match machine {
                $(Machine::$variant(m) => Protocol::view(&**m, most),)*
            },
            detail: |machine| match machine {
                $(Machine::$variant(m) => Protocol::detail(&**m),)*
            },
            sign: |machine| match machine {
                $(Machine::$variant(m) => Protocol::sign(&**m),)*
            },
            log_marks: |machine| match machine {
                $(Machine::$variant(m) => Protocol::log_marks(&**m),)*
            },
            confirms_removal: |machine, node| match machine {
                $(Machine::$variant(m) => Protocol::confirms_removal(&**m, node),)*
            },
            is_replica: |machine| match machine {
                $(Machine::$variant(m) => Protocol::is_replica(&**m),)*
            },
            marks: |machine, clock, settings| match machine {
                $(Machine::$variant(m) => Protocol::marks(&**m, clock, settings),)*
            },
            keeps: |machine| match machine {
                $(Machine::$variant(m) => Protocol::keeps(&**m),)*
            },
            payload: |message| match message {
                Message::Ask(_) | Message::Reply(_) | Message::Ping | Message::Pong => None,
                Message::Heartbeat(m) => Some(m),
                Message::Bully(m) => Some(m),
                $(Message::$variant(m) => Some(m),)*
            },
        };
    };
}

protocols!(registry);

/// The functions of all machines and messages. A page that shows Raft first has those of the other
/// protocols come later: see [`install`].
#[derive(Clone, Copy)]
struct Table {
    format_disk: fn(Preset, &[NodeId], &Settings, &mut Disk),
    boot: fn(Preset, NodeId, &[NodeId], &Settings, &mut Disk) -> Machine,
    step: fn(&mut Machine, Input, &mut Cx<'_>),
    view: fn(&Machine, usize) -> NodeView,
    detail: fn(&Machine) -> Vec<(&'static str, String)>,
    sign: fn(&Machine) -> Sign,
    log_marks: fn(&Machine) -> Option<LogMarks>,
    confirms_removal: fn(&Machine, NodeId) -> bool,
    is_replica: fn(&Machine) -> bool,
    marks: fn(&Machine, Time, &Settings) -> Vec<Mark>,
    keeps: fn(&Machine) -> Vec<(NodeId, usize)>,
    payload: fn(&Message) -> Option<&dyn Payload>,
}

static TABLE: OnceLock<Table> = OnceLock::new();

/// The functions of all protocols.
fn all() -> Table {
    if cfg!(feature = "split") {
        *TABLE.get().expect("only Raft runs before the other protocols are there")
    } else {
        ALL
    }
}

/// Puts the functions of all protocols in their place, in a build with the feature `split`; until then
/// only Raft can run. In every other build they are there from the beginning.
pub fn install() {
    // The compiler must not see that there is no other table: it would call the functions by name.
    let _ = TABLE.set(std::hint::black_box(ALL));
}

impl Machine {
    /// Prepares a node's disk before its first start, for the initial nodes of the cluster.
    pub fn format_disk(preset: Preset, members: &[NodeId], settings: &Settings, disk: &mut Disk) {
        match preset {
            Preset::Raft => <raft::Server as Protocol>::format_disk(members, settings, disk),
            other => (all().format_disk)(other, members, settings, disk),
        }
    }

    /// A machine with the content of its disk. It has to learn all else. `members` is the
    /// operator's list of the members, including `me`.
    #[must_use]
    pub fn boot(
        preset: Preset,
        me: NodeId,
        members: &[NodeId],
        settings: &Settings,
        disk: &mut Disk,
    ) -> Self {
        match preset {
            Preset::Raft => {
                let machine = <raft::Server as Protocol>::boot(me, members, settings, disk);
                Self::Raft(Box::new(machine))
            }
            other => (all().boot)(other, me, members, settings, disk),
        }
    }

    /// Handles an input. Pings are the same in every protocol.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        let Some(input) = message::answer_pings(input, cx) else { return };
        match self {
            Self::Raft(m) => Protocol::step(&mut **m, input, cx),
            other => (all().step)(other, input, cx),
        }
    }

    /// A view of it for people, with the last `most` entries of its log.
    #[must_use]
    pub fn view(&self, most: usize) -> NodeView {
        match self {
            Self::Raft(m) => Protocol::view(&**m, most),
            other => (all().view)(other, most),
        }
    }

    /// Further details, names and values in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        (all().detail)(self)
    }

    /// Its role, without the rest of the view.
    #[must_use]
    pub fn sign(&self) -> Sign {
        match self {
            Self::Raft(m) => Protocol::sign(&**m),
            other => (all().sign)(other),
        }
    }

    /// The end of its log, and of the committed part, where it has a log.
    #[must_use]
    pub fn log_marks(&self) -> Option<LogMarks> {
        match self {
            Self::Raft(m) => Protocol::log_marks(&**m),
            other => (all().log_marks)(other),
        }
    }

    /// Whether it leads and knows the removal of that node to be committed.
    #[must_use]
    pub fn confirms_removal(&self, node: NodeId) -> bool {
        match self {
            Self::Raft(m) => Protocol::confirms_removal(&**m, node),
            other => (all().confirms_removal)(other, node),
        }
    }

    /// Whether it must hold every key that belongs to it.
    #[must_use]
    pub fn is_replica(&self) -> bool {
        match self {
            Self::Raft(m) => Protocol::is_replica(&**m),
            other => (all().is_replica)(other),
        }
    }

    /// Its marks on a stage, for a reading of its clock.
    #[must_use]
    pub fn marks(&self, clock: Time, settings: &Settings) -> Vec<Mark> {
        match self {
            Self::Raft(m) => Protocol::marks(&**m, clock, settings),
            other => (all().marks)(other, clock, settings),
        }
    }

    /// The nodes for which it keeps data, each with the number of versions, commands or keys.
    #[must_use]
    pub fn keeps(&self) -> Vec<(NodeId, usize)> {
        match self {
            Self::Raft(m) => Protocol::keeps(&**m),
            other => (all().keeps)(other),
        }
    }
}

impl Message {
    /// The part of it that only one protocol understands; None for messages that all share.
    fn payload(&self) -> Option<&dyn Payload> {
        match self {
            Self::Ask(_) | Self::Reply(_) | Self::Ping | Self::Pong => None,
            Self::Raft(m) => Some(m),
            other => (all().payload)(other),
        }
    }
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ask(_) => Kind::Ask,
            Self::Reply(_) => Kind::Reply,
            Self::Ping => Kind::Ping,
            Self::Pong => Kind::Pong,
            other => other.payload().map_or(Kind::Ping, Payload::kind),
        }
    }

    /// The leg of a quorum's write or read, if it is one.
    #[must_use]
    pub fn leg(&self) -> Option<Leg> {
        self.payload()?.leg()
    }

    /// The term that it carries, if any: it determines the colour.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        self.payload()?.term()
    }

    /// Its size on the wire, in bytes: that of its postcard encoding.
    ///
    /// # Panics
    /// Never: a message can always be encoded.
    #[must_use]
    pub fn bytes(&self) -> u32 {
        let size = postcard::serialize_with_flavor(self, postcard::ser_flavors::Size::default());
        size.expect("a message can always be encoded") as u32
    }

    /// Number of entries or values that it carries: a heartbeat carries none and is drawn small.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::Ask(_) | Self::Reply(_) => 1,
            other => other.payload().map_or(0, Payload::load),
        }
    }

    /// Its fields for people: names and values in display order.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Ask(a) => vec![("operation", a.request.to_string())],
            Self::Reply(r) => vec![("answer", r.body.to_string())],
            other => other.payload().map_or(Vec::new(), Payload::fields),
        }
    }
}
