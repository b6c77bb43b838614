//! npm packages with tools of this project: in `target/tools`, never in the page.

use std::path::PathBuf;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::project;

/// A file of an installed package, whether it is there or not.
pub fn file(path: &str) -> PathBuf {
    folder().join("node_modules").join(path)
}

/// Installs a package at a version: `binaryen@132.0.0`.
pub fn install(sh: &Shell, package: &str) -> Result<()> {
    let npm = project::find_program(sh, "npm");
    npm.with_context(|| format!("there is no npm to install {package}"))?;
    let folder = folder();
    println!("installing {package} into target/tools by npm (a few seconds)");
    sh.create_dir(&folder)?;
    cmd!(sh, "npm install --silent --no-audit --no-fund --prefix {folder} {package}")
        .run()
        .with_context(|| format!("npm could not install {package}"))
}

fn folder() -> PathBuf {
    project::tools_dir().join("npm")
}
