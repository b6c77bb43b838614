//! What can be set about a cluster, with defaults chosen so that a newcomer sees something sensible.
//!
//! Settings of every system stand here; those of one system, in `settings.rs` in its folder of
//! `protocol`. A setting is a field and a row of a table ([`Setting`]): parser, printer, completion
//! and `set` are all driven by these tables.

pub mod own;
mod preset;
mod rules;
pub(crate) mod table;
pub(crate) mod value;

pub use own::{Coordinator, Elects, Failover, Leg, Limit, Own, Reads, Replication, Traits};
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
        /// Everything that can be set about one cluster. Settings of other presets stay at their
        /// defaults; they are not part of the state hash.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        pub struct Settings {
            /// Nodes at the start.
            pub nodes: u16,
            /// Clients.
            pub clients: u16,
            /// The seed of every random stream.
            pub seed: u64,
            /// How long messages take.
            pub latency: Latency,
            /// Messages lost.
            pub loss: Ppm,
            /// Messages that arrive twice.
            pub duplicate: Ppm,
            /// Messages held back so that others overtake them.
            pub reorder: Ppm,
            /// How long a durable write takes.
            pub disk: Span,
            /// Whether a write is durable before what follows it leaves the node.
            pub fsync: bool,
            /// Time between heartbeats.
            pub heartbeat: Span,
            /// How long a client waits for an answer to one attempt.
            pub timeout: Span,
            /// How often a client asks again.
            pub retries: u16,
            /// Rules that are broken. Where none is, it hashes as if there were no such thing.
            #[serde(skip_serializing_if = "Broken::is_none")]
            pub broken: Broken,
            $(
                $(#[$doc])*
                #[serde(skip)]
                pub $field: own::$module::Own,
            )*
        }

        impl Settings {
            /// The defaults of a preset with that many nodes: what counts nodes follows, so that
            /// `write-all` still writes to all of them, and a quorum is never more than there are.
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

        /// The settings that a preset has alone, as part of the state hash.
        impl Serialize for OwnOf<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self.preset {
                    $(Preset::$variant => self.settings.$field.serialize(to),)*
                }
            }
        }
    };
}

/// The settings that a preset has alone.
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
