//! The same figures over time, in bins, for small plots.

use super::recent;
use crate::client::Operation;
use crate::time::{Span, Time};
use crate::trace::{Event, Trace, What};
use crate::world::World;

/// A window of time in bins of equal length, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The beginning of the first bin.
    pub from: Time,
    /// The length of a bin.
    pub bin: Span,
    /// The counts of each bin.
    pub bins: Vec<Bin>,
}

/// The counts of one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// Operations answered.
    pub answered: u32,
    /// Operations that failed or whose outcome is unknown.
    pub failed: u32,
    /// The longest latency of an answered operation.
    pub slowest: Span,
    /// Messages sent.
    pub messages: u32,
    /// Messages lost.
    pub lost: u32,
}

impl Series {
    /// The window that ends at the playhead, in `bins` bins; at least one.
    #[must_use]
    pub fn of(world: &World, trace: &Trace, window: Span, bins: u32) -> Self {
        let bins = bins.max(1);
        let bin = Span::from_us((window.as_us() / u64::from(bins)).max(1));
        let from = world.now() - window;
        let mut series = Self { from, bin, bins: vec![Bin::default(); bins as usize] };
        recent(world, trace, from).for_each(|event| series.count(event, world));
        series
    }

    fn bin_at(&mut self, at: Time) -> Option<&mut Bin> {
        if at < self.from {
            return None;
        }
        let place = at.since(self.from).as_us() / self.bin.as_us();
        let last = self.bins.len() - 1;
        self.bins.get_mut((place as usize).min(last))
    }

    fn count_operation(&mut self, operation: &Operation) {
        let Some(end) = &operation.end else { return };
        let Some(bin) = self.bin_at(end.at) else { return };
        if let Some(took) = operation.took() {
            bin.answered += 1;
            bin.slowest = bin.slowest.max(took);
        } else {
            bin.failed += 1;
        }
    }

    fn count(&mut self, event: &Event, world: &World) {
        match event.what {
            What::Sent(_) => self.bin_at(event.at).expect("it is recent").messages += 1,
            What::Lost(..) => self.bin_at(event.at).expect("it is recent").lost += 1,
            What::Returned(_, id) => {
                self.count_operation(world.operation(id).expect("it was asked"));
            }
            _ => {}
        }
    }
}
