//! The project's folder, and a shell in it with the project's own tools on its path.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::Shell;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// The folder of the tools that this project installs for itself, beside its build.
pub fn tools_dir() -> PathBuf {
    root().join("target").join("tools")
}

/// A shell in the workspace's folder, with the project's own tools first on its path.
pub fn shell() -> Result<Shell> {
    let sh = Shell::new()?;
    sh.change_dir(root());
    let path = env::var_os("PATH").unwrap_or_default();
    let first = [tools_dir().join("bin")];
    let all = env::join_paths(first.into_iter().chain(env::split_paths(&path)))
        .context("the PATH has an entry that cannot stand in it")?;
    sh.set_var("PATH", all);
    Ok(sh)
}

/// The file that `program` names on the path of `sh`, if there is one.
pub fn find_program(sh: &Shell, program: &str) -> Option<PathBuf> {
    let path = sh.var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
