//! A question and its answer. The answer is kept while the playhead moves along its chain, for as
//! long as the run has the events of the chain.

use crate::judging::Latest;
use crate::stage::Target;
use crate::stage::menu::{Action, Item};
use quorumscope_core::explain::Scene;
use quorumscope_core::ids::{ClientId, EventId, OperationId};
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::trace::Event;
use quorumscope_core::view::ClusterVerdict;
use quorumscope_core::why::{self, Answer, Question};
use quorumscope_core::world::World;

/// A question about one cluster, and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The cluster.
    pub cluster: usize,
    /// The answer.
    pub answer: Answer,
    /// The time of the playhead at the question.
    pub at: Time,
    /// The events of the chain. If other events stand in their place, the run has changed.
    events: Vec<(EventId, Event)>,
}

impl Asked {
    /// Asks a question at the playhead.
    ///
    /// # Errors
    /// The sentence that says what the cluster does not have.
    pub fn of(
        session: &Session,
        cluster: usize,
        question: &Question,
        judged: &Latest,
    ) -> Result<Self, String> {
        let scene = Scene::of(session, cluster);
        let said = match question {
            // The judges have watched the run already, if they are done with it.
            Question::Broken(property) => judged
                .of(cluster)
                .find_map(|said| said.verdict().filter(|verdict| verdict.property == *property)),
            _ => None,
        };
        let answer = match said {
            Some(verdict) => why::why_broken(&scene, &verdict),
            None => why::why(&scene, question)?,
        };
        let trace = session.trace(cluster);
        let event = |step: &why::Step| Some((step.event, *trace.event(step.event)?));
        let events = answer.chain.iter().filter_map(event).collect();
        Ok(Self { cluster, answer, at: session.now(), events })
    }

    /// True if the run still has all events of the chain.
    #[must_use]
    pub fn is_in(&self, session: &Session) -> bool {
        let there =
            |(id, event): &(EventId, Event)| session.trace(self.cluster).event(*id) == Some(event);
        self.cluster < session.run().clusters.len() && self.events.iter().all(there)
    }
}

/// Parses a line of the console as a question. Returns None if it is none. The question goes to the
/// cluster that it names; else to the one in view, or to the first other that has the subject of
/// the question.
///
/// # Errors
/// The sentence that says why it cannot be asked.
pub fn question(
    line: &str,
    session: &Session,
    looked_at: usize,
) -> Option<Result<(usize, Question), String>> {
    let line = line.trim();
    if line.split_whitespace().next() != Some("why") {
        return None;
    }
    Some(Question::addressed(line).and_then(|(named, question)| {
        let cluster = whom(session, named, looked_at, &question)?;
        Ok((cluster, question))
    }))
}

/// The cluster that a question goes to.
fn whom(
    session: &Session,
    named: Option<usize>,
    looked_at: usize,
    question: &Question,
) -> Result<usize, String> {
    let many = session.run().clusters.len();
    let can = |cluster: usize| match question {
        // It can always be asked; a judge answers it.
        Question::Broken(_) => Ok(()),
        question => why::why(&Scene::of(session, cluster), question).map(|_| ()),
    };
    match named {
        Some(cluster) if cluster < many => return can(cluster).map(|()| cluster),
        Some(cluster) => {
            return Err(format!("there is no cluster {} among {many}", cluster + 1));
        }
        None => {}
    }
    let here = looked_at.min(many - 1);
    let Err(why) = can(here) else { return Ok(here) };
    let others = (0..many).filter(|&cluster| cluster != here);
    others.into_iter().find(|&cluster| can(cluster).is_ok()).ok_or(match many {
        1 => why,
        _ => format!("{why}; nor can it be asked of any other cluster"),
    })
}

/// A question as the console takes it: with several clusters it names its own.
#[must_use]
pub fn written(question: &Question, cluster: usize, session: &Session) -> String {
    match session.run().clusters.len() {
        1 => question.to_string(),
        _ => format!("{question} in cluster {}", cluster + 1),
    }
}

/// The questions about something on the stage, as entries of its menu.
#[must_use]
pub fn entries(session: &Session, cluster: usize, target: Target, judged: &Latest) -> Vec<Item> {
    let world = session.world(cluster);
    let questions = match target {
        Target::Node(n) => why::of_node(&Scene::of(session, cluster), n),
        Target::Client(c) => why::of_client(world, c),
        Target::Message(m) => vec![("Why this message?".into(), Question::Message(m))],
        Target::Link(a, b) => why::of_link(world, a, b),
        Target::Balancer => why::of_balancer(&Scene::of(session, cluster)),
    };
    let entry =
        |(name, question): why::Offer| Item { name: name.into(), action: Action::Ask(question) };
    questions.into_iter().chain(at_fault(world, cluster, target, judged)).map(entry).collect()
}

/// The question about the badge of a node or client at fault.
fn at_fault(world: &World, cluster: usize, target: Target, judged: &Latest) -> Option<why::Offer> {
    let broken = |told: &ClusterVerdict| Some(Question::Broken(told.verdict()?.property));
    let of_client = |number: &u32, client: ClientId| {
        let operation = world.operation(OperationId(*number));
        operation.is_some_and(|operation| operation.client == client)
    };
    let question = judged.violated(cluster).find_map(|told| match target {
        Target::Node(n) => told.nodes.contains(&n.to_string()).then(|| broken(told))?,
        Target::Client(c) => {
            told.operations.iter().any(|number| of_client(number, c)).then(|| broken(told))?
        }
        Target::Message(_) | Target::Link(..) | Target::Balancer => None,
    })?;
    Some(("Why is it at fault?".into(), question))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language;

    fn asked(line: &str, looked_at: usize) -> Result<(usize, Question), String> {
        let both = "cluster raft nodes=3\ncluster quorum nodes=5\n@1s c1 set x 1\n";
        let mut session = Session::new(language::run(both).expect("a script"));
        session.seek(Time::from_ms(2_000));
        question(line, &session, looked_at).expect("it is a question")
    }

    #[test]
    fn a_question_goes_to_the_cluster_that_can_answer_it() {
        let of = |line, looked_at| asked(line, looked_at).map(|(cluster, _)| cluster);
        assert_eq!((of("why n2", 0), of("why n2", 1)), (Ok(0), Ok(1)));
        // Only the second cluster has a fifth node.
        assert_eq!((of("why n5", 0), of("why n5", 1)), (Ok(1), Ok(1)));
        assert_eq!(of("why n2 in cluster 2", 0), Ok(1));
        assert_eq!(of("why convergence in cluster 1", 1), Ok(0));
        let wrong = |line| asked(line, 0).expect_err("it cannot be asked");
        assert_eq!(
            wrong("why n9"),
            "there is no node n9 in a cluster of 3; nor can it be asked of any other cluster"
        );
        assert_eq!(wrong("why n5 in cluster 1"), "there is no node n5 in a cluster of 3");
        assert_eq!(wrong("why n5 in cluster 3"), "there is no cluster 3 among 2");
        assert!(wrong("why n5 in cluster x").starts_with("found x, expected the number"));
    }
}
