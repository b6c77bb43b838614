//! N, R and W: the number of replicas, and the number of them that a read and a write wait for
//! (Gifford 1979; DeCandia et al., *Dynamo*, 2007, section 4.5).

use std::fmt;

/// Replicas per key, and the number of answers that complete a read and a write. 1 ≤ R, W ≤ N.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    n: u16,
    r: u16,
    w: u16,
}

/// The number that is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlapError {
    /// A key needs at least one replica.
    NoReplicas,
    /// R must be from 1 to N.
    Read,
    /// W must be from 1 to N.
    Write,
}

impl fmt::Display for OverlapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoReplicas => "n must be at least 1",
            Self::Read => "r must be from 1 to n",
            Self::Write => "w must be from 1 to n",
        })
    }
}

impl std::error::Error for OverlapError {}

impl Overlap {
    /// `n` replicas, where a read waits for `r` and a write for `w` of them.
    ///
    /// # Errors
    /// Unless 1 ≤ R, W ≤ N.
    pub fn new(n: u16, r: u16, w: u16) -> Result<Self, OverlapError> {
        match n {
            0 => Err(OverlapError::NoReplicas),
            _ if !(1..=n).contains(&r) => Err(OverlapError::Read),
            _ if !(1..=n).contains(&w) => Err(OverlapError::Write),
            _ => Ok(Self { n, r, w }),
        }
    }

    /// Replicas per key.
    #[must_use]
    pub fn n(self) -> u16 {
        self.n
    }

    /// Number of answers that a read waits for.
    #[must_use]
    pub fn r(self) -> u16 {
        self.r
    }

    /// Number of acknowledgements that a write waits for.
    #[must_use]
    pub fn w(self) -> u16 {
        self.w
    }

    /// R + W > N: every read asks a replica that took the last completed write.
    #[must_use]
    pub fn reads_meet_writes(self) -> bool {
        u32::from(self.r) + u32::from(self.w) > u32::from(self.n)
    }

    /// 2W > N: any two writes share a replica, which can order them.
    #[must_use]
    pub fn writes_meet(self) -> bool {
        2 * u32::from(self.w) > u32::from(self.n)
    }

    /// Largest number of replicas that may be down while reads still succeed.
    #[must_use]
    pub fn read_failures_tolerated(self) -> u16 {
        self.n - self.r
    }

    /// Largest number of replicas that may be down while writes still succeed.
    #[must_use]
    pub fn write_failures_tolerated(self) -> u16 {
        self.n - self.w
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_makes_no_sense() {
        assert_eq!(Overlap::new(0, 1, 1), Err(OverlapError::NoReplicas));
        assert_eq!(Overlap::new(3, 0, 1), Err(OverlapError::Read));
        assert_eq!(Overlap::new(3, 4, 1), Err(OverlapError::Read));
        assert_eq!(Overlap::new(3, 1, 0), Err(OverlapError::Write));
        assert_eq!(Overlap::new(3, 1, 4), Err(OverlapError::Write));
    }

    /// Whether every set of `a` out of `n` replicas shares a member with every set of `b`.
    fn always_meet(n: u16, a: u16, b: u16) -> bool {
        let sets =
            |size: u16| (0_u32..1 << n).filter(move |set| set.count_ones() == u32::from(size));
        sets(a).all(|first| sets(b).all(|second| first & second != 0))
    }

    #[test]
    fn arithmetic_agrees_with_the_sets() {
        for n in 1..=5 {
            for (r, w) in (1..=n).flat_map(|r| (1..=n).map(move |w| (r, w))) {
                let overlap = Overlap::new(n, r, w).unwrap();
                assert_eq!(overlap.reads_meet_writes(), always_meet(n, r, w), "{overlap:?}");
                assert_eq!(overlap.writes_meet(), always_meet(n, w, w), "{overlap:?}");
            }
        }
    }
}
