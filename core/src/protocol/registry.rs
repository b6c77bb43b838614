//! All protocols as one: machines, messages, records and checkpoints, generated from the rows of
//! [`crate::registry`].

use super::contract::{Cx, Disk, Input, Nothing, Payload, Protocol, Term};
use super::message::{self, Ask, Reply};
use super::{Kind, LogMarks, Mark, NodeView, Sign};
use super::{
    bully, detector, election, peers, primary_backup, quorum_store, raft, ring, write_all,
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
        /// A node's state machine, of whatever protocol.
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
            /// Of a bully election.
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

        /// What machines do, of whatever protocol.
        const ALL: Table = Table {
            format_disk: |preset, members, disk| match preset {
                $(Preset::$variant => <$machine as Protocol>::format_disk(members, disk),)*
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
    format_disk: fn(Preset, &[NodeId], &mut Disk),
    boot: fn(Preset, NodeId, &[NodeId], &Settings, &mut Disk) -> Machine,
    step: fn(&mut Machine, Input, &mut Cx<'_>),
    view: fn(&Machine, usize) -> NodeView,
    detail: fn(&Machine) -> Vec<(&'static str, String)>,
    sign: fn(&Machine) -> Sign,
    log_marks: fn(&Machine) -> Option<LogMarks>,
    confirms_removal: fn(&Machine, NodeId) -> bool,
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
    /// Prepares a node's disk before it first starts, for the nodes that begin the cluster.
    pub fn format_disk(preset: Preset, members: &[NodeId], disk: &mut Disk) {
        match preset {
            Preset::Raft => <raft::Server as Protocol>::format_disk(members, disk),
            other => (all().format_disk)(other, members, disk),
        }
    }

    /// A machine that finds this on its disk. Everything else it has to learn. `members` is
    /// the operator's list of the nodes that there are, `me` among them.
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

    /// The one entry point. Pings are the same in every protocol.
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

    /// The protocol's own facts, by name, in the order to show them.
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

    /// How far its log reaches, where it has one.
    #[must_use]
    pub fn log_marks(&self) -> Option<LogMarks> {
        match self {
            Self::Raft(m) => Protocol::log_marks(&**m),
            other => (all().log_marks)(other),
        }
    }

    /// Whether it leads and knows it to be committed that that node is no member.
    #[must_use]
    pub fn confirms_removal(&self, node: NodeId) -> bool {
        match self {
            Self::Raft(m) => Protocol::confirms_removal(&**m, node),
            other => (all().confirms_removal)(other, node),
        }
    }

    /// The marks on a stage, when its clock reads that.
    #[must_use]
    pub fn marks(&self, clock: Time, settings: &Settings) -> Vec<Mark> {
        match self {
            Self::Raft(m) => Protocol::marks(&**m, clock, settings),
            other => (all().marks)(other, clock, settings),
        }
    }

    /// How many versions, commands or keys it keeps for others, to be handed over later.
    #[must_use]
    pub fn keeps(&self) -> Vec<(NodeId, usize)> {
        match self {
            Self::Raft(m) => Protocol::keeps(&**m),
            other => (all().keeps)(other),
        }
    }
}

impl Message {
    /// The part of it that one protocol alone understands; None for what all share.
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

    /// Which leg of a quorum's write or read it is, if one.
    #[must_use]
    pub fn leg(&self) -> Option<Leg> {
        self.payload()?.leg()
    }

    /// The term that it carries, if it does: what it is coloured by.
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

    /// How many entries or values it carries: a heartbeat carries none and is drawn small.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::Ask(_) | Self::Reply(_) => 1,
            other => other.payload().map_or(0, Payload::load),
        }
    }

    /// Its fields, for people: names and values in the order to show them.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Ask(a) => vec![("operation", a.request.to_string())],
            Self::Reply(r) => vec![("answer", r.body.to_string())],
            other => other.payload().map_or(Vec::new(), Payload::fields),
        }
    }
}
