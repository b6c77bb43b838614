//! `cargo xtask dist`: the folder to host.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::{licences, tools, wasm_opt};

/// Builds `dist/`, with relative paths, so that it works under any path of any static server.
pub fn dist(sh: &Shell) -> Result<()> {
    tools::ensure(sh)?;
    cmd!(sh, "trunk build --offline --release --dist dist").run()?;
    let binaries = binaries(sh)?;
    ensure!(!binaries.is_empty(), "trunk left no WebAssembly file in dist");
    wasm_opt::shrink(sh, &binaries)?;
    licences::write(sh, "dist")?;
    report(sh)
}

fn binaries(sh: &Shell) -> Result<Vec<PathBuf>> {
    let mut files = sh.read_dir("dist")?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    Ok(files)
}

/// Prints the files of the folder and their sizes.
fn report(sh: &Shell) -> Result<()> {
    println!("dist/");
    for file in sh.read_dir("dist")?.iter().filter(|file| file.is_file()) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("  {:>9} bytes  {name}", file.metadata()?.len());
    }
    Ok(())
}
