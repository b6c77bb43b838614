//! Data as a part of a link: deflated, with a checksum, in base64url.

use crate::fnv;
use data_encoding::BASE64URL_NOPAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The highest compression: links are made rarely.
const LEVEL: u8 = 10;
/// The most bytes that a link may carry.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// The part of a link that carries these bytes.
pub(super) fn pack(bytes: &[u8]) -> String {
    let mut packed = checksum(bytes).to_vec();
    packed.extend(compress_to_vec(bytes, LEVEL));
    BASE64URL_NOPAD.encode(&packed)
}

/// The bytes of a part of a link.
pub(super) fn unpack(text: &str) -> Result<Vec<u8>, &'static str> {
    if text.len() > 2 * MAX_BYTES {
        return Err("it is longer than any that this program makes");
    }
    let packed = BASE64URL_NOPAD
        .decode(text.trim_end_matches('=').as_bytes())
        .map_err(|_| "it is not base64url")?;
    let (sum, deflated) = packed.split_at_checked(4).ok_or("it is too short")?;
    let bytes = decompress_to_vec_with_limit(deflated, MAX_BYTES)
        .map_err(|_| "its content cannot be inflated")?;
    if sum == checksum(&bytes) { Ok(bytes) } else { Err("a part of it was changed") }
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    let hash = fnv::extend(fnv::OFFSET, bytes);
    ((hash >> 32) as u32 ^ hash as u32).to_le_bytes()
}

/// The text behind a mark such as `l1.` in a fragment or a whole address.
pub(super) fn behind<'a>(link: &'a str, mark: &str) -> Option<&'a str> {
    let fragment = link.rsplit_once('#').map_or(link, |(_, fragment)| fragment).trim();
    fragment.strip_prefix(mark)
}
