use super::options::Share;
use super::{Finding, Hunt, Options, Step, Strategy};
use crate::check::referee::Referee;
use crate::script;
use crate::timeline::Budget;

/// The first finding, and the number of steps until it.
fn first(options: &Options) -> (Option<Finding>, u64) {
    let mut hunt = Hunt::new(options).unwrap_or_else(|sentence| panic!("{sentence}"));
    for steps in 1.. {
        match hunt.step() {
            Step::Found(finding) => return (Some(*finding), steps),
            Step::Over => return (None, steps),
            Step::Searching | Step::Shrinking => {}
        }
    }
    unreachable!("a hunt with a number of runs comes to an end")
}

fn stale() -> Options {
    Options {
        properties: vec!["linearizable".into()],
        runs: Some(2_000),
        ..Options::of("cluster quorum nodes=3 w=1 r=1 latency=10ms")
    }
}

#[test]
fn the_same_options_give_the_same_finding_after_the_same_steps() {
    let (one, other) = (first(&stale()), first(&stale()));
    assert!(one.0.is_some());
    assert_eq!(one, other);
    let another = first(&Options { seed: 2, ..stale() });
    assert_ne!(one.1, another.1, "another seed plays other runs");
}

#[test]
fn a_finding_is_a_script_whose_violation_the_referee_sees_at_its_show() {
    let (finding, _) = first(&stale());
    let finding = finding.expect("small quorums read stale values");
    let run = script::parse(&finding.script).expect("it is a script");
    assert_eq!(run, finding.run);
    let show = run.show.expect("it shows the moment");
    let mut session = crate::session::Session::new(crate::run::Run { show: None, ..run.clone() });
    session.seek(show.at);
    assert_eq!(Some(session.hash()), show.state);
    let mut referee = Referee::new(&run.clusters[0], &run.commands, 1_000_000);
    referee.go_to(session.world(0).steps(), &mut Budget::UNLIMITED.clone());
    let verdicts = referee.verdicts(&referee.history(), show.at);
    let verdict = verdicts.iter().find(|v| v.property.word() == finding.property);
    let verdict = verdict.expect("all properties are judged");
    assert_eq!(verdict.holds, Some(false));
    assert_eq!(format!("{}.", verdict.text), finding.sentence);
}

#[test]
fn the_next_finding_differs_from_those_before() {
    let mut hunt = Hunt::new(&Options { runs: Some(3_000), ..Options::of("cluster ring") })
        .unwrap_or_else(|sentence| panic!("{sentence}"));
    loop {
        match hunt.step() {
            Step::Over => break,
            Step::Found(_) if hunt.findings().len() == 4 => break,
            _ => {}
        }
    }
    let findings = hunt.findings();
    assert_eq!(findings.len(), 4);
    for (place, one) in findings.iter().enumerate() {
        assert!(findings[..place].iter().all(|other| !other.is_like(one)), "{one:?}");
    }
}

#[test]
fn hunts_that_share_the_runs_play_different_ones() {
    let share = |number| Options { share: Share { number, of: 2 }, runs: Some(50), ..stale() };
    let found = [0, 1].map(|number| first(&share(number)));
    assert_ne!(found[0], found[1]);
}

#[test]
fn a_fixed_beginning_stays_as_it_is() {
    let beginning = "cluster quorum nodes=3 w=1 r=1 latency=10ms seed=9\n\
        @0s c1 set y kept\n@500ms isolate n3\n";
    let options =
        Options { script: format!("{beginning}@3s crash n1"), from_us: Some(1_000_000), ..stale() };
    let (finding, _) = first(&options);
    let finding = finding.expect("a read can ask n3 alone");
    assert!(
        finding.script.starts_with("cluster quorum seed=9 nodes=3")
            || finding.script.contains("seed=9")
    );
    assert!(
        finding.script.contains("@0s c1 set y kept\n@500ms isolate n3\n"),
        "{}",
        finding.script
    );
    assert!(!finding.script.contains("@3s crash n1"), "{}", finding.script);
    let run = finding.run;
    assert!(run.commands[2..].iter().all(|c| c.at.as_us() >= 1_000_000), "{}", finding.script);
}

