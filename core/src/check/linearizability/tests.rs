use super::search::Found;
use super::*;
use crate::check::simulated::{ALL_FUNCTIONS, Workload, answered, apply, simulate};
use crate::history::{Operation, Outcome, Process, Request};
use expect_test::{Expect, expect};
use std::path::PathBuf;

const SMALL: Workload = Workload {
    operations: 7,
    processes: 3,
    keys: 1,
    functions: ALL_FUNCTIONS,
    values: &["a", "b", "ab", ""],
    unknown: 15,
    lies: 25,
    refused: 0,
};

/// The functions that are asked, and the values that are written; none for values that differ.
const STYLES: [(&[&str], &[&str]); 7] = [
    (ALL_FUNCTIONS, &["a", "b", "ab", ""]),
    (&["get", "set"], &["a", "b", "c"]),
    (&["get", "set"], &[]),
    (&["get", "set", "cas"], &["a", "b"]),
    (&["get", "append", "append", "set"], &["a", "b", "ab"]),
    (&["get", "get", "upd", "del", "set"], &["a", "b"]),
    (&["get", "append"], &[]),
];

/// An operation in the form of the oracle.
struct Claim<'a> {
    op: &'a Operation,
    invoked: u32,
    /// The answer and its event.
    answer: Option<(u32, &'a Outcome)>,
}

/// The claims of the operations on one key; those that are not `kept` may have happened at any time
/// or never.
fn claims<'a>(
    history: &'a History,
    key: &str,
    is_kept: &dyn Fn(OperationId) -> bool,
) -> Vec<Claim<'a>> {
    let claim = |(id, op): (OperationId, &'a Operation)| {
        let answer = op.answered().map(|at| (at.event, op.outcome()));
        let is_write = op.request != Request::Get && (answer.is_none() || op.has_written());
        if is_kept(id) {
            let invoked = op.invoked.event;
            (*op.outcome() != Outcome::Failed).then_some(Claim { op, invoked, answer })
        } else {
            is_write.then_some(Claim { op, invoked: 0, answer: None })
        }
    };
    history.iter().filter(|(_, op)| &*op.key == key).filter_map(claim).collect()
}

