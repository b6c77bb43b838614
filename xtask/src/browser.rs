//! A Chromium and its ChromeDriver, for the tests that drive the page.

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::project::find_program;

/// Names under which the browser is known, the first being Debian's.
const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Makes sure that both are there, installing Debian's where that is possible. It is an error if
/// they are not: a test that cannot run has not passed.
pub fn ensure(sh: &Shell) -> Result<()> {
    if missing(sh).is_empty() {
        return Ok(());
    }
    install(sh)?;
    let missing = missing(sh);
    if !missing.is_empty() {
        bail!("still missing after the installation: {}", missing.join(", "));
    }
    Ok(())
}

/// Debian's names of what is not there.
fn missing(sh: &Shell) -> Vec<&'static str> {
    let browser = sh.var_os("CHROME").is_some()
        || BROWSERS.iter().any(|name| find_program(sh, name).is_some());
    let driver = sh.var_os("CHROMEDRIVER").is_some() || find_program(sh, "chromedriver").is_some();
    let mut missing = Vec::new();
    missing.extend((!browser).then_some("chromium"));
    missing.extend((!driver).then_some("chromium-driver"));
    missing
}

fn install(sh: &Shell) -> Result<()> {
    const BY_HAND: &str = "apt-get update && apt-get install --yes chromium chromium-driver";
    if find_program(sh, "apt-get").is_none() {
        bail!(
            "the browser tests need Chromium and ChromeDriver of the same version, and there is no apt-get to \
             install them; on Debian the command is `{BY_HAND}`; elsewhere put both on the PATH, \
             or name their files in CHROME and CHROMEDRIVER"
        );
    }
    let (program, first) = apt_get(sh).with_context(|| format!("run this as root: `{BY_HAND}`"))?;
    println!("installing Debian's chromium and chromium-driver (about 120 MB, a minute or two)");
    let sh = sh.clone();
    sh.set_var("DEBIAN_FRONTEND", "noninteractive");
    let packages = ["--no-install-recommends", "chromium", "chromium-driver"];
    cmd!(sh, "{program} {first...} update --quiet").run()?;
    cmd!(sh, "{program} {first...} install --quiet --yes {packages...}")
        .run()
        .with_context(|| format!("the command that does it by hand, as root: `{BY_HAND}`"))
}

/// The program and its first arguments by which root runs `apt-get`.
fn apt_get(sh: &Shell) -> Result<(&'static str, &'static [&'static str])> {
    if cmd!(sh, "id -u").quiet().read()? == "0" {
        return Ok(("apt-get", &[]));
    }
    if cmd!(sh, "sudo -n true").quiet().ignore_stderr().run().is_ok() {
        return Ok(("sudo", &["-n", "apt-get"]));
    }
    bail!("Chromium and ChromeDriver are missing, and only root can install them")
}
