//! Sorting with one compiled sort for every type.
//!
//! The standard library's sorts are compiled for each type and each comparison, some five kilobytes
//! each, and a page pays for every copy. Here one sort works through [`Sequence`], and each type
//! adds only its comparison and its swap.

use std::cmp::Ordering;

/// Up to this many items are sorted by insertion, which needs no memory beside them.
const FEW: usize = 16;

/// Sorts in place. The sort is stable: equal items keep their order.
pub fn sort<T: Ord>(items: &mut [T]) {
    by(items, T::cmp);
}

/// Sorts by a key. The sort is stable: equal items keep their order.
pub fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by a comparison, which must be a total order. The sort is stable.
pub fn by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    arrange(&mut Compared { items, compare });
}

/// A sequence that can be sorted by comparing two places and by swapping two places.
trait Sequence {
    fn len(&self) -> usize;
    fn compare(&self, a: usize, b: usize) -> Ordering;
    fn swap(&mut self, a: usize, b: usize);
}

struct Compared<'a, T, F> {
    items: &'a mut [T],
    compare: F,
}

impl<T, F: Fn(&T, &T) -> Ordering> Sequence for Compared<'_, T, F> {
    fn len(&self) -> usize {
        self.items.len()
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        (self.compare)(&self.items[a], &self.items[b])
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.items.swap(a, b);
    }
}

fn arrange(sequence: &mut dyn Sequence) {
    if sequence.len() <= FEW { insert_each(sequence) } else { permute(sequence) }
}

/// Each item in turn sinks to its place among those before it.
fn insert_each(sequence: &mut dyn Sequence) {
    for end in 1..sequence.len() {
        let mut place = end;
        while place > 0 && sequence.compare(place - 1, place) == Ordering::Greater {
            sequence.swap(place - 1, place);
            place -= 1;
        }
    }
}

/// Sorts the places, then brings each item to its own, cycle by cycle.
fn permute(sequence: &mut dyn Sequence) {
    let mut sources: Vec<usize> = (0..sequence.len()).collect();
    sources.sort_by(|&a, &b| sequence.compare(a, b));
    for start in 0..sources.len() {
        let mut place = start;
        loop {
            let source = std::mem::replace(&mut sources[place], place);
            if source == start {
                break;
            }
            sequence.swap(place, source);
            place = source;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_like_the_standard_library(keys in prop::collection::vec(0_u8..40, 0..100)) {
            let mut items: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            by_key(&mut items, |item| item.0);
            prop_assert_eq!(&items, &expected);

            expected.sort_by(|a, b| b.cmp(a));
            by(&mut items, |a, b| b.cmp(a));
            prop_assert_eq!(&items, &expected);

            expected.sort();
            sort(&mut items);
            prop_assert_eq!(&items, &expected);
        }
    }
}
