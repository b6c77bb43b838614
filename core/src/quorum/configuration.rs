//! Voters and learners, and changes of membership (Ongaro 2014, chapter 4).
//!
//! ```text
//!             simple (one voter at most)
//!              ┌──┐
//!              ▼  │        enter_joint
//!            Simple ───────────────────────▶ Joint
//!                  ◀───────────────────────
//!                          leave_joint
//! ```

use super::{Joint, Majority, Vote};
use crate::sorted::SortedSet;
use std::fmt;

/// One step of a change of membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<N> {
    /// The node becomes a voter, also when it was a learner.
    AddVoter(N),
    /// The node becomes a learner: it receives the log and has no say. A voter is demoted.
    AddLearner(N),
    /// The node leaves.
    Remove(N),
}

/// Why a change was refused; the configuration is then as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeError {
    /// A change is under way already.
    AlreadyJoint,
    /// There is no joint configuration to leave.
    NotJoint,
    /// No voter would be left, or there was none to begin with.
    NoVoters,
    /// More than one voter would change at once, so that old and new majorities might not meet
    /// (section 4.1): that takes a joint configuration.
    MoreThanOneVoter,
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyJoint => "a change of membership is under way already",
            Self::NotJoint => "there is no joint configuration to leave",
            Self::NoVoters => "a cluster needs at least one voter",
            Self::MoreThanOneVoter => {
                "more than one voter changes at once: that takes a joint configuration"
            }
        })
    }
}

impl std::error::Error for ChangeError {}

/// The parts of a joint configuration besides its incoming voters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition<N> {
    /// The voters from before the change, which still have their say.
    pub outgoing: Majority<N>,
    /// Outgoing voters that become learners when the joint configuration is left. Until then they
    /// vote in the old half and so cannot be learners yet.
    pub learners_next: SortedSet<N>,
    /// Whether the leader leaves the joint configuration by itself, once it is committed.
    pub auto_leave: bool,
}

/// Voters and learners, and the change that is under way, if one is.
///
/// Invariant: no learner votes in either half; `learners_next` is part of the outgoing half and
/// not of the incoming one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration<N> {
    voters: Majority<N>,
    learners: SortedSet<N>,
    transition: Option<Transition<N>>,
}

impl<N: Copy + Ord> Configuration<N> {
    /// A simple configuration. A node that is named as both is a voter.
    pub fn new(voters: impl IntoIterator<Item = N>, learners: impl IntoIterator<Item = N>) -> Self {
        let voters: Majority<N> = voters.into_iter().collect();
        let learners = learners.into_iter().filter(|&node| !voters.contains(node)).collect();
        Self { voters, learners, transition: None }
    }

    /// The voters; in a joint configuration the incoming ones.
    #[must_use]
    pub fn voters(&self) -> &Majority<N> {
        &self.voters
    }

    /// The learners: nodes that receive the log and have no say.
    #[must_use]
    pub fn learners(&self) -> &SortedSet<N> {
        &self.learners
    }

    /// The change under way; `None` in a simple configuration.
    #[must_use]
    pub fn transition(&self) -> Option<&Transition<N>> {
        self.transition.as_ref()
    }

