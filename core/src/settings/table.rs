//! The one table of settings.

use super::value::Field;
use super::{Coordinator, Failover, Preset, Reads, Replication, Settings, Value};
use crate::ids::{MAX_CLIENTS, MAX_NODES};
use crate::time::Span;

/// What can be set, of which presets, and to what.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the language.
    pub name: &'static str,
    /// The preset that has it; None: all have it.
    pub preset: Option<Preset>,
    /// What it can be set to.
    pub kind: Kind,
    /// Whether `set` can change it while the cluster runs.
    pub live: bool,
    /// What it means, in one line.
    pub doc: &'static str,
    read: fn(&Settings) -> Option<Value>,
    write: fn(&mut Settings, &Value),
}

/// What a setting can be set to, and within which limits (both ends included).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Count(u64, u64),
    /// `on` or `off`.
    Switch,
    /// 0 to 1.
    Fraction,
    /// A length of time.
    Span(Span, Span),
    /// A range of time within these.
    Range(Span, Span),
    /// A distribution of latencies.
    Latency,
    /// A length of time, or `off`.
    Period(Span, Span),
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// A setting that changes while running: a row that is live, and a value of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    name: &'static str,
    value: Value,
}

const DAY: Span = Span::from_ms(24 * 3_600 * 1_000);
const HOUR: Span = Span::from_ms(3_600 * 1_000);
/// No timer is shorter: one of a microsecond would fill a run with nothing else.
const TICK: Span = Span::from_ms(1);
const NODES: Kind = Kind::Count(1, MAX_NODES as u64);

macro_rules! setting {
    ($name:literal, $preset:expr, $kind:expr, $live:expr, $($field:ident).+, $doc:literal) => {
        Setting {
            name: $name,
            preset: $preset,
            kind: $kind,
            live: $live,
            doc: $doc,
            read: |s| s.$($field).+.value(),
            write: |s, value| s.$($field).+.put(value),
        }
    };
}

const RAFT: Option<Preset> = Some(Preset::Raft);
const QUORUM: Option<Preset> = Some(Preset::Quorum);
const PRIMARY: Option<Preset> = Some(Preset::PrimaryBackup);
const RING: Option<Preset> = Some(Preset::Ring);
const WRITE_ALL: Option<Preset> = Some(Preset::WriteAll);
const ELECTION: Option<Preset> = Some(Preset::Election);
const PEERS: Option<Preset> = Some(Preset::Peers);
/// `set` can change it while running.
const LIVE: bool = true;
/// It stays as the cluster line says.
const FIXED: bool = false;

/// Every setting, in the order in which they are printed.
#[rustfmt::skip]
pub static SETTINGS: &[Setting] = &[
    setting!("nodes", None, NODES, FIXED, nodes, "nodes at the start"),
    setting!("clients", None, Kind::Count(1, MAX_CLIENTS as u64), FIXED, clients, "clients"),
    setting!("seed", None, Kind::Count(0, u64::MAX), FIXED, seed, "what every random draw follows from"),
    setting!("latency", None, Kind::Latency, FIXED, latency, "how long messages take"),
    setting!("loss", None, Kind::Fraction, FIXED, loss, "fraction of messages that are lost"),
    setting!("duplicate", None, Kind::Fraction, FIXED, duplicate, "fraction of messages that arrive twice"),
    setting!("reorder", None, Kind::Fraction, FIXED, reorder, "fraction of messages held back so that others overtake them"),
    setting!("disk", None, Kind::Span(Span::ZERO, HOUR), LIVE, disk, "how long a durable write takes"),
    setting!("fsync", None, Kind::Switch, LIVE, fsync, "whether a write is durable before what follows it leaves the node"),
    setting!("heartbeat", None, Kind::Span(TICK, DAY), LIVE, heartbeat, "time between heartbeats"),
    setting!("timeout", None, Kind::Span(TICK, DAY), LIVE, timeout, "how long a client waits for an answer"),
    setting!("retries", None, Kind::Count(0, 1_000), LIVE, retries, "how often a client asks again"),
    setting!("election", RAFT, Kind::Range(TICK, DAY), LIVE, raft.election, "how long a follower hears no leader before it stands for election"),
    setting!("prevote", RAFT, Kind::Switch, LIVE, raft.prevote, "whether a candidate first asks if it could win"),
    setting!("reads", RAFT, Kind::Choice(Reads::WORDS), LIVE, raft.reads, "how a leader answers reads"),
    setting!("snapshot", RAFT, Kind::Count(0, 1_000_000), LIVE, raft.snapshot, "entries between snapshots, 0 for none"),
    setting!("check-quorum", RAFT, Kind::Switch, LIVE, raft.check_quorum, "whether a leader that hears of no majority gives up"),
    setting!("n", QUORUM, NODES, FIXED, quorum.n, "on how many nodes a key lives"),
    setting!("r", QUORUM, NODES, LIVE, quorum.r, "how many answers a read waits for"),
    setting!("w", QUORUM, NODES, LIVE, quorum.w, "how many acknowledgements a write waits for"),
    setting!("coordinator", QUORUM, Kind::Choice(Coordinator::WORDS), FIXED, quorum.coordinator, "who coordinates"),
    setting!("sloppy", QUORUM, Kind::Switch, LIVE, quorum.sloppy, "whether other nodes stand in for those that cannot be reached"),
    setting!("read-repair", QUORUM, Kind::Switch, LIVE, quorum.read_repair, "whether a read brings older replicas up to date"),
    setting!("hints", QUORUM, Kind::Switch, LIVE, quorum.hints, "whether a write for a node that is down is kept and handed over later"),
    setting!("anti-entropy", QUORUM, Kind::Period(TICK, DAY), LIVE, quorum.anti_entropy, "time between comparisons of replicas"),
    setting!("latency.w", QUORUM, Kind::Latency, FIXED, quorum.latency_w, "how long the request of a write travels"),
    setting!("latency.a", QUORUM, Kind::Latency, FIXED, quorum.latency_a, "how long the acknowledgement of a write travels"),
    setting!("latency.r", QUORUM, Kind::Latency, FIXED, quorum.latency_r, "how long the request of a read travels"),
    setting!("latency.s", QUORUM, Kind::Latency, FIXED, quorum.latency_s, "how long the response to a read travels"),
    setting!("replication", PRIMARY, Kind::Choice(Replication::WORDS), LIVE, primary_backup.replication, "whether the primary answers after its backups or at once"),
    setting!("acks", PRIMARY, Kind::Count(0, MAX_NODES as u64), LIVE, primary_backup.acks, "how many backups a synchronous answer waits for, 0 for all that are believed alive"),
    setting!("failover", PRIMARY, Kind::Choice(Failover::WORDS), LIVE, primary_backup.failover, "how a new primary is found"),
    setting!("timeout.heartbeat", PRIMARY, Kind::Span(TICK, DAY), LIVE, primary_backup.timeout, "how long without a heartbeat before a node is believed dead"),
    setting!("replicas", RING, NODES, FIXED, ring.replicas, "on how many nodes a key lives, its owner included"),
    setting!("vnodes", RING, Kind::Count(1, 256), FIXED, ring.vnodes, "places on the ring that each node has"),
    setting!("balancer", RING, Kind::Switch, FIXED, ring.balancer, "whether clients ask through a balancer"),
    setting!("checkpoint", RING, Kind::Span(TICK, DAY), LIVE, ring.checkpoint, "time between checkpoints"),
    setting!("w", WRITE_ALL, NODES, LIVE, write_all.w, "how many acknowledgements a write needs when strict"),
    setting!("r", WRITE_ALL, NODES, LIVE, write_all.r, "how many answers a read needs when strict"),
    setting!("strict", WRITE_ALL, Kind::Switch, LIVE, write_all.strict, "whether w and r are enforced"),
    setting!("timeout.election", ELECTION, Kind::Span(TICK, DAY), LIVE, election.timeout, "how long without a heartbeat before a node calls an election"),
    setting!("timeout.heartbeat", PEERS, Kind::Span(TICK, DAY), LIVE, peers.timeout, "how long without an answer before a peer is believed dead"),
];

