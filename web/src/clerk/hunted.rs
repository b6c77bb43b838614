//! The hunt for failures, in portions: the page asks for some milliseconds of it at a time, so that
//! it can report progress, and stop, between two of them.

use super::request::Answer;
use quorumscope_core::hunt::{Finding, Hunt, Options, Progress, Step};
use serde::{Deserialize, Serialize};

/// The length of one piece of work, in milliseconds: the page, where it does the work itself, paints
/// between two.
const PIECE_MS: f64 = 6.0;

/// A portion of a hunt.
#[derive(Debug, Serialize, Deserialize)]
pub struct Portion {
    /// The options of a new hunt. None: the last one goes on.
    pub begin: Option<Options>,
    /// The length of the portion, in milliseconds of real time.
    pub ms: u32,
    /// Whether shrinking ends with the smallest run so far.
    pub stop_shrinking: bool,
}

/// The state of a hunt after a portion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hunted {
    /// The progress.
    pub progress: Progress,
    /// Whether all runs within the options are done.
    pub is_over: bool,
    /// The failure that ended the portion.
    pub found: Option<Found>,
}

/// A failure that a hunt found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The script of the run, with a `show` at the moment of the violation.
    pub script: String,
    /// The word of the broken property, or a condition.
    pub property: String,
    /// The kind of violation by its common name, such as `Stale read`.
    pub kind: String,
    /// A sentence about the violation, with its full stop.
    pub sentence: String,
    /// The virtual time of the `show`, in microseconds.
    pub at_us: u64,
    /// The state hash there, as 16 hexadecimal digits.
    pub state: String,
    /// The number of statements that are not part of the fixed beginning.
    pub statements: usize,
    /// Number of runs until it was found.
    pub runs: u64,
    /// The kinds of faults that it needs, each once.
    pub faults: Vec<String>,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        let Finding { script, property, kind, sentence, at_us, state, statements, runs, .. } =
            finding;
        let faults = finding.faults;
        Self { script, property, kind, sentence, at_us, state, statements, runs, faults }
    }
}

/// The answer where nothing is to be played, and the hunt to go on with, if there is one.
pub type Ended = (Answer, Option<Box<Hunt>>);

/// A portion in progress.
pub struct Hunting {
    hunt: Box<Hunt>,
    until_ms: f64,
}

impl Hunting {
    /// Begins a portion, of a new hunt or of the last one.
    ///
    /// # Errors
    /// The answer, where nothing is to be played: the sentence about a wrong option, or the smallest
    /// run so far.
    pub fn begin(portion: &Portion, last: Option<Box<Hunt>>) -> Result<Self, Box<Ended>> {
        let hunt = match &portion.begin {
            Some(options) => Hunt::new(options).map(Box::new),
            None => last.ok_or_else(|| "there is no hunt to go on with".to_owned()),
        };
        let mut hunt = match hunt {
            Ok(hunt) => hunt,
            Err(why) => return Err(Box::new((Answer::Hunted(Err(why)), None))),
        };
        if portion.stop_shrinking
            && let Some(finding) = hunt.stop_shrinking()
        {
            let answer = answer(&hunt, Some(finding), false);
            return Err(Box::new((answer, Some(hunt))));
        }
        Ok(Self { hunt, until_ms: now_ms() + f64::from(portion.ms) })
    }

    /// Plays runs for some milliseconds. The answer, when the portion is done.
    pub fn work(&mut self) -> Option<Answer> {
        let rest_ms = now_ms() + PIECE_MS;
        loop {
            match self.hunt.step() {
                Step::Found(finding) => return Some(answer(&self.hunt, Some(*finding), false)),
                Step::Over => return Some(answer(&self.hunt, None, true)),
                Step::Searching | Step::Shrinking => {}
            }
            let now_ms = now_ms();
            if now_ms >= self.until_ms {
                return Some(answer(&self.hunt, None, false));
            }
            if now_ms >= rest_ms {
                return None;
            }
        }
    }

    /// The hunt, to go on with later.
    pub fn into_hunt(self) -> Box<Hunt> {
        self.hunt
    }
}

fn answer(hunt: &Hunt, finding: Option<Finding>, is_over: bool) -> Answer {
    let (progress, found) = (hunt.progress(), finding.map(Found::from));
    Answer::Hunted(Ok(Box::new(Hunted { progress, is_over, found })))
}

/// Real time in milliseconds; a worker has no window to ask.
fn now_ms() -> f64 {
    js_sys::Date::now()
}
