//! `cargo xtask dist`: the folder to host.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::Shell;

use crate::html::{self, Parts};
use crate::page::{self, Build};
use crate::{first_moment, licences, offline, project, single, sizes, tools};

/// The folder.
pub const FOLDER: &str = "dist";

/// Builds `dist/`, with relative paths, so that it works under any path of any static server.
pub fn dist(sh: &Shell) -> Result<()> {
    tools::ensure_for_dist(sh)?;
    println!(
        "building the page in two modules: one for the first picture, one for everything else"
    );
    let folder = sh.current_dir().join(FOLDER);
    let fresh = sh.current_dir().join("target/dist");
    sh.remove_path(&fresh)?;
    let program = fresh.join("p");
    page::build(sh, Build::Split, &program)?;
    html::write_beside(&program, "")?;
    write(&fresh, "p", "")?;
    let drawn = first_moment::draw(sh, &fresh)?.unwrap_or_default();
    html::write_beside(&program, &drawn)?;
    let name = format!("p-{:016x}", hash(&program)?);
    fs::rename(&program, fresh.join(&name))?;
    licences::write(sh, &fresh.to_string_lossy())?;
    offline::icon(&fresh)?;
    write(&fresh, &name, &drawn)?;
    offline::write(&fresh)?;
    sh.remove_path(&folder)?;
    fs::rename(&fresh, &folder).context("dist could not be put in its place")?;
    sizes::report(&folder)
}

/// Builds one file that works from a disk.
pub fn single_file(sh: &Shell) -> Result<()> {
    tools::ensure(sh)?;
    println!("building the page as one file, in one module");
    let program = sh.current_dir().join("target/single");
    sh.remove_path(&program)?;
    page::build(sh, Build::Release, &program)?;
    let file = sh.current_dir().join(FOLDER).join(single::FILE);
    sh.create_dir(FOLDER)?;
    fs::write(&file, single::page(&program)?)?;
    println!("{}: {} bytes", file.display(), file.metadata()?.len());
    Ok(())
}

fn write(folder: &Path, program: &str, first_moment: &str) -> Result<()> {
    let program = format!("./{program}");
    let page = html::page(&Parts { program: &program, first_moment, head: offline::LINKS })?;
    Ok(fs::write(folder.join("index.html"), page)?)
}

/// A script of `web/boot`.
pub fn boot(name: &str) -> Result<String> {
    let file = project::root().join("web/boot").join(name);
    fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))
}

/// All files of a folder and the folders in it, as paths from it, in order.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(folder.join(&inside))? {
            let path = inside.join(entry?.file_name());
            if folder.join(&path).is_dir() {
                open.push(path);
            } else {
                all.push(path);
            }
        }
    }
    all.sort();
    Ok(all)
}

/// A number that is another one when any file of a folder is (FNV-1a).
pub fn hash(folder: &Path) -> Result<u64> {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    };
    for file in files(folder)? {
        take(file.to_string_lossy().as_bytes());
        take(&fs::read(folder.join(file))?);
    }
    Ok(hash)
}
