//! A run, replayed from its beginning and exported portion by portion.
//!
//! A run is a value, so an export needs only the run and the position of the playhead.

use super::{Form, Writer};
use crate::history::{History, Lines, history};
use crate::run::Run;
use crate::session::Session;
use crate::time::Time;
use crate::timeline::Budget;
use serde::{Deserialize, Serialize};

/// Steps that are replayed in one portion.
const STEPS_AT_ONCE: u64 = 10_000;
/// Events that are written in one portion.
const EVENTS_AT_ONCE: usize = 4_000;
/// The share of the total time that replaying takes when the trace is exported.
const REPLAYING: f64 = 0.2;

/// The content of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// The operations of the clients and their answers, cluster by cluster, as JSON Lines.
    Operations,
    /// The events.
    Trace(Form),
}

/// The position of the playhead in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of steps of each cluster.
    pub steps: Vec<u64>,
    /// The time.
    pub now: Time,
}

impl Place {
    /// The position of a session's playhead.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self { steps: session.worlds().map(|world| world.steps()).collect(), now: session.now() }
    }
}

/// The export of a run: replays it and writes it down.
#[derive(Clone, Debug)]
pub struct Copyist {
    document: Document,
    place: Place,
    work: Work,
}

/// The next task.
#[derive(Clone, Debug)]
enum Work {
    Replaying(Session),
    /// The operations of the clusters from that one on; the history of the first of them, and its
    /// lines.
    Operations(Session, usize, Box<(History, Lines)>),
    Trace(Writer),
    Nothing,
}

impl Copyist {
    /// An export of a run up to a place in it.
    #[must_use]
    pub fn new(run: Run, place: Place, document: Document) -> Self {
        let session = Session::new(Run { show: None, ..run });
        Self { document, place, work: Work::Replaying(session) }
    }

    /// Writes the next portion. False when everything is written.
    pub fn write(&mut self, out: &mut String) -> bool {
        self.work = match std::mem::replace(&mut self.work, Work::Nothing) {
            Work::Replaying(mut session) => {
                let Place { steps, now } = &self.place;
                if session.go_on(steps, *now, &mut Budget::steps(STEPS_AT_ONCE)) {
                    match self.document {
                        Document::Operations => operations(session, 0),
                        Document::Trace(form) => Work::Trace(Writer::new(&session, form)),
                    }
                } else {
                    Work::Replaying(session)
                }
            }
            Work::Operations(session, cluster, mut left) => {
                let (history, lines) = &mut *left;
                if lines.write(history, out, EVENTS_AT_ONCE) {
                    Work::Operations(session, cluster, left)
                } else {
                    operations(session, cluster + 1)
                }
            }
            Work::Trace(mut writer) => {
                if writer.write(out, EVENTS_AT_ONCE) {
                    Work::Trace(writer)
                } else {
                    Work::Nothing
                }
            }
            Work::Nothing => Work::Nothing,
        };
        !matches!(self.work, Work::Nothing)
    }

    /// The finished fraction of the work, from 0 to 1, roughly proportional to time.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let part = |done: u64, of: u64| if of == 0 { 1.0 } else { done as f64 / of as f64 };
        match (&self.work, self.document) {
            (Work::Replaying(session), document) => {
                let gone = session.worlds().map(|world| world.steps()).sum();
                let replayed = part(gone, self.place.steps.iter().sum());
                if document == Document::Operations { replayed } else { REPLAYING * replayed }
            }
            (Work::Trace(writer), _) => {
                let (done, of) = writer.progress();
                REPLAYING + (1.0 - REPLAYING) * part(done, of)
            }
            (Work::Operations(..) | Work::Nothing, _) => 1.0,
        }
    }
}

/// The task of writing the operations of the clusters from that one on.
fn operations(session: Session, cluster: usize) -> Work {
    if cluster == session.run().clusters.len() {
        return Work::Nothing;
    }
    let history = history(session.world(cluster));
    let lines = Lines::of(&history);
    Work::Operations(session, cluster, Box::new((history, lines)))
}
