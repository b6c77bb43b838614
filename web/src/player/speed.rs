//! The speed of virtual time.

/// Virtual time in millionths of real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u32);

/// The speeds in the list, and their labels.
pub const CHOICES: [(Speed, &str); 12] = [
    (Speed(2_000), "1/500×"),
    (Speed(5_000), "1/200×"),
    (Speed(10_000), "1/100×"),
    (Speed(20_000), "1/50×"),
    (Speed(33_333), "1/30×"),
    (Speed(50_000), "1/20×"),
    (Speed(100_000), "1/10×"),
    (Speed(200_000), "1/5×"),
    (Speed(500_000), "1/2×"),
    (Speed(1_000_000), "1×"),
    (Speed(10_000_000), "10×"),
    (Speed(60_000_000), "60×"),
];

impl Default for Speed {
    /// A message of 15 ms takes about half a second.
    fn default() -> Self {
        Self(33_333)
    }
}

impl Speed {
    /// The speed at which this number of virtual seconds pass in a real second.
    ///
    /// # Errors
    /// If the number is not between 0.000001 and 1000.
    pub fn of(factor: f64) -> Result<Self, String> {
        if factor.is_finite() && (0.000_001..=1_000.0).contains(&factor) {
            return Ok(Self((factor * 1e6) as u32));
        }
        Err("a speed is a number between 0.000001 and 1000: virtual seconds in a real one".into())
    }

    /// The speed with this number of millionths, if it is in the list.
    #[must_use]
    pub fn chosen(millionths: &str) -> Option<Self> {
        let wanted: u32 = millionths.parse().ok()?;
        CHOICES.iter().map(|(s, _)| *s).find(|s| s.0 == wanted)
    }

    /// The speed of a script's `speed`, in millionths of real time.
    #[must_use]
    pub fn from_millionths(millionths: u32) -> Self {
        Self(millionths.max(1))
    }

    /// The speed in millionths of real time.
    #[must_use]
    pub fn millionths(self) -> u32 {
        self.0
    }

    /// The label in the list, or the factor as a decimal number for other speeds.
    #[must_use]
    pub fn name(self) -> String {
        let known = CHOICES.iter().find(|(s, _)| *s == self);
        known.map_or_else(|| self.in_decimals(), |(_, n)| (*n).to_owned())
    }

    fn in_decimals(self) -> String {
        let rest = format!("{:06}", self.0 % 1_000_000);
        format!("{}.{}", self.0 / 1_000_000, rest.trim_end_matches('0'))
            .trim_end_matches('.')
            .to_owned()
            + "×"
    }

    /// The virtual microseconds that pass in some real milliseconds.
    #[must_use]
    pub fn virtual_us(self, real_ms: f64) -> f64 {
        real_ms * f64::from(self.0) / 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_at_one_is_a_second() {
        assert_eq!(Speed::of(1.0).expect("a speed").virtual_us(1_000.0), 1e6);
        assert!(Speed::of(0.0).is_err());
        assert!(Speed::of(f64::NAN).is_err());
    }

    #[test]
    fn other_speeds_are_named_by_their_factor() {
        assert_eq!(Speed::of(2.5).expect("a speed").name(), "2.5×");
        assert_eq!(Speed::of(3.0).expect("a speed").name(), "3×");
    }

    #[test]
    fn the_default_is_in_the_list() {
        let millionths = Speed::default().millionths().to_string();
        assert_eq!(Speed::chosen(&millionths), Some(Speed::default()));
    }
}
