//! Exports of the trace for other programs, in pieces, so that a long one blocks nothing: as JSON
//! Lines, a line per event, and as the text that ShiViz opens
//! (<https://bestchai.bitbucket.io/shiviz/>).
//!
//! An export ends at the playhead.

mod clocks;
mod copyist;

pub use clocks::{Clocks, Stamp};
pub use copyist::{Copyist, Document, Place};

use crate::explain::{self, Scene};
use crate::ids::EventId;
use crate::session::Session;
use crate::time::Time;
use crate::trace::What;
use crate::view;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// The format of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Each event as `window.quorumscope.events` returns it.
    JsonLines,
    /// With vector clocks, for ShiViz.
    ShiViz,
}

/// The regular expression by which ShiViz parses the rest: the first line of the text. The second
/// line, a delimiter of several executions, is empty.
const SHIVIZ_PARSER: &str = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n";

/// A trace that is being written.
#[derive(Clone, Debug)]
pub struct Writer {
    session: Session,
    form: Form,
    /// The next event of each cluster, and the clocks of those before it.
    next: Vec<EventId>,
    clocks: Vec<Clocks>,
    begun: bool,
}

impl Writer {
    /// The trace of all clusters up to the playhead.
    #[must_use]
    pub fn new(session: &Session, form: Form) -> Self {
        let clusters = session.run().clusters.len();
        Self {
            session: session.clone(),
            form,
            next: vec![EventId(0); clusters],
            clocks: vec![Clocks::default(); clusters],
            begun: false,
        }
    }

    /// Number of events written, and number of all events.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        let ends = (0..self.next.len()).map(|i| u64::from(self.end(i).0));
        (self.next.iter().map(|id| u64::from(id.0)).sum(), ends.sum())
    }

    /// Writes the next events, at most `most`: by time, at the same time by cluster. False when
    /// none is left.
    pub fn write(&mut self, out: &mut String, most: usize) -> bool {
        if !std::mem::replace(&mut self.begun, true) && self.form == Form::ShiViz {
            out.push_str(SHIVIZ_PARSER);
        }
        for _ in 0..most {
            let Some((_, cluster)) = self.first() else { return false };
            let id = self.next[cluster];
            match self.form {
                Form::JsonLines => self.write_json(out, cluster, id),
                Form::ShiViz => self.write_stamped(out, cluster, id),
            }
            self.next[cluster] = EventId(id.0 + 1);
        }
        self.first().is_some()
    }

    /// The whole text.
    #[must_use]
    pub fn all(mut self) -> String {
        let mut out = String::new();
        while self.write(&mut out, usize::MAX) {}
        out
    }

    fn end(&self, cluster: usize) -> EventId {
        self.session.timeline(cluster).next_event()
    }

    /// The cluster whose next event comes first.
    fn first(&self) -> Option<(Time, usize)> {
        let next = |(cluster, id): (usize, &EventId)| {
            let event = self.session.trace(cluster).event(*id)?;
            (*id < self.end(cluster)).then_some((event.at, cluster))
        };
        self.next.iter().enumerate().filter_map(next).min()
    }

    fn write_json(&self, out: &mut String, cluster: usize, id: EventId) {
        if let Some(event) = view::event(&self.session, cluster, id) {
            out.push_str(&serde_json::to_string(&event).unwrap_or_default());
            out.push('\n');
        }
    }

    fn write_stamped(&mut self, out: &mut String, cluster: usize, id: EventId) {
        let scene = Scene::of(&self.session, cluster);
        let Some(event) = scene.trace.event(id) else { return };
        let Some(stamp) = self.clocks[cluster].stamp(id, event) else { return };
        let several = self.next.len() > 1;
        let name = |out: &mut String, host: usize| {
            if several {
                let _ = write!(out, "{}:", cluster + 1);
            }
            let _ = write!(out, "{}", clocks::name(host));
        };
        name(out, stamp.host);
        out.push_str(" {");
        for (i, (host, ticks)) in stamp.clock().enumerate() {
            out.push_str(if i == 0 { "\"" } else { ", \"" });
            name(out, host);
            let _ = write!(out, "\":{ticks}");
        }
        let sentence = explain::sentence(&scene, id).unwrap_or_default();
        let _ = writeln!(out, "}}\n{} {}", event.at, sentence.replace('\n', " "));
    }
}

/// Whether an event happens on the way between hosts: it belongs to no host.
const fn is_on_the_way(what: What) -> bool {
    matches!(what, What::Lost(..))
}

#[cfg(test)]
mod tests;
