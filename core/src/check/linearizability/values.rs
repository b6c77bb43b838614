//! The values that a key can have, as small numbers.
//!
//! Only observations can distinguish values: the result of a get and the expected value of a cas.
//! Every other present value is [`OTHER`]. Where texts are appended, the beginnings of observed
//! values count as well, since appending may complete them. A value that is the beginning of no
//! observed value stays so whatever is appended, and is [`OTHER`] too. So the number of states is
//! bounded by the observations, and states that cannot be distinguished have the same number.

use crate::history::Text;
use crate::order;
use std::collections::BTreeMap;

/// The state of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct State(u32);

/// The key does not exist.
pub const ABSENT: State = State(0);
/// A value that was never observed, nor any longer one that begins with it.
pub const OTHER: State = State(1);

impl State {
    /// The state as an index into tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A text that is appended, by its place among those of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suffix(u32);

/// A beginning of observed values: of those from `first` up to `end`, the first `bytes` bytes.
#[derive(Clone, Copy, Debug)]
struct Beginning {
    first: u32,
    end: u32,
    bytes: u32,
}

/// The observed values of one key, in ascending order and without repeats, and the states made of
/// them.
#[derive(Debug)]
pub struct Values {
    observed: Vec<Text>,
    suffixes: Vec<Text>,
    /// By state, from the first after [`OTHER`].
    beginnings: Vec<Beginning>,
    /// By `first` and `bytes`, which name a beginning.
    numbers: BTreeMap<(u32, u32), State>,
}

impl Values {
    /// The values of a key, from the observed values and the appended texts.
    pub fn new(mut observed: Vec<Text>, mut suffixes: Vec<Text>) -> Self {
        for texts in [&mut observed, &mut suffixes] {
            order::sort(texts);
            texts.dedup();
        }
        let mut values =
            Self { observed, suffixes, beginnings: Vec::new(), numbers: BTreeMap::new() };
        if values.has_appends() {
            values.extend(values.nothing(), "");
        }
        values
    }

    /// Whether any text is appended, so that a state need not be a written value.
    pub fn has_appends(&self) -> bool {
        !self.suffixes.is_empty()
    }

    /// Upper bound of the states' indices, while nothing is appended.
    pub fn state_count(&self) -> usize {
        2 + self.observed.len().max(self.beginnings.len())
    }

    /// The state of a key with this value.
    pub fn state(&mut self, value: &str) -> State {
        if self.has_appends() {
            return self.extend(self.nothing(), value);
        }
        let place = self.observed.binary_search_by(|observed| (**observed).cmp(value));
        place.map_or(OTHER, |index| State(2 + index as u32))
    }

    /// The number of an appended text, which must be one of those given to `new`.
    pub fn suffix(&self, text: &str) -> Suffix {
        let place = self.suffixes.binary_search_by(|suffix| (**suffix).cmp(text));
        Suffix(place.expect("every appended text was given") as u32)
    }

    /// The state after appending; an absent key is created.
    pub fn append(&mut self, state: State, suffix: Suffix) -> State {
        if state == OTHER {
            return OTHER;
        }
        let before = match state {
            ABSENT => self.nothing(),
            present => self.beginnings[present.index() - 2],
        };
        let text = self.suffixes[suffix.0 as usize].clone();
        self.extend(before, &text)
    }

    /// The empty beginning, common to all observed values.
    fn nothing(&self) -> Beginning {
        Beginning { first: 0, end: self.observed.len() as u32, bytes: 0 }
    }

    /// The beginning that is longer by `text`. All candidates share the text so far, so only the
    /// rest is compared.
    fn extend(&mut self, before: Beginning, text: &str) -> State {
        let candidates = &self.observed[before.first as usize..before.end as usize];
        let text = text.as_bytes();
        let is_out_of_range = |lowest, highest| {
            let lowest = rest(lowest, before);
            rest(highest, before) < text || (lowest > text && !lowest.starts_with(text))
        };
        // Mostly the candidates continue alike, and their ends show that none matches.
        match (candidates.first(), candidates.last()) {
            (Some(lowest), Some(highest)) if !is_out_of_range(lowest, highest) => {}
            _ => return OTHER,
        }
        let skipped = candidates.partition_point(|value| rest(value, before) < text);
        let matching =
            candidates[skipped..].partition_point(|value| rest(value, before).starts_with(text));
        if matching == 0 {
            return OTHER;
        }
        let first = before.first + skipped as u32;
        let beginning = Beginning {
            first,
            end: first + matching as u32,
            bytes: before.bytes + text.len() as u32,
        };
        let next = State(2 + self.beginnings.len() as u32);
        let state = *self.numbers.entry((first, beginning.bytes)).or_insert(next);
        if state == next {
            self.beginnings.push(beginning);
        }
        state
    }
}

/// The rest of a value behind a beginning that it has.
fn rest(value: &Text, beginning: Beginning) -> &[u8] {
    &value.as_bytes()[beginning.bytes as usize..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(observed: &[&str], suffixes: &[&str]) -> Values {
        let texts = |list: &[&str]| list.iter().map(|&text| text.into()).collect();
        Values::new(texts(observed), texts(suffixes))
    }

    #[test]
    fn unobserved_values_are_one_state() {
        let mut values = values(&["b", "a", "b"], &[]);
        assert_eq!(values.state("x"), OTHER);
        assert_eq!(values.state(""), OTHER);
        assert_ne!(values.state("a"), values.state("b"));
        assert_ne!(values.state("a"), OTHER);
    }

    #[test]
    fn appending_leads_to_the_state_of_the_whole_text() {
        let mut values = values(&["abc", "abd", "b"], &["a", "b", "bc", "c", "d", ""]);
        let suffix = |values: &Values, text| values.suffix(text);
        let (a, b, c) = (suffix(&values, "a"), suffix(&values, "b"), suffix(&values, "c"));
        let (bc, nothing) = (suffix(&values, "bc"), suffix(&values, ""));
        let after_a = values.append(ABSENT, a);
        assert_eq!(after_a, values.state("a"));
        let after_ab = values.append(after_a, b);
        let abc = values.append(after_ab, c);
        assert_eq!(abc, values.state("abc"));
        assert_eq!(abc, values.append(after_a, bc));
        assert_eq!(values.append(abc, c), OTHER);
        assert_eq!(values.append(OTHER, nothing), OTHER);
        assert_eq!(values.append(ABSENT, nothing), values.state(""));
        assert_ne!(values.state(""), ABSENT);
        assert_ne!(values.append(ABSENT, b), after_ab);
    }
}
