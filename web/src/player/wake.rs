//! When the page wakes next while time flows: nothing runs on the main thread until then.

/// What happens within so many milliseconds of what happened last waits for it, and is shown with
/// what comes meanwhile: a wake costs the browser a frame or two, however little changes.
const TOGETHER_MS: f64 = 40.0;
/// What is not urgent waits so long for something that is.
pub const SLACK_MS: f64 = 60.0;
/// Nothing is waited for any longer.
const LONGEST_MS: f64 = 1_000.0;

/// What there is to wake for, all by the page's clock.
#[derive(Clone, Copy, Debug)]
pub struct Wants {
    /// When it woke.
    pub now_ms: f64,
    /// When something last happened in the run.
    pub happened_ms: f64,
    /// When something happens next.
    pub due_ms: f64,
    /// When something else is to be seen, or told. Not after now: with every frame.
    pub rest_ms: f64,
}

impl Wants {
    /// When it wakes next. Not after now: with the next frame.
    #[must_use]
    pub fn wake_ms(self) -> f64 {
        if self.rest_ms <= self.now_ms {
            return self.now_ms;
        }
        let due_ms = self.due_ms.max(self.happened_ms + TOGETHER_MS);
        due_ms.min(self.rest_ms + SLACK_MS).min(self.now_ms + LONGEST_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Wants =
        Wants { now_ms: 1_000.0, happened_ms: 0.0, due_ms: f64::INFINITY, rest_ms: f64::INFINITY };

    #[test]
    fn what_happens_is_seen_when_it_does() {
        assert_eq!(Wants { due_ms: 1_007.0, ..NOTHING }.wake_ms(), 1_007.0);
        let soon = Wants { due_ms: 1_007.0, rest_ms: 1_005.0, ..NOTHING };
        assert_eq!(soon.wake_ms(), 1_007.0);
    }

    #[test]
    fn what_follows_closely_comes_together() {
        let close = Wants { due_ms: 1_007.0, happened_ms: 1_000.0, ..NOTHING };
        assert_eq!(close.wake_ms(), 1_000.0 + TOGETHER_MS);
    }

    #[test]
    fn what_is_not_urgent_waits_a_little_for_what_is() {
        let both = Wants { due_ms: 1_090.0, rest_ms: 1_040.0, ..NOTHING };
        assert_eq!(both.wake_ms(), 1_090.0);
        assert_eq!(Wants { due_ms: 1_500.0, ..both }.wake_ms(), 1_100.0);
    }

    #[test]
    fn what_is_painted_with_every_frame_is() {
        let crowd = Wants { due_ms: 1_500.0, rest_ms: 1_000.0, happened_ms: 1_000.0, ..NOTHING };
        assert_eq!(crowd.wake_ms(), 1_000.0);
    }

    #[test]
    fn nothing_is_waited_for_for_ever() {
        assert_eq!(NOTHING.wake_ms(), 2_000.0);
    }
}
