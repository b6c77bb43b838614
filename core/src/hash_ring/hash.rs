//! The hash that puts keys and virtual nodes on the ring: the same on every target, forever.
//!
//! FNV-1a reads the bytes. Alone it spreads short, similar strings (`n1#1`, `n1#2`) badly over the
//! high bits, which decide the place on the ring. So the finaliser of MurmurHash3 (fmix64, Appleby,
//! public domain) mixes its result.

use crate::fnv;

/// The place of some bytes on the ring.
#[must_use]
pub fn position(bytes: &[u8]) -> u64 {
    fmix64(fnv::extend(fnv::OFFSET, bytes))
}

const fn fmix64(mut h: u64) -> u64 {
    h = (h ^ h >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h = (h ^ h >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ h >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When these change, every old run of a ring plays differently.
    #[test]
    fn places_are_stable() {
        let places =
            [position(b""), position(b"x"), position(b"n1#0")].map(|p| format!("{p:016x}"));
        expect_test::expect![[r#"["efd01f60ba992926", "06a4f9505be85405", "888af6a8b08899c2"]"#]]
            .assert_eq(&format!("{places:?}"));
    }

    #[test]
    fn fnv_and_the_finaliser_are_the_published_ones() {
        // fmix64 maps 0 to itself and is one to one; 1 is a value that implementations publish.
        assert_eq!(fmix64(0), 0);
        assert_eq!(fmix64(1), 0xb456_bcfc_34c2_cb2c);
    }
}
