//! The story of a run while it plays: captions change, chapters stop it, and it says how fast.

use super::{Mode, Player, Speed, State};
use quorumscope_core::time::Time;

impl Player {
    /// Goes to the next chapter, or the last before the playhead, pauses there and plays on as fast as
    /// the story says. False when there is none.
    pub fn go_to_chapter(&self, forward: bool) -> bool {
        let to = {
            let session = self.session();
            let (story, now) = (&session.run().story, session.now());
            if forward { story.next_chapter(now) } else { story.previous_chapter(now) }
        };
        let Some(to) = to else { return false };
        self.pause();
        self.keep_pace(to);
        self.seek(to);
        true
    }

    /// Plays from the beginning, as fast as the story says.
    pub fn play_from_start(&self) {
        self.keep_pace(Time::ZERO);
        self.seek(Time::ZERO);
        self.play();
    }

    /// The speed becomes the one that the story gives at a time, if it gives one.
    pub(super) fn keep_pace(&self, at: Time) {
        let mut state = self.0.state.borrow_mut();
        if let Some(pace) = state.session.run().story.pace_at(at) {
            state.speed = Speed::from_millionths(pace.millionths());
        }
    }
}

impl State {
    /// When the story goes on after the playhead.
    pub(super) fn next_cue(&self) -> Option<Time> {
        let (story, now) = (&self.session.run().story, self.session.now());
        let cues = story.cues();
        cues.get(cues.partition_point(|cue| cue.at <= now)).map(|cue| cue.at)
    }

    /// The playhead has come to where the story goes on.
    pub(super) fn come_to_cue(&mut self) {
        let (story, now) = (&self.session.run().story, self.session.now());
        if let Some(pace) = story.pace_at(now) {
            let given = story.cues().iter().any(|cue| {
                cue.at == now && matches!(cue.kind, quorumscope_core::run::CueKind::Speed(_))
            });
            if given {
                self.speed = Speed::from_millionths(pace.millionths());
            }
        }
        if story.chapters().any(|(at, _)| at == now) {
            self.mode = Mode::Paused;
        }
    }
}
