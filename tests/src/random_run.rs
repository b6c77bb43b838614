//! Random scripts: every statement and setting, in an order drawn from a seed.
//!
//! A number gives the same script for ever, so a failure only needs to name its number.

use std::fmt::Write;

use crate::draw::Draw;

/// The time of the last statements of a script, in milliseconds of virtual time.
pub const LENGTH_MS: u32 = 8_000;

/// The script with this number.
pub fn script(number: u64) -> String {
    let mut draw = Draw::new(number, 0x5ca1_ab1e);
    let nodes = 1 + draw.below(7);
    let seed = draw.below(1_000_000);
    let mut text = cluster(&mut draw, nodes, seed);
    if draw.one_in(8) {
        text += &cluster(&mut draw, nodes, seed);
    }
    if draw.one_in(2) {
        let rate = 1 + draw.below(40);
        let reads = draw.below(101);
        let _ =
            writeln!(text, "@0s workload rate={rate}/s reads={reads}% keys={}", 1 + draw.below(4));
    }
    for _ in 0..draw.below(30) {
        let at = draw.below(LENGTH_MS);
        let _ = writeln!(text, "@{at}ms {}", statement(&mut draw, nodes));
    }
    text
}

impl Draw {
    fn node(&mut self, nodes: u32) -> String {
        format!("n{}", 1 + self.below(nodes))
    }

    fn percent(&mut self, most: u32) -> String {
        format!("{}%", self.below(most + 1))
    }

    /// A link between two different nodes, or between a client and a node.
    fn link(&mut self, nodes: u32) -> String {
        let to = 1 + self.below(nodes);
        let between = self.of(&["-", ">"]);
        if nodes == 1 || self.one_in(6) {
            return format!("c{}{between}n{to}", 1 + self.below(2));
        }
        let from = 1 + (to + self.below(nodes - 1)) % nodes;
        format!("n{from}{between}n{to}")
    }
}

fn cluster(draw: &mut Draw, nodes: u32, seed: u32) -> String {
    let preset = draw.of(&["raft", "raft", "write-all"]);
    let mut line = format!("cluster {preset} nodes={nodes} seed={seed}");
    let latency = draw.of(&[
        "1ms",
        "10ms..20ms",
        "2ms..80ms",
        "exp(5ms)",
        "pareto(1ms,1.5)",
        "0.9*pareto(0.24ms,10)+0.1*exp(1.66ms)",
    ]);
    let _ = write!(line, " latency={latency}");
    for fraction in ["loss", "duplicate", "reorder"] {
        if draw.one_in(3) {
            let _ = write!(line, " {fraction}={}", draw.percent(20));
        }
    }
    if draw.one_in(4) {
        let _ = write!(line, " disk={}", draw.of(&["0ms", "250us", "5ms", "30ms"]));
    }
    if draw.one_in(5) {
        line += " fsync=off";
    }
    line += match preset {
        "raft" => {
            draw.of(&["", " prevote=off", " election=200ms..400ms heartbeat=60ms", " reads=local"])
        }
        _ => draw.of(&["", " strict=on", " strict=off"]),
    };
    line.push('\n');
    line
}

fn statement(draw: &mut Draw, nodes: u32) -> String {
    match draw.below(14) {
        0 | 1 => node_fault(draw, nodes),
        2 => format!("restart {}", draw.node(nodes)),
        3 => link_fault(draw, nodes),
        4 => partition(draw, nodes),
        5 => draw.of(&["heal", "heal n1", "heal"]).to_owned(),
        6 => format!(
            "link {} latency={}ms loss={}",
            draw.link(nodes),
            draw.below(90),
            draw.percent(50)
        ),
        7 => format!("network loss={} reorder={}", draw.percent(30), draw.percent(30)),
        8 => clock(draw, nodes),
        9 => setting(draw),
        _ => ask(draw, nodes),
    }
}

fn node_fault(draw: &mut Draw, nodes: u32) -> String {
    let fault =
        draw.of(&["crash", "crash", "pause", "resume", "wipe", "corrupt", "isolate", "timeout"]);
    format!("{fault} {}", draw.node(nodes))
}

fn link_fault(draw: &mut Draw, nodes: u32) -> String {
    format!("{} {}", draw.of(&["cut", "cut", "heal"]), draw.link(nodes))
}

fn partition(draw: &mut Draw, nodes: u32) -> String {
    if nodes < 2 {
        return "heal".to_owned();
    }
    let first = 1 + draw.below(nodes - 1);
    let names = |from: u32, to: u32| -> String { (from..=to).map(|n| format!(" n{n}")).collect() };
    format!("partition{} |{}", names(1, first), names(first + 1, nodes))
}

fn clock(draw: &mut Draw, nodes: u32) -> String {
    let change = draw.of(&["+50ms", "-20ms", "x1.05", "x0.9", "+1s"]);
    format!("clock {} {change}", draw.node(nodes))
}

fn setting(draw: &mut Draw) -> String {
    draw.of(&[
        "set disk=2ms",
        "set timeout=300ms",
        "set retries=1",
        "set heartbeat=40ms",
        "set fsync=on",
    ])
    .to_owned()
}

fn ask(draw: &mut Draw, nodes: u32) -> String {
    let client = 1 + draw.below(2);
    let key = draw.of(&["x", "y", "\"two words\""]);
    let value = draw.below(5);
    let asked = match draw.below(8) {
        0 | 1 => format!("get {key}"),
        2 | 3 => format!("set {key} {value}"),
        4 => format!("upd {key} {value}"),
        5 => format!("del {key}"),
        6 => format!("cas {key} {value} {}", draw.below(5)),
        _ => format!("append {key} {value}"),
    };
    let via = if draw.one_in(3) { format!(" via {}", draw.node(nodes)) } else { String::new() };
    format!("c{client} {asked}{via}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{LENGTH_MS, script};
    use crate::replay;

    #[test]
    fn a_number_is_a_script() {
        assert_eq!(script(3), script(3));
        assert_ne!(script(3), script(4));
        assert!(script(3).starts_with("cluster "));
    }

    #[test]
    fn all_of_them_play_and_no_two_end_alike() {
        let ends = (0..240).map(|number| replay::hashes(&script(number), &[LENGTH_MS]));
        let ends: BTreeSet<Vec<String>> = ends.collect::<Result<_, _>>().expect("they are scripts");
        assert_eq!(ends.len(), 240);
    }
}
