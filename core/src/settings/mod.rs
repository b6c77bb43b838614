//! The settings of a cluster. Their defaults show a newcomer a sensible run.
//!
//! Settings of every preset stand here; those of one protocol, in `settings.rs` in its folder of
//! `protocol`. A setting is a field and a row of a table ([`Setting`]): parser, printer, completion
//! and `set` are all driven by these tables.

pub mod own;
mod preset;
pub(crate) mod rules;
pub(crate) mod table;
pub(crate) mod value;

pub use own::{
    Coordinator, Elects, FactForm, Failover, Leg, Limit, Own, Reads, Replication, Traits,
};
pub use preset::Preset;
pub use rules::{Broken, Rule};
pub use table::{Change, Kind, Setting};
pub use value::Value;

use crate::registry::protocols;
use crate::rng::{Latency, Ppm, Shape};
use crate::time::Span;
use serde::{Serialize, Serializer};
use std::fmt;

/// A range of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpanRange {
    /// The least.
    pub low: Span,
    /// The most.
    pub high: Span,
}

impl fmt::Display for SpanRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.low == self.high {
            return self.low.fmt(f);
        }
        write!(f, "{}..{}", self.low, self.high)
    }
}

macro_rules! settings {
    ($($(#[$doc:meta])* $variant:ident { module: $module:ident, settings: $field:ident, $($rest:tt)* })*) => {
        /// All settings of one cluster. Settings of other presets stay at their defaults; they are
        /// not part of the state hash.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub struct Settings {
            /// Nodes at the start.
            pub nodes: u16,
            /// Clients.
            pub clients: u16,
            /// The seed of every random stream.
            pub seed: u64,
            /// Latency of messages.
            pub latency: Latency,
            /// Probability that a message is lost.
            pub loss: Ppm,
            /// Probability that a message arrives twice.
            pub duplicate: Ppm,
            /// Probability that a message is delayed, so that others overtake it.
            pub reorder: Ppm,
            /// Duration of a durable write.
            pub disk: Span,
            /// Whether a write must be durable before later messages leave the node.
            pub fsync: bool,
            /// Time between heartbeats.
            pub heartbeat: Span,
            /// Time that a client waits for an answer to one attempt.
            pub timeout: Span,
            /// Number of times that a client asks again.
            pub retries: u16,
            /// Broken rules. Where none is broken, the hash is that of settings without this field.
            #[serde(skip_serializing_if = "Broken::is_none")]
            pub broken: Broken,
            $(
                $(#[$doc])*
                #[serde(skip)]
                pub $field: own::$module::Own,
            )*
        }

        impl Settings {
            /// The defaults of a preset with that many nodes. Counts of nodes are adapted, so that
            /// `write-all` still writes to all of them, and a quorum never exceeds them.
            #[must_use]
            pub fn sized(preset: Preset, nodes: u16) -> Self {
                let ms = Span::from_ms;
                Self {
                    nodes,
                    clients: 2,
                    seed: 1,
                    latency: Latency::of(Shape::Uniform(ms(10), ms(20))),
                    loss: Ppm::NEVER,
                    duplicate: Ppm::NEVER,
                    reorder: Ppm::NEVER,
                    disk: ms(1),
                    fsync: true,
                    heartbeat: preset.traits().heartbeat,
                    timeout: ms(500),
                    retries: 10,
                    broken: Broken::default(),
                    $($field: Own::sized(nodes),)*
                }
            }

            /// Settings that contradict each other, as the name of the one at fault and a sentence.
            #[must_use]
            pub fn contradiction(&self, preset: Preset) -> Option<(&'static str, String)> {
                let limits = match preset {
                    $(Preset::$variant => self.$field.limits(self.nodes),)*
                };
                limits.iter().find_map(Limit::exceeded)
            }
        }

        /// The settings that only this preset has, as part of the state hash.
        impl Serialize for OwnOf<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self.preset {
                    $(Preset::$variant => self.settings.$field.serialize(to),)*
                }
            }
        }
    };
}

/// The settings that only one preset has.
#[derive(Clone, Copy, Debug)]
pub struct OwnOf<'a> {
    /// The preset.
    pub preset: Preset,
    /// All settings.
    pub settings: &'a Settings,
}

protocols!(settings);

impl Settings {
    /// The defaults of a preset.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        Self::sized(preset, preset.traits().nodes)
    }
}
