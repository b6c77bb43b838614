//! The tests that drive a real browser.

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs them, each once: a test that fails sometimes fails.
pub fn test(sh: &Shell) -> Result<()> {
    // All packages are named, so that nothing is compiled again for another set of features.
    let tests = cmd!(sh, "cargo test --workspace --test browser --no-fail-fast");
    // The message of an error says more than its place in the harness.
    Ok(tests.env("RUST_LIB_BACKTRACE", "0").run()?)
}
