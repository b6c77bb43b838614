//! Explanations of facts: the causes of a fact, step by step, back to the statement or the timer
//! that began it; and for an absence, the missing preconditions.
//!
//! ```
//! use quorumscope_core::{explain::Scene, script, session::Session, why};
//!
//! let run = script::parse("cluster raft seed=266\n@1s crash n2\n@1.1s show")?;
//! let session = Session::new(run);
//! let scene = Scene::of(&session, 0);
//! let answer = why::why(&scene, &why::Question::parse("why n2").unwrap()).unwrap();
//! assert_eq!(answer.sentence, "n2 is down since 1.00 s.");
//! assert_eq!(answer.chain[0].text, "n2 crashes.");
//! # Ok::<(), script::ScriptError>(())
//! ```
//!
//! Everything is read off the World at the playhead, the trace before it and the run's statements.
//! Nothing is stored, and every sentence was true at its moment. A `question` comes in; `node`,
//! `role`, `pair`, `vote`, `entry`, `client`, `data`, `keeps` and `fault` each know some kinds of
//! facts and find the event to begin at. `chain` goes back from it, with `silence` for missing
//! messages, `barrier` for obstacles and `orders` for statements. `thread` follows a client's
//! request forward; `absence` explains why it did not come to a node, and `instead` the state that
//! was there in its place. `answerers` finds the nodes that gave an answer, `contradiction` and
//! `again` why several answers contradict each other, `detour` where the chain leaves the path of
//! an answer, `rules` the effects of broken rules. `of_history` answers for a file of operations,
//! which has no messages.

mod absence;
mod again;
mod answerers;
mod barrier;
mod candidates;
mod case;
mod chain;
mod client;
mod collected;
mod complete;
mod contradiction;
mod data;
mod detour;
mod early;
mod entry;
mod fault;
mod instead;
mod keeps;
mod node;
mod of_history;
mod offers;
mod orders;
mod pair;
mod question;
mod removal;
mod role;
mod rules;
mod silence;
mod slow;
mod term;
#[cfg(test)]
mod tests;
mod thread;
mod vote;

pub use chain::{Link, Step};
pub use complete::complete;
pub use of_history::{Account, Moment, of_history};
pub use offers::{Offer, of_balancer, of_client, of_link, of_node, problem};
pub use question::Question;

use crate::check::{Property, Verdict, referee};
use crate::explain::Scene;
use crate::ids::{Addr, EventId};
use crate::settings::Preset;
use case::Case;

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question; for `why` alone, the most pressing one.
    pub question: Question,
    /// The answer in one sentence.
    pub sentence: String,
    /// For an absence: the missing preconditions, each in one clause.
    pub missing: Vec<String>,
    /// The causes, oldest first; the last step is the fact, or the event nearest to it. Empty where
    /// there is nothing to explain.
    pub chain: Vec<Step>,
}

/// Answers a question at the playhead.
///
/// # Errors
/// One sentence, when the question is about something that the cluster does not have.
pub fn why(scene: &Scene<'_>, question: &Question) -> Result<Answer, String> {
    let case = Case::of(scene);
    let question = match question {
        Question::Now => offers::most_pressing(&case),
        asked => asked.clone(),
    };
    let found = match &question {
        Question::Now => Found::nothing("Nothing has happened yet."),
        Question::Event(id) => event(&case, *id)?,
        Question::NoLeader => node::no_leader(&case),
        Question::LeaderOf(n) => node::leader_of(&case, known_node(&case, *n)?),
        Question::Node(n) => role::as_it_is(&case, known_node(&case, *n)?),
        Question::NotLeader(n) => vote::not_leader(&case, known_node(&case, *n)?),
        Question::Vote(n, whom) => {
            vote::of(&case, known_node(&case, *n)?, known_node(&case, *whom)?)
        }
        Question::Suspects(who, whom) => {
            pair::suspects(&case, known(&case, *who)?, known_node(&case, *whom)?)
        }
        Question::Keeps(n, whom) => {
            keeps::of(&case, known_node(&case, *n)?, known_node(&case, *whom)?)
        }
        Question::Entry(index, n) => {
            let node = n.map(|n| known_node(&case, n)).transpose()?;
            entry::committed(&case, *index, node)?
        }
        Question::Key(key, Some(n)) => data::held(&case, key, known_node(&case, *n)?),
        Question::Key(key, None) => data::differ(&case, key),
        Question::Broken(property) => {
            let (world, commands) = (scene.world, scene.commands);
            let verdicts = referee::of_world(world, commands, STEPS);
            match verdicts.into_iter().find(|v| v.property == *property) {
                // Only a judge that has watched every step knows.
                Some(Verdict { holds: None, property: Property::Raft(_), .. })
                    if world.preset() == Preset::Raft =>
                {
                    Found::nothing("That is not known: no judge has watched the run so far.")
                }
                Some(verdict) => fault::broken(&case, &verdict),
                None => Found::nothing("Nobody judges that."),
            }
        }
        Question::Client(c) => client::waits(&case, *c)?,
        Question::Operation(id) => client::operation(&case, *id)?,
        Question::Message(id) => client::message(&case, *id)?,
        Question::Link(a, b) => pair::link(&case, known_node(&case, *a)?, known_node(&case, *b)?),
    };
    Ok(found.answer(&case, question))
}

