//! Stored branches, restored around the loaded one.

use super::{Branch, MAX_BRANCHES, Problem, Session};
use crate::run::Run;
use crate::time::Time;
use crate::timeline::Budget;

/// A stored branch: the data to restore it.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Its name.
    pub name: String,
    /// Its run.
    pub run: Run,
    /// Place of the branch from which it was made, and the time at which it diverges.
    pub forked: Option<(usize, Time)>,
    /// The time up to which it was simulated.
    pub reached: Time,
}

impl Session {
    /// Restores these branches. The session's only branch, which has the run of the one at
    /// `current`, takes that place and keeps its playhead; the others are simulated up to
    /// `reached`, as far as the budget allows.
    ///
    /// # Errors
    /// When they cannot be the branches of one run; nothing changes.
    pub fn put_among(
        &mut self,
        all: Vec<Beside>,
        current: usize,
        budget: &mut Budget,
    ) -> Result<(), Problem> {
        let count = all.len();
        let fits = |b: &Beside| {
            b.run.clusters == self.run().clusters && b.forked.is_none_or(|(from, _)| from < count)
        };
        if count > MAX_BRANCHES {
            return Err(Problem::TooManyBranches);
        }
        if current >= count || self.branches.len() != 1 || !all.iter().all(fits) {
            return Err(Problem::NoSuchBranch);
        }
        let mut own = self.branches.pop();
        for (place, beside) in all.into_iter().enumerate() {
            let Beside { name, run, forked, reached } = beside;
            let branch = match own.take_if(|_| place == current) {
                Some(own) => Branch { name, forked, ..own },
                None => {
                    let mut branch = Branch { forked, ..Branch::new(name, run) };
                    branch.seek(reached, budget);
                    branch
                }
            };
            self.branches.push(branch);
        }
        self.current = current;
        self.revision += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::NodeId;
    use crate::run::{NodeFault, Statement};
    use crate::script;

    fn run(text: &str) -> Run {
        script::parse(text).expect("the script is right")
    }

    fn kept(session: &Session) -> Vec<Beside> {
        let beside = |b: &Branch| Beside {
            name: b.name.clone(),
            run: b.run.clone(),
            forked: b.forked,
            reached: b.frontier(),
        };
        session.branches().iter().map(beside).collect()
    }

    #[test]
    fn branches_that_were_kept_are_the_same_again() {
        let mut first = Session::new(run("cluster raft seed=3\n@1s crash n1\n"));
        first.seek(Time::from_ms(3_000));
        first.seek(Time::from_ms(2_000));
        first.append(Statement::Node(NodeId(1), NodeFault::Restart)).expect("it fits");
        first.seek(Time::from_ms(2_500));
        assert_eq!((first.branches().len(), first.current()), (2, 1));

        let mut again = Session::new(first.shared_run());
        let mut budget = Budget::UNLIMITED;
        again.put_among(kept(&first), 1, &mut budget).expect("they are of one run");
        assert_eq!(again.hash(), first.hash());
        let names = |s: &Session| s.branches().iter().map(|b| b.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&again), names(&first));
        for session in [&mut again, &mut first] {
            session.switch(0).expect("there is one");
        }
        assert_eq!((again.now(), again.hash()), (first.now(), first.hash()));
        assert_eq!(again.frontier(), first.frontier());
    }

    #[test]
    fn what_cannot_be_one_run_changes_nothing() {
        let mut session = Session::new(run("cluster raft seed=3\n"));
        let other = run("cluster quorum seed=3\n");
        let beside = |run: &Run, forked| Beside {
            name: "main".into(),
            run: run.clone(),
            forked,
            reached: Time::ZERO,
        };
        let own = session.run().clone();
        for (all, current) in [
            (vec![beside(&own, None)], 1),
            (vec![beside(&own, None), beside(&other, None)], 0),
            (vec![beside(&own, Some((7, Time::ZERO)))], 0),
            (vec![], 0),
            (vec![beside(&own, None); MAX_BRANCHES + 1], 0),
        ] {
            let mut budget = Budget::UNLIMITED;
            assert!(session.put_among(all, current, &mut budget).is_err());
            assert_eq!((session.branches().len(), session.revision()), (1, 0));
        }
    }
}
