//! Times of files, in the unit of the file.

use super::datum::Datum;
use super::error::Reason;

/// The latest time allowed, in milliseconds: some 285 years, and exact in microseconds.
const MAX_TIME_MS: f64 = 9e12;
/// The longest plausible wait for an answer, in milliseconds: if half of the operations of a file
/// take longer, its times are in another unit.
const MAX_USUAL_MS: u64 = 60_000;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 10⁻³ s, the unit of files of operations.
    Milliseconds,
    /// 10⁻⁶ s.
    Microseconds,
    /// 10⁻⁹ s, the unit of Jepsen and of Porcupine.
    Nanoseconds,
}

impl Unit {
    /// The unit of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "ms" => Some(Self::Milliseconds),
            "us" => Some(Self::Microseconds),
            "ns" => Some(Self::Nanoseconds),
            _ => None,
        }
    }

    fn in_a_millisecond(self) -> f64 {
        match self {
            Self::Milliseconds => 1.0,
            Self::Microseconds => 1e3,
            Self::Nanoseconds => 1e6,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Microseconds => "\u{b5}s",
            Self::Nanoseconds => "ns",
        }
    }

    /// A time in microseconds, rounded to whole ones.
    pub fn read(self, time: &Datum) -> Result<u64, Reason> {
        let Datum::Number(digits) = time else {
            return Err(Reason::wrong(format!(
                "\"time\" must be a number of {}, not {}",
                self.name(),
                time.shown()
            )));
        };
        let number: f64 = digits.parse().unwrap_or(f64::NAN);
        let time_ms = number / self.in_a_millisecond();
        if (0.0..=MAX_TIME_MS).contains(&time_ms) {
            // The number is in range, so the conversion is exact except for the intended rounding.
            Ok((number * (1e3 / self.in_a_millisecond())).round() as u64)
        } else {
            let other = if time_ms > MAX_TIME_MS { UNIT_HINT } else { "" };
            Err(Reason::wrong(format!("\"time\" must be from 0 to 9e12 ms{other}")))
        }
    }
}

const UNIT_HINT: &str =
    "; a file whose times are in nanoseconds says {\"unit\": \"ns\"} on its first line";

/// Checks whether the times of a file can be milliseconds.
#[derive(Debug, Default)]
pub struct Plausible {
    has_fraction: bool,
    /// Number of operations of a plausible duration, and number of longer ones.
    usual: u32,
    longer: u32,
}

impl Plausible {
    /// Records a time as written in the file.
    pub fn note_time(&mut self, time: &Datum) {
        self.has_fraction |= time.whole::<u64>().is_none();
    }

    /// Records the duration of an operation, in microseconds.
    pub fn note_duration(&mut self, us: u64) {
        if us > MAX_USUAL_MS * 1_000 { self.longer += 1 } else { self.usual += 1 }
    }

    /// # Errors
    /// With the sentence that explains how to name the unit, if the times are surely not
    /// milliseconds.
    pub fn check(&self) -> Result<(), Reason> {
        if self.has_fraction || self.longer <= self.usual {
            return Ok(());
        }
        Err(Reason::wrong(
            "the times look like nanoseconds: read as milliseconds, most operations take longer \
             than a minute. Say {\"unit\": \"ns\"} on the first line, or \"us\", or \"ms\" if that \
             is what they are",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(unit: Unit, digits: &str) -> Result<u64, String> {
        unit.read(&Datum::Number(digits.into())).map_err(|reason| reason.to_string())
    }

    #[test]
    fn each_unit_is_read_in_microseconds() {
        assert_eq!(read(Unit::Milliseconds, "12.5"), Ok(12_500));
        assert_eq!(read(Unit::Microseconds, "12.5"), Ok(13));
        assert_eq!(read(Unit::Nanoseconds, "341187643"), Ok(341_188));
        let late = read(Unit::Milliseconds, "1700000000000000000").unwrap_err();
        assert!(late.contains("\"unit\""), "{late}");
        assert_eq!(
            read(Unit::Milliseconds, "-3").unwrap_err(),
            "\"time\" must be from 0 to 9e12 ms"
        );
    }

    proptest! {
        #[test]
        fn whole_microseconds_are_exact(us in 0_u64..9_000_000_000_000_000) {
            prop_assert_eq!(read(Unit::Microseconds, &us.to_string()), Ok(us));
        }
    }
}
