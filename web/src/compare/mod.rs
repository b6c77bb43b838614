//! Comparison of clusters: adding and removing them, their titles, and their figures.

mod figures;
mod namesakes;
mod table;

pub use figures::{Column, columns};
pub use namesakes::namesakes;
pub use table::Table;

use crate::language;
use quorumscope_core::run::{MAX_CLUSTERS, Run, Setup};
use quorumscope_core::settings::{Preset, Setting, Settings};
use std::sync::Arc;

/// A change to the clusters of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Adds a cluster with this preset.
    Add(Preset),
    /// Removes the cluster with this index.
    Remove(usize),
}

impl Change {
    /// The run with the changed clusters, on the same seed and with the same commands.
    ///
    /// # Errors
    /// The sentence that says why the run does not fit the changed clusters.
    pub fn of(self, run: &Run) -> Result<Run, String> {
        let mut clusters = run.clusters.clone();
        match self {
            Self::Add(_) if clusters.len() >= MAX_CLUSTERS => {
                return Err(format!("a run has at most {MAX_CLUSTERS} clusters"));
            }
            Self::Add(preset) => clusters.push(beside(&run.clusters[0], preset)),
            Self::Remove(place) if place < clusters.len() && clusters.len() > 1 => {
                clusters.remove(place);
            }
            Self::Remove(_) => return Err("a run has at least one cluster".into()),
        }
        // A shared link's moment belongs to the old clusters, which were in another state, so it is
        // dropped.
        let changed = Run { clusters, show: None, ..run.clone() };
        // Parsing it again checks that every statement fits every cluster.
        language::run(&language::print(&changed))
    }
}

/// The settings of a preset that is to differ from another cluster in its protocol only: same size,
/// clients, network and disks.
fn beside(other: &Setup, preset: Preset) -> Setup {
    let same = &other.settings;
    let own = Settings::sized(preset, same.nodes);
    let settings = Settings {
        clients: same.clients,
        seed: same.seed,
        latency: same.latency.clone(),
        loss: same.loss,
        duplicate: same.duplicate,
        reorder: same.reorder,
        disk: same.disk,
        fsync: same.fsync,
        timeout: same.timeout,
        retries: same.retries,
        ..own
    };
    Setup { preset, settings: Arc::new(settings) }
}

/// The title of each cluster: its preset, and the settings that differ from the default and from
/// others.
#[must_use]
pub fn titles(run: &Run) -> Vec<String> {
    let differs = |setting: &Setting, setup: &Setup| {
        let usual = Settings::sized(setup.preset, setup.settings.nodes);
        let value = setting.read(&setup.settings);
        value != setting.read(&usual)
            && run.clusters.iter().any(|other| setting.read(&other.settings) != value)
    };
    let one = |setup: &Setup| {
        let mut text = name(setup);
        for setting in Setting::of(setup.preset) {
            let told = setup.preset == Preset::Quorum && ["n", "r", "w"].contains(&setting.name);
            if let Some(value) = setting.read(&setup.settings)
                && !told
                && differs(setting, setup)
            {
                text.push_str(&format!(" {}={value}", setting.name));
            }
        }
        text
    };
    run.clusters.iter().map(one).collect()
}

/// Splits a title into the name, and a rest that may be hidden where there is little room. The rest
/// is empty if another cluster has the same name.
#[must_use]
pub fn parts<'a>(title: &'a str, all: &[String]) -> (&'a str, &'a str) {
    let name = |title: &'a str| {
        let first = title.find('=').unwrap_or(title.len());
        title[..first].rfind(' ').filter(|_| first < title.len()).map_or(title, |end| &title[..end])
    };
    let own = name(title);
    let namesakes = all.iter().filter(|other| {
        other.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    if namesakes.count() > 1 { (title, "") } else { title.split_at(own.len()) }
}

/// The name of a preset. A quorum store's name includes N, R and W.
fn name(setup: &Setup) -> String {
    let q = &setup.settings.quorum;
    match setup.preset {
        Preset::Quorum => format!("Quorum N={} R={} W={}", q.n, q.r, q.w),
        preset => preset.traits().title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_tells_clusters_apart_has_to_be_seen() {
        let all = ["Raft", "Quorum N=3 R=2 W=2", "Raft prevote=off"].map(str::to_owned);
        assert_eq!(parts(&all[0], &all), ("Raft", ""));
        assert_eq!(parts(&all[1], &all), ("Quorum", " N=3 R=2 W=2"));
        assert_eq!(parts(&all[2], &all), ("Raft prevote=off", ""));
        assert_eq!(parts("Peers", &all), ("Peers", ""));
    }

    fn run(script: &str) -> Run {
        language::run(script).expect("a script")
    }

    #[test]
    fn what_is_added_differs_in_nothing_but_the_protocol() {
        let alone = run("cluster raft nodes=3 clients=4 seed=9 latency=1ms..2ms\n@1s crash n3\n");
        let both = Change::Add(Preset::Quorum).of(&alone).expect("it fits");
        assert_eq!(both.commands, alone.commands);
        let [first, second] = &both.clusters[..] else { panic!("two clusters") };
        assert_eq!(first, &alone.clusters[0]);
        assert_eq!((second.settings.nodes, second.settings.clients), (3, 4));
        assert_eq!((second.settings.seed, &second.settings.latency), (9, &first.settings.latency));
        assert_eq!(Change::Remove(1).of(&both), Ok(alone));
    }

    #[test]
    fn statements_that_do_not_fit_are_named() {
        let growing = run("cluster raft nodes=3\n@1s add n4\n");
        let why = Change::Add(Preset::Quorum).of(&growing).expect_err("quorum cannot grow");
        assert!(why.contains("no node joins or leaves a quorum cluster"), "{why}");
    }

    #[test]
    fn there_are_one_to_four() {
        let mut clusters = run("cluster raft\n");
        assert!(Change::Remove(0).of(&clusters).is_err());
        for _ in 1..MAX_CLUSTERS {
            clusters = Change::Add(Preset::Raft).of(&clusters).expect("there is room");
        }
        assert!(Change::Add(Preset::Raft).of(&clusters).is_err());
    }

    #[test]
    fn titles_tell_clusters_of_one_preset_apart() {
        let script = "cluster raft nodes=3\ncluster raft nodes=3 prevote=off\n\
            cluster quorum nodes=3 r=1 w=1 hints=off\n";
        let expected = ["Raft", "Raft prevote=off", "Quorum N=3 R=1 W=1 hints=off"];
        assert_eq!(titles(&run(script)), expected);
    }
}
