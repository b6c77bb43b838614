//! The story of a run: captions, stops and speeds that a script gives beside its commands. They
//! change nothing in the World.

use crate::time::Time;
use std::fmt;
use std::sync::Arc;

/// The longest text of a note or chapter, in characters.
pub const MAX_CUE_CHARS: usize = 280;

/// One part of a run's story, and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The virtual time.
    pub at: Time,
    /// The caption, stop or speed.
    pub kind: CueKind,
}

/// A caption, a stop or a speed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CueKind {
    /// A caption that stands until the next one; an empty text takes it away.
    Note(Arc<str>),
    /// The title of the chapter that begins here; playing pauses at it.
    Chapter(Arc<str>),
    /// The pace from here on.
    Speed(Pace),
}

/// Virtual time per real time, as a fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    numerator: u32,
    denominator: u32,
}

impl Pace {
    /// The fastest pace: virtual seconds in one real second.
    pub const FASTEST: u32 = 1_000;
    /// The slowest pace: real seconds for one virtual second.
    pub const SLOWEST: u32 = 100_000;

    /// `numerator` virtual seconds in `denominator` real ones; None beyond the limits.
    #[must_use]
    pub fn new(numerator: u32, denominator: u32) -> Option<Self> {
        let limits = (1..=Self::FASTEST, 1..=Self::SLOWEST);
        if !limits.0.contains(&numerator) || !limits.1.contains(&denominator) {
            return None;
        }
        let shared = greatest_common_divisor(numerator, denominator);
        Some(Self { numerator: numerator / shared, denominator: denominator / shared })
    }

    /// Virtual time in millionths of real time, at least one.
    #[must_use]
    pub fn millionths(self) -> u32 {
        // A thousand times a million is less than the 4,295 million that fit.
        (self.numerator * 1_000_000 / self.denominator).max(1)
    }

    /// Virtual seconds in a real one, for display.
    #[must_use]
    pub fn factor(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

/// As the language writes it: `1/10x`, `2x`.
impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}x", self.numerator),
            denominator => write!(f, "{}/{denominator}x", self.numerator),
        }
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// All cues of a run, by time; at the same time in the order written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story(Vec<Cue>);

impl Story {
    /// Sorts cues by time.
    #[must_use]
    pub fn new(mut cues: Vec<Cue>) -> Self {
        crate::order::by_key(&mut cues, |cue| cue.at);
        Self(cues)
    }

    /// All cues, by time.
    #[must_use]
    pub fn cues(&self) -> &[Cue] {
        &self.0
    }

    /// Puts a cue behind those of the same time. Returns its place.
    pub fn insert(&mut self, cue: Cue) -> usize {
        let place = self.0.partition_point(|c| c.at <= cue.at);
        self.0.insert(place, cue);
        place
    }

    /// Takes the cue at a place away.
    pub(crate) fn remove(&mut self, place: usize) -> Cue {
        self.0.remove(place)
    }

    /// Leaves out all cues after a time.
    pub(crate) fn truncate_after(&mut self, time: Time) {
        self.0.retain(|cue| cue.at <= time);
    }

    /// The caption at a time; None where no note was given yet, or an empty one.
    #[must_use]
    pub fn note_at(&self, time: Time) -> Option<&str> {
        let note = self.last_until(time, |kind| match kind {
            CueKind::Note(text) => Some(&**text),
            _ => None,
        });
        note.filter(|text| !text.is_empty())
    }

    /// The pace at a time, if a cue gives one.
    #[must_use]
    pub fn pace_at(&self, time: Time) -> Option<Pace> {
        self.last_until(time, |kind| match kind {
            CueKind::Speed(pace) => Some(*pace),
            _ => None,
        })
    }

    fn last_until<'a, T>(
        &'a self,
        time: Time,
        wanted: impl Fn(&'a CueKind) -> Option<T>,
    ) -> Option<T> {
        let until = self.0.partition_point(|cue| cue.at <= time);
        self.0[..until].iter().rev().find_map(|cue| wanted(&cue.kind))
    }

