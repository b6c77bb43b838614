//! Plans the next wake of the page while time flows. Nothing runs on the main thread until then.

/// An event within this time after another waits, in milliseconds, and is shown together with
/// others. A wake costs the browser a frame or two, however little changes.
const TOGETHER_MS: f64 = 40.0;
/// The time for which changes that are not urgent wait for others, in milliseconds.
pub const SLACK_MS: f64 = 60.0;
/// The longest time between two wakes, in milliseconds.
const LONGEST_MS: f64 = 1_000.0;

/// The reasons to wake, in milliseconds of the page's clock.
#[derive(Clone, Copy, Debug)]
pub struct Wants {
    /// The time of the present wake.
    pub now_ms: f64,
    /// The time of the last event of the run.
    pub happened_ms: f64,
    /// The time of the next event of the run.
    pub due_ms: f64,
    /// The time of another change that is to be shown or reported. If it is not after now, every
    /// frame is needed.
    pub rest_ms: f64,
}

impl Wants {
    /// The time of the next wake. If it is not after now, with the next frame.
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
