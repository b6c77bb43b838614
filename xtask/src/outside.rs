//! The tests that drive a real browser.

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs them, each once: a test that fails now and then fails.
pub fn test(sh: &Shell) -> Result<()> {
    // All packages are named, so that nothing is compiled anew for another set of features.
    let tests = cmd!(sh, "cargo test --workspace --test browser --no-fail-fast");
    // What an error says is worth more than where in the harness it was made.
    Ok(tests.env("RUST_LIB_BACKTRACE", "0").run()?)
}
