//! `cargo xtask bench`: the figures, as a table of targets and results.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::{browser, dist};

/// The target of a figure.
#[derive(Clone, Copy)]
enum Target {
    AtLeast(f64),
    AtMost(f64),
}

/// A figure, and the name under which the programs that measure it print it.
struct Figure {
    name: &'static str,
    what: &'static str,
    unit: &'static str,
    target: Target,
}

const fn figure(
    name: &'static str,
    what: &'static str,
    unit: &'static str,
    target: Target,
) -> Figure {
    Figure { name, what, unit, target }
}

use Target::{AtLeast, AtMost};

/// A figure of the kernel: a preset with its default workload.
const fn preset(name: &'static str, what: &'static str) -> Figure {
    figure(name, what, "events/s", AtLeast(1_500_000.0))
}

/// All figures. `memory` and those that begin with `kernel-` or `hunt-` are measured natively, the others in
/// Chromium.
const FIGURES: [Figure; 39] = [
    figure("kernel-bare", "kernel, native, no trace kept", "events/s", AtLeast(2_000_000.0)),
    figure(
        "kernel-checked",
        "the same, traced and checked at every event",
        "events/s",
        AtLeast(600_000.0),
    ),
    figure(
        "kernel-growth",
        "600 virtual seconds against 60, events per second",
        "ratio",
        AtLeast(0.8),
    ),
    preset("kernel-raft", "raft with its default workload"),
    preset("kernel-write-all", "write-all with its default workload"),
    preset("kernel-peers", "peers with its default workload"),
    preset("kernel-ring", "ring with its default workload"),
    preset("kernel-primary-backup", "primary-backup with its default workload"),
    preset("kernel-quorum", "quorum with its default workload"),
    preset("kernel-election", "election"),
    figure(
        "kernel-linearizability",
        "100,000 operations, 20 clients, 20 keys: linearizable?",
        "s",
        AtMost(1.0),
    ),
    figure(
        "kernel-faults",
        "8,000 operations, 1 key, 50 values, a stale read: at fault?",
        "s",
        AtMost(1.0),
    ),
    figure(
        "hunt-runs",
        "hunt: raft, 5 nodes, 5 virtual s, 10 faults, a client, judged",
        "runs/s",
        AtLeast(1_000.0),
    ),
    figure("hunt-found", "hunt: the slowest known flaw, median of 9 seeds", "s", AtMost(10.0)),
    figure("hunt-rules", "hunt: rules switched off that are found in 10 s", "%", AtLeast(95.0)),
    figure("hunt-length", "hunt: shrunk against known scripts, median", "ratio", AtMost(1.3)),
    figure("hunt-longest", "hunt: the same, the worst median of a flaw", "ratio", AtMost(2.0)),
    figure("hunt-shrink", "hunt: the longest shrinking", "s", AtMost(10.0)),
    figure(MEMORY, "25 nodes after 1,000,000 events, all that is kept", "MB", AtMost(256.0)),
    figure("wasm-ratio", "kernel, WebAssembly against native", "ratio", AtLeast(0.5)),
    figure("seek-p95", "seek in a run of 1,000,000 events, p95", "ms", AtMost(50.0)),
    figure("why", "why? in a run of 1,000,000 events, the slowest", "ms", AtMost(30.0)),
    figure("crash-click", "click that crashes a node, 10 minutes in", "ms", AtMost(16.0)),
    figure("import", "20,000 operations dropped, until judged and drawn", "ms", AtMost(1_500.0)),
    figure("export", "trace of 1,000,000 events exported, JSON Lines", "s", AtMost(10.0)),
    figure("longest-task", "the same sought, judged, exported: longest task", "ms", AtMost(50.0)),
    figure(
        "page-size",
        "all that is fetched until the page is ready, gzip -9",
        "bytes",
        AtMost(900_000.0),
    ),
    figure("paint-slow", "first paint at 1.6 Mbit/s, 150 ms, processor x4", "s", AtMost(1.0)),
    figure("moves-slow", "the stage moves, there", "s", AtMost(4.0)),
    figure("paint-slower", "first paint at 400 kbit/s, 400 ms, processor x4", "s", AtMost(3.0)),
    figure("moves-slower", "the stage moves, there", "s", AtMost(10.0)),
    figure("playing", "default cluster playing, main thread per second", "s", AtMost(0.06)),
    figure("playing-open", "the same with diagram and lanes open", "s", AtMost(0.10)),
    figure("pictures", "default cluster playing, pictures drawn", "a second", AtLeast(59.0)),
    figure("paused", "paused, main thread per second", "s", AtMost(0.002)),
    figure("first-picture", "from opening, nothing cached, to the first picture", "s", AtMost(0.6)),
    figure("hundred", "100 nodes, 1,000 messages, main thread per frame, p95", "ms", AtMost(10.0)),
    figure("long-play", "30 minutes at the default speed, growth of the heap", "MB", AtMost(100.0)),
    figure("crowd", "25 nodes, 300 messages, main thread per frame", "ms", AtMost(4.0)),
];

