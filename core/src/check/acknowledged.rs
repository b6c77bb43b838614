//! No acknowledged write lost: an acknowledged write is there in the end, unless a later one
//! replaced it.

use super::order::Writes;
use super::text::{at, deed, quoted};
use super::{Property, Verdict};
use crate::history::{History, Operation, OperationId, Request, Text};
use crate::sorted::SortedMap;

/// The final values of each key: one where all replicas agree; `None` for absence. A key that is
/// not listed is absent.
pub type End = SortedMap<Text, Vec<Option<Text>>>;

/// Judges the final content of the store, when all is healed and quiet. The verdict names the
/// latest lost write. Where replicas differ, a write is lost if none of them has it.
///
/// A write is certainly lost if every write that the final value can come from was answered before
/// the lost one was invoked. An append is lost if its text is not in the value, and no other kind
/// of write can have come after it.
#[must_use]
pub fn check(history: &History, end: &End) -> Verdict {
    let writes = Writes::new(history);
    let lost = history.by_key().into_iter().filter_map(|(key, operations)| {
        let values = values(end, &key);
        let acknowledged = operations.iter().rev().map(|&id| (id, history.operation(id)));
        let mut acknowledged = acknowledged.filter(|(_, op)| op.has_written());
        acknowledged.find(|(id, op)| {
            values.iter().map(|value| value.as_deref()).all(|value| match &op.request {
                Request::Append(text) => is_append_lost(history, &operations, (*id, text), value),
                _ => is_overwritten_by_older(history, &writes, op, value),
            })
        })
    });
    match lost.max_by_key(|(_, op)| op.invoked.event) {
        None => Verdict::holds(Property::NoLostWrites),
        Some((id, op)) => {
            let shown = |value: &Option<Text>| {
                value.as_ref().map_or("nothing".to_owned(), |value| quoted(value))
            };
            let values: Vec<String> = values(end, &op.key).iter().map(shown).collect();
            let values = values.join(" or ");
            let text = format!("{}{}, but in the end {} is {values}", deed(op), at(op), op.key);
            let at_us = op.answered().and_then(|at| at.time_us);
            Verdict::violated(Property::NoLostWrites, vec![id], text).at(at_us)
        }
    }
}

fn values<'a>(end: &'a End, key: &Text) -> &'a [Option<Text>] {
    end.get(key).map_or(&[None], |values| values)
}

/// Whether the final value is surely older than an acknowledged write, or was never written.
fn is_overwritten_by_older(
    history: &History,
    writes: &Writes<'_>,
    op: &Operation,
    value: Option<&str>,
) -> bool {
    match writes.sources(&op.key, value, history.events()) {
        Some(sources) => sources.latest_return <= op.invoked.event,
        None => true,
    }
}

fn is_append_lost(
    history: &History,
    operations: &[OperationId],
    (id, text): (OperationId, &Text),
    value: Option<&str>,
) -> bool {
    if value.is_some_and(|value| value.contains(&**text)) {
        return false;
    }
    let invoked = history.operation(id).invoked.event;
    let mut others = operations.iter().map(|&other| history.operation(other));
    !others.any(|other| {
        !matches!(other.request, Request::Append(_))
            && other.may_have_written()
            && other.answered().is_none_or(|at| at.event > invoked)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::linearizability;
    use crate::check::simulated::{ALL_FUNCTIONS, Workload, simulate};
    use crate::history::{Outcome, Process};
    use expect_test::{Expect, expect};

    fn check_end(requests: &[(u32, Request, Outcome)], end: Option<&str>, expected: &Expect) {
        let mut history = History::default();
        for ((process, request, outcome), time_us) in
            requests.iter().zip((1_000_000..).step_by(1_000_000))
        {
            let process = Process((*process).into());
            history.invoke(process, "x".into(), request.clone(), Some(time_us)).unwrap();
            history.complete(process, outcome.clone(), Some(time_us + 20_000)).unwrap();
        }
        let end = end.map(|value| ("x".into(), vec![Some(value.into())]));
        expected.assert_eq(&check(&history, &end.into_iter().collect()).text);
    }

    #[test]
    fn lost_writes_in_words() {
        let set = |value: &str| Request::Set(value.into());
        let append = |text: &str| Request::Append(text.into());
        let done = Outcome::Done { applied: true };
        let two = [(1, set("1"), done.clone()), (2, set("2"), done.clone())];
        check_end(
            &two,
            Some("1"),
            &expect![[r#"c2 set x to "2" at 2.02 s, but in the end x is "1""#]],
        );
        check_end(
            &two,
            None,
            &expect![[r#"c2 set x to "2" at 2.02 s, but in the end x is nothing"#]],
        );
        check_end(&two, Some("2"), &expect![]);
        let unknown = [(1, set("1"), Outcome::Unknown), (2, set("2"), done.clone())];
        check_end(&unknown, Some("1"), &expect![]);
        let appends = [(1, append("a"), done.clone()), (2, append("b"), done.clone())];
        check_end(
            &appends,
            Some("b"),
            &expect![[r#"c1 appended "a" to x at 1.02 s, but in the end x is "b""#]],
        );
        check_end(&appends, Some("ab"), &expect![]);
        let deleted = [(1, set("1"), done.clone()), (2, Request::Del, done)];
        check_end(
            &deleted,
            Some("1"),
            &expect![[r#"c2 deleted x at 2.02 s, but in the end x is "1""#]],
        );
        check_end(&deleted, None, &expect![]);
    }

    /// A read after all other operations returns the final value; if the history with it is
    /// linearizable, nothing is lost.
    #[test]
    fn nothing_is_lost_by_a_linearizable_store() {
        for seed in 0..3_000 {
            let values: &[&str] = if seed % 2 == 0 { &["a", "b", "ab", ""] } else { &[] };
            let (functions, unknown) = (ALL_FUNCTIONS, (seed % 20) as u32);
            let workload = Workload {
                operations: 15,
                processes: 3,
                keys: 1,
                functions,
                values,
                unknown,
                lies: 0,
                refused: 0,
            };
            let history = simulate(seed, &workload);
            let report = linearizability::check(&history);
            let Some(linearizability::Judgement::Linearizable(points)) = report.keys.get("k0")
            else {
                panic!("seed {seed}: {report:?}");
            };
            let mut state: Option<String> = None;
            for point in points {
                let request = &history.operation(point.operation).request;
                state = crate::check::simulated::apply(state.as_deref(), request).0;
            }
            let end = End::from([("k0".into(), vec![state.map(Into::into)])]);
            let verdict = check(&history, &end);
            assert_eq!(verdict.holds, Some(true), "seed {seed}: {verdict:?}");
        }
    }
}
