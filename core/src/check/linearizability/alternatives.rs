//! Alternative answers of an operation: all that the operations before it allow, each found by
//! trying it.

use super::excerpt::{Decision, Excerpt};
use super::model::KeyHistory;
use crate::history::{History, Operation, OperationId, Outcome, Request, Text};

/// The most answers that are tried. Where more writes are open at once, a list of the possible
/// values is useless.
const MOST: usize = 16;

/// All answers that an operation could have received, given all events before its answer, ordered
/// by the invocations of their writes. None where that is unknown: the operation was not answered,
/// the answers cannot be listed, or trying them takes more than `steps` for each.
#[must_use]
pub fn alternatives(history: &History, id: OperationId, steps: u64) -> Option<Vec<Outcome>> {
    let op = history.operation(id);
    let answered = op.answered()?;
    let before = history.until(answered.event);
    let mut possible = Vec::new();
    for outcome in candidates(&before, op)? {
        let mut told = before.clone();
        told.complete(op.process, outcome.clone(), answered.time_us).ok()?;
        if is_possible(&told, &op.key, steps)? {
            possible.push(outcome);
        }
    }
    Some(possible)
}

fn is_possible(history: &History, key: &Text, steps: u64) -> Option<bool> {
    let on_it = history.iter().filter(|(_, op)| op.key == *key);
    let operations: Vec<OperationId> = on_it.map(|(id, _)| id).collect();
    let mut key = KeyHistory::new(history, key, &operations);
    match Excerpt::whole(&key).decide(&mut key.values, &mut steps.clone()) {
        Decision::Order(_) => Some(true),
        Decision::Impossible { .. } => Some(false),
        Decision::GaveUp => None,
    }
}

/// The candidates for an answer: all others are surely impossible.
fn candidates(before: &History, op: &Operation) -> Option<Vec<Outcome>> {
    if op.request.is_conditional() {
        return Some([true, false].map(|applied| Outcome::Done { applied }).into());
    }
    if op.request != Request::Get {
        return Some(vec![Outcome::Done { applied: true }]);
    }
    let writes = || before.operations().iter().filter(|w| w.key == op.key && w.may_have_written());
    // A write is overwritten if it was answered before another was invoked that was itself answered
    // before the question.
    let over = writes()
        .filter(|w| w.has_written() && w.answered().is_some_and(|at| at.event < op.invoked.event));
    let newest = over.map(|w| w.invoked.event).max();
    let mut values: Vec<Option<Text>> = Vec::new();
    if newest.is_none() {
        values.push(before.initial().get(&op.key).cloned());
    }
    for write in writes() {
        let left = match &write.request {
            Request::Set(value) | Request::Upd(value) => Some(value.clone()),
            Request::Cas { new, .. } => Some(new.clone()),
            Request::Del => None,
            Request::Append(_) => return None,
            Request::Get => continue,
        };
        let is_over = write.answered().is_some_and(|at| newest > Some(at.event));
        if !is_over && !values.contains(&left) {
            values.push(left);
        }
    }
    (values.len() <= MOST).then(|| values.into_iter().map(Outcome::Read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::linearizability::is_linearizable;
    use crate::check::simulated::{Workload, simulate};

    fn read(values: &[Option<&str>]) -> Vec<Outcome> {
        values.iter().map(|value| Outcome::Read(value.map(Text::from))).collect()
    }

    /// A history from a text of events: `1+set x 2` invokes, `1-ok` or `1-read 2` answers.
    fn history(events: &str) -> History {
        let mut history = History::default();
        for event in events.split(',') {
            let words: Vec<&str> = event.split_whitespace().collect();
            let process = crate::history::Process(words[0][..1].parse().unwrap());
            let set = |word: &str| Request::Set(word.into());
            let told = match (&words[0][1..], &words[1..]) {
                ("+get", []) => history.invoke(process, "x".into(), Request::Get, None),
                ("+set", [value]) => history.invoke(process, "x".into(), set(value), None),
                ("+del", []) => history.invoke(process, "x".into(), Request::Del, None),
                ("-ok", []) => history.complete(process, Outcome::Done { applied: true }, None),
                ("-read", [value]) => {
                    history.complete(process, Outcome::Read(Some((*value).into())), None)
                }
                other => panic!("{other:?}"),
            };
            told.unwrap();
        }
        history
    }

    #[test]
    fn what_is_over_must_be_seen_and_what_is_under_way_may_be() {
        let told = |events| {
            let history = history(events);
            let last = history.iter().rfind(|(_, op)| op.answered().is_some()).unwrap().0;
            alternatives(&history, last, 10_000).unwrap()
        };
        assert_eq!(told("1+set 1,1-ok,1+set 2,1-ok,2+get,2-read 1"), read(&[Some("2")]));
        let open = "1+set 1,1-ok,1+set 2,2+get,2-read 1";
        assert_eq!(told(open), read(&[Some("1"), Some("2")]));
        // A read of the newer value settles it for all later reads.
        let seen = "1+set 1,1-ok,1+set 2,2+get,2-read 2,3+get,3-read 1";
        assert_eq!(told(seen), read(&[Some("2")]));
        assert_eq!(told("1+set 1,2+get,2-read 1"), read(&[None, Some("1")]));
        assert_eq!(told("1+set 1,1-ok,1+del,2+get,2-read 1"), read(&[Some("1"), None]));
    }

    /// An answer is among the alternatives if, and only if, the history is linearizable with it.
    #[test]
    fn the_answer_is_among_them_where_it_can_be_explained() {
        let mut tried = [0; 2];
        for seed in 0..60 {
            let workload = Workload {
                operations: 24,
                processes: 4,
                keys: 1,
                functions: &["get", "set", "cas", "del"],
                values: &["a", "b", "c"],
                unknown: (seed % 10) as u32,
                lies: 10,
                refused: 0,
            };
            let history = simulate(seed, &workload);
            for (id, op) in history.iter() {
                let Some(possible) = alternatives(&history, id, 100_000) else { continue };
                let event = op.answered().unwrap().event;
                let is_explained = is_linearizable(&history.until(event + 1), 100_000).unwrap();
                assert_eq!(possible.contains(op.outcome()), is_explained, "seed {seed}: {id}");
                tried[usize::from(is_explained)] += 1;
            }
        }
        assert!(tried.iter().all(|&count| count > 100), "{tried:?}");
    }
}
