//! What was asked, and its answer. It stays as it was given while the playhead moves along its
//! chain, for as long as the run has those events.

use crate::judging::Latest;
use crate::stage::Target;
use crate::stage::menu::{Action, Item};
use quorumscope_core::explain::Scene;
use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::trace::Event;
use quorumscope_core::why::{self, Answer, Question};

/// A question of one cluster, and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The cluster.
    pub cluster: usize,
    /// The answer.
    pub answer: Answer,
    /// Where the playhead stood.
    pub at: Time,
    /// What the steps of the chain are: where others stand in their place the run is another.
    events: Vec<(EventId, Event)>,
}

impl Asked {
    /// Asks at the playhead.
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
            // The judges have watched the run, where they are done with it.
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

    /// Whether it is about that run.
    #[must_use]
    pub fn is_in(&self, session: &Session) -> bool {
        let there =
            |(id, event): &(EventId, Event)| session.trace(self.cluster).event(*id) == Some(event);
        self.cluster < session.run().clusters.len() && self.events.iter().all(there)
    }
}

/// The question behind a line of the console, if it is one.
///
/// # Errors
/// The sentence that says why it cannot be asked.
pub fn question(line: &str, session: &Session) -> Option<Result<Question, String>> {
    let line = line.trim();
    if line.split_whitespace().next() != Some("why") {
        return None;
    }
    let asked = Question::parse(line);
    Some(asked.and_then(|question| match question {
        // It can always be asked, and takes a judge to answer.
        Question::Broken(_) => Ok(question),
        question => why::why(&Scene::of(session, 0), &question).map(|_| question),
    }))
}

/// What can be asked about something on the stage: entries of its menu.
#[must_use]
pub fn entries(session: &Session, cluster: usize, target: Target) -> Vec<Item> {
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
    questions.into_iter().map(entry).collect()
}
