//! The tools that build the page, at versions that fit one another.

use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use xshell::{Shell, cmd};

use crate::page::{self, Build};
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
    /// Features that the program needs.
    features: &'static str,
    /// Whether the features that it has by default are needed.
    defaults: bool,
    /// Minutes of processor time that compiling it takes, roughly.
    minutes: f64,
}

/// Binds the program to JavaScript. The same version as the library's in Cargo.toml: the two speak a
/// private format. What it has by default is there to fetch test runners.
const BINDER: Tool = Tool {
    program: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.126",
    features: "",
    defaults: false,
    minutes: 1.5,
};

/// Cuts the program in two, for `dist`. It fits the version of `wasm_split_helpers` in web/Cargo.toml.
const SPLITTER: Tool = Tool {
    program: "wasm-split-cli",
    package: "wasm_split_cli_support",
    version: "0.2.4",
    features: "build-binary",
    defaults: true,
    minutes: 1.0,
};

/// Makes sure that all tools that build the page are installed; installs missing ones.
pub fn ensure(sh: &Shell) -> Result<()> {
    ensure_wasm_target(sh)?;
    ensure_tool(sh, &BINDER)
}

/// Makes sure that the tools of `dist` are installed; missing ones are installed side by side.
pub fn ensure_for_dist(sh: &Shell) -> Result<()> {
    ensure_wasm_target(sh)?;
    thread::scope(|scope| {
        let own = sh.clone();
        let splitter = scope.spawn(move || ensure_tool(&own, &SPLITTER));
        ensure_tool(sh, &BINDER)?;
        splitter.join().map_err(|_| anyhow!("the thread that installs a tool has ended"))?
    })
}

/// Makes sure that the program can be cut in two.
pub fn ensure_splitter(sh: &Shell) -> Result<()> {
    ensure_tool(sh, &SPLITTER)
}

/// The same as [`ensure`]; where a tool has to be compiled, the page is compiled at the same time.
pub fn ensure_beside(sh: &Shell, build: Build) -> Result<()> {
    ensure_wasm_target(sh)?;
    if is_present(sh, &BINDER) || (has_binstall(sh) && fetch(sh, &BINDER)) {
        println!("the tools are here; compiling the page takes one to two minutes the first time");
        return Ok(());
    }
    let cores = thread::available_parallelism().map_or(1, usize::from).min(4) as f64;
    println!(
        "the first time takes some {:.0} minutes on {cores} processors: {} {} is compiled, since it is \
         not on the PATH and there is no cargo binstall to fetch it, and the page beside it",
        ((BINDER.minutes + 1.5) / cores).ceil(),
        BINDER.package,
        BINDER.version,
    );
    thread::scope(|scope| {
        let own = sh.clone();
        let page = scope.spawn(move || page::compile(&own, build));
        install(sh, &BINDER)?;
        page.join().map_err(|_| anyhow!("the thread that compiles the page has ended"))??;
        Ok(())
    })
}

fn ensure_tool(sh: &Shell, tool: &Tool) -> Result<()> {
    if is_present(sh, tool) || (has_binstall(sh) && fetch(sh, tool)) {
        return Ok(());
    }
    println!(
        "{} {} is compiled, once: some {:.1} minutes of processor time",
        tool.package, tool.version, tool.minutes
    );
    install(sh, tool)
}

/// Whether the program on the path has the wanted version.
fn is_present(sh: &Shell, tool: &Tool) -> bool {
    let program = tool.program;
    let Some(file) = project::find_program(sh, program) else { return false };
    let says = cmd!(sh, "{program} --version").quiet().ignore_stderr().read();
    match says {
        Ok(said) => said.split_whitespace().nth(1) == Some(tool.version),
        // One that does not tell its version is only known where this project has installed it.
        Err(_) => file.starts_with(project::tools_dir()) && is_recorded(tool),
    }
}

/// Whether cargo has written down that it installed the tool at its version for this project.
fn is_recorded(tool: &Tool) -> bool {
    let record = std::fs::read_to_string(project::tools_dir().join(".crates.toml"));
    record.is_ok_and(|record| record.contains(&format!("\"{} {} ", tool.package, tool.version)))
}

fn has_binstall(sh: &Shell) -> bool {
    project::find_program(sh, "cargo-binstall").is_some()
}

/// Fetches a tool that somebody else has compiled. True if that was possible.
fn fetch(sh: &Shell, tool: &Tool) -> bool {
    let folder = project::tools_dir();
    let wanted = format!("{}@{}", tool.package, tool.version);
    println!("fetching {wanted} by cargo binstall");
    let fetched = cmd!(
        sh,
        "cargo binstall --no-confirm --disable-strategies compile --root {folder} {wanted}"
    );
    fetched.run().is_ok() && is_present(sh, tool)
}

/// Compiles a tool into the project's own folder, so that other projects keep theirs.
///
/// Its speed hardly matters and its compile time does: no link-time optimisation, little of any
/// other. The toolchain is the pinned one, inherited from the `cargo` that runs this.
fn install(sh: &Shell, tool: &Tool) -> Result<()> {
    let Tool { package, version, program, features, defaults, .. } = tool;
    let folder = project::tools_dir();
    println!("installing {package} {version} into target/tools");
    let began = Instant::now();
    let defaults = (!defaults).then_some("--no-default-features");
    cmd!(
        sh,
        "cargo install --locked --root {folder} --version {version} --bin {program} {package}"
    )
    .args(defaults)
    .args(["--features", features])
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
