//! What the clerk is asked, and what it answers: values that go to a worker and back.

use crate::lanes::{Bar, Flag, Stroke, View};
use quorumscope_core::export::Document;
use quorumscope_core::view::{ClusterVerdict, FileWhy};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use web_sys::Blob;

/// What is asked. A kind of work is a variant here, an answer below, and an arm of
/// [`super::desk::Desk::begin`].
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// What do the judges say of a run?
    Judge(Place),
    /// What do they say of a file of operations, which comes with the request?
    Import {
        /// Whether it will be looked at.
        keep: bool,
    },
    /// What of the file that was asked about last is there to be drawn?
    Lanes(View),
    /// Why? Of the file that comes with the request, or else of the one that was asked about last.
    Why(String),
    /// What has happened in a run, as a file.
    Copy(Copy),
}

/// What is to be written of a run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Copy {
    /// The run.
    pub script: String,
    /// How many steps each cluster has taken.
    pub steps: Vec<u64>,
    /// The time, in microseconds.
    pub now_us: u64,
    /// What is written.
    pub document: Document,
}

/// A moment of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The run, if it is another than that of the last question.
    pub script: Option<String>,
    /// How many steps each cluster has taken.
    pub steps: Vec<u64>,
    /// The time, in microseconds.
    pub now_us: u64,
    /// From which time on it is asked where operations take effect.
    pub since_us: u64,
}

/// What is said of a request.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// So many of a hundred parts of the work are done.
    Percent(u8),
    /// All is done.
    Answer(Answer),
}

/// What is answered.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Request::Judge`].
    Judged(Judged),
    /// To [`Request::Import`]: the file, or the sentence why it cannot be read.
    Imported(Result<Imported, String>),
    /// To [`Request::Lanes`].
    Lanes(Vec<Bar>),
    /// To [`Request::Why`]: the answer, or the sentence why there is none.
    Why(Result<Explained, String>),
    /// To [`Request::Copy`]: the file. None where there is no room for it. It is handed over by
    /// itself: bytes cannot hold it.
    Copied(#[serde(skip)] Option<Blob>),
}

/// What the judges say of a run at one of its moments.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Judged {
    /// On every property of every cluster.
    pub verdicts: Vec<ClusterVerdict>,
    /// By cluster, where operations take effect: their numbers, from 1, and microseconds.
    pub places: Vec<Vec<(u32, u64)>>,
}

/// Why something in a file of operations is as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// What is told.
    pub why: FileWhy,
    /// By step, the bar of its operation.
    pub bars: Vec<Stroke>,
}

/// A file of operations, and what the judges say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// How many operations it has.
    pub operations: u32,
    /// The processes, a lane each.
    pub lanes: Vec<String>,
    /// Where the first and the last event lie, in microseconds, or in thousands of events.
    pub span: (u64, u64),
    /// Whether those are microseconds.
    pub is_timed: bool,
    /// What the judges say.
    pub verdicts: Vec<ClusterVerdict>,
    /// The operations at fault.
    pub faults: Vec<Bar>,
    /// What was done to the system.
    pub flags: Rc<Vec<Flag>>,
}
