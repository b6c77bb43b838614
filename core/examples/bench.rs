//! The native figures: `cargo xtask bench` runs this and makes the table.
//!
//! Prints one line per sample, `sample NAME VALUE`, and figures for comparison with other
//! simulators.
#![expect(
    clippy::disallowed_types,
    reason = "the core has virtual time only; this is who holds the stopwatch"
)]

#[path = "../tests/flaws/mod.rs"]
mod flaws;

use std::env;
use std::time::Instant;

use quorumscope_core::check::linearizability;
use quorumscope_core::figures::{self, BUSY_UNTIL};
use quorumscope_core::hunt::{Hunt, Options, Step};
use quorumscope_core::rng::Ppm;
use quorumscope_core::run::Run;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;

/// Number of measurements per figure; the median counts.
const ROUNDS: usize = 7;

fn main() {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    if is_wanted("kernel-bare") {
        sample("kernel-bare", || events_per_second(&figures::busy(Preset::Raft), BUSY_UNTIL));
    }
    if is_wanted("kernel-checked") {
        sample("kernel-checked", || {
            let began = Instant::now();
            let events = figures::play_checked(&figures::busy(Preset::Raft), BUSY_UNTIL);
            events as f64 / began.elapsed().as_secs_f64()
        });
    }
    for preset in Preset::ALL {
        let name = format!("kernel-{}", preset.name());
        if is_wanted(&name) {
            sample(&name, || events_per_second(&figures::busy(preset), BUSY_UNTIL));
        }
    }
    if is_wanted("kernel-linearizability") {
        let history = figures::long_history(100_000);
        sample("kernel-linearizability", || {
            let began = Instant::now();
            let verdict = linearizability::check(&history).is_linearizable();
            assert_eq!(verdict, Some(true), "Raft is linearizable");
            began.elapsed().as_secs_f64()
        });
    }
    if is_wanted("kernel-faults") {
        let history = figures::stale_history(8_000);
        sample("kernel-faults", || {
            let began = Instant::now();
            let report = linearizability::check(&history);
            assert!(report.first_violation().is_some(), "the last read is stale");
            began.elapsed().as_secs_f64()
        });
    }
    hunts(is_wanted);
    if is_wanted("kernel-growth") {
        sample("kernel-growth", growth);
        compare();
    }
}

/// The figures of the hunt: its speed, and how soon and how short it finds what is known.
fn hunts(is_wanted: impl Fn(&str) -> bool) {
    if is_wanted("hunt-runs") {
        sample("hunt-runs", || {
            let options = Options { runs: Some(2_000), ..Options::of("cluster raft clients=1") };
            let mut hunt = Hunt::new(&options).expect("the options are right");
            let began = Instant::now();
            while !matches!(hunt.step(), Step::Over) {}
            hunt.progress().runs as f64 / began.elapsed().as_secs_f64()
        });
    }
    let of_flaws = ["hunt-found", "hunt-length", "hunt-longest", "hunt-shrink"];
    if of_flaws.into_iter().any(&is_wanted) {
        known_flaws();
    }
    if is_wanted("hunt-rules") {
        let rules = flaws::rules(1);
        let found = rules.iter().filter(|rule| hunted(&rule.options, 10.0).is_some()).count();
        println!("sample hunt-rules {}", 100.0 * found as f64 / rules.len().max(1) as f64);
    }
}

/// Nine hunts for each known flaw.
fn known_flaws() {
    let (mut slowest, mut shrink, mut ratios) = (0.0f64, 0.0f64, Vec::new());
    for flaw in flaws::FLAWS {
        let hunts: Vec<_> = (1..=9).map(|seed| hunted(&flaw.options(seed), 10.0)).collect();
        let times = hunts.iter().map(|found| found.map_or(f64::INFINITY, |found| found.0));
        slowest = slowest.max(median(times.collect()));
        shrink = hunts.iter().flatten().map(|found| found.1).fold(shrink, f64::max);
        let lengths = hunts.iter().flatten().map(|found| found.2 as f64);
        ratios.push(median(lengths.collect()) / flaw.statements() as f64);
    }
    println!("sample hunt-found {slowest}");
    println!("sample hunt-shrink {shrink}");
    println!("sample hunt-longest {}", ratios.iter().copied().fold(0.0, f64::max));
    println!("sample hunt-length {}", median(ratios));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::INFINITY)
}

/// The seconds until a hunt found something and those that shrinking took, and the statements then.
fn hunted(options: &Options, budget: f64) -> Option<(f64, f64, usize)> {
    let mut hunt = Hunt::new(options).expect("the options are right");
    let (began, mut searched) = (Instant::now(), 0.0);
    while searched < budget {
        match hunt.step() {
            Step::Found(finding) => {
                let shrunk = began.elapsed().as_secs_f64() - searched;
                return Some((searched, shrunk, finding.statements));
            }
            Step::Searching => searched = began.elapsed().as_secs_f64(),
            Step::Shrinking => {}
            Step::Over => break,
        }
    }
    None
}

fn sample(name: &str, measure: impl Fn() -> f64) {
    for _ in 0..ROUNDS {
        println!("sample {name} {}", measure());
    }
}

fn events_per_second(run: &Run, until: Time) -> f64 {
    let began = Instant::now();
    let events = figures::play(run, until);
    events as f64 / began.elapsed().as_secs_f64()
}

/// Ratio of the events per second over ten minutes to those over one minute: 1 when a long log
/// costs nothing. The short run is played ten times, so that both take about as long and noise
/// affects both.
fn growth() -> f64 {
    let (short, long) = (figures::steady(60), figures::steady(600));
    let began = Instant::now();
    let few: u64 = (0..10).map(|_| figures::play(&short, Time::from_ms(60_000))).sum();
    let rate_short = few as f64 / began.elapsed().as_secs_f64();
    events_per_second(&long, Time::from_ms(600_000)) / rate_short
}

/// Prints figures for comparison with other simulators of Raft.
fn compare() {
    println!("five nodes, no client; election 150 to 300 ms, heartbeat 50 ms, latency 10 to 20 ms");
    println!(
        "{:>10} {:>6} {:>12} {:>10} {:>22}",
        "virtual s", "loss", "delivered", "timers", "virtual s per CPU s"
    );
    for seconds in [60, 600] {
        for loss in [Ppm::NEVER, Ppm(10_000)] {
            let (run, until) = (figures::quiet(loss), Time::from_ms(seconds * 1_000));
            let counts = figures::count(&run, until);
            let began = Instant::now();
            let _ = figures::play(&run, until);
            let speed = seconds as f64 / began.elapsed().as_secs_f64();
            let percent = loss.0 / 10_000;
            println!(
                "{seconds:>10} {percent:>5}% {:>12} {:>10} {speed:>22.0}",
                counts.delivered, counts.fired
            );
        }
    }
}
