//! The four session guarantees of Terry et al., *Session Guarantees for Weakly Consistent
//! Replicated Data* (1994), as in Bayou. A session is a process of the history.
//!
//! They are judged by the answers that clients received, and only certain violations count: a read
//! breaks a guarantee if every write that its value can come from was answered before the write
//! that it should have seen, or a newer one, was invoked (see [`super::order`]). Where values are
//! written more than once, less is certain and less is found.

use super::order::{Mark, Marks, Sources, Writes};
use super::stale::{claim, several_keys};
use super::text::{at, noun_named, value_read};
use super::{Property, Verdict, naming};
use crate::history::{History, Operation, OperationId, Process, Text};
use crate::order;
use std::collections::BTreeMap;

/// Judges the four guarantees, in the order of the paper.
#[must_use]
pub fn check(history: &History) -> [Verdict; 4] {
    check_where(history, |_| true)
}

/// Judges one operation alone: the guarantees that its answer breaks.
#[must_use]
pub fn of(history: &History, id: OperationId) -> [Verdict; 4] {
    check_where(history, |other| other == id)
}

fn check_where(history: &History, judged: impl Fn(OperationId) -> bool) -> [Verdict; 4] {
    let sessions = Sessions::new(history);
    let mut verdicts = [
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::WritesFollowReads,
        Property::MonotonicWrites,
    ]
    .map(Verdict::holds);
    let mut observers: BTreeMap<Process, Observer> = BTreeMap::new();
    for (id, op) in history.iter() {
        let Some(sources) = sessions.writes.read_from(op) else { continue };
        let observer = observers.entry(op.process).or_default();
        if !judged(id) {
            observer.saw(&sessions, id, sources);
            continue;
        }
        let broken = match sessions.breaks_own(op, id, sources) {
            [None, None] => {
                let [follow, monotonic] = [&sessions.reads, &sessions.own_writes]
                    .map(|known| observer.breaks(&sessions, known, (id, op), sources));
                [None, None, follow, monotonic]
            }
            // A session that forgot its own knowledge explains the rest.
            [writes, reads] => [writes, reads, None, None],
        };
        for (verdict, broken) in verdicts.iter_mut().zip(broken) {
            if let (Some(true), Some((operations, text))) = (verdict.holds, broken) {
                let at_us = op.answered().and_then(|at| at.time_us);
                *verdict = Verdict::violated(verdict.property, operations, text).at(at_us);
            }
        }
        observer.saw(&sessions, id, sources);
    }
    verdicts.map(|verdict| naming::named(history, verdict))
}

/// The operations at fault and a sentence about them.
type Broken = Option<(Vec<OperationId>, String)>;

/// The knowledge of each process, by event.
struct Sessions<'a> {
    history: &'a History,
    writes: Writes<'a>,
    own_writes: BTreeMap<Process, Marks>,
    reads: BTreeMap<Process, Marks>,
}

impl<'a> Sessions<'a> {
    fn new(history: &'a History) -> Self {
        let writes = Writes::new(history);
        let mut own_writes: BTreeMap<Process, Marks> = BTreeMap::new();
        let mut reads: BTreeMap<Process, Marks> = BTreeMap::new();
        for (id, op) in history.iter() {
            let Some(answered) = op.answered() else { continue };
            let mark = |newer_than| Mark { event: answered.event, newer_than, operation: id };
            if op.has_written() {
                let marks = own_writes.entry(op.process).or_default();
                marks.add(&op.key, mark(op.invoked.event + 1));
            } else if let Some(sources) = writes.read_from(op) {
                let marks = reads.entry(op.process).or_default();
                marks.add(&op.key, mark(sources.earliest_invocation));
            }
        }
        Self { history, writes, own_writes, reads }
    }

