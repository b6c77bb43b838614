//! The requests to the worker and its answers, which are serialized.

use super::hunted::{Hunted, Portion};
use crate::lanes::{Bar, Flag, Stroke, View};
use quorumscope_core::export::Document;
use quorumscope_core::view::{ClusterVerdict, FileWhy};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use web_sys::Blob;

/// A request. A new kind of work needs a variant here, an answer below, and an arm of
/// [`super::desk::Desk::begin`].
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Judge a run.
    Judge(Place),
    /// Judge a file of operations, which comes with the request.
    Import {
        /// True if further requests about the file will follow.
        keep: bool,
    },
    /// The bars of a view, of the file that was kept.
    Lanes(View),
    /// Answer a question: about the file that comes with the request, else about the file that was
    /// kept.
    Why(String),
    /// Write an export of a run.
    Copy(Copy),
    /// A portion of a hunt for failures.
    Hunt(Box<Portion>),
}

/// The input of an export.
#[derive(Debug, Serialize, Deserialize)]
pub struct Copy {
    /// The script of the run.
    pub script: String,
    /// The number of steps that each cluster has taken.
    pub steps: Vec<u64>,
    /// The time of the playhead, in microseconds.
    pub now_us: u64,
    /// The kind of export.
    pub document: Document,
}

/// A moment of a run that is to be judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The script of the run, if it is not that of the last request.
    pub script: Option<String>,
    /// The number of steps that each cluster has taken.
    pub steps: Vec<u64>,
    /// The time of the playhead, in microseconds.
    pub now_us: u64,
    /// The time from which on moments of effect are wanted, in microseconds.
    pub since_us: u64,
}

/// A reply to a request.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// Progress of the work, in percent (0 to 100).
    Percent(u8),
    /// The answer. The work is done.
    Answer(Answer),
}

/// An answer.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// The answer to [`Request::Judge`].
    Judged(Judged),
    /// The answer to [`Request::Import`]: the file, or the sentence why it cannot be read.
    Imported(Result<Imported, String>),
    /// The answer to [`Request::Lanes`].
    Lanes(Vec<Bar>),
    /// The answer to [`Request::Why`], or the sentence why there is none.
    Why(Result<Explained, String>),
    /// The answer to [`Request::Copy`]: the file, or None if there was no memory for it. It is
    /// passed beside the encoded reply, because a `Blob` cannot be serialized.
    Copied(#[serde(skip)] Option<Blob>),
    /// To [`Request::Hunt`]: the state of the hunt, or the sentence about a wrong option.
    Hunted(Result<Box<Hunted>, String>),
}

/// The verdicts on a run at one moment.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Judged {
    /// The verdicts on every property of every cluster.
    pub verdicts: Vec<ClusterVerdict>,
    /// By cluster, the moments at which operations take effect: number (from 1) and time in
    /// microseconds.
    pub places: Vec<Vec<(u32, u64)>>,
}

/// The answer to a question about a file of operations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// The answer.
    pub why: FileWhy,
    /// The bar of each step's operation.
    pub bars: Vec<Stroke>,
}

/// A file of operations with its verdicts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// The number of operations.
    pub operations: u32,
    /// The names of the processes. Each has a lane.
    pub lanes: Vec<String>,
    /// The positions of the first and the last event, in microseconds or in thousandths of an
    /// event.
    pub span: (u64, u64),
    /// True if positions are microseconds.
    pub is_timed: bool,
    /// The verdicts of the judges.
    pub verdicts: Vec<ClusterVerdict>,
    /// The operations at fault.
    pub faults: Vec<Bar>,
    /// The faults and repairs that the file records.
    pub flags: Rc<Vec<Flag>>,
}
