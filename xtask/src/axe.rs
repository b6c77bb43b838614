//! axe-core, with which the tests check the accessibility of every view of the page.

use anyhow::{Context, Result};
use xshell::Shell;

use crate::npm;

/// Its version. A different installed version is replaced.
const VERSION: &str = "4.14.1";
/// The file that the tests load; `tests/src/axe.rs` has the same path.
const FILE: &str = "axe-core/axe.min.js";
/// The file with its installed version.
const MANIFEST: &str = "axe-core/package.json";

/// Whether it has been installed, at its version.
pub fn is_there() -> bool {
    let manifest = std::fs::read_to_string(npm::file(MANIFEST)).unwrap_or_default();
    npm::file(FILE).is_file() && manifest.contains(&format!("\"version\": \"{VERSION}\""))
}

/// Makes sure that it is installed, or fails: a test that cannot run has not passed.
pub fn ensure(sh: &Shell) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    npm::install(sh, &format!("axe-core@{VERSION}")).context(
        "the accessibility tests need axe-core: on Debian `apt-get install --yes npm`, then again",
    )
}
