//! The state hash: 64 bits that identify a World's state, the same on every target.
//!
//! The state is serialised with postcard, whose format does not depend on the target, straight into
//! a hash (FNV-1a, 64 bits). It does not allocate, and does not use `std::hash::Hash`, whose
//! treatment of `usize` differs between targets.

use crate::fnv::{self, OFFSET, PRIME};
use postcard::ser_flavors::Flavor;
use serde::Serialize;

/// The sink of the serialised bytes.
struct Fnv(u64);

impl Flavor for Fnv {
    type Output = u64;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0 = fnv::step(self.0, byte);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<u64> {
        Ok(self.0)
    }
}

/// The hash of any value that can be serialised.
///
/// # Panics
/// When `value` refuses to be serialised; no part of the state does.
#[must_use]
pub fn of<T: Serialize + ?Sized>(value: &T) -> u64 {
    postcard::serialize_with_flavor(value, Fnv(OFFSET)).expect("state can always be serialised")
}

/// The hash of several hashes in their order.
#[must_use]
pub fn combined(hashes: impl IntoIterator<Item = u64>) -> u64 {
    hashes.into_iter().fold(OFFSET, |h, next| (h ^ next).wrapping_mul(PRIME).rotate_left(29))
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_fnv_1a_of_the_bytes() {
        // A u8 is one byte in postcard; FNV-1a of "a" is published with the algorithm.
        assert_eq!(super::of(&b'a'), 0xaf63_dc4c_8601_ec8c);
    }
}
