//! Keys for which nodes hold different values.

use quorumscope_core::protocol::NodeView;
use quorumscope_core::store::Word;

/// The keys, in order, that at least two of the nodes hold with different values. A node that does
/// not hold a key disagrees with nobody: on a ring most nodes hold only some.
#[must_use]
pub fn disputed<'a>(views: impl Iterator<Item = &'a NodeView>) -> Vec<Word> {
    // Sorted by key: what was first found, and whether anybody holds another value.
    let mut known: Vec<(&Word, &Word, bool)> = Vec::new();
    for (key, value) in views.flat_map(|view| &view.data) {
        match known.binary_search_by(|(k, ..)| (*k).cmp(key)) {
            Ok(place) => known[place].2 |= known[place].1 != value,
            Err(place) => known.insert(place, (key, value, false)),
        }
    }
    known.iter().filter(|(.., differs)| *differs).map(|(key, ..)| (*key).clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::protocol::{Role, Sign};

    fn holding(pairs: &[(&str, &str)]) -> NodeView {
        let word = |text: &str| Word::from(text);
        let data = pairs.iter().map(|(k, v)| (word(k), word(v))).collect();
        let sign = Sign { role: Role::Replica, term: None, leader: None };
        NodeView { sign, data, log: None, detail: Vec::new() }
    }

    #[test]
    fn two_values_are_a_dispute_and_a_missing_one_is_not() {
        let views = [
            holding(&[("x", "1"), ("y", "1")]),
            holding(&[("x", "1"), ("y", "2"), ("z", "9")]),
            holding(&[("a", "1"), ("y", "1")]),
        ];
        assert_eq!(disputed(views.iter()), [Word::from("y")]);
        assert!(disputed(views[..1].iter()).is_empty());
    }
}
