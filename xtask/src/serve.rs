//! `cargo xtask serve`: the page, with live reload.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools;

/// The effort of the compiler.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Compiles fast.
    Quick,
    /// Runs fast: the build for visitors.
    Release,
}

/// Serves the page on 127.0.0.1:8080 until it is interrupted. Its files go to `target/serve`, so
/// that `dist` keeps the build for hosting.
pub fn serve(sh: &Shell, build: Build) -> Result<()> {
    tools::ensure(sh)?;
    sh.create_dir("target/serve")?;
    println!("building the page (the first time takes a minute), then http://127.0.0.1:8080/");
    let release = (build == Build::Release).then_some("--release");
    cmd!(sh, "trunk serve --offline --dist target/serve {release...}").run()?;
    Ok(())
}
