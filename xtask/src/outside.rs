//! The tests that drive a real browser, and what becomes of one that fails.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

/// More failures than this are no accident of a busy machine.
const ACCIDENTS: usize = 2;

/// Runs them. A browser on a busy machine now and then drops a key or a connection; so one or two
/// tests that fail are run once more, alone, and named loudly if they then pass.
pub fn test(sh: &Shell) -> Result<()> {
    let failed = failing(sh)?;
    if failed.is_empty() {
        return Ok(());
    }
    if failed.len() > ACCIDENTS {
        bail!("{} tests failed: {}", failed.len(), failed.join(", "));
    }
    println!("\nonce more, alone: {}", failed.join(", "));
    let again = cmd!(sh, "cargo test --package quorumscope-tests -- --exact --test-threads=1");
    again.env("RUST_LIB_BACKTRACE", "0").args(&failed).run()?;
    println!("UNSTEADY: failed once, passed alone: {}", failed.join(", "));
    Ok(())
}

/// Runs all of them, shows what they print, and gives the names of those that failed.
fn failing(sh: &Shell) -> Result<Vec<String>> {
    let mut tests = Command::new("cargo")
        .args(["test", "--package", "quorumscope-tests", "--no-fail-fast"])
        .current_dir(sh.current_dir())
        // What an error says is worth more than where in the harness it was made.
        .env("RUST_LIB_BACKTRACE", "0")
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo does not start")?;
    let output = tests.stdout.take().context("its output is piped")?;
    let mut failed = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        failed.extend(failed_test(&line).map(str::to_owned));
    }
    let ended = tests.wait()?;
    if !ended.success() && failed.is_empty() {
        bail!("the tests did not run to their end");
    }
    Ok(failed)
}

/// The name in a line such as `test share::a_link ... FAILED`.
fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::failed_test;

    #[test]
    fn only_what_failed_is_named() {
        assert_eq!(failed_test("test share::a_link ... FAILED"), Some("share::a_link"));
        assert_eq!(failed_test("test share::a_link ... ok"), None);
        assert_eq!(failed_test("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