/// Why a property does not hold, by the verdict of a judge that watched the run.
#[must_use]
pub fn why_broken(scene: &Scene<'_>, verdict: &Verdict) -> Answer {
    let case = Case::of(scene);
    fault::broken(&case, verdict).answer(&case, Question::Broken(verdict.property))
}

/// The most calls that a judge may examine for one key without a long wait.
const STEPS: u64 = 200_000;

/// The findings about a fact, before its chain is followed.
struct Found {
    sentence: String,
    missing: Vec<String>,
    /// The event that the chain leads to.
    fact: Option<EventId>,
    /// Events of the chain, each with the event that prevented what was missing at it: the chain
    /// continues there.
    kept: Vec<(EventId, EventId)>,
    /// The statement with which the chain begins, where nothing in it leads back there: it broke a
    /// rule.
    begins: Option<EventId>,
}

impl Found {
    /// A fact that an event brought about.
    fn by(fact: Option<EventId>, sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            missing: Vec::new(),
            fact,
            kept: Vec::new(),
            begins: None,
        }
    }

    /// There is nothing to explain.
    fn nothing(sentence: impl Into<String>) -> Self {
        Self::by(None, sentence)
    }

    /// The same with missing preconditions, each once.
    fn lacking(self, missing: Vec<String>) -> Self {
        let mut once: Vec<String> = Vec::new();
        for clause in missing {
            if !once.contains(&clause) {
                once.push(clause);
            }
        }
        Self { missing: once, ..self }
    }

    /// The answer with its chain.
    fn answer(self, case: &Case<'_>, question: Question) -> Answer {
        let mut chain =
            self.fact.map(|fact| chain::chain(case, fact, &self.kept)).unwrap_or_default();
        if let Some(rule) = self.begins {
            chain::begin_with(case, rule, &mut chain);
        }
        let mut missing = self.missing;
        missing.extend(case.forgotten(chain.first().map(|step| step.event)));
        Answer { question, sentence: self.sentence, missing, chain }
    }
}

fn event(case: &Case<'_>, id: EventId) -> Result<Found, String> {
    if case.event(id).is_none() {
        let many = case.end.0;
        if let Some(since) = case.kept_since().filter(|_| id < case.scene.trace.first()) {
            return Err(format!("event {} is kept no longer, only those since {since}", id.0));
        }
        return Err(format!("there is no event {} among the {many} up to now", id.0));
    }
    Ok(Found::by(Some(id), format!("{}.", case.clause(id))))
}

fn known_node(case: &Case<'_>, n: crate::ids::NodeId) -> Result<crate::ids::NodeId, String> {
    match case.scene.world.node(n) {
        Some(_) => Ok(n),
        None => {
            let many = case.scene.world.nodes().count();
            Err(format!("there is no node {n} in a cluster of {many}"))
        }
    }
}

fn known(case: &Case<'_>, who: Addr) -> Result<Addr, String> {
    match who {
        Addr::Node(n) => known_node(case, n).map(Addr::from),
        Addr::Balancer if case.scene.world.balancer().is_none() => {
            Err("there is no balancer in this cluster".into())
        }
        other => Ok(other),
    }
}

/// The answer for people: the sentence, the missing preconditions, and the chain from its root.
impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.sentence)?;
        for missing in &self.missing {
            writeln!(f, "  - {missing}")?;
        }
        for step in &self.chain {
            let arrow = match step.link {
                Link::Root => "  ",
                Link::Led => "→ ",
                Link::Kept => "⊣ ",
                Link::Let => "⊢ ",
            };
            let at = format!("{:.3} s", step.at.as_ms_f64() / 1_000.0);
            writeln!(f, "  {at:>9} {arrow}{}", step.text)?;
        }
        Ok(())
    }
}
