//! A proof that a lesson was done: a link with the answers and, for each step, what the learner did.
//!
//! A proof carries only what the learner added to the run of each step: the run itself comes from the
//! lesson. Whoever opens it has it judged again ([`super::verify()`]).

use super::model::Lesson;
use super::pack;
use crate::run::Run;
use crate::script;
use serde::{Deserialize, Serialize};

const MARK: &str = "p1.";
/// The longest name of a learner, in characters.
pub const MAX_NAME: usize = 80;

/// A proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The id of the lesson.
    pub lesson: String,
    /// The hash of its text.
    pub hash: u64,
    /// The text, of a lesson that is not built in.
    pub text: Option<String>,
    /// The learner's name; may be empty.
    pub name: String,
    /// For each step of the lesson what was done in it.
    pub steps: Vec<Done>,
}

/// What a learner did in one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The option that was chosen, from 0.
    pub answer: Option<u8>,
    /// The statements, and the `show` at the moment at which the goals were reached.
    pub statements: Option<String>,
}

impl Done {
    /// What was done in a step: the option that was chosen, and the run with which the goals were
    /// reached ([`super::Attempt::run`]), of which the first `given` statements are the lesson's.
    #[must_use]
    pub fn new(answer: Option<usize>, run: Option<&Run>, given: usize) -> Self {
        let statements = run.map(|run| {
            let added = run.commands.get(given..).unwrap_or_default();
            let line = |c: &crate::run::Command| format!("@{} {}\n", c.at, c.statement);
            let mut text: String = added.iter().map(line).collect();
            if let Some(show) = run.show {
                text.push_str(&format!("@{} show", show.at));
            }
            text
        });
        Self { answer: answer.and_then(|option| u8::try_from(option).ok()), statements }
    }
}

impl Proof {
    /// A proof of a lesson. `carries` its text where it is not built in.
    #[must_use]
    pub fn new(lesson: &Lesson, carries: bool, name: &str, steps: Vec<Done>) -> Self {
        let shown = name.trim().chars().filter(|c| !c.is_control());
        Self {
            lesson: lesson.id.clone(),
            hash: lesson.hash(),
            text: carries.then(|| lesson.text.clone()),
            name: shown.take(MAX_NAME).collect(),
            steps,
        }
    }

    /// The fragment of a link to it, without the `#`.
    #[must_use]
    pub fn encode(&self) -> String {
        // A vector of plain fields always has a form.
        let bytes = postcard::to_allocvec(self).unwrap_or_default();
        format!("{MARK}{}", pack::pack(&bytes))
    }

    /// Reads a proof from a whole address or from its fragment. Nothing in it is believed yet.
    ///
    /// # Errors
    /// One sentence with the reason why it cannot be read.
    pub fn decode(link: &str) -> Result<Self, String> {
        let packed = pack::behind(link, MARK)
            .ok_or("The link carries no proof: expected p1. behind its #.")?;
        let bytes = pack::unpack(packed).map_err(|how| format!("The proof is damaged: {how}."))?;
        let (proof, rest): (Self, _) = postcard::take_from_bytes(&bytes)
            .map_err(|_| "The proof is damaged: its content has another form.".to_owned())?;
        let is_shown = |c: char| !c.is_control();
        if !rest.is_empty()
            || proof.name.chars().count() > MAX_NAME
            || !proof.name.chars().all(is_shown)
        {
            return Err("The proof is damaged: its content has another form.".into());
        }
        Ok(proof)
    }

    /// Whether a fragment or an address carries a proof.
    #[must_use]
    pub fn is_proof(link: &str) -> bool {
        pack::behind(link, MARK).is_some()
    }

    /// A number that is the same for two proofs that carry the same statements and answers, whatever
    /// their names.
    #[must_use]
    pub fn likeness(&self) -> u64 {
        let mut text = format!("{}\n{}\n", self.lesson, self.hash);
        for done in &self.steps {
            text.push_str(done.statements.as_deref().unwrap_or("-"));
            text.push('\n');
        }
        crate::fnv::extend(crate::fnv::OFFSET, text.as_bytes())
    }
}

/// The run that a step's statements make of its start.
pub(super) fn run_of(start: &super::Start, statements: &str) -> Result<Run, String> {
    if statements.len() > 64 * 1024 {
        return Err("its statements are longer than 64 KiB".into());
    }
    super::blocks::continued(start, statements).map_err(|error: script::ScriptError| {
        format!("its statements cannot be read: {}", error.sentence)
    })
}
