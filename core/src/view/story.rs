//! The story of the selected run: captions, chapters and speed at the playhead.

use crate::run;
use crate::session::Session;
use crate::time::Time;
use serde::Serialize;

/// The story of a run at the playhead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Story {
    /// The caption; null where there is none.
    pub note: Option<String>,
    /// The place of the present chapter among `chapters`, from 0; null before the first.
    pub chapter: Option<usize>,
    /// All chapters, by time.
    pub chapters: Vec<Caption>,
    /// All notes except empty ones, by time.
    pub notes: Vec<Caption>,
    /// The beginning of the chapter before, in milliseconds.
    pub previous: Option<f64>,
    /// The beginning of the next chapter, in milliseconds.
    pub next: Option<f64>,
    /// Virtual seconds per real second, where the story sets them.
    pub speed: Option<f64>,
}

/// A text and its time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Caption {
    /// The time.
    pub at: f64,
    /// The text of a note, the title of a chapter.
    pub text: String,
}

/// The story of the run at the playhead.
#[must_use]
pub fn story(session: &Session) -> Story {
    let (story, now) = (&session.run().story, session.now());
    let list = |(at, text): (Time, &str)| Caption { at: at.as_ms_f64(), text: text.to_owned() };
    Story {
        note: story.note_at(now).map(str::to_owned),
        chapter: story.chapter_at(now),
        chapters: story.chapters().map(list).collect(),
        notes: story.notes().map(list).collect(),
        previous: story.previous_chapter(now).map(Time::as_ms_f64),
        next: story.next_chapter(now).map(Time::as_ms_f64),
        speed: story.pace_at(now).map(run::Pace::factor),
    }
}
