//! FNV-1a with 64 bits (Fowler, Noll and Vo): a small hash, equal on every target forever. It is
//! not cryptographic.

/// The hash of nothing.
pub const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
/// The factor by which each step multiplies.
pub const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The hash with one more byte.
#[must_use]
pub const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(PRIME)
}

/// The hash with more bytes.
#[must_use]
pub fn extend(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| step(hash, byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published with the algorithm.
    #[test]
    fn known_texts_have_their_known_hashes() {
        assert_eq!(extend(OFFSET, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(extend(OFFSET, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(extend(OFFSET, b"foobar"), 0x8594_4171_f739_67e8);
    }
}
