//! Rows of the form, and the statements that a change becomes.

use crate::language;
use crate::player::Player;
use quorumscope_core::run::{Run, Setup};
use quorumscope_core::settings::{Kind, Preset, Setting, Settings};
use std::sync::Arc;

/// The clusters that a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every cluster that has the setting.
    All,
    /// One cluster, counted from 0.
    One(usize),
}

/// A setting as a field of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The name in the language.
    pub name: &'static str,
    /// The kind and the limits of its values.
    pub kind: Kind,
    /// Its meaning.
    pub doc: &'static str,
    /// Its possible values, in words.
    pub range: String,
    /// The present value, as the language writes it.
    pub value: String,
    /// Whether it can change while the cluster runs.
    pub live: bool,
    /// Whether it is as the preset has it.
    pub is_usual: bool,
}

/// The fields for the clusters of a run: the settings that all of them have, or those of one.
#[must_use]
pub fn rows(run: &Run, scope: Scope) -> Vec<Row> {
    let of = match scope {
        Scope::One(place) if place < run.clusters.len() => &run.clusters[place],
        _ => &run.clusters[0],
    };
    let shared = |s: &&'static Setting| {
        let all = run.clusters.iter();
        scope != Scope::All || all.into_iter().all(|c| Setting::named(c.preset, s.name).is_some())
    };
    // A change while running is for every cluster.
    let several = run.clusters.len() > 1 && scope != Scope::All;
    let now = at_the_end(run, of);
    let usual = usual(of.preset, of.settings.nodes);
    Setting::of(of.preset)
        .filter(shared)
        .map(|setting| {
            let value = setting.read(&now).map(|v| v.to_string()).unwrap_or_default();
            Row {
                name: setting.name,
                kind: setting.kind,
                doc: setting.doc,
                range: range(setting.kind),
                is_usual: setting.read(&now) == setting.read(usual_of(setting, &usual)),
                value,
                live: setting.live && !several,
            }
        })
        .collect()
}

/// The settings of a cluster behind all statements of the run.
fn at_the_end(run: &Run, setup: &Setup) -> Settings {
    let mut now = (*setup.settings).clone();
    for command in &run.commands {
        if let quorumscope_core::run::Statement::Set(change) = &command.statement {
            change.apply(setup.preset, &mut now);
        }
    }
    now
}

/// The settings of a preset: as usual, and as usual for that many nodes.
fn usual(preset: Preset, nodes: u16) -> [Settings; 2] {
    [Settings::of(preset), Settings::sized(preset, nodes)]
}

fn usual_of<'a>(setting: &Setting, [usual, sized]: &'a [Settings; 2]) -> &'a Settings {
    if setting.name == "nodes" { usual } else { sized }
}

/// The settings of a cluster that are not as its preset has them: `reads=local`.
#[must_use]
pub fn chips(preset: Preset, settings: &Settings) -> Vec<String> {
    let usual = usual(preset, settings.nodes);
    let differs = |s: &&'static Setting| s.read(settings) != s.read(usual_of(s, &usual));
    let shown = Setting::of(preset).filter(differs);
    shown.filter_map(|s| s.read(settings).map(|value| format!("{}={value}", s.name))).collect()
}

/// The possible values, in words.
fn range(kind: Kind) -> String {
    match kind {
        Kind::Count(low, u64::MAX) => format!("a whole number from {low}"),
        Kind::Count(low, high) => format!("a whole number from {low} to {high}"),
        Kind::Switch => "on or off".to_owned(),
        Kind::Fraction => "0% to 100%".to_owned(),
        Kind::Span(low, high) => format!("a time from {low} to {high}, such as 50ms"),
        Kind::Range(low, high) => format!("times from {low} to {high}, such as 150ms..300ms"),
        Kind::Latency => "a time or a range, such as 10ms, 10ms..20ms or exp(5ms)".to_owned(),
        Kind::Period(low, high) => format!("off, or a time from {low} to {high}"),
        Kind::Choice(words) => words.join(" or "),
    }
}

