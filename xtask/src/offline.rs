//! Offline use and installation of the page: a service worker that keeps all
//! files of one version, a manifest and an icon.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::{dist, project};

/// The links to it in the head of the page.
pub const LINKS: &str = "<link rel=\"manifest\" href=\"./app.webmanifest\">";

/// Describes the page as an app.
const MANIFEST: &str = r##"{
  "name": "Quorumscope",
  "description": "A replicated key-value store that runs in a page.",
  "start_url": "./",
  "scope": "./",
  "display": "standalone",
  "background_color": "#ffffff",
  "theme_color": "#3450c8",
  "icons": [{ "src": "./icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any" }]
}
"##;

/// Writes the icon of the page into a folder: the one that `index.html` carries.
pub fn icon(folder: &Path) -> Result<()> {
    let template = fs::read_to_string(project::root().join("index.html"))?;
    let (_, icon) = template.split_once("data:image/svg+xml,").context("index.html has an icon")?;
    let icon = icon.split('"').next().unwrap_or_default();
    let icon = icon.replace("%3C", "<").replace("%3E", ">").replace("%23", "#");
    let icon = icon.replacen("<svg ", "<svg width='512' height='512' ", 1);
    Ok(fs::write(folder.join("icon.svg"), icon)?)
}

/// Writes manifest and service worker, which keeps everything that is in the folder now.
pub fn write(folder: &Path) -> Result<()> {
    fs::write(folder.join("app.webmanifest"), MANIFEST)?;
    let version = format!("quorumscope-{:016x}", dist::hash(folder)?);
    let files = dist::files(folder)?;
    let names = files.iter().map(|file| match file.to_string_lossy() {
        // The page is asked for by the folder's name.
        name if name == "index.html" => "\"./\"".to_owned(),
        name => format!("\"./{name}\""),
    });
    let names = format!("[{}]", names.collect::<Vec<_>>().join(", "));
    let worker = dist::boot("offline.js")?;
    let worker = worker.replace("{{version}}", &version).replace("{{files}}", &names);
    Ok(fs::write(folder.join("offline.js"), worker)?)
}