const MEMORY: &str = "memory";

/// The output of the measuring programs: samples by name, and reasons for missing ones.
#[derive(Default)]
struct Measured {
    samples: BTreeMap<String, Vec<f64>>,
    missing: BTreeMap<String, String>,
}

/// Measures and prints the figures named, or all of them. Fails if one could not be measured, not
/// if one misses its target.
pub fn bench(sh: &Shell, names: &[String]) -> Result<()> {
    if let Some(unknown) =
        names.iter().find(|name| !FIGURES.iter().any(|figure| figure.name == **name))
    {
        let known: Vec<&str> = FIGURES.iter().map(|figure| figure.name).collect();
        bail!("there is no figure `{unknown}`; the figures are {}", known.join(", "));
    }
    let wanted: Vec<&Figure> = FIGURES
        .iter()
        .filter(|figure| names.is_empty() || names.iter().any(|name| name == figure.name))
        .collect();
    let mut measured = Measured::default();
    natively(sh, &wanted, &mut measured)?;
    memory(sh, &wanted, &mut measured)?;
    in_chromium(sh, &wanted, &mut measured)?;
    measured.derive_wasm_ratio();
    print(&wanted, &measured)
}

/// Measures the figures that need the native program; the ratio needs its first one.
fn natively(sh: &Shell, wanted: &[&Figure], measured: &mut Measured) -> Result<()> {
    let mut names: Vec<&str> = Vec::new();
    for figure in wanted {
        match figure.name {
            "wasm-ratio" => names.push("kernel-bare"),
            name if is_native(name) => names.push(name),
            _ => {}
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    names.sort_unstable();
    names.dedup();
    let run = cmd!(
        sh,
        "cargo run --quiet --release --package quorumscope-core --example bench -- {names...}"
    );
    measured.read(&run.read()?);
    Ok(())
}

/// Measures the memory, with a program of its own: its allocator counts, which costs time.
fn memory(sh: &Shell, wanted: &[&Figure], measured: &mut Measured) -> Result<()> {
    if wanted.iter().any(|figure| figure.name == MEMORY) {
        let run =
            cmd!(sh, "cargo run --quiet --release --package quorumscope-core --example memory");
        measured.read(&run.read()?);
    }
    Ok(())
}

fn in_chromium(sh: &Shell, wanted: &[&Figure], measured: &mut Measured) -> Result<()> {
    let names: Vec<&str> = wanted
        .iter()
        .map(|figure| if figure.name == "wasm-ratio" { "wasm-bare" } else { figure.name })
        .filter(|name| *name != MEMORY && !is_native(name))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    browser::ensure(sh)?;
    dist::dist(sh)?;
    println!(
        "measuring in Chromium: some two minutes, during which this machine should do nothing else"
    );
    let run = cmd!(sh, "cargo run --quiet --package quorumscope-tests --bin figures -- {names...}");
    measured.read(&run.read()?);
    Ok(())
}

/// Whether the native program measures a figure.
fn is_native(name: &str) -> bool {
    name.starts_with("kernel-") || name.starts_with("hunt-")
}

impl Measured {
    /// Reads the lines `sample NAME VALUE` and `missing NAME WHY`; prints all others.
    fn read(&mut self, printed: &str) {
        for line in printed.lines() {
            let mut words = line.splitn(3, ' ');
            match (words.next(), words.next(), words.next()) {
                (Some("sample"), Some(name), Some(value)) => {
                    let samples = self.samples.entry(name.to_owned()).or_default();
                    samples.extend(value.parse::<f64>().ok());
                }
                (Some("missing"), Some(name), Some(why)) => {
                    self.missing.insert(name.to_owned(), why.to_owned());
                }
                _ => println!("{line}"),
            }
        }
    }

    fn median(&self, name: &str) -> Option<f64> {
        let mut samples = self.samples.get(name)?.clone();
        samples.sort_by(f64::total_cmp);
        let middle = samples.len() / 2;
        let upper = *samples.get(middle)?;
        Some(if samples.len() % 2 == 1 { upper } else { (upper + samples[middle - 1]) / 2.0 })
    }

    fn derive_wasm_ratio(&mut self) {
        if let (Some(wasm), Some(native)) = (self.median("wasm-bare"), self.median("kernel-bare")) {
            self.samples.insert("wasm-ratio".to_owned(), vec![wasm / native]);
        } else if let Some(why) = self.missing.remove("wasm-bare") {
            self.missing.insert("wasm-ratio".to_owned(), why);
        }
    }
}

fn print(figures: &[&Figure], measured: &Measured) -> Result<()> {
    println!("\n{:<62} {:>19} {:>13}", "figure (median)", "target", "reached");
    let mut unmeasured = Vec::new();
    for figure in figures {
        let (sign, target) = match figure.target {
            AtLeast(value) => ("at least", value),
            AtMost(value) => ("at most", value),
        };
        let target = format!("{sign} {}", number(target));
        let (reached, verdict) = match measured.median(figure.name) {
            Some(value) => (number(value), verdict(figure.target, value)),
            None => {
                unmeasured.push(figure.name);
                (
                    "not measured".to_owned(),
                    measured.missing.get(figure.name).map_or("", String::as_str),
                )
            }
        };
        let what = format!("{} ({})", figure.what, figure.unit);
        println!("{what:<62} {target:>19} {reached:>13}  {verdict}");
    }
    if !unmeasured.is_empty() {
        bail!("not measured: {}", unmeasured.join(", "));
    }
    Ok(())
}

fn verdict(target: Target, value: f64) -> &'static str {
    let reached = match target {
        AtLeast(least) => value >= least,
        AtMost(most) => value <= most,
    };
    if reached { "" } else { "NOT REACHED" }
}

/// A number with its significant digits, the thousands set apart.
fn number(value: f64) -> String {
    if value < 1_000.0 {
        return format!("{:.*}", if value < 0.1 { 4 } else { 2 }, value);
    }
    let digits = format!("{value:.0}");
    let mut set_apart = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            set_apart.push(',');
        }
        set_apart.push(digit);
    }
    set_apart
}

#[cfg(test)]
mod tests {
    use super::{Measured, number};

    #[test]
    fn the_median_is_the_middle_or_between_the_middle_two() {
        let mut measured = Measured::default();
        measured.read(
            "sample a 3\nsample a 1\nsample a 2\nsample b 1\nsample b 2\nmissing c no such page",
        );
        assert_eq!(measured.median("a"), Some(2.0));
        assert_eq!(measured.median("b"), Some(1.5));
        assert_eq!(measured.median("c"), None);
        assert_eq!(measured.missing["c"], "no such page");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(number(2_000_000.0), "2,000,000");
        assert_eq!(number(123_456.4), "123,456");
        assert_eq!(number(16.0), "16.00");
        assert_eq!(number(0.002), "0.0020");
    }
}
