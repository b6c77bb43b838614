//! The right answer of a prediction: the simulator decides.

use super::model::{Prediction, Start};
use crate::condition::{Condition, Follower};
use crate::timeline::Budget;

/// The options whose conditions hold at the end of the reveal, from 0. None when the budget ran out.
#[must_use]
pub fn decide(prediction: &Prediction, start: &Start, budget: &mut Budget) -> Option<Vec<usize>> {
    let conditions: Vec<Condition> =
        prediction.options.iter().map(|option| option.condition.clone()).collect();
    let (run, given) = (&prediction.reveal.run, start.run.commands.len());
    let mut follower = Follower::of_part(&run.clusters[0], conditions, given, start.at);
    follower.follow(&run.clusters[0], &run.commands);
    while follower.step(prediction.reveal.until) {
        if !budget.spend() {
            return None;
        }
    }
    follower.stand_at(prediction.reveal.until);
    Some((0..prediction.options.len()).filter(|&place| follower.holds_at_rest(place)).collect())
}
