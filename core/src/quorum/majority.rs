//! One set of voters that decides by majority.

use super::Vote;
use crate::order;

/// The committed index of an empty configuration: no voter holds anything back. It is the neutral
/// element of `min`, which combines the halves of a joint configuration.
pub const UNBOUNDED: u64 = u64::MAX;

/// Sets of at most this many voters are decided without allocating.
const ON_STACK: usize = 16;

/// A set of voters that decides by more than half of them. Ordered, without repeats.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Majority<N>(Vec<N>);

impl<N> Default for Majority<N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<N: Copy + Ord> FromIterator<N> for Majority<N> {
    fn from_iter<I: IntoIterator<Item = N>>(voters: I) -> Self {
        let mut voters: Vec<N> = voters.into_iter().collect();
        order::sort(&mut voters);
        voters.dedup();
        Self(voters)
    }
}

impl<N: Copy + Ord> Majority<N> {
    /// Number of voters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the set has no voter, so that nothing is held back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `voter` belongs to the set.
    #[must_use]
    pub fn contains(&self, voter: N) -> bool {
        self.0.binary_search(&voter).is_ok()
    }

    /// The voters in ascending order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = N> + '_ {
        self.0.iter().copied()
    }

    /// Size of a majority; one for an empty set, which is never asked.
    #[must_use]
    pub fn quorum(&self) -> usize {
        self.len() / 2 + 1
    }

    /// The highest index that a majority has acknowledged; 0 while no majority is known,
    /// [`UNBOUNDED`] for an empty set. `acked` returns the index that a voter has acknowledged.
    pub fn committed(&self, acked: impl Fn(N) -> Option<u64>) -> u64 {
        let indices = self.iter().map(|voter| acked(voter).unwrap_or(0));
        match self.len() {
            0 => UNBOUNDED,
            count @ 1..=ON_STACK => {
                let mut slots = [0; ON_STACK];
                for (slot, index) in slots.iter_mut().zip(indices) {
                    *slot = index;
                }
                held_by(self.quorum(), &mut slots[..count])
            }
            _ => held_by(self.quorum(), &mut indices.collect::<Vec<_>>()),
        }
    }

    /// The state of a vote. `voted` returns the answer of a voter, None without one.
    pub fn vote(&self, voted: impl Fn(N) -> Option<bool>) -> Vote {
        if self.is_empty() {
            return Vote::Won;
        }
        let (mut yes, mut no) = (0, 0);
        for voter in self.iter() {
            match voted(voter) {
                Some(true) => yes += 1,
                Some(false) => no += 1,
                None => {}
            }
        }
        if yes >= self.quorum() {
            Vote::Won
        } else if self.len() - no >= self.quorum() {
            Vote::Pending
        } else {
            Vote::Lost
        }
    }

    pub(super) fn insert(&mut self, voter: N) {
        if let Err(place) = self.0.binary_search(&voter) {
            self.0.insert(place, voter);
        }
    }

    pub(super) fn remove(&mut self, voter: N) {
        if let Ok(place) = self.0.binary_search(&voter) {
            self.0.remove(place);
        }
    }

    /// Number of voters that are in only one of the two sets.
    pub(super) fn difference(&self, other: &Self) -> usize {
        let only = |a: &Self, b: &Self| a.iter().filter(|&voter| !b.contains(voter)).count();
        only(self, other) + only(other, self)
    }
}

/// The highest index that at least `quorum` of `indices` have reached.
fn held_by(quorum: usize, indices: &mut [u64]) -> u64 {
    assert!((1..=indices.len()).contains(&quorum), "a majority is part of its set");
    let place = indices.len() - quorum;
    if indices.len() <= ON_STACK {
        order::sort(indices);
        return indices[place];
    }
    // A leader of a hundred nodes calls this with every answer, so the rest is left unsorted.
    *indices.select_nth_unstable(place).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn committed(indices: &[Option<u64>]) -> u64 {
        let voters: Majority<u16> = (0..indices.len() as u16).collect();
        voters.committed(|voter| indices[usize::from(voter)])
    }

    fn vote(votes: &[Option<bool>]) -> Vote {
        let voters: Majority<u16> = (0..votes.len() as u16).collect();
        voters.vote(|voter| votes[usize::from(voter)])
    }

    #[test]
    fn committed_index_of_few() {
        for (indices, expected) in [
            (&[][..], UNBOUNDED),
            (&[None], 0),
            (&[Some(7)], 7),
            (&[Some(7), None], 0),
            (&[Some(7), Some(3)], 3),
            (&[Some(7), Some(3), None], 3),
            (&[Some(7), Some(3), Some(5)], 5),
            (&[Some(7), Some(7), None, None], 0),
            (&[Some(7), Some(6), Some(5), None], 5),
            (&[Some(9), Some(9), Some(9), None, None], 9),
        ] {
            assert_eq!(committed(indices), expected, "{indices:?}");
        }
    }

    #[test]
    fn outcome_of_few_votes() {
        let (y, n) = (Some(true), Some(false));
        for (votes, expected) in [
            (&[][..], Vote::Won),
            (&[None], Vote::Pending),
            (&[y], Vote::Won),
            (&[n], Vote::Lost),
            (&[y, None], Vote::Pending),
            (&[n, None], Vote::Lost),
            (&[y, n, None], Vote::Pending),
            (&[y, y, None], Vote::Won),
            (&[n, n, None], Vote::Lost),
            (&[y, y, n, n], Vote::Lost),
            (&[y, y, None, n], Vote::Pending),
            (&[y, y, y, n, n], Vote::Won),
        ] {
            assert_eq!(vote(votes), expected, "{votes:?}");
        }
    }

    proptest! {
        /// Against the definition, on both sides of the size that fits on the stack.
        #[test]
        fn committed_is_what_a_majority_holds(
            indices in prop::collection::vec(prop::option::of(0_u64..20), 1..24),
        ) {
            let holders = |index| indices.iter().filter(|acked| acked.unwrap_or(0) >= index).count();
            let index = committed(&indices);
            prop_assert!(holders(index) * 2 > indices.len());
            prop_assert!(holders(index + 1) * 2 <= indices.len());
        }

        #[test]
        fn acknowledging_more_never_lowers_the_committed_index(
            mut indices in prop::collection::vec(prop::option::of(0_u64..20), 1..10),
            (who, more) in (any::<prop::sample::Index>(), 0_u64..20),
        ) {
            let before = committed(&indices);
            let who = who.index(indices.len());
            let acked = &mut indices[who];
            *acked = Some(acked.unwrap_or(0) + more);
            prop_assert!(committed(&indices) >= before);
        }

        #[test]
        fn a_decided_vote_stays_decided(
            mut votes in prop::collection::vec(prop::option::of(any::<bool>()), 1..10),
            late in any::<bool>(),
        ) {
            let before = vote(&votes);
            if let Some(open) = votes.iter_mut().find(|vote| vote.is_none()) {
                *open = Some(late);
                prop_assert!(before == Vote::Pending || vote(&votes) == before);
            } else {
                prop_assert_ne!(before, Vote::Pending);
            }
        }
    }
}