    /// Whether a change is under way.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        self.transition.is_some()
    }

    /// Whether `node` has a say in either half.
    #[must_use]
    pub fn is_voter(&self, node: N) -> bool {
        self.voters.contains(node)
            || self.transition.as_ref().is_some_and(|change| change.outgoing.contains(node))
    }

    /// All nodes that receive the log, in ascending order.
    #[must_use]
    pub fn members(&self) -> SortedSet<N> {
        let outgoing = self.transition.iter().flat_map(|change| change.outgoing.iter());
        self.voters.iter().chain(outgoing).chain(self.learners.iter().copied()).collect()
    }

    /// The highest index that is committed. Called for every acknowledgement: does not allocate
    /// for halves of up to 16 voters.
    pub fn committed(&self, acked: impl Fn(N) -> Option<u64>) -> u64 {
        match &self.transition {
            None => self.voters.committed(acked),
            Some(change) => self.joint(change).committed(acked),
        }
    }

    /// The state of a vote.
    pub fn vote(&self, voted: impl Fn(N) -> Option<bool>) -> Vote {
        match &self.transition {
            None => self.voters.vote(voted),
            Some(change) => self.joint(change).vote(voted),
        }
    }

    /// The configuration after changes that touch one voter at most, so that the majorities of
    /// before and after meet (section 4.1). Any number of learners may come and go.
    ///
    /// # Errors
    /// When a change is under way, no voter would be left, or more than one would change.
    pub fn simple(&self, changes: &[Change<N>]) -> Result<Self, ChangeError> {
        if self.is_joint() {
            return Err(ChangeError::AlreadyJoint);
        }
        let next = self.changed(changes)?;
        if self.voters.difference(&next.voters) > 1 {
            return Err(ChangeError::MoreThanOneVoter);
        }
        Ok(next)
    }

    /// The joint configuration C(old,new) in which the present voters are the outgoing half and
    /// the changed ones the incoming half (section 4.3).
    ///
    /// # Errors
    /// When a change is under way, or there are no voters before or after.
    pub fn enter_joint(
        &self,
        changes: &[Change<N>],
        auto_leave: bool,
    ) -> Result<Self, ChangeError> {
        if self.is_joint() {
            return Err(ChangeError::AlreadyJoint);
        }
        if self.voters.is_empty() {
            return Err(ChangeError::NoVoters);
        }
        let mut joint = self.clone();
        joint.transition = Some(Transition {
            outgoing: self.voters.clone(),
            learners_next: SortedSet::new(),
            auto_leave,
        });
        joint.changed(changes)
    }

    /// C(new): the outgoing half loses its say, and those that waited for it become learners.
    ///
    /// # Errors
    /// When no change is under way.
    pub fn leave_joint(&self) -> Result<Self, ChangeError> {
        let change = self.transition.as_ref().ok_or(ChangeError::NotJoint)?;
        let mut next =
            Self { voters: self.voters.clone(), learners: self.learners.clone(), transition: None };
        next.learners.extend(change.learners_next.iter().copied());
        next.assert_invariant();
        Ok(next)
    }

    fn joint<'a>(&'a self, change: &'a Transition<N>) -> Joint<'a, N> {
        Joint { incoming: &self.voters, outgoing: &change.outgoing }
    }

    fn changed(&self, changes: &[Change<N>]) -> Result<Self, ChangeError> {
        let mut next = self.clone();
        for &change in changes {
            match change {
                Change::AddVoter(node) => next.make_voter(node),
                Change::AddLearner(node) => next.make_learner(node),
                Change::Remove(node) => next.remove(node),
            }
        }
        if next.voters.is_empty() {
            return Err(ChangeError::NoVoters);
        }
        next.assert_invariant();
        Ok(next)
    }

    fn make_voter(&mut self, node: N) {
        self.remove(node);
        self.voters.insert(node);
    }

    fn make_learner(&mut self, node: N) {
        self.remove(node);
        match &mut self.transition {
            Some(change) if change.outgoing.contains(node) => change.learners_next.insert(node),
            _ => self.learners.insert(node),
        };
    }

    /// Takes `node` out of everything but the outgoing half, which never changes.
    fn remove(&mut self, node: N) {
        self.voters.remove(node);
        self.learners.remove(&node);
        if let Some(change) = &mut self.transition {
            change.learners_next.remove(&node);
        }
    }

    fn assert_invariant(&self) {
        assert!(self.learners.iter().all(|&node| !self.is_voter(node)));
        if let Some(change) = &self.transition {
            assert!(change.learners_next.iter().all(|&node| change.outgoing.contains(node)));
            assert!(change.learners_next.iter().all(|&node| !self.voters.contains(node)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Change::{AddLearner, AddVoter, Remove};
    use proptest::prelude::*;

    fn three() -> Configuration<u16> {
        Configuration::new([1, 2, 3], [])
    }

    #[test]
    fn simple_changes_touch_one_voter_at_most() {
        let four = three().simple(&[AddVoter(4)]).unwrap();
        assert_eq!(four, Configuration::new([1, 2, 3, 4], []));
        assert_eq!(four.simple(&[Remove(1)]), Ok(Configuration::new([2, 3, 4], [])));
        assert_eq!(three().simple(&[AddLearner(3)]), Ok(Configuration::new([1, 2], [3])));
        assert_eq!(
            three().simple(&[AddLearner(4), AddLearner(5)]),
            Ok(Configuration::new([1, 2, 3], [4, 5]))
        );
        let learning = Configuration::new([1, 2, 3], [4]);
        assert_eq!(learning.simple(&[AddVoter(4)]), Ok(four));
        assert_eq!(three().simple(&[AddVoter(1)]), Ok(three()));
    }

    #[test]
    fn refused_changes() {
        let error = ChangeError::MoreThanOneVoter;
        assert_eq!(three().simple(&[AddVoter(4), AddVoter(5)]), Err(error));
        assert_eq!(three().simple(&[AddVoter(4), Remove(1)]), Err(error));
        assert_eq!(three().leave_joint(), Err(ChangeError::NotJoint));
        let one = Configuration::new([1_u16], []);
        assert_eq!(one.simple(&[Remove(1)]), Err(ChangeError::NoVoters));
        assert_eq!(one.enter_joint(&[Remove(1)], false), Err(ChangeError::NoVoters));
        let nobody = Configuration::<u16>::new([], []);
        assert_eq!(nobody.enter_joint(&[AddVoter(1)], false), Err(ChangeError::NoVoters));
        assert_eq!(nobody.simple(&[AddVoter(1)]), Ok(one));
        let joint = three().enter_joint(&[AddVoter(4)], false).unwrap();
        assert_eq!(joint.simple(&[AddVoter(5)]), Err(ChangeError::AlreadyJoint));
        assert_eq!(joint.enter_joint(&[AddVoter(5)], false), Err(ChangeError::AlreadyJoint));
    }

    #[test]
    fn a_demoted_voter_waits_to_become_a_learner() {
        let joint =
            three().enter_joint(&[AddVoter(4), AddLearner(1), AddLearner(5)], true).unwrap();
        let change = joint.transition().unwrap();
        assert_eq!(change.learners_next, SortedSet::from([1]));
        assert!(change.auto_leave);
        assert_eq!(joint.learners(), &SortedSet::from([5]));
        assert_eq!(joint.members(), SortedSet::from([1, 2, 3, 4, 5]));
        assert!(joint.is_voter(1) && !joint.voters().contains(1));
        assert_eq!(joint.leave_joint(), Ok(Configuration::new([2, 3, 4], [1, 5])));
    }

    #[test]
    fn a_removed_voter_has_its_say_until_the_end() {
        let joint = three().enter_joint(&[Remove(1), Remove(2), AddVoter(4)], false).unwrap();
        let acked = |node: u16| [None, Some(9), Some(9), Some(5), Some(7)][usize::from(node)];
        assert_eq!(joint.committed(acked), 5, "3 and 4 hold back the incoming half");
        assert_eq!(joint.vote(|node| Some(node >= 3)), Vote::Lost);
        let after = joint.leave_joint().unwrap();
        assert_eq!(after.vote(|node| Some(node >= 3)), Vote::Won);
    }

    fn change() -> impl Strategy<Value = Change<u16>> {
        (0..3, 0_u16..7).prop_map(|(kind, node)| match kind {
            0 => AddVoter(node),
            1 => AddLearner(node),
            _ => Remove(node),
        })
    }

    proptest! {
        /// Section 4.1: any majority before meets any majority after; the invariants are asserted
        /// within.
        #[test]
        fn majorities_of_a_simple_change_meet(
            voters in prop::collection::btree_set(0_u16..7, 1..6),
            changes in prop::collection::vec(change(), 1..4),
        ) {
            let before = Configuration::new(voters, []);
            if let Ok(after) = before.simple(&changes) {
                for yes in 0_u16..128 {
                    let won = |side: &Configuration<u16>, flip: bool| {
                        side.vote(|node| Some((yes >> node & 1 == 1) != flip)) == Vote::Won
                    };
                    prop_assert!(!(won(&before, false) && won(&after, true)));
                }
            }
        }

        /// Through a joint configuration the changes have the effect that they have at once.
        #[test]
        fn joint_changes_end_where_they_should(
            voters in prop::collection::btree_set(0_u16..7, 1..6),
            changes in prop::collection::vec(change(), 0..6),
        ) {
            let before = Configuration::new(voters, []);
            match (before.enter_joint(&changes, false), before.changed(&changes)) {
                (Ok(joint), Ok(after)) => {
                    prop_assert_eq!(&joint.transition().unwrap().outgoing, before.voters());
                    prop_assert_eq!(joint.leave_joint(), Ok(after));
                }
                (joint, after) => prop_assert_eq!(joint.err(), after.err()),
            }
        }
    }
}
