//! Replicas are equal, once everything is healed and what was under way has arrived.

use super::text::quoted;
use super::{Property, Verdict};
use crate::history::Text;
use crate::ids::NodeId;
use crate::sorted::SortedMap;

/// By key, what each node holds that it belongs to.
pub type Copies = SortedMap<Text, Vec<(NodeId, Option<Text>)>>;

/// Judges what replicas hold. The verdict speaks of the first key of which two hold different
/// values.
#[must_use]
pub fn check(copies: &Copies) -> Verdict {
    let difference = copies.iter().find_map(|(key, copies)| {
        let ((first, expected), others) = copies.split_first()?;
        let (other, value) = others.iter().find(|(_, value)| value != expected)?;
        let (one, two) = (shown(expected.as_ref()), shown(value.as_ref()));
        let text =
            format!("{first} and {other} differ on {key}: {first} has {one}, {other} has {two}");
        Some((vec![*first, *other], text))
    });
    match difference {
        None => Verdict::holds(Property::Convergence),
        Some((nodes, text)) => {
            Verdict { nodes, ..Verdict::violated(Property::Convergence, Vec::new(), text) }
        }
    }
}

fn shown(value: Option<&Text>) -> String {
    value.map_or("nothing".to_owned(), |value| quoted(value))
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
        let verdict = check(&copies);
        assert_eq!(verdict.holds, Some(verdict.text.is_empty()));
        expected.assert_eq(&verdict.text);
    }

    #[test]
    fn differences_in_words() {
        check_copies(&[], &expect![]);
        check_copies(&[("x", &[Some("1"), Some("1")])], &expect![]);
        check_copies(
            &[("x", &[Some("1"), Some("1"), Some("2")])],
            &expect!["n1 and n3 differ on x: n1 has 1, n3 has 2"],
        );
        check_copies(
            &[("w", &[None, Some("a b")]), ("x", &[Some("1"), Some("1")])],
            &expect![[r#"n1 and n2 differ on w: n1 has nothing, n2 has "a b""#]],
        );
    }
}
