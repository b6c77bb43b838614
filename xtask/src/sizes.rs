//! How large the page is as it is sent, and the bounds that it keeps.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::page::LATE;
use crate::{dist, project};

/// The file with the bounds.
const BOUNDS: &str = "xtask/sizes.txt";
/// Files that are fetched when everything is there already: they count for none of the sums.
const AFTERWARDS: [&str; 4] = ["offline.js", "app.webmanifest", "icon.svg", "LICENSES.txt"];

/// Files that are fetched before the first paint.
const PAINT: [&str; 3] = ["index.html", "page.css", "early.js"];

/// The sums, in bytes as `gzip -9` makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// All that is fetched before the first paint.
    pub paint: u64,
    /// The same with what makes the stage move: the first module, its glue and scripts.
    pub first: u64,
    /// Everything.
    pub all: u64,
}

impl Sizes {
    /// Of a folder that `cargo xtask dist` made.
    pub fn of(folder: &Path) -> Result<Self> {
        let mut sizes = Self { paint: 0, first: 0, all: 0 };
        for (file, packed) in packed(folder)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if AFTERWARDS.contains(&name.as_str()) || name == crate::single::FILE {
                continue;
            }
            sizes.all += packed;
            sizes.first += if name == LATE { 0 } else { packed };
            sizes.paint += if PAINT.contains(&name.as_str()) { packed } else { 0 };
        }
        Ok(sizes)
    }

    const fn named(self) -> [(&'static str, u64); 3] {
        [("first-paint", self.paint), ("first-module", self.first), ("everything", self.all)]
    }
}

/// Says what is in the folder and how large it is.
pub fn report(folder: &Path) -> Result<()> {
    println!("{}, in bytes as they are and as gzip -9 makes them:", folder.display());
    for (file, packed) in packed(folder)? {
        let bytes = folder.join(&file).metadata()?.len();
        println!("  {bytes:>9} {packed:>9}  {}", file.display());
    }
    for (name, size) in Sizes::of(folder)?.named() {
        println!("  {:>9} {size:>9}  {name}", "");
    }
    Ok(())
}

/// An error if a sum is larger than its bound in `xtask/sizes.txt`.
pub fn check(folder: &Path) -> Result<()> {
    let bounds = fs::read_to_string(project::root().join(BOUNDS))?;
    let sizes = Sizes::of(folder)?.named();
    let mut grown = Vec::new();
    for line in bounds.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let (name, bound) = line.split_once(' ').context("a bound is a name and a number")?;
        let bound: u64 = bound.trim().parse()?;
        let size = sizes.iter().find(|(known, _)| *known == name);
        let (_, size) = size.with_context(|| format!("{BOUNDS} bounds {name}, which is no sum"))?;
        println!("{name}: {size} bytes of {bound}");
        if *size > bound {
            grown.push(format!("{name} is {size} bytes, and was to be at most {bound}"));
        }
    }
    ensure!(!bounds.trim().is_empty(), "{BOUNDS} bounds nothing");
    if !grown.is_empty() {
        bail!("{}; what it is worth is written into {BOUNDS}", grown.join("; "));
    }
    Ok(())
}

/// The files of a folder, and how large `gzip -9` makes each.
fn packed(folder: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let of = |file: PathBuf| Ok((file.clone(), gzip(&fs::read(folder.join(file))?)?));
    dist::files(folder)?.into_iter().map(of).collect()
}

/// Size of some bytes after `gzip -9`.
fn gzip(bytes: &[u8]) -> Result<u64> {
    let mut packing = Command::new("gzip")
        .args(["-9", "-n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("there is no gzip to measure with")?;
    let mut input = packing.stdin.take().context("its input is piped")?;
    let given = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&given));
    let output = packing.wait_with_output()?;
    writer.join().ok().context("the writer ends")??;
    Ok(output.stdout.len() as u64)
}
