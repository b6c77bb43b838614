//! Random runs of every preset under every fault, as scripts.

use crate::rng::{Concern, Ppm, Rng};
use crate::settings::Preset;
use std::fmt::Write;

/// Duration of a run, in virtual milliseconds.
pub const LASTS_MS: u64 = 7_000;
/// Number of clients. Only the test asks through the last one.
pub const CLIENTS: u64 = 4;

pub struct Dice(Rng);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(Rng::new(seed, Concern::Script))
    }

    pub fn upto(&mut self, most: u64) -> u64 {
        self.0.between(1, most)
    }

    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.chance(Ppm(percent * 10_000))
    }

    pub fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.0.below(of.len() as u32) as usize]
    }

    pub fn time(&mut self) -> u64 {
        self.0.between(100, LASTS_MS - 500)
    }
}

/// A run of a preset: its settings, up to twelve faults, and writes of a few keys.
pub fn script(preset: Preset, seed: u64) -> String {
    let mut dice = Dice::of(seed);
    let nodes = if preset == Preset::Raft && dice.percent(10) { 1 } else { 1 + dice.upto(5) };
    let mut script = format!("cluster {preset} nodes={nodes} clients={CLIENTS} seed={seed}");
    if dice.percent(20) {
        script.push_str(" fsync=off");
    }
    if dice.percent(20) {
        script.push_str(dice.one(&[" disk=30ms", " disk=5ms", " latency=2ms..40ms", " loss=5%"]));
    }
    let own = own_settings(preset, nodes, &mut dice);
    let _ = writeln!(script, "{own}");
    for value in 0..dice.upto(12) {
        let (at, client, key) = (dice.time(), dice.upto(CLIENTS - 1), dice.one(&["x", "y", "k7"]));
        let node = dice.upto(nodes);
        let _ = writeln!(script, "@{at}ms c{client} set {key} {value} via n{node}");
    }
    if dice.percent(15) {
        script.push_str("@500ms workload rate=20/s reads=50% keys=3\n");
    }
    for _ in 0..dice.upto(12) {
        let at = dice.time();
        let _ = writeln!(script, "@{at}ms {}", fault(preset, nodes, &mut dice));
    }
    script
}

fn own_settings(preset: Preset, nodes: u64, dice: &mut Dice) -> String {
    match preset {
        Preset::Raft => format!(
            " prevote={} check-quorum={} reads={} snapshot={}",
            dice.one(&["on", "off"]),
            dice.one(&["on", "off"]),
            dice.one(&["index", "lease", "local"]),
            dice.one(&["0", "5"]),
        ),
        Preset::Quorum => {
            let n = dice.upto(nodes.min(3));
            let (r, w) = (dice.upto(n), dice.upto(n));
            let switch = |dice: &mut Dice| dice.one(&["on", "off"]);
            let (repair, hints, sloppy) = (switch(dice), switch(dice), dice.percent(20));
            let sloppy = if sloppy { "on" } else { "off" };
            format!(" n={n} r={r} w={w} read-repair={repair} hints={hints} sloppy={sloppy}")
        }
        Preset::PrimaryBackup => format!(
            " replication={} failover={}",
            dice.one(&["sync", "async"]),
            dice.one(&["bully", "bully", "manual"]),
        ),
        Preset::Ring => {
            format!(" replicas={} balancer={}", dice.upto(nodes.min(3)), dice.one(&["on", "off"]),)
        }
        Preset::WriteAll => format!(" strict={}", dice.one(&["on", "off"])),
        Preset::Chain => format!(" reads-at={}", dice.one(&["tail", "any"])),
        Preset::Peers | Preset::Election => String::new(),
    }
}

fn fault(preset: Preset, nodes: u64, dice: &mut Dice) -> String {
    let n = dice.upto(nodes);
    let m = if nodes == 1 { 1 } else { 1 + n % nodes };
    let c = dice.upto(CLIENTS - 1);
    let changes = matches!(preset, Preset::Raft | Preset::Ring);
    match dice.upto(25) {
        1..=4 => format!("crash n{n}"),
        5 | 6 => format!("restart n{n}"),
        7 => format!("wipe n{n}"),
        8 => format!("pause n{n}"),
        9 => format!("resume n{n}"),
        10 => format!("corrupt n{n}"),
        11 | 12 if nodes > 1 => format!("isolate n{n}"),
        13 if nodes > 1 => format!("cut n{n}-n{m}"),
        14 if nodes > 1 => format!("cut n{n}>n{m}"),
        15 | 16 if nodes > 1 => parts(nodes, dice),
        17 => "heal".into(),
        18 => format!("heal n{n}"),
        19 => format!("clock n{n} {}", dice.one(&["+800ms", "-800ms", "x1.5"])),
        20 if changes => format!("add n{}", nodes + 1),
        21 if changes && nodes > 1 => format!("remove n{n}"),
        22 => dice.one(&["network loss=20%", "set disk=800ms", "set fsync=off"]).to_owned(),
        23 => format!("cut c{c}-n{n}"),
        24 => format!(
            "partition c{c} | {}",
            (1..=nodes).map(|n| format!("n{n} ")).collect::<String>().trim()
        ),
        _ => format!("timeout n{n}"),
    }
}

fn parts(nodes: u64, dice: &mut Dice) -> String {
    let mut parts = [String::new(), String::new(), String::new()];
    let of = if dice.percent(20) { 3 } else { 2 };
    for (i, letter) in (1..=nodes).map(|n| (n, 'n')).chain((1..CLIENTS).map(|c| (c, 'c'))) {
        // The first few nodes are placed apart, so that no group is without a node.
        let part = if letter == 'n' && i <= of { i - 1 } else { dice.upto(of) - 1 };
        let _ = write!(parts[part as usize], "{letter}{i} ");
    }
    let parts: Vec<&str> = parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
    if parts.len() < 2 { "heal".into() } else { format!("partition {}", parts.join(" | ")) }
}
