//! Chromium, its ChromeDriver, and npm for axe-core, for the tests that drive the page.

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::axe;
use crate::project::find_program;

/// Names under which the browser is known, the first being Debian's.
const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Makes sure that all are installed; installs Debian's packages where that is possible, or fails:
/// a test that cannot run has not passed.
pub fn ensure(sh: &Shell) -> Result<()> {
    let wanted = missing(sh);
    if wanted.is_empty() {
        return Ok(());
    }
    install(sh, &wanted)?;
    let missing = missing(sh);
    if !missing.is_empty() {
        bail!("still missing after the installation: {}", missing.join(", "));
    }
    Ok(())
}

/// The browser that `CHROME` names, or else one on the path.
pub fn find(sh: &Shell) -> Option<String> {
    let named = sh.var_os("CHROME").and_then(|named| named.into_string().ok());
    named.or_else(|| {
        BROWSERS.into_iter().find(|name| find_program(sh, name).is_some()).map(str::to_owned)
    })
}

/// Debian's names of the missing packages.
fn missing(sh: &Shell) -> Vec<&'static str> {
    let browser = find(sh).is_some();
    let driver = sh.var_os("CHROMEDRIVER").is_some() || find_program(sh, "chromedriver").is_some();
    let npm = axe::is_there() || find_program(sh, "npm").is_some();
    let mut missing = Vec::new();
    missing.extend((!browser).then_some("chromium"));
    missing.extend((!driver).then_some("chromium-driver"));
    missing.extend((!npm).then_some("npm"));
    missing
}

fn install(sh: &Shell, packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get update && apt-get install --yes {}", packages.join(" "));
    if find_program(sh, "apt-get").is_none() {
        bail!(
            "the browser tests need Chromium and ChromeDriver of the same version, and npm for \
             axe-core, and there is no apt-get to install what is missing; on Debian the command \
             is `{by_hand}`; elsewhere put them on the PATH, or name the files of the first two \
             in CHROME and CHROMEDRIVER"
        );
    }
    let (program, first) = apt_get(sh).with_context(|| format!("run this as root: `{by_hand}`"))?;
    println!("installing Debian's {} (a minute or two)", packages.join(", "));
    let sh = sh.clone();
    sh.set_var("DEBIAN_FRONTEND", "noninteractive");
    cmd!(sh, "{program} {first...} update --quiet").run()?;
    cmd!(sh, "{program} {first...} install --quiet --yes --no-install-recommends {packages...}")
        .run()
        .with_context(|| format!("the command that does it by hand, as root: `{by_hand}`"))
}

/// The program and its first arguments with which root runs `apt-get`.
fn apt_get(sh: &Shell) -> Result<(&'static str, &'static [&'static str])> {
    if cmd!(sh, "id -u").quiet().read()? == "0" {
        return Ok(("apt-get", &[]));
    }
    if cmd!(sh, "sudo -n true").quiet().ignore_stderr().run().is_ok() {
        return Ok(("sudo", &["-n", "apt-get"]));
    }
    bail!("only root can install what is missing")
}
