//! Each rule of Raft that can be broken is needed: without it a safety property falls, in a script
//! that shows how and under random faults; with it, in the same runs, none does.

mod audit;
mod common;

use audit::{Replay, printed};
use common::{Chaos, random_run};
use quorumscope_core::check::raft_safety::{RaftSafety, SafetyProperty, SafetyViolation};
use quorumscope_core::run::{Command, Run, Statement};
use quorumscope_core::script;
use quorumscope_core::settings::Preset;
use quorumscope_core::time::Time;
use quorumscope_core::world::watch;

const UNTIL: Time = Time::from_ms(12_000);
const SEEDS: u64 = 30;

/// Each rule, what can fall without it (the first in the script), and a script that shows it.
const NEEDED: [(&str, &[SafetyProperty], &str); 2] = [
    ("vote-once", &[SafetyProperty::ElectionSafety], include_str!("scripts/raft-vote-once.qs")),
    (
        "up-to-date",
        &[SafetyProperty::LeaderCompleteness, SafetyProperty::StateMachineSafety],
        include_str!("scripts/raft-up-to-date.qs"),
    ),
];

/// Plays a whole run, also beyond what is wrong in it.
fn judged(run: &Run) -> Option<SafetyViolation> {
    let mut judge = RaftSafety::new();
    watch(run, UNTIL, |world| {
        judge.observe(world);
        true
    });
    judge.violation().cloned()
}

fn with_rule(rule: &str, followed: bool, mut run: Run) -> Run {
    let is_rule = |c: &Command| matches!(c.statement, Statement::Rule(..));
    run.commands.retain(|c| !is_rule(c));
    let statement = Statement::Rule(rule.into(), followed);
    run.commands.insert(0, Command { at: Time::ZERO, statement });
    run
}

#[test]
fn every_rule_is_here() {
    let named: Vec<_> = NEEDED.iter().map(|(name, ..)| *name).collect();
    let all = Preset::ALL.into_iter().flat_map(Preset::rules).map(|rule| rule.name);
    assert_eq!(named, all.collect::<Vec<_>>());
}

#[test]
fn a_script_shows_what_each_is_for() {
    for (rule, properties, text) in NEEDED {
        let run = script::parse(text).unwrap_or_else(|e| panic!("{rule}: {e}"));
        let violation = judged(&run).unwrap_or_else(|| panic!("{rule}: nothing is wrong"));
        assert_eq!(violation.property, properties[0], "{rule}: {}", violation.text);
        let followed = judged(&with_rule(rule, true, run));
        assert!(followed.is_none(), "{rule}: {followed:?}");
    }
}

#[test]
fn random_faults_break_what_lacks_a_rule() {
    for (rule, properties, _) in NEEDED {
        let mut found = 0;
        for seed in 0..SEEDS {
            let run = random_run(seed, Chaos::default());
            let print = || printed(&run);
            let _replay = Replay::of(seed, &print);
            if let Some(v) = judged(&with_rule(rule, false, run.clone())) {
                let said = format!("{}: {}, at {}", v.property, v.text, v.at);
                assert!(
                    properties.contains(&v.property),
                    "seed {seed}, without {rule}: another property falls: {said}"
                );
                found += 1;
            }
            let followed = judged(&with_rule(rule, true, run.clone()));
            let said = followed.map(|v| format!("{}: {}, at {}", v.property, v.text, v.at));
            assert!(said.is_none(), "seed {seed}, with every rule: {}", said.unwrap_or_default());
        }
        assert!(found > 3, "{rule}: only {found} of {SEEDS} runs show it");
    }
}
