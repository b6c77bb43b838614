//! Replicas are equal, once everything is healed and what was under way has arrived.

use super::text::quoted;
use super::{Property, Verdict};
use crate::history::Text;
use crate::order;
use crate::sorted::SortedMap;

/// Judges what replicas hold, each by its name. The verdict speaks of the first key of which two
/// hold different values.
#[must_use]
pub fn check(replicas: &[(String, SortedMap<Text, Text>)]) -> Verdict {
    match first_difference(replicas) {
        None => Verdict::holds(Property::Convergence),
        Some(text) => Verdict::violated(Property::Convergence, Vec::new(), text),
    }
}

fn first_difference(replicas: &[(String, SortedMap<Text, Text>)]) -> Option<String> {
    let ((first, expected), others) = replicas.split_first()?;
    let mut keys: Vec<&Text> = replicas.iter().flat_map(|(_, values)| values.keys()).collect();
    order::sort(&mut keys);
    keys.dedup();
    keys.into_iter().find_map(|key| {
        let (other, values) =
            others.iter().find(|(_, values)| values.get(key) != expected.get(key))?;
        let (one, two) = (shown(expected.get(key)), shown(values.get(key)));
        Some(format!("{first} and {other} differ on {key}: {first} has {one}, {other} has {two}"))
    })
}

fn shown(value: Option<&Text>) -> String {
    value.map_or("nothing".to_owned(), |value| quoted(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check_replicas(replicas: &[&[(&str, &str)]], expected: &Expect) {
        let replica = |values: &&[(&str, &str)]| -> SortedMap<Text, Text> {
            values.iter().map(|&(key, value)| (key.into(), value.into())).collect()
        };
        let replicas: Vec<_> =
            (1..).map(|id| format!("n{id}")).zip(replicas.iter().map(replica)).collect();
        let verdict = check(&replicas);
        assert_eq!(verdict.holds, Some(verdict.text.is_empty()));
        expected.assert_eq(&verdict.text);
    }

    #[test]
    fn differences_in_words() {
        check_replicas(&[], &expect![]);
        check_replicas(&[&[("x", "1")], &[("x", "1")]], &expect![]);
        check_replicas(
            &[&[("x", "1")], &[("x", "1")], &[("x", "2")]],
            &expect!["n1 and n3 differ on x: n1 has 1, n3 has 2"],
        );
        check_replicas(
            &[&[("x", "1")], &[("x", "1"), ("w", "a b")]],
            &expect![[r#"n1 and n2 differ on w: n1 has nothing, n2 has "a b""#]],
        );
    }
}