/// Changes a setting, as the console or another script would. Returns the sentence that says what
/// was done.
///
/// # Errors
/// The sentence that says what is wrong with the value; nothing changed.
pub fn submit(player: &Player, scope: Scope, name: &str, value: &str) -> Result<String, String> {
    let value = value.trim();
    let (is_live, script) = {
        let session = player.session();
        let run = session.run();
        let live = rows(run, scope).iter().any(|row| row.name == name && row.live);
        (live, if live { String::new() } else { rewritten(run, scope, name, value)? })
    };
    if is_live {
        let statement = format!("set {name}={value}");
        player.append(&statement)?;
        return Ok(format!("{statement}: from now on."));
    }
    let run = language::run(&script)?;
    player.present(run);
    Ok(format!("{name}={value}: the run begins anew."))
}

/// The script of a run with another `cluster` line.
///
/// # Errors
/// The sentence that says what is wrong with the value.
fn rewritten(run: &Run, scope: Scope, name: &str, value: &str) -> Result<String, String> {
    let mut changed = run.clone();
    for (place, setup) in changed.clusters.iter_mut().enumerate() {
        // One seed is for all clusters.
        let meant = scope == Scope::All || scope == Scope::One(place) || name == "seed";
        if !meant || Setting::named(setup.preset, name).is_none() {
            continue;
        }
        *setup = with(setup, name, value)?;
    }
    // The moment of a link belongs to the run as it was.
    changed.show = None;
    Ok(language::print(&changed))
}

/// A cluster with another value of a setting, as its `cluster` line reads it.
fn with(setup: &Setup, name: &str, value: &str) -> Result<Setup, String> {
    let mut line = format!("cluster {}", setup.preset.name());
    for setting in Setting::of(setup.preset) {
        let known = setting.read(&setup.settings).map(|v| v.to_string());
        let usual = usual(setup.preset, setup.settings.nodes);
        let changed = setting.read(&setup.settings) != setting.read(usual_of(setting, &usual));
        let said = match known {
            _ if setting.name == name => Some(value.to_owned()),
            Some(known) if changed => Some(known),
            _ => None,
        };
        if let Some(said) = said {
            line += &format!(" {}={said}", setting.name);
        }
    }
    // A value of several words, or with a line end, would be another statement.
    if value.contains(char::is_whitespace) || value.contains([';', '#']) || value.is_empty() {
        return Err(format!("found \"{value}\", expected one value for {name}"));
    }
    let run = quorumscope_core::script::parse(&line).map_err(|e| e.sentence)?;
    let [read] = &run.clusters[..] else { return Err("expected one cluster".to_owned()) };
    Ok(Setup { preset: read.preset, settings: Arc::clone(&read.settings) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str) -> Run {
        language::run(script).expect("a script")
    }

    #[test]
    fn chips_say_what_is_not_as_usual() {
        let raft = run("cluster raft nodes=7 seed=7 reads=local fsync=off");
        let of = |run: &Run| chips(run.clusters[0].preset, &run.clusters[0].settings);
        assert_eq!(of(&raft), ["nodes=7", "seed=7", "fsync=off", "reads=local"]);
        assert!(of(&run("cluster quorum")).is_empty());
    }

    #[test]
    fn another_value_is_another_cluster_line() {
        let quorum = run("cluster quorum nodes=6 seed=3\n@1s crash n1");
        let script = rewritten(&quorum, Scope::All, "latency", "60ms..140ms").expect("it is right");
        assert_eq!(script, "cluster quorum nodes=6 seed=3 latency=60ms..140ms\n@1s crash n1\n");
        for (name, wrong) in [("n", "9"), ("nodes", "0"), ("latency", ""), ("nodes", "3 n=2")] {
            let why = rewritten(&quorum, Scope::All, name, wrong);
            assert!(why.is_err(), "{name}={wrong} became {why:?}");
        }
        let fewer = rewritten(&run("cluster raft nodes=5\n@1s crash n5"), Scope::All, "nodes", "3");
        assert!(language::run(&fewer.expect("the line is right")).is_err(), "there is no n5");
    }

    #[test]
    fn of_several_clusters_one_or_all_change() {
        let both = run("cluster raft seed=2\ncluster quorum");
        let all = rewritten(&both, Scope::All, "latency", "5ms").expect("it is right");
        assert_eq!(all.matches("latency=5ms").count(), 2);
        let one = rewritten(&both, Scope::One(1), "latency", "5ms").expect("it is right");
        assert_eq!(one, "cluster raft seed=2\ncluster quorum latency=5ms\n");
        assert!(rows(&both, Scope::All).iter().all(|row| row.name != "reads"));
        assert!(rows(&both, Scope::One(0)).iter().any(|row| row.name == "reads"));
    }
}
