//! Two sets of voters, both of which must agree (Ongaro 2014, section 4.3).

use super::{Majority, Vote};

/// A joint configuration, borrowed: a decision needs a majority of both halves. An empty half has
/// no say, so a simple configuration is a joint one whose second half is empty.
#[derive(Clone, Copy, Debug)]
pub struct Joint<'a, N> {
    /// The voters that remain when the change is over.
    pub incoming: &'a Majority<N>,
    /// The voters from before the change.
    pub outgoing: &'a Majority<N>,
}

impl<N: Copy + Ord> Joint<'_, N> {
    /// The highest index that both halves have committed.
    pub fn committed(&self, acked: impl Fn(N) -> Option<u64>) -> u64 {
        self.incoming.committed(&acked).min(self.outgoing.committed(&acked))
    }

    /// The state of a vote: won when both halves have won, lost when either has lost.
    pub fn vote(&self, voted: impl Fn(N) -> Option<bool>) -> Vote {
        match (self.incoming.vote(&voted), self.outgoing.vote(&voted)) {
            (Vote::Won, Vote::Won) => Vote::Won,
            (Vote::Lost, _) | (_, Vote::Lost) => Vote::Lost,
            _ => Vote::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_halves_have_a_say() {
        use Vote::{Lost, Pending, Won};
        let first: Majority<u16> = [1].into_iter().collect();
        let second: Majority<u16> = [2].into_iter().collect();
        let joint = Joint { incoming: &first, outgoing: &second };
        let (y, n) = (Some(true), Some(false));
        for (one, two, expected) in [
            (y, y, Won),
            (y, n, Lost),
            (y, None, Pending),
            (n, n, Lost),
            (n, None, Lost),
            (None, None, Pending),
        ] {
            assert_eq!(joint.vote(|id| if id == 1 { one } else { two }), expected);
            assert_eq!(joint.vote(|id| if id == 1 { two } else { one }), expected);
        }
    }

    proptest! {
        #[test]
        fn laws_of_joint_configurations(
            first in prop::collection::btree_set(0_u16..8, 0..6),
            second in prop::collection::btree_set(0_u16..8, 0..6),
            acked in prop::collection::vec(prop::option::of(1_u64..9), 8),
            voted in prop::collection::vec(prop::option::of(any::<bool>()), 8),
        ) {
            let (first, second): (Majority<u16>, Majority<u16>) =
                (first.into_iter().collect(), second.into_iter().collect());
            let nobody = Majority::default();
            let acked = |id: u16| acked[usize::from(id)];
            let voted = |id: u16| voted[usize::from(id)];
            let joint = |incoming, outgoing| {
                let joint = Joint { incoming, outgoing };
                (joint.committed(acked), joint.vote(voted))
            };
            let alone = (first.committed(acked), first.vote(voted));
            prop_assert_eq!(joint(&first, &second), joint(&second, &first));
            prop_assert_eq!(joint(&first, &nobody), alone);
            prop_assert_eq!(joint(&first, &first), alone);
            prop_assert!(joint(&first, &second).0 <= alone.0);
        }
    }
}