/// Tries every order.
fn has_order(claims: &[Claim<'_>], left: u32, state: Option<&str>) -> bool {
    let left_claims = || (0..claims.len()).filter(|at| left >> at & 1 == 1);
    let returned = |at: usize| claims[at].answer.map_or(u32::MAX, |(event, _)| event);
    let first_return = left_claims().map(returned).min().unwrap_or(u32::MAX);
    if first_return == u32::MAX {
        return true;
    }
    left_claims().filter(|&at| claims[at].invoked < first_return).any(|at| {
        let request = &claims[at].op.request;
        let after = match claims[at].answer {
            Some((_, answer)) => answered(state, request, answer),
            None => Some(apply(state, request).0),
        };
        after.is_some_and(|after| has_order(claims, left & !(1 << at), after.as_deref()))
    })
}

fn oracle(history: &History, is_kept: &dyn Fn(OperationId) -> bool) -> bool {
    history.by_key().keys().all(|key| {
        let claims = claims(history, key, is_kept);
        let initial = history.initial().get(key).map(|value| &**value);
        has_order(&claims, (1 << claims.len()) - 1, initial)
    })
}

/// Replays the points: they must lie within their operations and give every answer.
fn assert_explains(history: &History, key: &str, points: &[LinearizationPoint], events: u32) {
    let mut state = history.initial().get(key).map(ToString::to_string);
    let mut now = 0;
    for point in points {
        let op = history.operation(point.operation);
        assert!(op.invoked.event <= point.after_event && now <= point.after_event);
        now = point.after_event;
        state = match op.answered().filter(|at| at.event < events) {
            Some(at) => {
                let after = answered(state.as_deref(), &op.request, op.outcome());
                assert!(now < at.event && after.is_some(), "{:?}", point.operation);
                after.flatten()
            }
            None => apply(state.as_deref(), &op.request).0,
        };
    }
    let is_missing = |(id, op): &(OperationId, &Operation)| {
        &*op.key == key
            && op.answered().is_some_and(|at| at.event < events)
            && points.iter().all(|point| point.operation != *id)
    };
    assert_eq!(history.iter().find(is_missing), None);
}

#[test]
fn agrees_with_trying_every_order() {
    let mut violations = 0;
    for seed in 0..20_000 {
        let (unknown, lies) = ((seed % 50) as u32, (seed % 40) as u32);
        let refused = if seed % 3 == 0 { 50 } else { 0 };
        let (functions, values) = STYLES[seed as usize % STYLES.len()];
        let workload = Workload { unknown, lies, refused, functions, values, ..SMALL };
        let history = simulate(seed, &workload);
        let report = check(&history);
        let shown = || history.to_json_lines();
        assert_eq!(
            report.is_linearizable(),
            Some(oracle(&history, &|_| true)),
            "seed {seed}\n{}",
            shown()
        );
        for (key, judgement) in &report.keys {
            match judgement {
                Judgement::Linearizable(points) => {
                    assert_explains(&history, key, points, history.events());
                }
                Judgement::Violated(violation) => {
                    violations += 1;
                    assert_fault(&history, key, violation);
                }
                Judgement::Undecided => panic!("seed {seed}\n{}", shown()),
            }
        }
    }
    assert!((2_000..18_000).contains(&violations), "both verdicts are tried: {violations}");
}

/// The prefix is the longest, its order explains it, and the operations at fault contradict each
/// other while every one of them is needed.
fn assert_fault(history: &History, key: &str, violation: &Violation) {
    let shown = || format!("{violation:?}\n{}", history.to_json_lines());
    let events = violation.prefix_events;
    let past = history.until(events + 1);
    assert!(oracle(&history.until(events), &|_| true), "{}", shown());
    assert!(!oracle(&past, &|_| true), "{}", shown());
    assert_explains(history, key, &violation.prefix, events);
    assert!(violation.operations.contains(&violation.culprit));
    let without = |spared: Option<OperationId>| {
        oracle(&past, &|id| violation.operations.contains(&id) && Some(id) != spared)
    };
    assert!(!without(None), "{}", shown());
    for &id in violation.operations.iter().filter(|&&id| id != violation.culprit) {
        assert!(without(Some(id)), "{id} can be spared: {}", shown());
    }
}

#[test]
fn a_part_is_impossible_only_if_the_whole_is() {
    let mut parts = 0;
    for seed in 0..3_000 {
        let (functions, values) = STYLES[seed as usize % 4];
        let (operations, unknown, lies) = (16, (seed % 20) as u32, (seed % 10) as u32);
        let workload = Workload { operations, unknown, lies, functions, values, ..SMALL };
        let history = simulate(seed, &workload);
        let (key, ids) = history.by_key().pop_first().expect("operations have keys");
        let mut key = KeyHistory::new(&history, &key, &ids);
        if key.values.has_appends() {
            continue;
        }
        let whole = Excerpt::whole(&key);
        let mut search = |excerpt: &Excerpt| excerpt.search(&mut key.values, &mut 1_000_000);
        let is_possible = matches!(search(&whole), Found::Order(_));
        for (start, end) in
            (1..8).flat_map(|start| (12..30).step_by(3).map(move |end| (start, end)))
        {
            let part = whole.part(start, end);
            if matches!(search(&part), Found::Nothing { .. }) {
                parts += 1;
                assert!(!is_possible, "seed {seed}: {start}..{end}\n{}", history.to_json_lines());
            }
        }
    }
    assert!(parts > 1_000, "{parts} parts were impossible");
}

/// A history so long and wide that a search to its beginning would not end.
#[test]
fn a_fault_at_the_end_of_a_long_history_is_found() {
    let workload = Workload {
        operations: 20_000,
        processes: 20,
        functions: &["get", "set"],
        values: &[],
        unknown: 0,
        lies: 0,
        refused: 0,
        ..SMALL
    };
    let mut history = simulate(3, &workload);
    let gets = history.operations().iter().filter_map(|op| op.value_read()?.cloned());
    let stale = gets.clone().nth(gets.count() - 200);
    let process = Process(1_000);
    history.invoke(process, "k0".into(), Request::Get, None).unwrap();
    history.complete(process, Outcome::Read(stale), None).unwrap();
    let report = check(&history);
    let (_, violation) = report.first_violation().expect("the last read is stale");
    assert_eq!(violation.prefix_events, history.events() - 1);
    assert!(violation.operations.len() <= 4, "{violation:?}");
    assert_explains(&history, "k0", &violation.prefix, violation.prefix_events);
}

#[test]
fn a_store_that_works_is_linearizable() {
    let many = Workload { operations: 60, processes: 6, keys: 3, lies: 0, ..SMALL };
    for seed in 0..2_000 {
        let unknown = (seed % 30) as u32;
        let values = if seed % 2 == 0 { &[][..] } else { SMALL.values };
        let history = simulate(seed, &Workload { unknown, values, ..many });
        let report = check(&history);
        assert_eq!(report.is_linearizable(), Some(true), "seed {seed}");
        assert_eq!(is_linearizable(&history, DEFAULT_STEPS), Some(true), "seed {seed}");
        for (key, judgement) in &report.keys {
            let Judgement::Linearizable(points) = judgement else { panic!("seed {seed}") };
            assert_explains(&history, key, points, history.events());
        }
    }
}

#[test]
fn a_judge_that_goes_on_says_what_a_new_one_says() {
    for seed in 0..100 {
        let history = simulate(seed, &Workload { keys: 2, operations: 10, lies: 5, ..SMALL });
        let mut judge = Judge::new(DEFAULT_STEPS);
        let there_and_back = (0..=history.events()).chain((0..=history.events()).rev());
        for events in there_and_back {
            let past = history.until(events);
            assert_eq!(*judge.check(&past), check(&past), "seed {seed}, {events} events");
        }
    }
}

#[test]
fn gives_up_when_told_to() {
    let history = simulate(1, &Workload { operations: 200, lies: 0, ..SMALL });
    assert_eq!(is_linearizable(&history, 10), None);
    let report = check_within(&history, 10);
    assert_eq!(report.is_linearizable(), None);
    assert_eq!(report.prefix_events(&history), None);
    assert_eq!(report.verdict(&history).holds, None);
}

/// 100,000 operations of 20 clients on 20 keys take well under a second in an optimised build, and
/// a bounded number of steps in any build.
#[test]
fn long_histories_take_few_steps() {
    let functions = &["get", "get", "set", "cas", "append"];
    for (functions, values) in [(&["get", "set"][..], &[][..]), (functions, &["a", "b", "c"])] {
        let workload = Workload {
            operations: 100_000,
            processes: 20,
            keys: 20,
            functions,
            values,
            unknown: 0,
            lies: 0,
            refused: 0,
        };
        let history = simulate(7, &workload);
        assert_eq!(is_linearizable(&history, 1_000_000), Some(true));
    }
}

#[test]
fn published_histories() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpora");
    let corpora = std::env::var_os("QUORUMSCOPE_CORPORA").map_or(beside.into(), PathBuf::from);
    let folder = corpora.join("histories");
    let Ok(verdicts) = std::fs::read_to_string(folder.join("verdicts.csv")) else {
        return;
    };
    for row in verdicts.lines().skip(1) {
        let [name, verdict, events] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("three columns: {row}");
        };
        let file = std::fs::read(folder.join(name).with_extension("jsonl")).expect(name);
        let history = History::parse(&file).expect(name);
        assert_eq!(history.events().to_string(), events, "{name}");
        let report = check_within(&history, 100_000);
        assert_eq!(report.is_linearizable(), Some(verdict == "true"), "{name}");
        assert_eq!(is_linearizable(&history, 100_000), Some(verdict == "true"), "{name}");
    }
}

