//! axe-core, by which the tests ask every view of the page whether everybody can use it.

use anyhow::{Context, Result};
use xshell::Shell;

use crate::npm;

/// The package of npm that it comes in.
const PACKAGE: &str = "axe-core@4.11.1";
/// What the tests load; `tests/src/axe.rs` says the same.
const FILE: &str = "axe-core/axe.min.js";

/// Whether it has been installed.
pub fn is_there() -> bool {
    npm::file(FILE).is_file()
}

/// Makes sure that it is there. It is an error if it is not: a test that cannot run has not passed.
pub fn ensure(sh: &Shell) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    npm::install(sh, PACKAGE).context(
        "the accessibility tests need axe-core: on Debian `apt-get install --yes npm`, then again",
    )
}
