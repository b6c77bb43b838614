//! A 64-bit digest that is the same on every target: FNV-1a over bytes, a multiply-and-shift over
//! whole numbers. It distinguishes logs in tests, checks and state hashes; it is not cryptographic.

use crate::fnv;

/// A digest in progress. The order of the inputs counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digest(u64);

impl Digest {
    /// An empty digest, started from `seed`: digests of different kinds start differently.
    pub fn new(seed: u64) -> Self {
        Self(fnv::OFFSET).number(seed)
    }

    /// Adds a number.
    pub fn number(self, n: u64) -> Self {
        let mixed = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed ^ mixed >> 29)
    }

    /// Adds a text, with its length, so that consecutive texts stay distinct.
    pub fn text(self, text: &str) -> Self {
        Self(fnv::extend(self.0, text.as_bytes())).number(text.len() as u64)
    }

    /// The resulting value.
    pub fn value(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A golden value: when it changes, every state hash does.
    #[test]
    fn is_the_same_everywhere_and_tells_order_and_bounds_apart() {
        let d = Digest::new(1);
        assert_eq!(d.number(2).text("ab").value(), 17_406_858_705_521_051_094);
        assert_ne!(d.text("ab").text("c").value(), d.text("a").text("bc").value());
        assert_ne!(d.number(1).number(2).value(), d.number(2).number(1).value());
    }
}
