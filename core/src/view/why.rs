//! The answers to "why": a fact's causes, as data.

use crate::check::linearizability::Report;
use crate::explain::Scene;
use crate::history::History;
use crate::session::Session;
use crate::time::Time;
use crate::why::{self, Answer, Link, Question};

use super::verdict::verdict_on;
use serde::{Deserialize, Serialize};

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    /// The question, in the form in which it can be asked again.
    pub question: String,
    /// The cluster in question, from 0.
    pub cluster: usize,
    /// The answer in one sentence.
    pub sentence: String,
    /// The missing preconditions, each in one clause.
    pub missing: Vec<String>,
    /// The chain of causes, oldest first.
    pub chain: Vec<WhyStep>,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhyStep {
    /// The event, by its number among those of its cluster.
    pub event: u32,
    /// When it happened.
    pub at: f64,
    /// The node at which it happened, if any.
    pub node: Option<String>,
    /// The effect of the step before: `root`, there is none; `led`, it led to this step; `kept`, it
    /// prevented the awaited event; `let`, it made way for this step.
    pub link: &'static str,
    /// One plain sentence.
    pub text: String,
}

/// The answer to a question about one cluster at the playhead. Questions about a property are
/// answered by judges that replay the run.
///
/// # Errors
/// One sentence, when the question is about something that the cluster does not have.
pub fn answer(session: &Session, cluster: usize, question: &Question) -> Result<Answer, String> {
    let scene = Scene::of(session, cluster);
    match question {
        Question::Broken(property) => match verdict_on(session, cluster, *property) {
            Some(verdict) => Ok(why::why_broken(&scene, &verdict)),
            None => why::why(&scene, question),
        },
        _ => why::why(&scene, question),
    }
}

/// Asks a question of one cluster at the playhead; the question may name another.
///
/// # Errors
/// One sentence, when the question cannot be read, or is about something that the cluster does not
/// have.
pub fn why(session: &Session, cluster: usize, text: &str) -> Result<Why, String> {
    let (named, question) = Question::addressed(text)?;
    let cluster = named.unwrap_or(cluster);
    let many = session.run().clusters.len();
    if cluster >= many {
        return Err(format!(
            "there is no cluster {cluster}: they count from 0, and there are {many}"
        ));
    }
    let scene = Scene::of(session, cluster);
    let answer = answer(session, cluster, &question)?;
    let step = |step: why::Step| WhyStep {
        event: step.event.0,
        at: step.at.as_ms_f64(),
        node: scene.trace.event(step.event).and_then(|e| e.what.node()).map(|n| n.to_string()),
        link: match step.link {
            Link::Root => "root",
            Link::Led => "led",
            Link::Kept => "kept",
            Link::Let => "let",
        },
        text: step.text,
    };
    Ok(Why {
        question: answer.question.to_string(),
        cluster,
        sentence: answer.sentence,
        missing: answer.missing,
        chain: answer.chain.into_iter().map(step).collect(),
    })
}

/// The answer to a question about a file of operations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileWhy {
    /// The question, in the form in which it can be asked again.
    pub question: String,
    /// The answer in one sentence.
    pub sentence: String,
    /// Further remarks, and information that the file lacks, each in one clause.
    pub missing: Vec<String>,
    /// The moments of the operations that matter, oldest first.
    pub chain: Vec<FileStep>,
}

/// The invocation or the return of an operation of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileStep {
    /// The operation, by its number.
    pub operation: u32,
    /// Its place among the events of the file, from 1.
    pub event: u32,
    /// The time; null where the file has none.
    pub at: Option<f64>,
    /// The process that asked.
    pub process: String,
    /// The event, in plain sentences.
    pub text: String,
}

/// Asks a question about a file of operations and its report.
///
/// # Errors
/// One sentence, when the question cannot be read, or is about something that the file does not
/// have.
pub fn why_of_file(history: &History, report: &Report, text: &str) -> Result<FileWhy, String> {
    let account = why::of_history(history, report, &Question::parse(text)?)?;
    let step = |moment: why::Moment| FileStep {
        operation: moment.operation.0 + 1,
        event: moment.event + 1,
        at: moment.time_us.map(|us| Time::from_us(us).as_ms_f64()),
        process: history.operation(moment.operation).process.to_string(),
        text: moment.text,
    };
    Ok(FileWhy {
        question: account.question.to_string(),
        sentence: account.sentence,
        missing: account.notes,
        chain: account.moments.into_iter().map(step).collect(),
    })
}
