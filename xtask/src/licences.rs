//! `dist/LICENSES.txt`: the licences of everything in the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::project;
use crate::tools::WASM;

/// The package of the page.
const PAGE: &str = "quorumscope-web";
/// The standard library, which no lock file lists.
const STANDARD_LIBRARY: &str = "std (the standard library of Rust)";

/// A crate in the page.
struct Crate {
    name: String,
    /// Its licence, as an expression of SPDX.
    licence: String,
    folder: PathBuf,
}

/// Writes the file into a folder.
pub fn write(sh: &Shell, folder: &str) -> Result<()> {
    let metadata = cmd!(sh, "cargo metadata --format-version 1 --locked --filter-platform {WASM}");
    let metadata: Value = serde_json::from_str(&metadata.quiet().read()?)?;
    let crates = crates_of_page(&metadata)?;
    ensure!(crates.iter().any(|krate| krate.name.starts_with("yew ")), "the page has no crates");
    let text = text(&crates, &own_texts()?)?;
    sh.write_file(format!("{folder}/LICENSES.txt"), text)?;
    Ok(())
}

/// The crates that are compiled into the page: neither build scripts nor macros, nor crates that
/// only those need, nor the project's own.
fn crates_of_page(metadata: &Value) -> Result<Vec<Crate>> {
    let packages = by_id(&metadata["packages"]);
    let nodes = by_id(&metadata["resolve"]["nodes"]);
    let page = packages.iter().find(|(_, package)| package["name"] == PAGE);
    let (&page, _) = page.context("the page is no package of the workspace")?;
    let mut reached = BTreeSet::from([page]);
    let mut open = vec![page];
    while let Some(id) = open.pop() {
        let dependencies = nodes[id]["deps"].as_array().into_iter().flatten();
        for dependency in dependencies.filter(|dependency| is_compiled_in(dependency)) {
            let id = dependency["pkg"].as_str().context("a dependency has an id")?;
            if !is_macro(packages[id]) && reached.insert(id) {
                open.push(id);
            }
        }
    }
    let foreign = reached.iter().filter(|id| !packages[*id]["source"].is_null());
    foreign.map(|id| named(packages[id])).collect()
}

fn by_id(all: &Value) -> BTreeMap<&str, &Value> {
    let all = all.as_array().into_iter().flatten();
    all.filter_map(|one| Some((one["id"].as_str()?, one))).collect()
}

fn is_compiled_in(dependency: &Value) -> bool {
    let kinds = dependency["dep_kinds"].as_array();
    kinds.into_iter().flatten().any(|kind| kind["kind"].is_null())
}

fn is_macro(package: &Value) -> bool {
    let mut targets = package["targets"].as_array().into_iter().flatten();
    targets
        .any(|target| target["kind"].as_array().is_some_and(|k| k.contains(&"proc-macro".into())))
}

fn named(package: &Value) -> Result<Crate> {
    let field = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let manifest = PathBuf::from(field("manifest_path"));
    let folder = manifest.parent().context("a manifest lies in a folder")?.to_owned();
    let name = format!("{} {}", field("name"), field("version"));
    ensure!(!field("license").is_empty(), "{name} names no licence");
    Ok(Crate { name, licence: field("license"), folder })
}

/// The texts of the most common licences, for crates that come without a file.
fn own_texts() -> Result<[(&'static str, String); 2]> {
    let read = |file: &str| {
        let path = project::root().join(file);
        std::fs::read_to_string(&path).with_context(|| format!("{file} cannot be read"))
    };
    Ok([("Apache-2.0", read("LICENSE-APACHE")?), ("MIT", read("LICENSE-MIT")?)])
}

/// The whole file: a list of crates, and each text once, with the crates that have it.
fn text(crates: &[Crate], own: &[(&str, String)]) -> Result<String> {
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut file = "Quorumscope is licensed under MIT or Apache-2.0, at your choice. It is built \
                    with the crates below, under their licences, whose texts follow.\n\n"
        .to_owned();
    for krate in crates {
        writeln!(file, "{}: {}", krate.name, krate.licence)?;
        for text in licence_files(&krate.folder)?.into_iter().chain(missing(krate, own)?) {
            texts.entry(text.trim().to_owned()).or_default().push(&krate.name);
        }
    }
    writeln!(file, "{STANDARD_LIBRARY}: MIT OR Apache-2.0")?;
    for (_, text) in own {
        texts.entry(text.trim().to_owned()).or_default().push(STANDARD_LIBRARY);
    }
    for (text, whose) in texts {
        writeln!(file, "\n{}\n{}\n\n{text}", "-".repeat(72), whose.join(", "))?;
    }
    Ok(file)
}

/// The licence texts in a crate's folder.
fn licence_files(folder: &Path) -> Result<Vec<String>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let is_licence = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
        file.is_file()
            && ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"]
                .iter()
                .any(|w| name.starts_with(w))
    };
    let texts = files.iter().filter(|file| is_licence(file)).map(std::fs::read_to_string);
    texts.collect::<Result<_, _>>().context("a licence cannot be read")
}

/// The text of one licence of a crate that comes without any.
fn missing(krate: &Crate, own: &[(&str, String)]) -> Result<Option<String>> {
    if !licence_files(&krate.folder)?.is_empty() {
        return Ok(None);
    }
    let known = own.iter().find(|(name, _)| krate.licence.contains(name));
    let (_, text) = known
        .with_context(|| format!("{} has no text of its licence {}", krate.name, krate.licence))?;
    Ok(Some(text.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_file_has_every_crate_of_the_page_and_the_texts() {
        let sh = project::shell().unwrap();
        let folder = sh.create_temp_dir().unwrap();
        write(&sh, folder.path().to_str().unwrap()).unwrap();
        let file = sh.read_file(folder.path().join("LICENSES.txt")).unwrap();
        for part in
            ["\nyew 0.", "\nwasm-bindgen 0.", "Permission is hereby granted", "Apache License"]
        {
            assert!(file.contains(part), "it lacks {part:?}");
        }
        assert!(!file.contains("\nfantoccini "), "that is in tests only");
    }

    #[test]
    fn what_is_compiled_in_is_named_and_macros_are_not() {
        let package = |id: &str, kind: &str, source: Value| {
            json!({ "id": id, "name": id, "version": "1", "license": "MIT", "source": source,
                "manifest_path": format!("/{id}/Cargo.toml"), "targets": [{ "kind": [kind] }] })
        };
        let dep = |id: &str, kind: Value| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": [
                package(PAGE, "bin", Value::Null),
                package("a", "lib", json!("registry")),
                package("b", "lib", json!("registry")),
                package("macro", "proc-macro", json!("registry")),
                package("script", "lib", json!("registry")),
            ],
            "resolve": { "nodes": [
                { "id": PAGE, "deps": [dep("a", Value::Null), dep("macro", Value::Null), dep("script", json!("build"))] },
                { "id": "a", "deps": [dep("b", Value::Null)] },
                { "id": "b", "deps": [] },
            ] },
        });
        let names: Vec<String> =
            crates_of_page(&metadata).unwrap().into_iter().map(|krate| krate.name).collect();
        assert_eq!(names, ["a 1", "b 1"]);
    }
}