/// Checks the sentence about operations on x, each with the milliseconds of its invocation and
/// return.
fn check_text(operations: &[(u32, Request, Outcome, [u64; 2])], expected: &Expect) {
    let mut events: Vec<(u64, bool, usize)> = Vec::new();
    for (at, (_, _, _, [invoked, returned])) in operations.iter().enumerate() {
        events.extend([(*invoked, false, at), (*returned, true, at)]);
    }
    events.sort_unstable();
    let mut history = History::default();
    for (time_ms, is_return, at) in events {
        let (process, request, outcome, _) = &operations[at];
        let (process, time_us) = (Process((*process).into()), Some(time_ms * 1000));
        if is_return {
            history.complete(process, outcome.clone(), time_us).unwrap();
        } else {
            history.invoke(process, "x".into(), request.clone(), time_us).unwrap();
        }
    }
    expected.assert_eq(&check(&history).verdict(&history).text);
}

#[test]
fn violations_in_words() {
    let set = |value: &str| Request::Set(value.into());
    let read = |value: &str| Outcome::Read(Some(value.into()));
    let done = |applied| Outcome::Done { applied };
    check_text(
        &[
            (1, set("1"), done(true), [1000, 1200]),
            (1, set("2"), done(true), [2900, 2950]),
            (2, Request::Get, read("1"), [3000, 3200]),
        ],
        &expect![[
            r#"Stale read (linearizability of x is broken): c2 read "1" at 3.20 s, though c1's write of "2" had returned at 2.95 s"#
        ]],
    );
    check_text(
        &[
            (1, set("1"), done(true), [1000, 1200]),
            (1, set("2"), Outcome::Unknown, [2900, 9000]),
            (2, Request::Get, read("2"), [3000, 3200]),
            (3, Request::Get, read("1"), [3201, 3304]),
        ],
        &expect![[
            r#"Stale read (linearizability of x is broken): c3 read "1" at 3.304 s, though c2 had read the newer "2" at 3.20 s"#
        ]],
    );
    check_text(
        &[(2, Request::Get, read("a b"), [3000, 3200])],
        &expect![[
            r#"Contradictory answers (linearizability of x is broken): c2 read "a b" at 3.20 s, which nobody had written by then"#
        ]],
    );
    let cas = Request::Cas { expected: "1".into(), new: "2".into() };
    check_text(
        &[
            (1, set("1"), done(true), [1000, 1200]),
            (2, cas.clone(), done(true), [1300, 1500]),
            (3, cas, done(true), [1300, 1600]),
        ],
        &expect![[
            r#"Contradictory answers (linearizability of x is broken): c3 changed x from "1" to "2" at 1.60 s, which contradicts that c2 changed x from "1" to "2" (1.30 s to 1.50 s)"#
        ]],
    );
    check_text(
        &[
            (1, Request::Append("a".into()), done(true), [1000, 1200]),
            (2, Request::Del, done(false), [1300, 1500]),
        ],
        &expect![[
            r#"Stale read (linearizability of x is broken): c2 was told that there is no x at 1.50 s, though c1's append of "a" to x had returned at 1.20 s"#
        ]],
    );
    check_text(
        &[(1, set("1"), Outcome::Failed, [1000, 3100]), (2, Request::Get, read("1"), [3000, 3200])],
        &expect![[
            r#"Dirty read (linearizability of x is broken): c2 read "1" from x at 3.20 s, which contradicts that c1 failed to set x to "1" (1.00 s to 3.10 s)"#
        ]],
    );
    check_text(
        &[(1, set("1"), Outcome::Failed, [1000, 4000]), (2, Request::Get, read("1"), [3000, 3200])],
        &expect![[
            r#"Dirty read (linearizability of x is broken): c1 failed to set x to "1" at 4.00 s, which contradicts that c2 read "1" from x (3.00 s to 3.20 s)"#
        ]],
    );
    check_text(&[(1, set("1"), done(true), [1000, 1200])], &expect![]);
}
