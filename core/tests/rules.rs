//! Each rule that can be broken is needed: without it a property fails, in a script that shows how;
//! with it, in the same script, none does.

mod anything;
mod audit;
mod common;
mod seeds;

use audit::{Replay, printed};
use common::{Chaos, Members, random_run};
use expect_test::expect_file;
use quorumscope_core::check::raft_safety::{RaftSafety, SafetyProperty, SafetyViolation};
use quorumscope_core::check::referee::{self, Referee};
use quorumscope_core::check::{Property, Verdict};
use quorumscope_core::condition::{self, Happened, Moment, Names};
use quorumscope_core::explain::Scene;
use quorumscope_core::rng::{Concern, Rng};
use quorumscope_core::run::{Command, Run, Statement};
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::settings::{Preset, Reads, Rule};
use quorumscope_core::time::Time;
use quorumscope_core::timeline::Budget;
use quorumscope_core::why;
use quorumscope_core::world::{World, watch};
use std::fmt::Write;
use std::path::PathBuf;

const UNTIL: Time = Time::from_ms(12_000);
const SEEDS: u64 = 30;

/// Rules without which random faults soon break a property, each with the properties that can fail.
const SOON: [(&str, &[SafetyProperty]); 2] = [
    ("vote-once", &[SafetyProperty::ElectionSafety]),
    ("up-to-date", &[SafetyProperty::LeaderCompleteness, SafetyProperty::StateMachineSafety]),
];

fn rules() -> impl Iterator<Item = (Preset, &'static Rule)> {
    Preset::ALL.into_iter().flat_map(|preset| preset.rules().iter().map(move |rule| (preset, rule)))
}

