//! Random faulty runs of every preset, replayed: at many moments each claim of the headline is
//! checked against the World.

mod runs;
mod truth;

use super::*;
use crate::settings::Preset;
use crate::time::Span;
use std::collections::BTreeMap;

/// Time between two checks of the headline. One in `DEEP` checks also continues a copy of the
/// World.
const GLANCE: Span = Span::from_ms(23);
const DEEP: usize = 9;

/// Scripts for situations that random runs reach too rarely.
const RARE: [&str; 3] = [
    "cluster primary-backup nodes=3 clients=4 failover=manual\n@10ms timeout n3\n@1s cut n3>n1",
    "cluster primary-backup nodes=3 clients=4 failover=manual\n@10ms timeout n3\n@1s cut n1>n3",
    "cluster primary-backup nodes=3 clients=4 acks=2\n@2s crash n1\n@2.1s c1 set x 1",
];

/// Replays a script, and checks every claim against the World. Counts claims by their kind.
fn hold(script: &str, seen: &mut BTreeMap<String, usize>) {
    let mut session = Session::new(parse(script).unwrap_or_else(|e| panic!("{e}\n{script}")));
    let mut beats = Beats::default();
    let mut at = Time::ZERO;
    let mut glances = 0;
    let mut last = None;
    while at <= Time::from_ms(runs::LASTS_MS) {
        session.seek(at);
        let scene = Scene::of(&session, 0);
        beats.read(&scene);
        let headline = headline(&scene, &beats);
        let is_new = last.as_ref() != Some(&headline);
        glances += 1;
        for claim in &headline.claims {
            let name = format!("{claim:?}");
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            *seen.entry(name.to_owned()).or_default() += 1;
            let deep = is_new || glances % DEEP == 0;
            if let Err(wrong) = truth::check(scene.world, claim, deep) {
                panic!(
                    "At {} ms the headline says {:?}, but: {wrong}. This script replays it:\n{script}\n{headline:#?}",
                    at.as_us() as f64 / 1e3,
                    plain(&claim.text()),
                );
            }
        }
        last = Some(headline);
        at += GLANCE;
    }
}

/// The runs of one preset with these seeds, and the number of claims of each kind.
fn hold_many(preset: Preset, seeds: std::ops::Range<u64>) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    for seed in seeds {
        hold(&runs::script(preset, seed), &mut seen);
    }
    seen
}

/// Checks that claims of these kinds occur often enough for the test to be meaningful.
fn made(preset: Preset, kinds: &[&str]) {
    let seeds = std::env::var("SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(60);
    let mut seen = hold_many(preset, 0..seeds);
    for script in RARE.into_iter().filter(|s| s.starts_with(&format!("cluster {preset}"))) {
        hold(script, &mut seen);
    }
    for kind in kinds {
        assert!(seen.get(*kind).is_some_and(|n| *n >= 5), "{kind} is not made in {seen:?}");
    }
}

#[test]
fn what_is_said_of_raft_holds() {
    let kinds = [
        "Leads",
        "Stands",
        "Heartbeats",
        "CannotCommit",
        "WritesWait",
        "Believes",
        "TooFewRun",
        "TooFewReached",
        "ClientsWait",
        "Counts",
        "Tolerates",
        "Deaf",
        "Unheard",
        "Away",
        "Sides",
        "Cut",
        "Cuts",
        "Run",
        "NoneRuns",
    ];
    made(Preset::Raft, &kinds);
}

#[test]
fn what_is_said_of_quorums_holds() {
    made(
        Preset::Quorum,
        &["ReadsMeet", "Serves", "Holds", "Away", "Sides", "Cut", "CutOff", "Run"],
    );
}

#[test]
fn what_is_said_of_a_primary_holds() {
    let kinds = [
        "Leads",
        "NobodyLeads",
        "SeveralLead",
        "OnlyCopy",
        "TooFewBackups",
        "Apart",
        "DeafToPrimary",
        "PrimaryDeaf",
        "Holds",
        "Away",
    ];
    made(Preset::PrimaryBackup, &kinds);
}

#[test]
fn what_is_said_of_an_election_holds() {
    made(Preset::Election, &["Leads", "NobodyLeads", "SeveralLead", "Heartbeats", "Away"]);
}

#[test]
fn what_is_said_of_the_ring_holds() {
    made(Preset::Ring, &["OwnersAway", "Holds", "Away", "Run"]);
}

#[test]
fn what_is_said_of_a_chain_holds() {
    made(Preset::Chain, &["Chain", "ChainStalls", "NoConfigurator"]);
}

#[test]
fn what_is_said_of_copies_holds() {
    made(Preset::WriteAll, &["Holds", "Away", "Run"]);
    made(Preset::Peers, &["Holds", "Away", "Run"]);
}
