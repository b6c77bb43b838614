//! Finds keys for which nodes hold different values.

use quorumscope_core::protocol::NodeView;
use quorumscope_core::store::Word;
use quorumscope_core::time::{Span, Time};

/// The keys, sorted, that at least two of the nodes hold with different values. A node that does
/// not hold a key disagrees with nobody: on a ring most nodes hold only some keys.
#[must_use]
pub fn disputed<'a>(views: impl Iterator<Item = &'a NodeView>) -> Vec<Word> {
    // Sorted by key: the first value that was found, and whether another node holds another value.
    let mut known: Vec<(&Word, &Word, bool)> = Vec::new();
    for (key, value) in views.flat_map(|view| &view.data) {
        match known.binary_search_by(|(k, ..)| (*k).cmp(key)) {
            Ok(place) => known[place].2 |= known[place].1 != value,
            Err(place) => known.insert(place, (key, value, false)),
        }
    }
    known.iter().filter(|(.., differs)| *differs).map(|(key, ..)| (*key).clone()).collect()
}

/// A shorter difference is not shown: replication is on its way, since a follower learns of a
/// commit with the next heartbeat.
const PASSING: Span = Span::from_ms(200);
/// A longer step of the playhead is a jump: the time between was not shown.
const JUMP: Span = Span::from_ms(500);

/// The beginning of each dispute, as far as the playhead saw it.
#[derive(Debug, Default)]
pub struct Disputes {
    now: Option<Time>,
    since: Vec<(Word, Time)>,
}

impl Disputes {
    /// The keys whose dispute has lasted for a while, or was found after a jump. Shorter disputes
    /// would only flicker.
    pub fn lasting(&mut self, disputed: Vec<Word>, now: Time) -> Vec<Word> {
        let went_by = self.now.is_some_and(|last| last <= now && now.since(last) <= JUMP);
        let known = std::mem::take(&mut self.since);
        self.now = Some(now);
        for key in disputed {
            let seen = known.iter().find(|(k, _)| went_by && *k == key).map(|(_, since)| *since);
            let since = seen.unwrap_or(if went_by { now } else { Time::ZERO });
            self.since.push((key, since));
        }
        let lasts = |since: Time| since == Time::ZERO || now.since(since) >= PASSING;
        self.since.iter().filter(|(_, since)| lasts(*since)).map(|(k, _)| k.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::protocol::{Role, Sign};

    fn holding(pairs: &[(&str, &str)]) -> NodeView {
        let word = |text: &str| Word::from(text);
        let data = pairs.iter().map(|(k, v)| (word(k), word(v))).collect();
        let sign = Sign { role: Role::Replica, term: None, leader: None };
        NodeView { sign, data, log: None }
    }

    #[test]
    fn what_passes_is_no_dispute_and_what_a_jump_finds_is() {
        let x = || vec![Word::from("x")];
        let at = Time::from_ms;
        let mut disputes = Disputes::default();
        assert_eq!(disputes.lasting(x(), at(900)), x(), "found after a jump");
        assert!(disputes.lasting(Vec::new(), at(950)).is_empty());
        assert!(disputes.lasting(x(), at(1_000)).is_empty(), "just begun");
        assert!(disputes.lasting(x(), at(1_100)).is_empty());
        assert_eq!(disputes.lasting(x(), at(1_200)), x(), "it lasts");
        assert_eq!(disputes.lasting(x(), at(100)), x(), "back is a jump too");
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
