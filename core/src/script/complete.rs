//! Completion for the console: the words that are possible at the cursor.

use super::statement::{BEHAVIOUR, FORMS, Knob, OPS, Slot, WORKLOAD, changeable, rules};
use crate::ids::{Addr, ClientId, NodeId};
use crate::run::{Run, Setup, Statement};
use crate::settings::{Kind, Preset, Setting, Settings};
use crate::sorted::SortedSet;

/// The words that can replace the last, unfinished word of `text` (which may be empty), in the
/// order of offering.
#[must_use]
pub fn complete(text: &str, run: &Run) -> Vec<String> {
    let statement = text.rsplit(['\n', ';']).next().unwrap_or_default();
    let start = statement.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    let (before, partial) = statement.split_at(start);
    let before: Vec<_> = before.split_whitespace().filter(|w| !w.starts_with('@')).collect();
    let mut words = candidates(&before, partial, run);
    words.retain(|w| w.starts_with(partial) && w != partial);
    words
}

fn candidates(before: &[&str], partial: &str, run: &Run) -> Vec<String> {
    let Some((first, rest)) = before.split_first() else { return beginnings(run) };
    if clients(run).iter().any(|c| c == first) {
        return request(rest, run);
    }
    let Some(form) = FORMS.iter().find(|f| f.word == *first) else { return Vec::new() };
    match form.slots.get(rest.len()).or(form.slots.last()) {
        Some(slot) if rest.len() < form.slots.len() || repeats(*slot) => fill(*slot, partial, run),
        _ => Vec::new(),
    }
}

fn beginnings(run: &Run) -> Vec<String> {
    let words = FORMS.iter().map(|f| f.word.to_owned());
    clients(run).into_iter().chain(words).collect()
}

/// Whether the slot can be repeated.
fn repeats(slot: Slot) -> bool {
    matches!(slot, Slot::Groups | Slot::Behaviour | Slot::Workload)
}

/// The words behind `c1`: an operation, a key, nothing for values, and the target.
fn request(rest: &[&str], run: &Run) -> Vec<String> {
    let Some(op) = rest.first() else {
        return OPS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    };
    let Some((_, values, _)) = OPS.iter().find(|(name, ..)| name == op) else { return Vec::new() };
    match rest.len() {
        1 => known_keys(run),
        n if n == 2 + values => vec!["via".into()],
        n if n == 3 + values && rest.last() == Some(&"via") => {
            nodes(run).into_iter().chain(balancer(run)).collect()
        }
        _ => Vec::new(),
    }
}

fn fill(slot: Slot, partial: &str, run: &Run) -> Vec<String> {
    let parties = || nodes(run).into_iter().chain(clients(run));
    match slot {
        Slot::Node => nodes(run),
        Slot::NewNode => vec![format!("n{}", nodes(run).len() + 1)],
        Slot::Clocked => parties().collect(),
        Slot::Link => links(partial, run),
        Slot::Healed => parties().chain(balancer(run)).chain(links(partial, run)).collect(),
        Slot::Groups => parties().chain(balancer(run)).chain(["|".into()]).collect(),
        Slot::Clock => ["+50ms", "-50ms", "x1.05"].map(String::from).into(),
        Slot::Behaviour => knobs(&BEHAVIOUR),
        Slot::Workload => knobs(&WORKLOAD).into_iter().chain(["off".into()]).collect(),
        Slot::Change => changes(partial, run),
        Slot::DiskTime => ["200ms", "20s", "usual"].map(String::from).into(),
        Slot::Switch => ["on", "off"].map(String::from).into(),
        Slot::Rule => rules(&run.clusters).into_iter().map(str::to_owned).collect(),
        Slot::Pace => ["1/100x", "1/30x", "1/10x", "1/2x", "1x", "10x"].map(String::from).into(),
        Slot::Message | Slot::Span | Slot::State | Slot::Text => Vec::new(),
    }
}

/// The least count of any cluster: all of them have that many.
fn fewest(run: &Run, count: impl Fn(&Settings) -> u16) -> u16 {
    run.clusters.iter().map(|s| count(&s.settings)).min().unwrap_or(0)
}

fn nodes(run: &Run) -> Vec<String> {
    let added = run.commands.iter().filter_map(|c| match c.statement {
        Statement::Add(node) => Some(node),
        _ => None,
    });
    let there = (1..=fewest(run, |s| s.nodes)).map(NodeId);
    let all: SortedSet<_> = there.chain(added).collect();
    all.iter().map(ToString::to_string).collect()
}

fn clients(run: &Run) -> Vec<String> {
    (1..=fewest(run, |s| s.clients)).map(|c| ClientId(c).to_string()).collect()
}

/// The balancer, where every cluster has one.
fn balancer(run: &Run) -> Option<String> {
    let has = |s: &Setup| s.preset == Preset::Ring && s.settings.ring.balancer;
    run.clusters.iter().all(has).then(|| Addr::Balancer.to_string())
}

/// Links from the first end in the text, or the first ends.
fn links(partial: &str, run: &Run) -> Vec<String> {
    let Some(at) = partial.find(['-', '>']) else {
        return nodes(run).into_iter().flat_map(|n| [format!("{n}-"), format!("{n}>")]).collect();
    };
    let (from, sign) = (&partial[..at], &partial[at..=at]);
    let others = nodes(run).into_iter().chain(clients(run)).chain(balancer(run));
    let others = others.filter(|n| n != from);
    others.map(|to| format!("{from}{sign}{to}")).collect()
}

/// Keys that the run has used, and the three usual first ones.
pub(crate) fn known_keys(run: &Run) -> Vec<String> {
    let used = run.commands.iter().filter_map(|c| match &c.statement {
        Statement::Ask { request, .. } => Some(crate::store::Quoted(&request.key).to_string()),
        _ => None,
    });
    let all: SortedSet<_> = used.chain(["x", "y", "z"].map(String::from)).collect();
    all.into_iter().collect()
}

fn knobs<T>(knobs: &[Knob<T>]) -> Vec<String> {
    knobs.iter().map(|k| format!("{}=", k.name)).collect()
}

/// Names of settings; behind `=` the possible values, or the present one.
fn changes(partial: &str, run: &Run) -> Vec<String> {
    let settings = changeable(&run.clusters);
    let Some((name, _)) = partial.split_once('=') else {
        return settings.iter().map(|s| format!("{}=", s.name)).collect();
    };
    let Some(setting) = settings.iter().find(|s| s.name == name) else { return Vec::new() };
    values(setting, run).into_iter().map(|v| format!("{name}={v}")).collect()
}

fn values(setting: &Setting, run: &Run) -> Vec<String> {
    match setting.kind {
        Kind::Switch => vec!["on".into(), "off".into()],
        Kind::Choice(words) => words.iter().map(|w| (*w).into()).collect(),
        _ => {
            let now = |s: &Setup| setting.read(&s.settings).map(|v| v.to_string());
            run.clusters.first().and_then(now).into_iter().collect()
        }
    }
}
