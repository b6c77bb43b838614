//! A vector in pages. Clones share their common pages.
//!
//! The data that grow with a run (logs, operations, the trace) are cloned with every checkpoint. A
//! clone costs two pointers; the first change after it copies one page, and the list of pages where
//! one is full. So pages are small: with pages of 256 the checkpoints of 25 nodes took three times
//! the memory.

use serde::{Serialize, Serializer};
use std::ops::{Index, Range};
use std::sync::Arc;

/// A vector in pages of `PAGE` elements.
#[derive(Clone, Debug)]
pub struct Paged<T, const PAGE: usize = 64> {
    /// Full pages.
    pages: Arc<Vec<Arc<Vec<T>>>>,
    /// The page behind them, not full.
    tail: Arc<Vec<T>>,
    /// Number of elements at the beginning of the first page that are dropped.
    skipped: usize,
}

impl<T, const PAGE: usize> Default for Paged<T, PAGE> {
    fn default() -> Self {
        Self { pages: Arc::default(), tail: Arc::default(), skipped: 0 }
    }
}

impl<T: Clone, const PAGE: usize> Paged<T, PAGE> {
    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pages.len() * PAGE + self.tail.len() - self.skipped
    }

    /// Whether the vector is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at a place, counted from 0.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&T> {
        let place = place + self.skipped;
        match self.pages.get(place / PAGE) {
            Some(page) => page.get(place % PAGE),
            None => self.tail.get(place - self.pages.len() * PAGE),
        }
    }

    /// The mutable element at a place, counted from 0.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let place = place + self.skipped;
        let full = self.pages.len();
        if place / PAGE < full {
            let page = &mut Arc::make_mut(&mut self.pages)[place / PAGE];
            return Arc::make_mut(page).get_mut(place % PAGE);
        }
        Arc::make_mut(&mut self.tail).get_mut(place - full * PAGE)
    }

    /// The last element.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Appends an element.
    pub fn push(&mut self, element: T) {
        let tail = Arc::make_mut(&mut self.tail);
        tail.push(element);
        if tail.len() == PAGE {
            let page = std::mem::take(&mut self.tail);
            Arc::make_mut(&mut self.pages).push(page);
        }
    }

    /// Keeps the first `len` elements.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        let end = len + self.skipped;
        if let Some(page) = self.pages.get(end / PAGE) {
            self.tail = Arc::new(page[..end % PAGE].to_vec());
            Arc::make_mut(&mut self.pages).truncate(end / PAGE);
        } else {
            Arc::make_mut(&mut self.tail).truncate(end - self.pages.len() * PAGE);
        }
    }

    /// Drops the first `count` elements, or all if there are fewer.
    pub fn drop_first(&mut self, count: usize) {
        if count >= self.len() {
            *self = Self::default();
            return;
        }
        let skipped = self.skipped + count;
        let pages = (skipped / PAGE).min(self.pages.len());
        if pages > 0 {
            Arc::make_mut(&mut self.pages).drain(..pages);
        }
        self.skipped = skipped - pages * PAGE;
    }

    /// Length of the common prefix of both vectors. Shared pages are not compared.
    #[must_use]
    pub fn common(&self, other: &Self) -> usize
    where
        T: PartialEq,
    {
        self.common_from(0, other, 0)
    }

    /// Length of the common prefix from a place of this vector and a place of the other on.
    #[must_use]
    pub fn common_from(&self, at: usize, other: &Self, other_at: usize) -> usize
    where
        T: PartialEq,
    {
        let (a, b) = (at + self.skipped, other_at + other.skipped);
        let mut same = 0;
        if a.is_multiple_of(PAGE) && b.is_multiple_of(PAGE) {
            let mine = self.pages.iter().skip(a / PAGE);
            let pages = mine.zip(other.pages.iter().skip(b / PAGE));
            same = pages.take_while(|(a, b)| Arc::ptr_eq(a, b)).count() * PAGE;
        }
        while self.get(at + same).is_some_and(|it| other.get(other_at + same) == Some(it)) {
            same += 1;
        }
        same
    }

    /// All elements, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.range(0..self.len())
    }

    /// The elements at those places, in order.
    ///
    /// # Panics
    /// The iterator panics when it reaches a place beyond the end.
    pub fn range(
        &self,
        places: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        places.map(|place| &self[place])
    }

    /// The first place whose element is not `before`. All elements that are must come first.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if before(&self[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl<T: Clone, const PAGE: usize> FromIterator<T> for Paged<T, PAGE> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut paged = Self::default();
        elements.into_iter().for_each(|element| paged.push(element));
        paged
    }
}

impl<T: Clone, const PAGE: usize> Index<usize> for Paged<T, PAGE> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        self.get(place).expect("the place is below the length")
    }
}

impl<T: Clone + Serialize, const PAGE: usize> Serialize for Paged<T, PAGE> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::Paged;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Act {
        Push(u8),
        Truncate(usize),
        DropFirst(usize),
        Change(usize),
        Share,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            8 => any::<u8>().prop_map(Act::Push),
            1 => (0usize..40).prop_map(Act::Truncate),
            1 => (0usize..12).prop_map(Act::DropFirst),
            1 => (0usize..40).prop_map(Act::Change),
            1 => Just(Act::Share),
        ]
    }

    proptest! {
        /// `Paged` behaves like a `Vec`, and a clone never sees later changes of its original.
        #[test]
        fn is_a_vector(acts in prop::collection::vec(act(), 0..200)) {
            let (mut paged, mut plain) = (Paged::<u8, 4>::default(), Vec::new());
            let mut shared = vec![(paged.clone(), plain.clone())];
            for act in acts {
                match act {
                    Act::Push(x) => { paged.push(x); plain.push(x); }
                    Act::Truncate(n) => { paged.truncate(n); plain.truncate(n); }
                    Act::DropFirst(n) => { paged.drop_first(n); plain.drain(..n.min(plain.len())); }
                    Act::Change(n) => {
                        if let Some(x) = paged.get_mut(n) { *x ^= 1; }
                        if let Some(x) = plain.get_mut(n) { *x ^= 1; }
                    }
                    Act::Share => shared.push((paged.clone(), plain.clone())),
                }
                prop_assert_eq!(paged.len(), plain.len());
                prop_assert_eq!(paged.last(), plain.last());
                prop_assert_eq!(paged.get(plain.len()), None);
            }
            shared.push((paged.clone(), plain.clone()));
            for (other, same) in &shared {
                let common = plain.iter().zip(same).take_while(|(a, b)| a == b).count();
                prop_assert_eq!(paged.common(other), common);
            }
            for (paged, plain) in shared {
                prop_assert!(paged.iter().eq(plain.iter()));
                prop_assert!(paged.iter().rev().eq(plain.iter().rev()));
            }
        }
    }
}
