//! What was asked, and its answer. It stays as it was given while the playhead moves along its
//! chain, for as long as the run has those events.

use crate::stage::Target;
use crate::stage::menu::{Action, Item};
use quorumscope_core::explain::Scene;
use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::trace::Event;
use quorumscope_core::why::{self, Answer, Question};
use quorumscope_core::world::World;

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
    pub fn of(session: &Session, cluster: usize, question: &Question) -> Result<Self, String> {
        let answer = why::why(&Scene::of(session, cluster), question)?;
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
    Some(asked.and_then(|q| why::why(&Scene::of(session, 0), &q).map(|_| q)))
}

/// What can be asked about something on the stage: entries of its menu.
#[must_use]
pub fn entries(world: &World, target: Target) -> Vec<Item> {
    let about = |name, question| vec![(name, question)];
    let questions = match target {
        Target::Node(n) => why::of_node(world, n),
        Target::Client(c) => why::of_client(world, c),
        Target::Message(m) => about("Why this message?", Question::Message(m)),
        Target::Link(a, b) if is_cut(world, a, b) => about("Why is it cut?", Question::Link(a, b)),
        Target::Link(..) => Vec::new(),
    };
    let entry = |(name, question)| Item { name, action: Action::Ask(question) };
    questions.into_iter().map(entry).collect()
}

fn is_cut(world: &World, a: NodeId, b: NodeId) -> bool {
    world.links().is_cut(a.into(), b.into()) || world.links().is_cut(b.into(), a.into())
}
