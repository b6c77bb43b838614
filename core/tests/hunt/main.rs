//! The hunt finds each of the failures that are known, and shrinks it to a script that reads well.

#[path = "../flaws/mod.rs"]
mod flaws;

use expect_test::expect_file;
use flaws::{FLAWS, Flaw};
use quorumscope_core::hunt::{Bounds, Finding, Hunt, Options, Step, Strategy};
use quorumscope_core::script;
use quorumscope_core::time::Time;

/// So many runs suffice to find what is known.
const RUNS: u64 = 20_000;

/// The first finding of a hunt, if it finds anything.
fn found(options: &Options) -> Option<Finding> {
    let options = Options { runs: Some(RUNS), ..options.clone() };
    let mut hunt = Hunt::new(&options).unwrap_or_else(|sentence| panic!("{sentence}"));
    loop {
        match hunt.step() {
            Step::Found(finding) => return Some(*finding),
            Step::Over => return None,
            Step::Searching | Step::Shrinking => {}
        }
    }
}

fn transcript(name: &str, finding: &Finding) -> String {
    let Finding { script, sentence, property, kind, faults, .. } = finding;
    format!("# {name}: {property} ({kind}), by {}\n# {sentence}\n{script}\n", faults.join(", "))
}

/// The shrunk scripts of all known failures, to be read.
#[test]
fn known_failures_are_found_and_shrunk() {
    let one = |flaw: &Flaw| {
        let finding =
            found(&flaw.options(1)).unwrap_or_else(|| panic!("{} is not found", flaw.name));
        let known = flaw.statements().max(3);
        assert!(finding.statements <= known * 2, "{}:\n{}", flaw.name, finding.script);
        transcript(flaw.name, &finding)
    };
    let all: String = FLAWS.iter().map(one).collect();
    expect_file!["known.txt"].assert_eq(&all);
}

/// Each more: systems whose flaws are settings, or their nature.
const OTHERS: [(&str, &str, &str); 7] = [
    ("write-all", "cluster write-all", "linearizable"),
    ("primary-backup, asynchronous", "cluster primary-backup replication=async", "lost-writes"),
    ("quorum, R + W <= N", "cluster quorum nodes=3 r=1 w=2", "read-your-writes"),
    ("raft, local reads", "cluster raft nodes=3 reads=local", "stale-read"),
    (
        "raft, two votes in a term",
        "cluster raft nodes=5\n@0s rule vote-once off",
        "election-safety",
    ),
    (
        "raft, votes for whatever log",
        "cluster raft nodes=5\n@0s rule up-to-date off",
        "linearizable",
    ),
    ("raft, no fsync", "cluster raft nodes=3 fsync=off", "leader-completeness"),
];

#[test]
fn flaws_that_are_settings_are_found_and_shrunk() {
    let one = |(name, script, property): (&str, &str, &str)| {
        let properties = vec![property.into()];
        let options = Options { properties, keep_setup: true, ..Options::of(script) };
        let finding = found(&options).unwrap_or_else(|| panic!("{name}: {property} is not found"));
        transcript(name, &finding)
    };
    expect_file!["settings.txt"].assert_eq(&OTHERS.map(one).concat());
}

#[test]
fn every_strategy_finds_a_stale_read() {
    for strategy in [Strategy::Swarm, Strategy::Causes, Strategy::Mutation, Strategy::Systematic] {
        let options = Options {
            strategy,
            properties: vec!["stale-read".into()],
            bounds: Bounds { operations: 2, steps: 4, ..Bounds::default() },
            ..Options::of("cluster quorum nodes=3 w=1 r=1 latency=10ms")
        };
        let finding = found(&options).unwrap_or_else(|| panic!("{strategy:?} finds nothing"));
        assert_eq!(finding.kind, "Stale read", "{strategy:?}");
    }
}

/// Within bounds there is nothing, and that is said; with the rule off there is something.
#[test]
fn all_choices_within_bounds_are_tried() {
    let bounds = Bounds { steps: 4, operations: 0, isolations: 0, ..Bounds::default() };
    let options = |script: &str| Options {
        strategy: Strategy::Systematic,
        bounds,
        properties: vec!["election-safety".into()],
        ..Options::of(script)
    };
    let mut hunt = Hunt::new(&options("cluster raft nodes=3 prevote=off"))
        .unwrap_or_else(|sentence| panic!("{sentence}"));
    while !matches!(hunt.step(), Step::Over) {}
    let said = hunt.progress().sentence(Some(1));
    assert_eq!(said, "None within: 3 nodes, 1 crash, 2 election timeouts, 4 steps of 50ms.");
    let broken = options("cluster raft nodes=3 prevote=off\n@0s rule vote-once off");
    assert!(found(&broken).is_some());
}

/// Shrinking never makes a run longer, and keeps what is wrong with it.
#[test]
fn what_is_shrunk_is_no_longer_than_what_was_found_and_still_wrong() {
    for seed in 1..=12 {
        let options =
            Options { seed, properties: vec!["stale-read".into()], ..Options::of("cluster ring") };
        let mut hunt = Hunt::new(&options).unwrap_or_else(|sentence| panic!("{sentence}"));
        let mut sizes = Vec::new();
        let finding = loop {
            match hunt.step() {
                Step::Found(finding) => break finding,
                Step::Shrinking => sizes.extend(hunt.progress().best),
                Step::Searching | Step::Over => {}
            }
        };
        assert!(sizes.is_sorted_by(|before, after| before >= after), "{sizes:?}");
        assert_eq!(finding.kind, "Stale read");
        // Who opens the script sees it: the judges say so at its show.
        let run = script::parse(&finding.script).expect("it is a script");
        let show = run.show.expect("it has a show");
        assert!(show.at <= Time::from_ms(6_000) && show.state.is_some());
        let again = Options {
            runs: Some(0),
            from_us: Some(show.at.as_us()),
            ..Options::of(&finding.script)
        };
        assert!(Hunt::new(&again).is_ok(), "it can be hunted on from there");
    }
}
