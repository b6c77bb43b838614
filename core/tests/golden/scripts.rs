//! Random scripts of one preset, from a number: the same forever.
//!
//! They draw from a generator of their own, so that changes of the core do not change the scripts.

use quorumscope_core::settings::Preset;
use std::fmt::Write;

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) % bound
    }

    fn of(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len() as u64) as usize]
    }
}

/// Length of the scripts, in milliseconds.
const LENGTH_MS: u64 = 4_000;

/// A cluster of that preset under a workload, with a dozen faults, shown at its end.
pub fn script(preset: Preset, number: u64) -> String {
    let mut draw = Draw(number << 8 | preset as u64);
    let nodes = if preset == Preset::Peers { 3 } else { 3 + draw.below(3) };
    let mut text = format!("cluster {preset} nodes={nodes} seed={}", draw.below(1_000));
    let _ =
        write!(text, " latency={}", draw.of(&["10ms", "5ms..40ms", "exp(8ms)", "20ms+exp(5ms)"]));
    let _ = write!(text, " loss={}%", draw.below(4));
    text += draw.of(&["", " duplicate=2%", " reorder=5%", " fsync=off"]);
    let _ = writeln!(text, "\n@300ms workload rate={}/s reads=50% keys=2", 10 + draw.below(30));
    for _ in 0..12 {
        let at = 500 + draw.below(LENGTH_MS - 500);
        let node = 1 + draw.below(nodes);
        let other = 1 + (node + draw.below(nodes - 1)) % nodes;
        let statement = match draw.below(12) {
            0 | 1 => format!("crash n{node}"),
            2 | 3 => format!("restart n{node}"),
            4 => format!("pause n{node}"),
            5 => format!("resume n{node}"),
            6 => format!("cut n{node}{}n{other}", draw.of(&["-", ">"])),
            7 => "heal".to_owned(),
            8 => format!("clock n{node} {}", draw.of(&["+80ms", "-30ms", "x1.05"])),
            9 => format!("disk n{node} {}", draw.of(&["40ms", "usual"])),
            10 => format!("timeout n{node}"),
            _ => format!("c1 set x {} via n{node}", draw.below(100)),
        };
        let _ = writeln!(text, "@{at}ms {statement}");
    }
    let _ = writeln!(text, "@{LENGTH_MS}ms show");
    text
}