    /// Times and titles of the chapters.
    pub fn chapters(&self) -> impl DoubleEndedIterator<Item = (Time, &str)> {
        self.0.iter().filter_map(|cue| match &cue.kind {
            CueKind::Chapter(title) => Some((cue.at, &**title)),
            _ => None,
        })
    }

    /// Times and texts of the notes that are not empty.
    pub fn notes(&self) -> impl DoubleEndedIterator<Item = (Time, &str)> {
        self.0.iter().filter_map(|cue| match &cue.kind {
            CueKind::Note(text) if !text.is_empty() => Some((cue.at, &**text)),
            _ => None,
        })
    }

    /// The place among the chapters, from 0, of the one that a time lies in.
    #[must_use]
    pub fn chapter_at(&self, time: Time) -> Option<usize> {
        self.chapters().take_while(|(at, _)| *at <= time).count().checked_sub(1)
    }

    /// The beginning of the next chapter.
    #[must_use]
    pub fn next_chapter(&self, time: Time) -> Option<Time> {
        self.chapters().map(|(at, _)| at).find(|at| *at > time)
    }

    /// The beginning of the last chapter before a time; at the beginning of one, that of the
    /// chapter before it.
    #[must_use]
    pub fn previous_chapter(&self, time: Time) -> Option<Time> {
        self.chapters().map(|(at, _)| at).rfind(|at| *at < time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story() -> Story {
        let cue = |ms, kind| Cue { at: Time::from_ms(ms), kind };
        Story::new(vec![
            cue(2_000, CueKind::Chapter("second".into())),
            cue(0, CueKind::Chapter("first".into())),
            cue(0, CueKind::Note("one".into())),
            cue(1_000, CueKind::Note("two".into())),
            cue(1_500, CueKind::Note("".into())),
            cue(1_000, CueKind::Speed(Pace::new(2, 20).expect("it is in range"))),
        ])
    }

    #[test]
    fn a_note_stands_until_the_next() {
        let at = |ms| story().note_at(Time::from_ms(ms)).map(str::to_owned);
        assert_eq!(at(0).as_deref(), Some("one"));
        assert_eq!(at(999).as_deref(), Some("one"));
        assert_eq!(at(1_000).as_deref(), Some("two"));
        assert_eq!(at(1_500), None);
        assert_eq!(story().notes().count(), 2);
    }

    #[test]
    fn chapters_lie_before_and_behind_a_time() {
        let story = story();
        let (start, middle, end) = (Time::ZERO, Time::from_ms(1_000), Time::from_ms(2_000));
        assert_eq!((story.chapter_at(start), story.chapter_at(end)), (Some(0), Some(1)));
        assert_eq!((story.next_chapter(start), story.next_chapter(end)), (Some(end), None));
        assert_eq!(story.previous_chapter(start), None);
        assert_eq!(story.previous_chapter(middle), Some(start));
        assert_eq!(story.previous_chapter(end), Some(start));
        assert_eq!(Story::default().chapter_at(end), None);
    }

    #[test]
    fn a_pace_is_in_lowest_terms_and_within_limits() {
        let pace = story().pace_at(Time::from_ms(1_200)).expect("one is given");
        assert_eq!((pace.to_string().as_str(), pace.millionths()), ("1/10x", 100_000));
        assert_eq!(story().pace_at(Time::ZERO), None);
        assert_eq!(Pace::new(3, 1).map(|p| p.to_string()).as_deref(), Some("3x"));
        assert!(Pace::new(0, 1).is_none() && Pace::new(1, 0).is_none());
        assert!(Pace::new(1_001, 1).is_none() && Pace::new(1, 100_001).is_none());
        assert_eq!(Pace::new(1_000, 1).map(Pace::millionths), Some(1_000_000_000));
    }
}
