//! Random runs of every preset, with faults of every kind, as scripts: a failing test prints the
//! script that replays the failure.

use quorumscope_core::rng::{Concern, Rng};
use quorumscope_core::settings::Preset;
use std::fmt::Write;

/// End of the faults, when all is healed, in virtual milliseconds.
pub const HEALED_MS: u64 = 4_000;
/// Time at which clients read every key, long after that.
pub const READ_MS: u64 = 9_000;
/// End of the run.
pub const END_MS: u64 = 12_000;
/// The keys of the writes.
pub const KEYS: [&str; 3] = ["x", "y", "z"];

/// The script of a random run.
pub fn script(seed: u64) -> (Preset, String) {
    let mut rng = Rng::new(seed, Concern::Script);
    let preset = Preset::ALL[rng.below(Preset::ALL.len() as u32) as usize];
    let nodes = u64::from(3 + rng.below(3));
    let mut script = format!("cluster {preset} nodes={nodes} clients=3 seed={seed}");
    script += options(preset, &mut rng);
    let disk = ["", " disk=15ms", " disk=200ms"][rng.below(3) as usize];
    script += disk;
    let wrecks = rng.below(3) == 0;
    let mut acts: Vec<(u64, String)> = Vec::new();
    for number in 0..45 {
        let at = rng.between(300, HEALED_MS);
        let act = if rng.below(2) == 0 && preset != Preset::Election {
            ask(&mut rng, nodes, number)
        } else {
            fault(&mut rng, nodes, wrecks)
        };
        acts.push((at, act));
    }
    acts.push((HEALED_MS, "heal".into()));
    for n in 1..=nodes {
        acts.push((HEALED_MS, format!("resume n{n}")));
        acts.push((HEALED_MS, format!("restart n{n}")));
    }
    if preset != Preset::Election {
        for (i, key) in KEYS.iter().enumerate() {
            for n in 1..=nodes {
                acts.push((READ_MS + 100 * n, format!("c{} get {key} via n{n}", i + 1)));
            }
        }
    }
    acts.sort_by_key(|(at, _)| *at);
    for (at, act) in acts {
        write!(script, "\n@{at}ms {act}").expect("a string takes everything");
    }
    (preset, script)
}

fn options(preset: Preset, rng: &mut Rng) -> &'static str {
    let options: &[&str] = match preset {
        Preset::Raft => &["", " snapshot=7", " prevote=off", " check-quorum=on", " fsync=off"],
        Preset::PrimaryBackup => &["", " replication=async", " failover=manual", " fsync=off"],
        Preset::Quorum => &["", " r=1 w=1", " anti-entropy=off", " fsync=off"],
        _ => &[""],
    };
    options[rng.below(options.len() as u32) as usize]
}

fn ask(rng: &mut Rng, nodes: u64, number: u64) -> String {
    let (client, node) = (1 + rng.below(3), rng.between(1, nodes));
    let key = KEYS[rng.below(3) as usize];
    let what = match rng.below(10) {
        0..5 => format!("set {key} v{number}-"),
        5 => format!("append {key} a{number}-"),
        6 => format!("del {key}"),
        _ => format!("get {key}"),
    };
    format!("c{client} {what} via n{node}")
}

fn fault(rng: &mut Rng, nodes: u64, wrecks: bool) -> String {
    let (a, b) = (rng.between(1, nodes), rng.between(1, nodes));
    let other = if a == b { 1 + a % nodes } else { b };
    match rng.below(14) {
        0..3 => format!("crash n{a}"),
        3..6 => format!("restart n{a}"),
        6 => format!("pause n{a}"),
        7 => format!("resume n{a}"),
        8 => format!("isolate n{a}"),
        9 => format!("cut n{a}-n{other}"),
        10 => format!("cut n{a}>n{other}"),
        11 => format!("partition n{a} c1 | n{other} c2"),
        12 if wrecks => format!("wipe n{a}"),
        12 => format!("link n{a}-n{other} latency=300ms"),
        _ => "heal".into(),
    }
}
