//! `cargo xtask test`: all checks of the project.

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::steps::Steps;
use crate::{axe, browser, dist, outside, project, sizes, tools};

/// The name of a step, and its function.
type Step = (&'static str, fn(&Shell) -> Result<()>);

/// The steps, in the order in which they run: the quickest to fail come first.
const STEPS: [Step; 10] = [
    ("format", format),
    ("tools", tools::ensure_for_dist),
    ("clippy", clippy),
    ("unit", unit),
    ("docs", docs),
    ("fuzz", fuzz),
    ("dist", dist::dist),
    ("single", dist::single_file),
    ("sizes", sizes),
    ("browser", from_outside),
];

/// Runs the steps named, or all of them.
pub fn test(sh: &Shell, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|(step, _)| step == name)) {
        let known: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
        bail!("there is no step `{unknown}`; the steps are {}", known.join(", "));
    }
    let mut steps = Steps::default();
    for (name, step) in STEPS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            steps.run(name, || step(sh));
        }
    }
    steps.finish()
}

fn format(sh: &Shell) -> Result<()> {
    Ok(cmd!(sh, "cargo fmt --all --check").run()?)
}

/// Clippy checks the page on the build machine's target: none of its lines is for one target only,
/// and `dist` compiles it for the browser.
fn clippy(sh: &Shell) -> Result<()> {
    cmd!(sh, "cargo clippy --workspace --all-targets -- -D warnings").run()?;
    // Not among all targets, since `cargo test` must not run it.
    cmd!(sh, "cargo clippy --workspace --test browser -- -D warnings").run()?;
    Ok(())
}

/// The tests that need no browser. cargo-nextest runs them faster, where it is installed: all
/// processors are busy to the end.
fn unit(sh: &Shell) -> Result<()> {
    if project::find_program(sh, "cargo-nextest").is_none() {
        return Ok(cmd!(sh, "cargo test --workspace").run()?);
    }
    cmd!(sh, "cargo nextest run --workspace --no-fail-fast --status-level fail").run()?;
    Ok(cmd!(sh, "cargo test --workspace --doc").run()?)
}

/// Private items are documented too, so links to them lead somewhere.
fn docs(sh: &Shell) -> Result<()> {
    let documented = cmd!(sh, "cargo doc --workspace --no-deps --document-private-items");
    Ok(documented.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links").run()?)
}

/// The fuzz targets compile. Running them needs `cargo +nightly fuzz`, which is not required here.
fn fuzz(sh: &Shell) -> Result<()> {
    // Names a library that does not exist: nothing is linked, and libFuzzer need not be compiled.
    let unused = sh.current_dir().join("target/libunused.a");
    // Reuses the results of the workspace's checks.
    let checked = cmd!(sh, "cargo check --manifest-path fuzz/Cargo.toml --target-dir target");
    Ok(checked.env("CUSTOM_LIBFUZZER_PATH", unused).run()?)
}

/// The files for a browser have not grown.
fn sizes(sh: &Shell) -> Result<()> {
    sizes::check(&sh.current_dir().join(dist::FOLDER))
}

/// The product from outside: a real browser drives the page in `dist`.
fn from_outside(sh: &Shell) -> Result<()> {
    browser::ensure(sh)?;
    axe::ensure(sh)?;
    outside::test(sh)
}
