//! The one table of settings.

use super::{Preset, Settings, Value};
use crate::ids::{MAX_CLIENTS, MAX_NODES};
use crate::time::Span;

/// A setting: its name, its presets and its possible values.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the language.
    pub name: &'static str,
    /// The kind and the range of its values.
    pub kind: Kind,
    /// Whether `set` can change it while the cluster runs.
    pub live: bool,
    /// Its meaning, in one line.
    pub doc: &'static str,
    /// Reads the value from the settings.
    pub(crate) read: fn(&Settings) -> Option<Value>,
    /// Writes the value to the settings.
    pub(crate) write: fn(&mut Settings, &Value),
}

/// The kind of a setting's values, with their limits (both ends included).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Count(u64, u64),
    /// `on` or `off`.
    Switch,
    /// A fraction from 0 to 1.
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

/// A change of a setting while running: a live row, and a value of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    name: &'static str,
    value: Value,
}

/// The longest period.
pub(crate) const DAY: Span = Span::from_ms(24 * 3_600 * 1_000);
const HOUR: Span = Span::from_ms(3_600 * 1_000);
/// The shortest timer: one of a microsecond would fill a run with its events.
pub(crate) const TICK: Span = Span::from_ms(1);
/// A number of nodes.
pub(crate) const NODES: Kind = Kind::Count(1, MAX_NODES as u64);

macro_rules! setting {
    ($name:literal, $kind:expr, $live:expr, $($field:ident).+, $doc:literal) => {
        $crate::settings::Setting {
            name: $name,
            kind: $kind,
            live: $live,
            doc: $doc,
            read: |s| $crate::settings::value::Field::value(&s.$($field).+),
            write: |s, value| $crate::settings::value::Field::put(&mut s.$($field).+, value),
        }
    };
}

pub(crate) use setting;

/// `set` can change the setting while running.
pub(crate) const LIVE: bool = true;
/// The setting stays as the cluster line gives it.
pub(crate) const FIXED: bool = false;

/// The settings of every preset, in the order in which they are printed.
#[rustfmt::skip]
static COMMON: &[Setting] = &[
    setting!("nodes", NODES, FIXED, nodes, "nodes at the start"),
    setting!("clients", Kind::Count(1, MAX_CLIENTS as u64), FIXED, clients, "clients"),
    setting!("seed", Kind::Count(0, u64::MAX), FIXED, seed, "what every random draw follows from"),
    setting!("latency", Kind::Latency, FIXED, latency, "how long messages take"),
    setting!("loss", Kind::Fraction, FIXED, loss, "fraction of messages that are lost"),
    setting!("duplicate", Kind::Fraction, FIXED, duplicate, "fraction of messages that arrive twice"),
    setting!("reorder", Kind::Fraction, FIXED, reorder, "fraction of messages held back so that others overtake them"),
    setting!("disk", Kind::Span(Span::ZERO, HOUR), LIVE, disk, "how long a durable write takes"),
    setting!("fsync", Kind::Switch, LIVE, fsync, "whether a write is durable before what follows it leaves the node"),
    setting!("heartbeat", Kind::Span(TICK, DAY), LIVE, heartbeat, "time between heartbeats"),
    setting!("timeout", Kind::Span(TICK, DAY), LIVE, timeout, "how long a client waits for an answer"),
    setting!("retries", Kind::Count(0, 1_000), LIVE, retries, "how often a client asks again"),
];

impl Setting {
    /// The settings of a preset, in the order in which they are printed.
    pub fn of(preset: Preset) -> impl Iterator<Item = &'static Self> {
        COMMON.iter().chain(preset.own_settings())
    }

    /// The setting of that name in a preset.
    #[must_use]
    pub fn named(preset: Preset, name: &str) -> Option<&'static Self> {
        Self::of(preset).find(|s| s.name == name)
    }

    /// Its value; None where none was given and another setting decides.
    #[must_use]
    pub fn read(&self, settings: &Settings) -> Option<Value> {
        (self.read)(settings)
    }

    /// Sets its value, which must be of its [`Kind`] and within its limits; the parser checks this.
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

    /// The new value.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Applies the change to the settings of a cluster of that preset. Changes nothing where the
    /// preset has no such setting, which the parser refuses.
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
