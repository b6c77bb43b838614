//! Chain replication (van Renesse and Schneider, "Chain Replication for Supporting High Throughput
//! and Availability", OSDI 2004), and with `reads-at=any` CRAQ (Terrace and Freedman, "Object
//! Storage on CRAQ", USENIX ATC 2009).
//!
//! ```text
//!     client ── write ──▶ head ── Update ──▶ middle ── Update ──▶ tail ── answer ──▶ client
//!                              ◀─ UpdateAck ──     ◀─ UpdateAck ──     ◀── read ──── client
//! ```
//!
//! Writes enter at the head, which orders them, and travel down the chain; each node has a write on
//! its disk before it passes it on. A write that reaches the tail is on every disk: it is
//! committed, and the tail answers (section 3). Reads ask the tail.
//!
//! One node, the configurator, receives reports of all others. It splices out nodes that are silent
//! for too long (sections 3.1 to 3.3), and appends nodes that come back, empty, behind the tail
//! (section 3.4). The paper assumes that servers stop when they fail, and that all others know it.
//! Here a node may be slow or cut off and believe that it is still in the chain. Two rules make
//! that safe: every message carries the version of the chain, and is ignored by nodes with another;
//! and a node answers reads only while it holds a lease, which the configurator grants for
//! `timeout.heartbeat` from the moment of the node's report. A node that is silent for longer is
//! spliced out, and its lease has run out by then, unless clocks run at different speeds.
//!
//! Invariant: a member has every write that the members behind it have.
//! Invariant: a member that is complete has every committed write.
//!
//! Flaw: while the configurator is down or cut off, the chain is not repaired, and leases run out.

mod config;
mod configurator;
mod link;
mod message;
mod record;
mod view;

pub use config::{Config, Member};
pub use message::{Entry, Message};
pub use record::Record;

use super::{Cx, Disk, Input, Message as Any, Record as AnyRecord, Reply, ReplyBody, Role, Timer};
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::settings::own::chain as settings;
use configurator::Configurator;
use link::Link;
use record::Kept;
use serde::Serialize;

/// A node: a link of the chain, and one of them the configurator too.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    me: NodeId,
    /// The configurator, which every node knows.
    office: NodeId,
    link: Link,
    configurator: Option<Configurator>,
}

impl Server {
    /// A server with the content of its disk.
    #[must_use]
    pub fn boot(me: NodeId, settings: &Settings, disk: &mut Disk) -> Self {
        let kept = Kept::recover(disk);
        let office = NodeId(settings.chain.configurator);
        let configurator = (me == office).then(|| Configurator::boot(kept.config.clone()));
        Self { me, office, link: Link::new(me, kept), configurator }
    }

    /// Handles an input.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start => self.start(cx),
            Input::Message(from, Any::Ask(ask)) => self.link.asked(from, ask, cx),
            Input::Message(from, Any::Chain(message)) => {
                if let Some(from) = from.node() {
                    self.receive(from, message, cx);
                }
            }
            Input::Timer(Timer::Heartbeat) => self.beat(cx),
            Input::Timer(Timer::Failure) => {
                if let Some(configurator) = &mut self.configurator {
                    configurator.check(cx);
                }
                self.hear_from_itself(cx);
            }
            Input::Message(..)
            | Input::Timer(_)
            | Input::Durable(_)
            | Input::Operator(_)
            | Input::Settings => {}
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        if let Some(configurator) = &mut self.configurator {
            configurator.start(cx);
        }
        self.link.start(cx);
        self.beat(cx);
    }

    fn receive(&mut self, from: NodeId, message: Message, cx: &mut Cx<'_>) {
        match message {
            Message::Report { config, since, complete, sent } => {
                if let Some(configurator) = &mut self.configurator {
                    configurator.reported(from, config, (since, complete), sent, cx);
                    self.hear_from_itself(cx);
                }
            }
            Message::Grant { sent, config } => self.link.granted(sent, &config, cx),
            Message::Update { version, after, entries, complete_at } => {
                self.link.updated(from, version, (after, entries, complete_at), cx);
            }
            Message::UpdateAck { version, last, committed } => {
                self.link.acknowledged(from, version, (last, committed), cx);
            }
            Message::Query { version, ticket } => self.link.queried(from, version, ticket, cx),
            Message::QueryReply { version, ticket, committed } => {
                self.link.told_committed(version, ticket, committed, cx);
            }
        }
    }

    fn beat(&mut self, cx: &mut Cx<'_>) {
        cx.set_timer(Timer::Heartbeat, cx.settings.heartbeat);
        if self.configurator.is_none() {
            let report = self.link.report(cx.clock);
            cx.send(self.office, Any::Chain(report));
        }
        self.link.resend(cx);
    }

    /// Gives the configurator's own link a new version without a message.
    fn hear_from_itself(&mut self, cx: &mut Cx<'_>) {
        let decided = self.configurator.as_ref().and_then(|c| c.config().cloned());
        if let Some(config) = decided {
            self.link.adopt(&config, cx);
        }
    }
}

fn reply(to: Addr, operation: crate::ids::OperationId, body: ReplyBody, cx: &mut Cx<'_>) {
    cx.send(to, Any::Reply(Reply { operation, body }));
}

impl super::Protocol for Server {
    fn format_disk(members: &[NodeId], settings: &Settings, disk: &mut Disk) {
        let office = NodeId(settings.chain.configurator);
        let config = Config::first(members, office);
        for record in [Record::Config(config), Record::Began(1), Record::Complete] {
            disk.append(AnyRecord::Chain(record));
        }
        disk.flush(disk.written());
    }

    fn boot(me: NodeId, _members: &[NodeId], settings: &Settings, disk: &mut Disk) -> Self {
        Self::boot(me, settings, disk)
    }

    fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        self.step(input, cx);
    }

    fn view(&self, most: usize) -> super::NodeView {
        self.view(most)
    }

    fn detail(&self) -> Vec<(&'static str, String)> {
        self.detail()
    }

    fn sign(&self) -> super::Sign {
        self.sign()
    }

    fn log_marks(&self) -> Option<super::LogMarks> {
        Some(self.link.log_marks())
    }

    fn is_replica(&self) -> bool {
        self.link.is_member()
    }
}
