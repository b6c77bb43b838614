//! The program for the browser: compiled, cut in two where that is asked for, and bound to JavaScript.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::tools::WASM;
use crate::{tools, wasm_opt};

/// How the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Compiles fast; one module.
    Quick,
    /// Runs fast; one module.
    Release,
    /// Runs fast; a module for the first picture, and one for everything else.
    Split,
}

impl Build {
    const fn profile(self) -> &'static str {
        match self {
            Self::Quick => "dev",
            Self::Release | Self::Split => "page",
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Quick => "debug",
            Self::Release | Self::Split => "page",
        }
    }
}

/// The package of the page.
const PACKAGE: &str = "quorumscope-web";

/// The glue's name, and the main module's.
pub const GLUE: &str = "page.js";
/// See [`GLUE`].
pub const MAIN: &str = "page_bg.wasm";
/// The second module's name.
pub const LATE: &str = "split_late.wasm";
/// The script that loads the second module.
const LOADER: &str = "__wasm_split.js";

/// The loader of the tool: it needs a server that names the type of the file, and takes the
/// page of an error for a module.
const STREAMED: &str =
    "return async (imports) => (WebAssembly.instantiateStreaming(src, imports));";
const CHECKED: &str = "return async (imports) => {
        const answer = await src;
        if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
        return WebAssembly.instantiate(await answer.arrayBuffer(), imports);
    };";

/// Compiles the program, and no more.
pub fn compile(sh: &Shell, build: Build) -> Result<PathBuf> {
    let profile = build.profile();
    let command = cmd!(sh, "cargo rustc --package {PACKAGE} --profile {profile} --target {WASM}");
    match build {
        // Where everything is written down that refers to something else, a module can be cut.
        Build::Split => command.args(["--features", "split", "--", "-C", "link-arg=--emit-relocs"]),
        Build::Quick | Build::Release => command,
    }
    .run()
    .context("the page does not compile")?;
    let file = sh.current_dir().join("target").join(WASM).join(build.folder());
    Ok(file.join(format!("{PACKAGE}.wasm")))
}

/// Builds the program into a folder of its own: [`GLUE`], [`MAIN`], and where it is cut in two
/// [`LATE`] and its loader.
pub fn build(sh: &Shell, build: Build, into: &Path) -> Result<()> {
    let compiled = compile(sh, build)?;
    let whole = match build {
        Build::Split => split(sh, &compiled, into)?,
        Build::Quick | Build::Release => compiled,
    };
    let lld = (build == Build::Split).then_some("--keep-lld-exports");
    let name = GLUE.trim_end_matches(".js");
    cmd!(sh, "wasm-bindgen {whole} --target web --no-typescript {lld...} --out-dir {into} --out-name {name}")
        .quiet()
        .run()
        .context("wasm-bindgen failed")?;
    if build != Build::Quick {
        let modules = [MAIN, LATE].map(|name| into.join(name));
        wasm_opt::shrink(
            sh,
            &modules.into_iter().filter(|file| file.is_file()).collect::<Vec<_>>(),
        )?;
    }
    Ok(())
}

/// Cuts the compiled program in two. Returns the first module, which is not bound yet.
fn split(sh: &Shell, compiled: &Path, into: &Path) -> Result<PathBuf> {
    tools::ensure_splitter(sh)?;
    let folder = sh.current_dir().join("target/split");
    sh.remove_path(&folder)?;
    sh.create_dir(&folder)?;
    let name = GLUE.trim_end_matches(".js");
    cmd!(sh, "wasm-split-cli {compiled} {folder} --out-name {name}")
        .quiet()
        .run()
        .context("the program could not be cut in two")?;
    let loader = fs::read_to_string(folder.join(LOADER))?;
    ensure!(loader.contains(STREAMED), "wasm-split-cli writes another loader than this task knows");
    sh.create_dir(into)?;
    fs::write(into.join(LOADER), loader.replace(STREAMED, CHECKED))?;
    fs::copy(folder.join(LATE), into.join(LATE))?;
    Ok(folder.join(format!("{name}.wasm")))
}
