//! Settings and traits of `chain`.

use crate::ids::MAX_NODES;
use crate::settings::table::{DAY, FIXED, LIVE, TICK, setting};
use crate::settings::value::choice;
use crate::settings::{Elects, FactForm, Kind, Limit, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `chain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Number of the node that decides the members of the chain.
    pub configurator: u16,
    /// Nodes that answer reads.
    pub reads: ChainReads,
    /// Time without a report after which the configurator splices a node out; a node without an
    /// answer of the configurator for this time answers no reads.
    pub timeout: Span,
}

/// Nodes that answer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ChainReads {
    /// The tail alone (van Renesse and Schneider 2004).
    Tail,
    /// Every node: at once where it knows no newer write of the key, else after asking the tail
    /// (CRAQ: Terrace and Freedman 2009).
    Any,
}

choice!(ChainReads: Tail "tail", Any "any");

/// Events inside a node that only this protocol has, as places in [`Traits::facts`].
pub const SPLICED: u8 = 0;
/// The configurator appends a node to the chain.
pub const APPENDED: u8 = 1;
/// A node learns its place in the chain.
pub const HEAD: u8 = 2;
/// See [`HEAD`].
pub const MIDDLE: u8 = 3;
/// See [`HEAD`].
pub const TAIL: u8 = 4;
/// See [`HEAD`].
pub const ALONE: u8 = 5;
/// A node learns that it does not belong to the chain.
pub const OUTSIDE: u8 = 6;
/// A node that joined has all writes that its predecessor had.
pub const COMPLETE: u8 = 7;
/// A node refuses a read, since it may have been spliced out.
pub const NO_LEASE: u8 = 8;
/// A node asks the tail for the last committed write.
pub const ASKED_TAIL: u8 = 9;

const FACTS: &[FactForm] = &[
    FactForm::beat("{n} splices {who} out of the chain: nothing came from it in time."),
    FactForm::beat("{n} appends {who} to the chain, behind its tail."),
    FactForm::beat("{n} is the head of the chain now: it takes the writes."),
    FactForm::beat("{n} is in the middle of the chain now."),
    FactForm::beat("{n} is the tail of the chain now: what reaches it is committed."),
    FactForm::beat("{n} is the whole chain now."),
    FactForm::beat("{n} learns that it is not in the chain."),
    FactForm::beat("{n} has every write that its predecessor had, up to {number}."),
    FactForm::quiet("{n} refuses the read: the configurator may have spliced it out by now."),
    FactForm::quiet("{n} has a write of this key that may not be committed, and asks {who}."),
];

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "chain",
        title: "Chain",
        nodes: 4,
        heartbeat: Span::from_ms(100),
        leader: None,
        elects: Elects::Nobody,
        has_membership: false,
        keeps_disk: true,
        has_log: false,
        has_data: true,
        places_keys: false,
        passes_requests_on: false,
        facts: FACTS,
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
        setting!("configurator", Kind::Count(1, MAX_NODES as u64), FIXED, chain.configurator, "which node, by its number, decides who belongs to the chain"),
        setting!("reads-at", Kind::Choice(ChainReads::WORDS), LIVE, chain.reads, "who answers reads: the tail, or any node (CRAQ)"),
        setting!("timeout.heartbeat", Kind::Span(TICK, DAY), LIVE, chain.timeout, "how long without a report before a node is spliced out of the chain"),
    ];

    const RULES: &'static [Rule] = rules::ALL;

    fn sized(nodes: u16) -> Self {
        Self { configurator: nodes, reads: ChainReads::Tail, timeout: Span::from_ms(300) }
    }

    fn limits(&self, nodes: u16) -> Vec<Limit> {
        vec![Limit::new("configurator", self.configurator, "nodes", nodes)]
    }
}
