//! The verdicts of the judges on the answers that clients received.

use crate::check::referee::{self, Referee};
use crate::check::{Property, Verdict};
use crate::history::OperationId;
use crate::ids::NodeId;
use crate::session::Session;
use crate::time::Time;
use crate::timeline::Budget;
use crate::world::World;
use serde::{Deserialize, Serialize};

/// One property of one cluster's operations up to the playhead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterVerdict {
    /// The cluster, from 0.
    pub cluster: usize,
    /// The judged property.
    pub property: String,
    /// Whether it holds; null where that is unknown.
    pub holds: Option<bool>,
    /// The operations at fault, by number.
    pub operations: Vec<u32>,
    /// A sentence with the reason where it does not hold or is unknown.
    pub text: String,
    /// The time at which the violation showed; null where it holds or is unknown.
    pub at: Option<f64>,
    /// The nodes at fault, where the property concerns nodes.
    pub nodes: Vec<String>,
}

/// Limit of calls that a judge examines for one key: a fraction of a second's worth.
pub const STEPS: u64 = 5_000_000;
/// Limit of steps that are replayed for the judges that must watch every step.
const REPLAYED: u64 = 300_000;

/// The judges' verdict on a property of one cluster at the playhead. See [`verdict`].
#[must_use]
pub fn verdict_on(session: &Session, cluster: usize, property: Property) -> Option<Verdict> {
    let verdicts = verdict(session).into_iter().filter(|told| told.cluster == cluster);
    verdicts.filter_map(|told| told.verdict()).find(|verdict| verdict.property == property)
}

/// The judges' verdicts on each cluster at the playhead. Raft's properties are unknown for a run
/// that is too long to be replayed at once.
#[must_use]
pub fn verdict(session: &Session) -> Vec<ClusterVerdict> {
    let run = session.run();
    let judge = |(cluster, world): (usize, &World)| {
        let mut referee = Referee::new(&run.clusters[cluster], &run.commands, STEPS);
        let verdicts = if world.steps() <= REPLAYED {
            referee.go_to(world.steps(), &mut Budget::UNLIMITED.clone());
            let history = referee.history();
            referee.verdicts(&history, session.now())
        } else {
            referee::of_world(world, &run.commands, STEPS)
        };
        verdicts.into_iter().map(move |verdict| ClusterVerdict::of(cluster, verdict))
    };
    session.worlds().enumerate().flat_map(judge).collect()
}

impl ClusterVerdict {
    /// The record of a verdict on one cluster.
    #[must_use]
    pub fn of(cluster: usize, verdict: Verdict) -> Self {
        Self {
            cluster,
            property: verdict.property.to_string(),
            holds: verdict.holds,
            operations: verdict.operations.iter().map(|id| id.0 + 1).collect(),
            text: verdict.text,
            at: verdict.at_us.map(|us| Time::from_us(us).as_ms_f64()),
            nodes: verdict.nodes.iter().map(ToString::to_string).collect(),
        }
    }

    /// The verdict of the record; None where no judge has that property.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let mut all = Property::ALL.into_iter();
        let property = all.find(|p| p.to_string() == self.property)?;
        let node = |name: &String| name.strip_prefix('n')?.parse().ok().map(NodeId);
        Some(Verdict {
            property,
            holds: self.holds,
            operations: self.operations.iter().map(|n| OperationId(n - 1)).collect(),
            text: self.text.clone(),
            at_us: self.at.map(|ms| (ms * 1_000.0).round() as u64),
            nodes: self.nodes.iter().filter_map(node).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::verdict;
    use crate::script;
    use crate::session::Session;

    /// "Key exists" is an answer of `peers` alone; later operations must be judged all the same.
    #[test]
    fn what_comes_behind_a_refused_set_is_judged() {
        let run = script::parse(
            "cluster peers seed=4\n\
             @1s c1 set x left via n1\n\
             @1s c2 set x right via n2\n\
             @3s c1 set x again via n1\n\
             @5s c1 get x via n1\n\
             @6s c1 get x via n2\n\
             @9s show",
        );
        let verdicts = verdict(&Session::new(run.expect("the script is right")));
        assert_eq!(verdicts[0].holds, Some(false), "{}", verdicts[0].text);
    }
}
