//! Replicas are equal, once everything is healed and the pending messages have arrived.

use super::order::Writes;
use super::text::{at, quoted};
use super::{Property, Verdict};
use crate::history::{History, OperationId, Text};
use crate::ids::NodeId;
use crate::order;
use crate::sorted::SortedMap;

/// By key, the value at each node that holds a replica of it.
pub type Copies = SortedMap<Text, Vec<(NodeId, Option<Text>)>>;

/// Judges the content of the replicas. The verdict names the first key with two different values,
/// and the writers of these where they are certain.
#[must_use]
pub fn check(history: &History, copies: &Copies) -> Verdict {
    let difference = copies.iter().find_map(|(key, copies)| {
        let ((first, expected), others) = copies.split_first()?;
        let (other, value) = others.iter().find(|(_, value)| value != expected)?;
        let (one, a) = told(history, key, expected.as_ref());
        let (two, b) = told(history, key, value.as_ref());
        let text =
            format!("{first} and {other} differ on {key}: {first} has {one}, and {other} {two}");
        let mut operations: Vec<OperationId> = a.into_iter().chain(b).collect();
        order::sort(&mut operations);
        operations.dedup();
        Some((vec![*first, *other], operations, text))
    });
    match difference {
        None => Verdict::holds(Property::Convergence),
        Some((nodes, operations, text)) => {
            Verdict { nodes, ..Verdict::violated(Property::Convergence, operations, text) }
        }
    }
}

/// `1 of c1's write at 2.03 s`, and the id of that operation if only one can have written the
/// value.
fn told(history: &History, key: &str, value: Option<&Text>) -> (String, Option<OperationId>) {
    let shown = value.map_or("nothing".to_owned(), |value| quoted(value));
    let sources = Writes::new(history).sources(key, value.map(|v| &**v), history.events());
    match sources.and_then(|sources| sources.only) {
        Some(id) => {
            let op = history.operation(id);
            (format!("{shown} of {}'s write{}", op.process, at(op)), Some(id))
        }
        None => (shown, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check_copies(copies: &[(&str, &[Option<&str>])], expected: &Expect) {
        let held = |values: &[Option<&str>]| {
            let values = values.iter().map(|value| value.map(Text::from));
            (1..).map(NodeId).zip(values).collect()
        };
        let copies = copies.iter().map(|&(key, values)| (key.into(), held(values))).collect();
        let verdict = check(&History::default(), &copies);
        assert_eq!(verdict.holds, Some(verdict.text.is_empty()));
        expected.assert_eq(&verdict.text);
    }

    #[test]
    fn differences_in_words() {
        check_copies(&[], &expect![]);
        check_copies(&[("x", &[Some("1"), Some("1")])], &expect![]);
        check_copies(
            &[("x", &[Some("1"), Some("1"), Some("2")])],
            &expect![[r#"n1 and n3 differ on x: n1 has "1", and n3 "2""#]],
        );
        check_copies(
            &[("w", &[None, Some("a b")]), ("x", &[Some("1"), Some("1")])],
            &expect![[r#"n1 and n2 differ on w: n1 has nothing, and n2 "a b""#]],
        );
    }
}
