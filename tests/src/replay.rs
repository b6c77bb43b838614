//! A run played here, without a browser.

use anyhow::{Result, bail};

/// The state hashes of a script at those times, in milliseconds, as the page would write them.
///
/// # Errors
/// With the sentence that says what is wrong with the script.
pub fn hashes(script: &str, times_ms: &[u32]) -> Result<Vec<String>> {
    bail!("nothing plays {script} at {times_ms:?}")
}
