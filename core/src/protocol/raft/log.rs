//! The replicated log (section 3.5).
//!
//! Invariant: terms never fall from one entry to the next, unless a rule is broken. Every entry
//! carries a digest of the log up to it, so that two logs can be compared at an index without
//! reading them.

use super::digest::Digest;
use super::entry::{Entry, Position};
use crate::paged::Paged;
use crate::protocol::{Index, Term};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// A log. Clones share its entries.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The position before the first entry: the start of the log, or the end of a snapshot.
    base: Position,
    /// The digest of everything up to `base`.
    base_digest: u64,
    slots: Paged<Slot>,
}

#[derive(Clone, Debug)]
struct Slot {
    entry: Entry,
    /// Of the log up to and including this entry.
    prefix: u64,
}

impl Log {
    /// The position before the first entry that it holds.
    #[must_use]
    pub fn base(&self) -> Position {
        self.base
    }

    /// The position of the last entry.
    #[must_use]
    pub fn last(&self) -> Position {
        match self.slots.last() {
            Some(slot) => Position { term: slot.entry.term, index: self.last_index() },
            None => self.base,
        }
    }

    /// The index of the last entry.
    #[must_use]
    pub fn last_index(&self) -> Index {
        Index(self.base.index.0 + self.slots.len() as u32)
    }

    /// The entry at that index, if the log still holds it.
    #[must_use]
    pub fn entry(&self, index: Index) -> Option<&Entry> {
        self.slot(index).map(|s| &s.entry)
    }

    /// The term at that index; known also for the index before the first entry.
    #[must_use]
    pub fn term(&self, index: Index) -> Option<Term> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.entry(index).map(|e| e.term)
    }

    /// A digest of the whole log up to and including that index.
    #[must_use]
    pub fn prefix_digest(&self, index: Index) -> Option<u64> {
        if index == self.base.index {
            return Some(self.base_digest);
        }
        self.slot(index).map(|s| s.prefix)
    }

    /// Whether the entry at that index has that term, as far as the log reaches.
    #[must_use]
    pub fn holds(&self, place: Position) -> bool {
        self.term(place.index) == Some(place.term)
    }

    /// Up to `most` entries behind that index.
    ///
    /// # Panics
    /// When the log no longer holds the entry behind it.
    #[must_use]
    pub fn batch(&self, after: Index, most: usize) -> Arc<[Entry]> {
        assert!(after >= self.base.index, "entries before the base are in the snapshot");
        let from = (after.0 - self.base.index.0) as usize;
        let to = self.slots.len().min(from + most);
        if from >= to {
            return Arc::default();
        }
        self.slots.range(from..to).map(|s| s.entry.clone()).collect()
    }

    /// The first index with that term or a later one; the index behind the last entry if there is
    /// none.
    #[must_use]
    pub fn first_of(&self, term: Term) -> Index {
        let earlier = self.slots.partition_point(|s| s.entry.term < term);
        Index(self.base.index.0 + earlier as u32 + 1)
    }

    /// The number of entries behind that place that have one and the same term; at least 1.
    #[must_use]
    pub fn of_one_term(&self, after: Index) -> usize {
        let term = self.term(after.next());
        let end = term.map_or(after, |term| self.first_of(term.next()).previous());
        end.0.saturating_sub(after.0).max(1) as usize
    }

    /// Appends an entry.
    pub fn push(&mut self, entry: Entry) -> Index {
        let before = self.slots.last().map_or(self.base_digest, |s| s.prefix);
        let prefix = Digest::new(before).number(entry.digest()).value();
        self.slots.push(Slot { entry, prefix });
        self.last_index()
    }

    /// Removes all entries behind that index.
    ///
    /// # Panics
    /// When that would reach into a snapshot.
    pub fn truncate(&mut self, last: Index) {
        assert!(last >= self.base.index, "what a snapshot covers stays");
        self.slots.truncate((last.0 - self.base.index.0) as usize);
    }

    /// Drops all entries up to and including that index: a snapshot covers them (section 5.1).
    ///
    /// # Panics
    /// When the log does not hold that index.
    pub fn compact(&mut self, upto: Index) {
        let term = self.term(upto).expect("only what is in the log can be compacted");
        let digest = self.prefix_digest(upto).expect("only what is in the log can be compacted");
        self.slots.drop_first((upto.0 - self.base.index.0) as usize);
        self.base = Position { term, index: upto };
        self.base_digest = digest;
    }

    /// An empty log behind a snapshot up to `base`, with the digest that the log had there.
    #[must_use]
    pub fn behind(base: Position, base_digest: u64) -> Self {
        Self { base, base_digest, slots: Paged::default() }
    }

    /// The last `most` entries, oldest first.
    pub fn tail(&self, most: usize) -> impl Iterator<Item = (Index, &Entry)> {
        let skip = self.slots.len().saturating_sub(most);
        let first = self.base.index.0 + 1;
        let slots = self.slots.range(skip..self.slots.len()).enumerate();
        slots.map(move |(i, s)| (Index(first + (skip + i) as u32), &s.entry))
    }

    fn slot(&self, index: Index) -> Option<&Slot> {
        let place = index.0.checked_sub(self.base.index.0 + 1)?;
        self.slots.get(place as usize)
    }
}

