//! `cargo xtask bench`: the figures.

use anyhow::{Result, bail};
use xshell::Shell;

/// Measures the parts named, or all of them.
pub fn bench(_sh: &Shell, _parts: &[String]) -> Result<()> {
    bail!("nothing is measured yet")
}