#[test]
fn a_workload_gives_way_to_the_operations_that_matter() {
    let options = Options {
        workload: Some("rate=40/s reads=50% keys=1".into()),
        most_operations: 0,
        ..stale()
    };
    let (finding, _) = first(&options);
    let finding = finding.expect("small quorums read stale values");
    assert!(!finding.script.contains("workload"), "{}", finding.script);
    assert!(finding.statements <= 4, "{}", finding.script);
}

#[test]
fn only_what_a_rule_prevents_counts_where_that_is_asked_for() {
    let options = Options {
        because_of: Some("vote-once".into()),
        runs: Some(5_000),
        ..Options::of("cluster raft nodes=3\n@0s rule vote-once off")
    };
    let (finding, _) = first(&options);
    let finding = finding.expect("two can be voted for");
    assert_eq!(finding.kind, "Split brain");
    assert!(finding.script.contains("rule vote-once off"));
}

/// A hunt finds nothing in a protocol that keeps its guarantees.
#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    for script in ["cluster raft nodes=3", "cluster raft nodes=5 snapshot=5", "cluster chain"] {
        let options = Options { runs: Some(300), ..Options::of(script) };
        let (finding, _) = first(&options);
        let said = finding.map(|f| f.script + &f.sentence);
        assert_eq!(said, None, "{script}");
    }
}

#[test]
fn what_is_wrong_with_options_is_said_in_a_sentence() {
    let refused = |change: fn(&mut Options)| {
        let mut options = Options::of("cluster raft");
        change(&mut options);
        Hunt::new(&options).expect_err("something is wrong")
    };
    let sentences = [
        refused(|o| o.script = "cluster nothing".into()),
        refused(|o| o.properties = vec!["linear".into()]),
        refused(|o| o.properties = vec!["leaders > many".into()]),
        refused(|o| o.because_of = Some("gravity".into())),
        refused(|o| o.nodes = vec!["n9".into()]),
        refused(|o| o.links = vec!["n1".into()]),
        refused(|o| o.clients = vec!["c0".into()]),
        refused(|o| o.cluster = 1),
        refused(|o| o.workload = Some("rate=0/s".into())),
        refused(|o| o.until_us = Some(0)),
    ];
    expect_test::expect![[r#"
        line 1, column 9: found "nothing", expected a preset: raft, write-all, peers, ring, primary-backup, quorum, election or chain
        there is no property linear, expected linearizable, read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads, lost-writes, convergence, election-safety, leader-append-only, log-matching, leader-completeness, state-machine-safety, persistence, a name such as lost-write, stale-read, split-brain, applied-twice, dirty-read, writes-out-of-order, contradictory-answers, replicas-differ, lost-entry, logs-differ, or a condition
        the condition leaders > many: found "many", expected a whole number
        there is no rule gravity of raft, expected vote-once, up-to-date, vote-kept, counted-once, vote-of-this-term, durable-vote, durable-entries, leader-durable, own-term, commit-rises, commit-within-match, match-acked, match-rises, reply-of-this-term, truncate-on-conflict, previous-entry, leader-of-this-term, snapshot-term, snapshot-newer, one-change, own-term-first, joint-both, read-confirmed, noop-first, lease-shorter, lease-from-sending, lease-respected, apply-once
        there is no node n9 in a cluster of 5
        n1 is no link, expected one such as n1-n2 or n1>n2
        there is no client c0 in a cluster of 2
        there is no cluster 2 in a script of 1
        workload: found "0/s", expected a rate such as 20/s, from 0.001/s to 100000/s
        the end 0s is not between 0s and 1440m"#]].assert_eq(&sentences.join("\n"));
}

#[test]
fn options_travel_as_json() {
    let options = Options { strategy: Strategy::Swarm, ..stale() };
    let text = serde_json::to_string(&options).expect("options are plain data");
    assert_eq!(serde_json::from_str::<Options>(&text).expect("it reads back"), options);
    let few: Options =
        serde_json::from_str(r#"{"script": "cluster raft"}"#).expect("the rest is usual");
    assert_eq!(few, Options::of("cluster raft"));
}