    /// The knowledge of `process` about `key` just before an event, if a value with these sources
    /// is surely older.
    fn older(
        &self,
        known: &BTreeMap<Process, Marks>,
        (process, key, event): (Process, &Text, u32),
        sources: Sources,
    ) -> Option<(OperationId, &'a Operation)> {
        let mark = known.get(&process)?.before(key, event)?;
        let operation = || (mark.operation, self.history.operation(mark.operation));
        (sources.latest_return < mark.newer_than).then(operation)
    }

    /// A write as a noun phrase.
    fn noun(&self, write: &Operation) -> String {
        noun_named(write, several_keys(self.history, &write.key))
    }

    /// The violations of read your writes and of monotonic reads by a get.
    fn breaks_own(&self, op: &Operation, id: OperationId, sources: Sources) -> [Broken; 2] {
        let place = (op.process, &op.key, op.invoked.event);
        let claim = || claim(self.history, op);
        let write = self.older(&self.own_writes, place, sources).map(|(write_id, write)| {
            let text = format!(
                "{}, though its own {} had returned{}",
                claim(),
                self.noun(write),
                at(write)
            );
            (at_fault([write_id, id], sources), text)
        });
        let read = self.older(&self.reads, place, sources).map(|(read_id, read)| {
            let text = format!(
                "{}, though it had read the newer {}{}",
                claim(),
                value_read(read),
                at(read)
            );
            (at_fault([read_id, id], sources), text)
        });
        [write, read]
    }
}

/// The writes of others that a process has seen.
#[derive(Debug, Default)]
struct Observer {
    /// By writer, the latest of its writes that was seen, and the get that saw it.
    seen: BTreeMap<Process, (OperationId, OperationId)>,
}

impl Observer {
    fn saw(&mut self, sessions: &Sessions<'_>, get: OperationId, sources: Sources) {
        let Some(write) = sources.only else { return };
        let writer = sessions.history.operation(write).process;
        let seen = self.seen.entry(writer).or_insert((write, get));
        if seen.0 < write {
            *seen = (write, get);
        }
    }

    /// Whether a get shows that a write was seen without the earlier knowledge of its writer.
    fn breaks(
        &self,
        sessions: &Sessions<'_>,
        known: &BTreeMap<Process, Marks>,
        (id, op): (OperationId, &Operation),
        sources: Sources,
    ) -> Broken {
        let others = self.seen.iter().filter(|(writer, _)| **writer != op.process);
        others.into_iter().find_map(|(&writer, &(write_id, get))| {
            let write = sessions.history.operation(write_id);
            let place = (writer, &op.key, write.invoked.event);
            let (before_id, before) = sessions.older(known, place, sources)?;
            let text = format!(
                "{}, though it had seen {writer}'s {}, before which {}",
                claim(sessions.history, op),
                sessions.noun(write),
                claim(sessions.history, before),
            );
            Some((at_fault([before_id, write_id, get, id], sources), text))
        })
    }
}

