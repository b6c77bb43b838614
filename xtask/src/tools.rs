//! The tools that build the page, at versions that fit one another.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::project;

/// The target that the page is built for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// A program from crates.io, pinned.
struct Tool {
    /// Name of the program that it installs.
    program: &'static str,
    /// Name of its crate.
    package: &'static str,
    /// Its exact version.
    version: &'static str,
}

const TOOLS: [Tool; 2] = [
    // The same version as the library's in Cargo.toml: the two speak a private format.
    Tool { program: "wasm-bindgen", package: "wasm-bindgen-cli", version: "0.2.126" },
    Tool { program: "trunk", package: "trunk", version: "0.21.14" },
];

/// Makes sure that all tools that build the page are installed; installs missing ones.
pub fn ensure(sh: &Shell) -> Result<()> {
    ensure_wasm_target(sh)?;
    let missing: Vec<&Tool> = TOOLS.iter().filter(|tool| !is_present(sh, tool)).collect();
    if !missing.is_empty() {
        println!(
            "{} to install, once: about 8 minutes of one core, half of that on two",
            list(&missing)
        );
    }
    missing.iter().try_for_each(|tool| install(sh, tool))
}

fn list(tools: &[&Tool]) -> String {
    let names: Vec<String> =
        tools.iter().map(|tool| format!("{} {}", tool.package, tool.version)).collect();
    names.join(" and ")
}

/// Whether the program on the path has the wanted version.
fn is_present(sh: &Shell, tool: &Tool) -> bool {
    let program = tool.program;
    project::find_program(sh, program).is_some()
        && cmd!(sh, "{program} --version")
            .quiet()
            .ignore_stderr()
            .read()
            .is_ok_and(|said| said.split_whitespace().nth(1) == Some(tool.version))
}

/// Compiles a tool into the project's own folder, so that other projects keep theirs.
///
/// Its speed hardly matters and its compile time does: no link-time optimisation, little of any
/// other. The toolchain is the pinned one, inherited from the `cargo` that runs this.
fn install(sh: &Shell, tool: &Tool) -> Result<()> {
    let Tool { package, version, .. } = tool;
    let folder = project::tools_dir();
    println!("installing {package} {version} into target/tools");
    let began = Instant::now();
    cmd!(sh, "cargo install --locked --root {folder} --version {version} {package}")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .run()
        .with_context(|| format!("{package} {version} could not be installed"))?;
    println!("{package} took {} s", began.elapsed().as_secs());
    Ok(())
}

/// Makes sure that the compiler can build for the browser.
fn ensure_wasm_target(sh: &Shell) -> Result<()> {
    let sysroot = cmd!(sh, "rustc --print sysroot").quiet().read()?;
    let library = Path::new(&sysroot).join("lib/rustlib").join(WASM);
    if library.is_dir() {
        return Ok(());
    }
    if project::find_program(sh, "rustup").is_none() {
        bail!(
            "this compiler cannot build for {WASM} and there is no rustup to add it: \
             install the standard library for {WASM} of Rust in {sysroot}"
        );
    }
    println!("adding the target {WASM} (a download of some 20 MB)");
    cmd!(sh, "rustup target add {WASM}").run().context("rustup could not add the target")
}