impl Setting {
    /// The settings that a preset has, in the order in which they are printed.
    pub fn of(preset: Preset) -> impl Iterator<Item = &'static Self> {
        SETTINGS.iter().filter(move |s| s.preset.is_none_or(|p| p == preset))
    }

    /// The setting of that name that a preset has.
    #[must_use]
    pub fn named(preset: Preset, name: &str) -> Option<&'static Self> {
        Self::of(preset).find(|s| s.name == name)
    }

    /// What it is set to; None where nothing was said and another setting decides.
    #[must_use]
    pub fn read(&self, settings: &Settings) -> Option<Value> {
        (self.read)(settings)
    }

    /// Sets it. The value must be of its [`Kind`] and within its limits, as the parser sees to.
    pub(crate) fn write(&self, settings: &mut Settings, value: &Value) {
        (self.write)(settings, value);
    }
}

impl Change {
    /// A change of a setting to a value of its kind; None where it cannot change while running.
    pub(crate) fn new(setting: &'static Setting, value: Value) -> Option<Self> {
        setting.live.then_some(Self { name: setting.name, value })
    }

    /// The setting's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it changes to.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Carries it out on a cluster of that preset. Changes nothing where the preset has no such
    /// setting, which the parser refuses.
    pub fn apply(&self, preset: Preset, settings: &mut Settings) {
        if let Some(setting) = Setting::named(preset, self.name) {
            setting.write(settings, &self.value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(kind: Kind, value: &Value) -> bool {
        match (kind, value) {
            (Kind::Count(low, high), Value::Count(n)) => (low..=high).contains(n),
            (Kind::Span(low, high), Value::Span(s)) => (low..=high).contains(s),
            (Kind::Range(low, high), Value::Range(r)) => low <= r.low && r.high <= high,
            (Kind::Period(low, high), Value::Period(p)) => p.is_none_or(|p| low <= p && p <= high),
            (Kind::Choice(words), Value::Choice(word)) => words.contains(word),
            (Kind::Switch, Value::Switch(_)) => true,
            (Kind::Fraction, Value::Fraction(p)) => p.0 <= 1_000_000,
            (Kind::Latency, Value::Latency(_)) => true,
            _ => false,
        }
    }

    #[test]
    fn every_default_fits_its_row_and_can_be_written_back() {
        for preset in Preset::ALL {
            let defaults = Settings::of(preset);
            assert_eq!(defaults.contradiction(preset), None);
            for setting in Setting::of(preset) {
                let Some(value) = setting.read(&defaults) else { continue };
                assert!(fits(setting.kind, &value), "{preset} {}={value}", setting.name);
                let mut again = defaults.clone();
                setting.write(&mut again, &value);
                assert_eq!(again, defaults, "{}", setting.name);
            }
        }
    }

    #[test]
    fn no_preset_has_two_settings_of_one_name() {
        for preset in Preset::ALL {
            let mut names: Vec<_> = Setting::of(preset).map(|s| s.name).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{preset}");
        }
    }

    #[test]
    fn a_quorum_is_never_more_than_there_are() {
        for preset in Preset::ALL {
            for nodes in 1..=MAX_NODES {
                assert_eq!(Settings::sized(preset, nodes).contradiction(preset), None);
            }
        }
    }
}