/// The operations that a sentence names, and the write that was read instead, if it is known.
fn at_fault<const N: usize>(operations: [OperationId; N], sources: Sources) -> Vec<OperationId> {
    let mut operations: Vec<OperationId> = operations.into_iter().chain(sources.only).collect();
    order::sort(&mut operations);
    operations.dedup();
    operations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::linearizability;
    use crate::check::simulated::{ALL_FUNCTIONS, Workload, simulate};
    use crate::history::{Outcome, Request};
    use expect_test::{Expect, expect};

    /// Each line is an operation that is over before the next begins, one per 100 ms: process,
    /// function, key, and the value, where there is one.
    fn check_lines(lines: &str, expected: &Expect) {
        let mut history = History::default();
        for (line, time_us) in lines.lines().zip((100_000..).step_by(100_000)) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let process = Process(words[0].parse().unwrap());
            let value = words.get(3).map(|&value| value.into());
            let (request, outcome) = match words[1] {
                "get" => (Request::Get, Outcome::Read(value)),
                "set" => (Request::Set(value.unwrap()), Outcome::Done { applied: true }),
                _ => (Request::Del, Outcome::Done { applied: true }),
            };
            history.invoke(process, words[2].into(), request, Some(time_us)).unwrap();
            history.complete(process, outcome, Some(time_us + 50_000)).unwrap();
        }
        let verdicts = check(&history);
        let broken = verdicts.iter().filter(|verdict| verdict.holds == Some(false));
        let told = broken.map(|Verdict { property, operations, text, .. }| {
            let operations: Vec<String> = operations.iter().map(ToString::to_string).collect();
            format!("{property} ({}): {text}\n", operations.join(" "))
        });
        expected.assert_eq(&told.collect::<String>());
    }

    #[test]
    fn broken_guarantees_in_words() {
        check_lines(
            "1 set x 1\n1 set x 2\n1 get x 1",
            &expect![[r#"
                read your writes (#0 #1 #2): Stale read (read your writes is broken): c1 read "1" at 0.35 s, though its own write of "2" had returned at 0.25 s
            "#]],
        );
        check_lines(
            "1 set x 1\n1 get x",
            &expect![[r#"
                read your writes (#0 #1): Stale read (read your writes is broken): c1 found no x at 0.25 s, though its own write of "1" had returned at 0.15 s
            "#]],
        );
        check_lines(
            "1 set x 1\n1 del x\n1 get x 1",
            &expect![[r#"
                read your writes (#0 #1 #2): Stale read (read your writes is broken): c1 read "1" at 0.35 s, though its own deletion of x had returned at 0.25 s
            "#]],
        );
        check_lines(
            "1 set x 1\n1 set x 2\n2 get x 2\n2 get x 1",
            &expect![[r#"
                monotonic reads (#0 #2 #3): Stale read (monotonic reads is broken): c2 read "1" at 0.45 s, though it had read the newer "2" at 0.35 s
            "#]],
        );
        check_lines(
            "1 set x 1\n2 get x 1\n2 set y 1\n3 get y 1\n3 get x",
            &expect![[r#"
                writes follow reads (#1 #2 #3 #4): Writes out of order (writes follow reads is broken): c3 found no x at 0.55 s, though it had seen c2's write of "1" to y, before which c2 read "1" from x at 0.25 s
            "#]],
        );
        check_lines(
            "1 set x 1\n1 set y 1\n2 get y 1\n2 get x",
            &expect![[r#"
                monotonic writes (#0 #1 #2 #3): Writes out of order (monotonic writes is broken): c2 found no x at 0.45 s, though it had seen c1's write of "1" to y, before which c1 set x to "1" at 0.15 s
            "#]],
        );
    }

    #[test]
    fn what_is_not_certain_is_not_held_against_the_store() {
        // Stale, but in no session.
        check_lines("1 set x 1\n1 set x 2\n2 get x 1", &expect![]);
        // The 1 may be the second write of 1.
        check_lines("1 set x 1\n1 set x 2\n2 set x 1\n1 get x 1", &expect![]);
        // A value that was never written is judged elsewhere.
        check_lines("1 set x 1\n1 get x 9", &expect![]);
    }

    #[test]
    fn a_linearizable_store_keeps_all_guarantees() {
        let mut broken = [0; 4];
        for seed in 0..6_000 {
            let workload = Workload {
                operations: 40,
                processes: 3,
                keys: 2,
                functions: ALL_FUNCTIONS,
                values: if seed % 4 < 2 { &["a", "b", "ab", ""] } else { &[] },
                unknown: (seed % 20) as u32,
                lies: if seed % 3 == 0 { 20 } else { 0 },
                refused: 0,
            };
            let history = simulate(seed, &workload);
            let verdicts = check(&history);
            let is_linearizable =
                linearizability::is_linearizable(&history, 1_000_000) == Some(true);
            for (count, verdict) in broken.iter_mut().zip(&verdicts) {
                *count += u32::from(verdict.holds == Some(false));
                assert!(
                    verdict.holds == Some(true) || !is_linearizable,
                    "seed {seed}: {verdict:?}"
                );
            }
        }
        assert!(broken.iter().all(|&count| count > 0), "each is broken by lies: {broken:?}");
    }
}