/// The script that shows the purpose of a rule. The oldest ones are in the collection of scripts.
fn script_of(preset: Preset, rule: &Rule) -> Run {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    let collected = tests.join(format!("scripts/{preset}-{}.qs", rule.name));
    let file = match collected.exists() {
        true => collected,
        false => tests.join(format!("rule_scripts/{preset}/{}.qs", rule.name)),
    };
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    script::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// The verdicts at the end of a run's first cluster.
fn verdicts(run: &Run) -> Vec<Verdict> {
    let end = run.show.expect("a script says how far it is played").at;
    let mut world = World::new(&run.clusters[0]);
    while world.advance(&run.commands, end) {}
    let mut referee = Referee::new(&run.clusters[0], &run.commands, 1_000_000);
    let mut budget = Budget::UNLIMITED;
    referee.go_to(world.steps(), &mut budget);
    let history = referee.history();
    referee.verdicts(&history, end)
}

/// Whether a condition holds at the end of a run's first cluster.
fn holds(condition: &str, run: &Run) -> bool {
    let end = run.show.expect("a script says how far it is played").at;
    let mut world = World::new(&run.clusters[0]);
    while world.advance(&run.commands, end) {}
    let condition = condition::parse(condition, Names::of(run)).expect("it is a condition");
    let happened = Happened::of(&world, std::iter::empty());
    condition.holds(&Moment {
        world: &world,
        happened,
        violated: false,
        broken: quorumscope_core::condition::Breaches::default(),
        done: &[],
    })
}

/// Whether a word is that of a property, and not a condition.
fn is_property(word: &str) -> bool {
    Property::ALL.iter().any(|p| p.word() == word)
}

/// The properties that do not hold at the end of a run, by their words, each with the sentence.
fn broken(run: &Run) -> Vec<(String, String)> {
    let wrong = verdicts(run).into_iter().filter(|v| v.holds == Some(false));
    wrong.map(|v| (v.property.word(), v.text)).collect()
}

/// Plays a whole run, also beyond a violation.
fn judged(run: &Run) -> Option<SafetyViolation> {
    let mut judge = RaftSafety::new();
    watch(run, UNTIL, |world| {
        judge.observe(world);
        true
    });
    judge.violation().cloned()
}

/// The same run with every rule kept.
fn with_rules(mut run: Run) -> Run {
    run.commands.retain(|c| !matches!(c.statement, Statement::Rule(..)));
    run
}

fn without_rule(rule: &str, run: Run) -> Run {
    let mut run = with_rules(run);
    let statement = Statement::Rule(rule.into(), false);
    run.commands.insert(0, Command { at: Time::ZERO, statement });
    run
}

#[test]
fn a_script_shows_what_each_is_for() {
    let mut problems = Vec::new();
    for (preset, rule) in rules() {
        let name = format!("{preset} {}", rule.name);
        let run = script_of(preset, rule);
        let breaks = |c: &Command| match &c.statement {
            Statement::Rule(name, followed) => **name == *rule.name && !followed,
            _ => false,
        };
        assert_eq!(run.commands.iter().filter(|c| breaks(c)).count(), 1, "{name} is broken once");
        let found = broken(&run);
        let shows = match rule.breaks {
            Some(word) if is_property(word) => found.iter().any(|(fallen, _)| fallen == word),
            Some(condition) => {
                holds(condition, &run) && !holds(condition, &with_rules(run.clone()))
            }
            None => found.is_empty(),
        };
        if !shows {
            problems.push(format!("{name}: expected {:?}, found {found:?}", rule.breaks));
        }
        let followed = broken(&with_rules(run));
        if !followed.is_empty() {
            problems.push(format!("{name}, followed: {followed:?}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// docs/rules.md has a section per preset and a row per rule.
#[test]
fn the_documentation_is_the_tables() {
    let mut text = String::from(
        "# Rules\n\n\
         A rule is one promise of an algorithm. `rule NAME off` breaks it and `rule NAME on` follows it\n\
         again; a run in which one was ever broken says so. `core/tests/rule_scripts` has a script for each\n\
         that shows what goes wrong. This page is written from the tables of the protocols.\n",
    );
    for preset in Preset::ALL {
        let rules = preset.rules();
        if rules.is_empty() {
            continue;
        }
        write!(text, "\n## {preset}\n\n| rule | promise | why | without it | falls first | source |\n|---|---|---|---|---|---|\n")
            .expect("a string takes everything");
        for Rule { name, doc, why, source, without, breaks, .. } in rules {
            let falls = breaks.unwrap_or("nothing");
            writeln!(text, "| `{name}` | {doc} | {why} | {without} | {falls} | {source} |")
                .expect("a string takes everything");
        }
    }
    expect_file!["../../docs/rules.md"].assert_eq(&text);
}

#[test]
fn every_rule_says_what_it_has_to() {
    for preset in Preset::ALL {
        let rules = preset.rules();
        for (place, rule) in rules.iter().enumerate() {
            let name = format!("{preset} {}", rule.name);
            assert!(
                rules[..place].iter().all(|r| r.name != rule.name && r.bit != rule.bit),
                "{name}"
            );
            assert!(rule.bit < 64 && rule.name.len() <= 24, "{name}");
            let lower = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(rule.name.chars().all(lower), "{name}");
            assert!(!rule.doc.ends_with('.') && !rule.doc.is_empty(), "{name}: {}", rule.doc);
            for sentence in [rule.why, rule.without] {
                assert!(sentence.ends_with('.'), "{name}: {sentence}");
            }
            let run = script_of(preset, rule);
            let known =
                |word: &str| is_property(word) || condition::parse(word, Names::of(&run)).is_ok();
            assert!(!rule.source.is_empty() && rule.breaks.is_none_or(known), "{name}");
        }
    }
}

/// `why` names the rule whose violation made a property fail.
#[test]
fn why_leads_back_to_the_rule() {
    let mut silent = Vec::new();
    for (preset, rule) in rules().filter(|(_, rule)| rule.breaks.is_some_and(is_property)) {
        let run = script_of(preset, rule);
        let verdicts = verdicts(&run);
        let fallen = verdicts
            .iter()
            .find(|v| v.holds == Some(false) && Some(&*v.property.word()) == rule.breaks)
            .unwrap_or_else(|| panic!("{preset} {}: nothing is wrong", rule.name));
        let end = run.show.expect("a script says how far it is played").at;
        let mut session = Session::new(run);
        session.seek(end);
        let answer = why::why_broken(&Scene::of(&session, 0), fallen);
        let names_it = format!("The rule {} is broken from now on", rule.name);
        let begins = answer.chain.first().is_some_and(|step| step.text.starts_with(&names_it));
        if !begins || !answer.missing.iter().any(|clause| clause.starts_with(&names_it)) {
            silent.push(format!("{preset} {}:\n{answer}", rule.name));
        } else if std::env::var("SHOW").is_ok() {
            println!("{preset} {}:\n{answer}", rule.name);
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// Rules that are broken and followed again at random times: properties may fail, but nothing
/// panics.
fn with_random_rules(seed: u64, mut run: Run, until_ms: u64) -> Run {
    let mut rng = Rng::new(seed, Concern::Script);
    let rules: Vec<&Rule> = run.clusters.iter().flat_map(|c| c.preset.rules()).collect();
    for _ in 0..rng.below(8) {
        let rule = rules[rng.below(rules.len() as u32) as usize];
        let at = if rng.below(2) == 0 { 0 } else { rng.between(0, until_ms) };
        let statement = Statement::Rule(rule.name.into(), rng.below(4) == 0);
        run.insert(Command { at: Time::from_ms(at), statement });
    }
    run
}

#[test]
fn no_mixture_of_rules_panics() {
    for seed in seeds::seeds() {
        let chaos = if seed.is_multiple_of(2) {
            Chaos { members: Members::Often, ..Chaos::default() }
        } else {
            Chaos { reads: Reads::Lease, ..Chaos::default() }
        };
        let run = with_random_rules(seed, random_run(seed, chaos), 8_000);
        let print = || printed(&run);
        let _replay = Replay::of(seed, &print);
        let mut judge = RaftSafety::new();
        let world = watch(&run, UNTIL, |world| {
            judge.observe(world);
            true
        });
        let told = referee::of_world(&world, &run.commands, 10_000);
        assert_eq!(told.len(), Property::ALL.len());
    }
}

#[test]
fn no_mixture_of_rules_panics_in_any_system() {
    for seed in seeds::seeds() {
        let (_, text) = anything::script(seed);
        let run = script::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let run = with_random_rules(seed, run, anything::END_MS);
        let print = || printed(&run);
        let _replay = Replay::of(seed, &print);
        let mut world = World::new(&run.clusters[0]);
        while world.advance(&run.commands, Time::from_ms(anything::END_MS)) {}
        let told = referee::of_world(&world, &run.commands, 10_000);
        assert_eq!(told.len(), Property::ALL.len());
    }
}

#[test]
fn random_faults_break_what_lacks_a_rule() {
    for (rule, properties) in SOON {
        let mut found = 0;
        for seed in 0..SEEDS {
            let run = random_run(seed, Chaos::default());
            let print = || printed(&run);
            let _replay = Replay::of(seed, &print);
            if let Some(v) = judged(&without_rule(rule, run.clone())) {
                let said = format!("{}: {}, at {}", v.property, v.text, v.at);
                assert!(
                    properties.contains(&v.property),
                    "seed {seed}, without {rule}: another property falls: {said}"
                );
                found += 1;
            }
            let followed = judged(&with_rules(run.clone()));
            let said = followed.map(|v| format!("{}: {}, at {}", v.property, v.text, v.at));
            assert!(said.is_none(), "seed {seed}, with every rule: {}", said.unwrap_or_default());
        }
        assert!(found > 3, "{rule}: only {found} of {SEEDS} runs show it");
    }
}