/// The last digest stands for all entries: hashing a log takes the same time for any length.
impl Serialize for Log {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (self.base, self.last(), self.prefix_digest(self.last_index())).serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Payload;
    use super::*;

    fn log(terms: &[u32]) -> Log {
        let mut log = Log::default();
        for &term in terms {
            log.push(Entry::new(Term(term), Payload::Noop));
        }
        log
    }

    #[test]
    fn terms_and_places() {
        let log = log(&[1, 1, 2, 4]);
        assert_eq!(log.last(), Position { term: Term(4), index: Index(4) });
        assert_eq!(log.term(Index(0)), Some(Term(0)));
        assert_eq!(log.term(Index(3)), Some(Term(2)));
        assert_eq!(log.term(Index(5)), None);
        let firsts = [1, 2, 3, 4, 5].map(|t| log.first_of(Term(t)).0);
        assert_eq!(firsts, [1, 3, 4, 4, 5]);
    }

    #[test]
    fn compaction_changes_nothing_behind_it() {
        let (whole, mut short) = (log(&[1, 1, 2, 4]), log(&[1, 1, 2, 4]));
        short.compact(Index(2));
        assert_eq!(short.base(), Position { term: Term(1), index: Index(2) });
        for i in 2..=4 {
            assert_eq!(short.term(Index(i)), whole.term(Index(i)));
            assert_eq!(short.prefix_digest(Index(i)), whole.prefix_digest(Index(i)));
        }
        assert_eq!(short.term(Index(1)), None);
        assert_eq!(short.first_of(Term(4)), Index(4));
        assert_eq!(short.batch(Index(2), 9), whole.batch(Index(2), 9));
        short.compact(Index(4));
        assert_eq!((short.last(), short.last_index()), (whole.last(), Index(4)));
        let digest = whole.prefix_digest(Index(4)).expect("it is the last");
        assert_eq!(Log::behind(whole.last(), digest).prefix_digest(Index(4)), Some(digest));
    }

    #[test]
    fn batches_are_limited() {
        let log = log(&[1; 10]);
        assert_eq!(log.batch(Index(0), 4).len(), 4);
        assert_eq!(log.batch(Index(8), 4).len(), 2);
        assert_eq!(log.batch(Index(10), 4).len(), 0);
        assert_eq!(log.tail(2).map(|(i, _)| i.0).collect::<Vec<_>>(), [9, 10]);
    }

    #[test]
    fn digests_agree_exactly_where_logs_do() {
        let (mut a, b) = (log(&[1, 1, 2, 3]), log(&[1, 1, 3, 3]));
        let same = |a: &Log, i| a.prefix_digest(Index(i)) == b.prefix_digest(Index(i));
        assert_eq!([0, 1, 2, 3, 4].map(|i| same(&a, i)), [true, true, true, false, false]);
        a.truncate(Index(2));
        a.push(Entry::new(Term(3), Payload::Noop));
        a.push(Entry::new(Term(3), Payload::Noop));
        assert!(same(&a, 4));
    }
}
