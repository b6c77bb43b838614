//! The configurations that the search has visited (Lowe, *Testing for linearizability*, 2017,
//! section 3): one that was left without success need not be entered again.
//!
//! A configuration is the state, the set of answered calls that have taken effect, and the set of
//! unanswered ones that have. It cannot succeed if it differs from one seen before only by more
//! unanswered calls that are used up: any success from here was possible from there. So of
//! configurations that agree in the rest only those with the fewest unanswered calls are kept.
//!
//! The table is open-addressed and compares whole configurations, not only their hashes. Nothing
//! ever iterates over it.

use super::values::State;

/// A set of small numbers, as bits.
#[derive(Clone, Debug, Default)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// An empty set of numbers below `limit`.
    pub fn new(limit: usize) -> Self {
        Self(vec![0; limit.div_ceil(64)])
    }

    /// Adds a number that is absent, or removes one that is present.
    pub fn flip(&mut self, number: usize) {
        self.0[number / 64] ^= 1 << (number % 64);
    }
}

const EMPTY: u32 = u32::MAX;

/// Configurations that agree in all but the unanswered calls that are used up.
#[derive(Debug)]
struct Group {
    hash: u64,
    key: Span,
    /// The last of the sets of unanswered calls, each of which names the one before it.
    last: u32,
}

#[derive(Debug)]
struct Used {
    bits: Span,
    before: u32,
}

/// A range of `Seen::words`.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
}

/// The configurations seen so far.
#[derive(Debug)]
pub struct Seen {
    /// Indices into `groups`; their number is a power of two, at most half of them taken.
    slots: Vec<u32>,
    groups: Vec<Group>,
    used: Vec<Used>,
    words: Vec<u64>,
    /// The key to look up, for the comparison and for insertion.
    scratch: Vec<u64>,
    /// Number of words compared: where many calls are unanswered, this is most of the work.
    pub compared: u64,
}

impl Seen {
    /// An empty table.
    pub fn new() -> Self {
        Self {
            slots: vec![EMPTY; 64],
            groups: Vec::new(),
            used: Vec::new(),
            words: Vec::new(),
            scratch: Vec::new(),
            compared: 0,
        }
    }

    /// Adds a configuration; false if it, or one that is at least as good, was seen before.
    ///
    /// `done` are the answered calls that have taken effect: all of those below `first`, not
    /// `first` itself, and none above the greater of `first` and `last`.
    pub fn insert(
        &mut self,
        state: State,
        done: &Bits,
        (first, last): (usize, usize),
        used: &Bits,
    ) -> bool {
        self.scratch.clear();
        self.scratch.push((state.index() as u64) << 32 | (first / 64) as u64);
        self.scratch.extend_from_slice(&done.0[first / 64..=last.max(first) / 64]);
        let group = self.group();
        if self.is_covered(group, used) {
            return false;
        }
        let bits = self.keep(trimmed(&used.0));
        let before = self.groups[group].last;
        self.groups[group].last = self.used.len() as u32;
        self.used.push(Used { bits, before });
        true
    }

    /// Whether a set of unanswered calls in the group is part of `used`.
    fn is_covered(&mut self, group: usize, used: &Bits) -> bool {
        let mut last = self.groups[group].last;
        while let Some(&Used { bits, before }) = self.used.get(last as usize) {
            self.compared += u64::from(bits.end - bits.start) + 1;
            let fewer = self.words(bits);
            if fewer.iter().enumerate().all(|(index, &word)| word & !used.0[index] == 0) {
                return true;
            }
            last = before;
        }
        false
    }

    /// The group whose key is in `scratch`; a new one is added.
    fn group(&mut self) -> usize {
        let hash = self.scratch.iter().fold(0, |hash, &word| mix(hash ^ word));
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while let Some(group) = self.groups.get(self.slots[slot] as usize) {
            if group.hash == hash && self.words(group.key) == self.scratch {
                return self.slots[slot] as usize;
            }
            slot = (slot + 1) & mask;
        }
        let number = self.groups.len();
        self.slots[slot] = number as u32;
        let scratch = std::mem::take(&mut self.scratch);
        let key = self.keep(&scratch);
        self.scratch = scratch;
        self.groups.push(Group { hash, key, last: EMPTY });
        if self.groups.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![EMPTY; mask + 1];
        for (number, group) in self.groups.iter().enumerate() {
            let mut slot = group.hash as usize & mask;
            while slots[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            slots[slot] = number as u32;
        }
        self.slots = slots;
    }

    fn keep(&mut self, words: &[u64]) -> Span {
        let start = self.words.len() as u32;
        self.words.extend_from_slice(words);
        Span { start, end: self.words.len() as u32 }
    }

    fn words(&self, span: Span) -> &[u64] {
        &self.words[span.start as usize..span.end as usize]
    }
}

fn trimmed(words: &[u64]) -> &[u64] {
    let end = words.iter().rposition(|&word| word != 0).map_or(0, |last| last + 1);
    &words[..end]
}

/// The finaliser of SplitMix64 (Steele et al., 2014): every bit of the input changes half of those
/// of the output.
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use super::super::values::{ABSENT, OTHER};
    use super::*;

    fn bits(numbers: &[usize]) -> Bits {
        let mut bits = Bits::new(200);
        for &number in numbers {
            bits.flip(number);
        }
        bits
    }

    #[test]
    fn fewer_unanswered_calls_are_better() {
        let mut seen = Seen::new();
        let done = bits(&[0, 1, 70]);
        let mut insert = |used: &[usize]| seen.insert(ABSENT, &done, (2, 70), &bits(used));
        assert!(insert(&[3, 150]));
        assert!(!insert(&[3, 150]));
        assert!(!insert(&[3, 4, 150]));
        assert!(insert(&[4, 150]));
        assert!(insert(&[3]));
        assert!(insert(&[]));
        assert!(!insert(&[199]));
    }

    #[test]
    fn the_state_and_what_is_done_tell_configurations_apart() {
        let mut seen = Seen::new();
        for state in [ABSENT, OTHER] {
            for last in 1..200 {
                assert!(seen.insert(state, &bits(&[0, last]), (1, last), &bits(&[])));
            }
        }
        for last in 1..200 {
            assert!(!seen.insert(OTHER, &bits(&[0, last]), (1, last), &bits(&[])));
        }
    }
}
