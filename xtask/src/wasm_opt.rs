//! Binaryen's `wasm-opt`: makes the page smaller and the simulator faster. The page works without.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::{npm, project};

/// The npm package that brings a `wasm-opt` where the system has none.
const PACKAGE: &str = "binaryen@132.0.0";

/// WebAssembly features that Rust's standard library for the browser uses, and that all recent
/// browsers support.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The passes. Functions are ordered by name, so that the many instances of one generic function
/// stand side by side: they resemble each other, and gzip looks back 32 kilobytes only. The least
/// addresses are the far end of the stack, so that no offset is subtracted from one of them.
const PASSES: [&str; 4] =
    ["-O3", "--low-memory-unused", "--reorder-functions-by-name", "--strip-producers"];

/// Optimises each file in place, where there is a `wasm-opt` or it can be installed.
pub fn shrink(sh: &Shell, files: &[PathBuf]) -> Result<()> {
    let Some(program) = find(sh).or_else(|| install(sh)) else {
        println!(
            "no wasm-opt and no npm to install it: the page works, but is larger than it could be"
        );
        return Ok(());
    };
    files.iter().try_for_each(|file| optimise(sh, &program, file))
}

fn optimise(sh: &Shell, program: &Path, file: &Path) -> Result<()> {
    let before = file.metadata()?.len();
    cmd!(sh, "{program} {FEATURES...} {PASSES...} {file} -o {file}")
        .quiet()
        .run()
        .context("wasm-opt failed")?;
    println!("wasm-opt: {before} bytes before, {} after", file.metadata()?.len());
    Ok(())
}

fn find(sh: &Shell) -> Option<PathBuf> {
    let own = npm::file(".bin/wasm-opt");
    project::find_program(sh, "wasm-opt").or_else(|| own.is_file().then_some(own))
}

/// Installs Binaryen by npm, if npm is installed. Without it the page is built anyway.
fn install(sh: &Shell) -> Option<PathBuf> {
    if let Err(error) = npm::install(sh, PACKAGE) {
        println!("{error:#}");
        return None;
    }
    find(sh)
}
